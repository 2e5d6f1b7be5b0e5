use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::{ids, text};
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/applications/proposals", Owner::List),
    Operation::get("/api/v3/applications/proposals/{id}", Owner::One),
    Operation::post("/api/v3/applications/proposals/{id}/accept", Owner::One).json("{}"),
    Operation::post("/api/v3/applications/proposals/{id}/reject", Owner::One),
    Operation::post("/api/v3/applications/proposals", Owner::Make).json("{}"),
    Operation::get("/api/v3/applications", Owner::List),
    Operation::get("/api/v3/applications/{id}", Owner::One),
    Operation::patch("/api/v3/applications/{id}", Owner::One).json(r#"{"criticality": "High"}"#),
    Operation::get("/api/v3/applications/{id}/assets", Owner::One),
    Operation::post("/api/v3/applications/{id}/assets", Owner::One).json(r#"{"asset_ids": ["{assets}"]}"#),
    Operation::delete("/api/v3/applications/{id}/assets/{asset_id}", Owner::One).asking("/api/v3/applications/{id}/assets/{assets}"),
    Operation::post("/api/v3/applications/{id}/tags", Owner::One).json(r#"{"category": "a", "name": "b"}"#),
    Operation::delete("/api/v3/applications/{id}/tags/{tag_id}", Owner::One),
    Operation::delete("/api/v3/applications/{id}", Owner::One),
    Operation::post("/api/v3/applications", Owner::Make).json(r#"{"name": "Shop"}"#),
];

/// A proposal of two assets that depend on each other, and an application.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let search = json!({"sources": ["dependencies"]});
    api.post("/api/v3/applications/proposals", &search).await.expect(200);
    let proposals = api.get("/api/v3/applications/proposals").await.expect(200).json();
    things.add("proposals", &ids(&proposals)[0]);
    let made = api.post("/api/v3/applications", &json!({"name": "secret shop"})).await.expect(201).json();
    things.add("applications", text(&made["id"]));
}
