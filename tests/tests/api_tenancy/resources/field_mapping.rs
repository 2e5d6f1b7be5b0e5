use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::text;
use landfall_domain::Role;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/field-mapping/mappings", Owner::List),
    Operation::get("/api/v3/field-mapping/mappings/{flow_id}", Owner::One),
    Operation::get("/api/v3/field-mapping/mappings/{flow_id}/analytics", Owner::One),
    Operation::get("/api/v3/field-mapping/mappings/{flow_id}/confidence", Owner::One),
    Operation::get("/api/v3/field-mapping/mappings/{flow_id}/preview", Owner::One),
    Operation::get("/api/v3/field-mapping/mappings/{flow_id}/export", Owner::One),
    Operation::get("/api/v3/field-mapping/suggestions/{flow_id}", Owner::One)
        .asking("/api/v3/field-mapping/suggestions/{flow_id}?source_field=RAM"),
    Operation::get("/api/v3/field-mapping/schemas", Owner::Whole),
    Operation::get("/api/v3/field-mapping/templates", Owner::Whole),
    Operation::get("/api/v3/field-mapping/health", Owner::Whole),
    Operation::post("/api/v3/field-mapping/suggestions/{flow_id}/bulk", Owner::One)
        .json(r#"{"source_fields": ["RAM"]}"#)
        .role(Role::Viewer),
    Operation::post("/api/v3/field-mapping/mappings", Owner::One)
        .json(r#"{"flow_id": "{flow_id}", "source_fields": [], "target_schema": "asset_inventory"}"#),
    Operation::put("/api/v3/field-mapping/mappings/{flow_id}", Owner::One).json(r#"{"mappings": {}}"#),
    Operation::post("/api/v3/field-mapping/mappings/{flow_id}/validate", Owner::One)
        .json(r#"{"mappings": {}}"#)
        .role(Role::Viewer),
    Operation::post("/api/v3/field-mapping/mappings/{flow_id}/validate-rules", Owner::One)
        .json(r#"{"rules": []}"#)
        .role(Role::Viewer),
    Operation::post("/api/v3/field-mapping/mappings/{flow_id}/auto-map", Owner::One).json("{}"),
    Operation::post("/api/v3/field-mapping/mappings/{flow_id}/apply-template", Owner::One)
        .json(r#"{"template_id": "{flow_id}"}"#),
    Operation::post("/api/v3/field-mapping/mappings/{flow_id}/save-template", Owner::One)
        .json(r#"{"template_name": "Ours"}"#),
    Operation::post("/api/v3/field-mapping/mappings/{flow_id}/feedback", Owner::One)
        .json(r#"{"field_mappings": {}, "overall_satisfaction": 3}"#),
    Operation::post("/api/v3/field-mapping/mappings/{flow_id}/import", Owner::One).form(),
    Operation::delete("/api/v3/field-mapping/mappings/{flow_id}", Owner::One),
];

/// The flow of the import that waits, under its own id.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let flow = api.get(&format!("/api/v3/flows/{}", things.id("flows"))).await.expect(200).json();
    things.add("flow_id", text(&flow["discovery_flows"][0]["id"]));
}
