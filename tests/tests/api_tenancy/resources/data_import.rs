use super::{Api, Operation, Things};
use crate::operation::Owner;
use landfall_domain::Role;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/data-import/imports", Owner::Whole),
    Operation::get("/api/v3/data-import/imports/history", Owner::Whole),
    Operation::get("/api/v3/data-import/imports/{import_id}", Owner::One),
    Operation::get("/api/v3/data-import/imports/{import_id}/preview", Owner::One),
    Operation::get("/api/v3/data-import/imports/{import_id}/statistics", Owner::One),
    Operation::get("/api/v3/data-import/imports/{import_id}/export", Owner::One),
    Operation::get("/api/v3/data-import/imports/{import_id}/cleansing-suggestions", Owner::One),
    Operation::get("/api/v3/data-import/health", Owner::Whole),
    Operation::get("/api/v3/data-import/debug/context", Owner::Whole),
    Operation::post("/api/v3/data-import/imports/{import_id}/validate", Owner::One).role(Role::Viewer),
    Operation::post("/api/v3/data-import/imports/compare", Owner::One)
        .json(r#"{"import_id_1": "{import_id}", "import_id_2": "{import_id}"}"#)
        .role(Role::Viewer),
    Operation::put("/api/v3/data-import/imports/{import_id}", Owner::One).json(r#"{"name": "Ours"}"#),
    Operation::post("/api/v3/data-import/imports/{import_id}/process", Owner::One),
    Operation::post("/api/v3/data-import/imports/{import_id}/apply-cleansing", Owner::One).json(r#"{"rules": []}"#),
    Operation::delete("/api/v3/data-import/imports/{import_id}", Owner::One),
    Operation::post("/api/v3/data-import/imports", Owner::Make)
        .json(r#"{"name": "x", "source_type": "csv", "data": [{"hostname": "x"}]}"#),
    Operation::post("/api/v3/data-import/imports/upload", Owner::Make).form(),
];

/// The import is the one that waits for decisions on its mappings.
#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(_: &Api, things: &mut Things) {
    let import = things.id("imports").to_owned();
    things.add("import_id", import);
}
