use super::{Api, Operation, Things};
use crate::operation::Owner;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/master-flows", Owner::List),
    Operation::get("/api/v3/master-flows/summary", Owner::Whole),
    Operation::get("/api/v3/master-flows/{id}", Owner::One),
    Operation::get("/api/v3/master-flows/{id}/summary", Owner::One),
    Operation::patch("/api/v3/master-flows/{id}", Owner::One).json(r#"{"name": "Ours"}"#),
];

/// The flow is the one of the import that waits.
#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(_: &Api, things: &mut Things) {
    let flow = things.id("flows").to_owned();
    things.add("master-flows", flow);
}
