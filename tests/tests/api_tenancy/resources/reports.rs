use super::{Api, Operation, Things};
use crate::operation::Owner;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/reports/{section}", Owner::One).asking("/api/v3/reports/waves?plan_id={plans}"),
];

#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(_: &Api, _: &mut Things) {}
