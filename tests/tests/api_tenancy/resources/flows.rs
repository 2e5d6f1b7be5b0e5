use super::{Api, Operation, Things};
use crate::operation::Owner;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/flows", Owner::List),
    Operation::get("/api/v3/flows/{id}", Owner::One),
    Operation::get("/api/v3/flows/{id}/status", Owner::One),
    Operation::get("/api/v3/flows/{id}/phases", Owner::One),
    Operation::post("/api/v3/flows/{id}/pause", Owner::One),
    Operation::post("/api/v3/flows/{id}/resume", Owner::One),
    Operation::post("/api/v3/flows/{id}/retry", Owner::One),
    Operation::post("/api/v3/flows/{id}/phases/{phase}/output", Owner::One).json(r#"{"mappings": {}}"#),
    Operation::post("/api/v3/flows/{id}/cancel", Owner::One),
];

/// The flow is the one of the import that waits.
#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(_: &Api, things: &mut Things) {
    things.add("phase", "field_mapping");
}
