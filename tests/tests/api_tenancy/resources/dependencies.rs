use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::text;
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/dependencies", Owner::List),
    Operation::post("/api/v3/dependencies", Owner::One)
        .json(r#"{"asset_id": "{assets}", "depends_on_asset_id": "{other_asset}"}"#),
    Operation::post("/api/v3/dependencies/bulk", Owner::Whole).json(
        r#"{"create": [{"asset_id": "{assets}", "depends_on_asset_id": "{other_asset}"}], "delete": [{"id": "{dependencies}"}]}"#,
    ),
    Operation::get("/api/v3/dependencies/summary", Owner::Whole),
    Operation::get("/api/v3/dependencies/graph", Owner::Whole),
    Operation::get("/api/v3/dependencies/cycles", Owner::List),
    Operation::get("/api/v3/dependencies/blast-radius", Owner::One)
        .asking("/api/v3/dependencies/blast-radius?asset_id={assets}"),
    Operation::get("/api/v3/dependencies/{id}", Owner::One),
    Operation::patch("/api/v3/dependencies/{id}", Owner::One).json(r#"{"is_hard": false}"#),
    Operation::delete("/api/v3/dependencies/{id}", Owner::One),
];

pub(super) async fn make(api: &Api, things: &mut Things) {
    let edge = json!({"asset_id": things.id("assets"), "depends_on_asset_id": things.id("other_asset")});
    let made = api.post("/api/v3/dependencies", &edge).await.expect(201).json();
    things.add("dependencies", text(&made["id"]));
}
