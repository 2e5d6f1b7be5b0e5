use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::ids;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/assets", Owner::List),
    Operation::get("/api/v3/assets/export", Owner::Whole),
    Operation::get("/api/v3/assets/{id}", Owner::One),
    Operation::patch("/api/v3/assets/{id}", Owner::One).json(r#"{"environment": "Test"}"#),
    Operation::post("/api/v3/assets/bulk", Owner::Whole)
        .json(r#"{"update": [{"id": "{assets}", "values": {"environment": "Test"}}], "delete": [{"id": "{assets}"}]}"#),
    Operation::delete("/api/v3/assets/{id}", Owner::One),
    Operation::get("/api/v3/assets/{id}/provenance", Owner::One),
    Operation::get("/api/v3/assets/{id}/dependencies", Owner::One),
];

/// Two assets: `assets` and `other_asset`.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let csv = b"hostname,ip_address\nalpha-secret,10.0.0.1\nbeta-secret,10.0.0.2\n";
    api.upload("alpha-secret.csv", csv, &[]).await.expect(201);
    api.work().await;
    let assets = ids(&api.get("/api/v3/assets").await.expect(200).json());
    assert_eq!(assets.len(), 2);
    things.add("assets", &assets[0]);
    things.add("other_asset", &assets[1]);
}
