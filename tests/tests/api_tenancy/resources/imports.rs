use super::{Api, Operation, Things};
use crate::operation::Owner;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/imports", Owner::List),
    Operation::get("/api/v3/imports/{id}", Owner::One),
    Operation::get("/api/v3/imports/{id}/status", Owner::One),
    Operation::get("/api/v3/imports/{id}/errors", Owner::One),
    Operation::get("/api/v3/imports/{id}/preview", Owner::One),
    Operation::get("/api/v3/imports/{id}/corrected-rows", Owner::One),
    Operation::patch("/api/v3/imports/{id}", Owner::One).json(r#"{"name": "Renamed"}"#),
    Operation::delete("/api/v3/imports/{id}", Owner::One),
    Operation::post("/api/v3/imports/{id}/undo", Owner::One),
    Operation::post("/api/v3/imports", Owner::Make).form(),
    Operation::post("/api/v3/assets", Owner::Make).json(r#"{"hostname": "own"}"#),
];

/// The import is the one that waits for decisions on its mappings.
#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(_: &Api, _: &mut Things) {}
