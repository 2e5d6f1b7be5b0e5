use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::text;
use landfall_domain::Role;
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/plans/rules", Owner::Whole),
    Operation::get("/api/v3/plans", Owner::List),
    Operation::post("/api/v3/plans", Owner::Make).json(r#"{"name": "Mine"}"#),
    Operation::get("/api/v3/plans/{id}", Owner::One),
    Operation::patch("/api/v3/plans/{id}", Owner::One).json(r#"{"name": "Yours"}"#),
    Operation::delete("/api/v3/plans/{id}", Owner::One),
    Operation::post("/api/v3/plans/{id}/generate", Owner::One),
    Operation::get("/api/v3/plans/{id}/waves", Owner::One),
    Operation::get("/api/v3/plans/{id}/waves/{number}/assets", Owner::One),
    Operation::get("/api/v3/plans/{id}/violations", Owner::One),
    Operation::get("/api/v3/plans/{id}/versions", Owner::One),
    Operation::get("/api/v3/plans/{id}/compare", Owner::One).asking("/api/v3/plans/{id}/compare?from=1&to=1"),
    Operation::post("/api/v3/plans/{id}/moves", Owner::One)
        .json(r#"{"moves": [{"asset_id": "{assets}", "wave": 2}]}"#),
    Operation::get("/api/v3/plans/{id}/pins", Owner::One),
    Operation::put("/api/v3/plans/{id}/pins", Owner::One).json(r#"{"pins": []}"#),
    Operation::post("/api/v3/plans/{id}/undo", Owner::One),
    Operation::post("/api/v3/plans/{id}/restore", Owner::One).json(r#"{"plan_version": 1}"#),
    Operation::post("/api/v3/plans/{id}/copies", Owner::One).json("{}"),
    Operation::post("/api/v3/plans/{id}/commit", Owner::One).role(Role::Approver),
    Operation::post("/api/v3/plans/{id}/revert", Owner::One).role(Role::Approver),
    Operation::get("/api/v3/plans/{id}/export", Owner::One),
    Operation::post("/api/v3/plans/{id}/import", Owner::One),
    Operation::get("/api/v3/waves", Owner::List),
    Operation::get("/api/v3/waves/{id}", Owner::One),
    Operation::patch("/api/v3/waves/{id}", Owner::One).json(r#"{"status": "in_progress"}"#),
    Operation::get("/api/v3/waves/{id}/assets", Owner::One),
];

/// A committed plan, `plans`, the `number` of one of its waves, and the wave that is carried out, `waves`.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let plan = api.post("/api/v3/plans", &json!({"name": "Exit secret"})).await.expect(201).json();
    api.work().await;
    let plan = text(&plan["id"]);
    api.post(&format!("/api/v3/plans/{plan}/commit"), &json!({})).await.expect(200);
    let waves = api.get("/api/v3/waves").await.expect(200).json();
    things.add("waves", text(&waves["items"][0]["id"]));
    things.add("number", waves["items"][0]["wave_number"].to_string());
    things.add("plans", plan);
}
