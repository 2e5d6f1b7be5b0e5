use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::text;
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/tags", Owner::List),
    Operation::get("/api/v3/tags/{id}", Owner::One),
    Operation::get("/api/v3/tags/{id}/assets", Owner::One),
    Operation::post("/api/v3/tags/{id}/assets", Owner::One).json(r#"{"asset_ids": ["{assets}"]}"#),
    Operation::get("/api/v3/assets/{id}/tags", Owner::One),
    Operation::post("/api/v3/assets/{id}/tags", Owner::One).json(r#"{"category": "a", "name": "b"}"#),
    Operation::delete("/api/v3/assets/{id}/tags/{tag_id}", Owner::One),
    Operation::delete("/api/v3/tags/{id}", Owner::One),
    Operation::post("/api/v3/tags", Owner::Make).json(r#"{"category": "a", "name": "b"}"#),
];

pub(super) async fn make(api: &Api, things: &mut Things) {
    let asset = things.id("assets").to_owned();
    let tag = json!({"category": "Language", "name": "secret"});
    let made = api.post(&format!("/api/v3/assets/{asset}/tags"), &tag).await.expect(200).json();
    things.add("tags", text(&made["id"]));
    things.add("tag_id", text(&made["id"]));
}
