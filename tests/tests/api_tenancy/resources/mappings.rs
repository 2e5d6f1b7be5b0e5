use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::{ids, text};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/mappings", Owner::One).asking("/api/v3/mappings?import_id={imports}"),
    Operation::post("/api/v3/mappings/{id}/approve", Owner::One),
    Operation::post("/api/v3/mappings/{id}/reject", Owner::One),
    Operation::patch("/api/v3/mappings/{id}", Owner::One).json(r#"{"target_field": "hostname"}"#),
    Operation::get("/api/v3/imports/{id}/mappings", Owner::One),
    Operation::post("/api/v3/imports/{id}/mappings/suggest", Owner::One),
    Operation::post("/api/v3/imports/{id}/mappings/decide", Owner::One).json("{}"),
];

/// An import that waits for a decision, its flow, and the mapping of its first column.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let csv = b"hostname,ip_address,Memry\ngamma-secret,10.0.0.3,8\ndelta-secret,10.0.0.4,16\n";
    let receipt = api.upload("secret.csv", csv, &[("review", "true")]).await.expect(201).json();
    api.work().await;
    let import = text(&receipt["import_id"]);
    let mappings = api.get(&format!("/api/v3/imports/{import}/mappings")).await.expect(200).json();
    things.add("mappings", &ids(&mappings)[0]);
    things.add("imports", import);
    things.add("flows", text(&receipt["master_flow_id"]));
}
