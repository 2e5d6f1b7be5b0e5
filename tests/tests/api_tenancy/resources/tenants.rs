use super::{Api, Operation, Things};
use crate::operation::{Least, Owner};
use landfall_domain::Role;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/tenants", Owner::Nobody).least(Least::Caller),
    Operation::post("/api/v3/tenants", Owner::Nobody)
        .least(Least::Platform)
        .json(r#"{"name": "Third"}"#),
    Operation::get("/api/v3/tenants/{id}", Owner::Client),
    Operation::get("/api/v3/engagements", Owner::Client),
    Operation::post("/api/v3/engagements", Owner::Client)
        .role(Role::Admin)
        .json(r#"{"name": "Third"}"#),
];

#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(api: &Api, things: &mut Things) {
    things.add("tenants", api.scope.client_account_id.to_string());
}
