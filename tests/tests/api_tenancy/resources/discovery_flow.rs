use super::{Api, Operation, Things};
use crate::operation::Owner;

const NEW: &str = r#"{"name": "secret", "client_account_id": "{client_account_id}", "engagement_id": "{engagement_id}", "raw_data": []}"#;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/discovery-flow/flows", Owner::Whole),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}/status", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}/history", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}/metrics", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}/recommendations", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}/export", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}/crewai-status", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/events/{flow_id}", Owner::One),
    Operation::get("/api/v3/discovery-flow/flows/{flow_id}/subscribe", Owner::One)
        .asking("/api/v3/discovery-flow/flows/{flow_id}/subscribe?follow=false"),
    Operation::get("/api/v3/discovery-flow/flows/subscribe", Owner::Whole)
        .asking("/api/v3/discovery-flow/flows/subscribe?follow=false"),
    Operation::get("/api/v3/discovery-flow/flows/manager/status", Owner::Whole),
    Operation::get("/api/v3/discovery-flow/health", Owner::Whole),
    Operation::post("/api/v3/discovery-flow/flows", Owner::One).json(NEW),
    Operation::post("/api/v3/discovery-flow/flows/crewai", Owner::One).json(NEW),
    Operation::post("/api/v3/discovery-flow/flows/validate", Owner::One).json(NEW).role(landfall_domain::Role::Viewer),
    Operation::put("/api/v3/discovery-flow/flows/{flow_id}", Owner::One).json(r#"{"name": "Ours"}"#),
    Operation::post("/api/v3/discovery-flow/flows/{flow_id}/pause", Owner::One),
    Operation::post("/api/v3/discovery-flow/flows/{flow_id}/resume", Owner::One),
    Operation::post("/api/v3/discovery-flow/flows/{flow_id}/retry", Owner::One),
    Operation::post("/api/v3/discovery-flow/flows/{flow_id}/execute/{phase}", Owner::One)
        .json(r#"{"phase": "field_mapping"}"#),
    Operation::post("/api/v3/discovery-flow/flows/{flow_id}/promote-assets", Owner::One),
    Operation::post("/api/v3/discovery-flow/flows/{flow_id}/duplicate", Owner::One).json(r#"{"name": "Copy"}"#),
    Operation::post("/api/v3/discovery-flow/flows/{flow_id}/cancel", Owner::One),
    Operation::delete("/api/v3/discovery-flow/flows/{flow_id}", Owner::One),
];

#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(api: &Api, things: &mut Things) {
    things.add("client_account_id", api.scope.client_account_id.to_string());
    things.add("engagement_id", api.scope.engagement_id.to_string());
}
