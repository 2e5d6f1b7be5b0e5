use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::text;
use landfall_domain::Role;
use serde_json::{Value, json};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/questionnaires", Owner::List),
    Operation::get("/api/v3/questionnaires/{id}", Owner::One),
    Operation::patch("/api/v3/questionnaires/{id}", Owner::One).json(r#"{"is_required": false}"#),
    Operation::delete("/api/v3/questionnaires/{id}", Owner::One),
    Operation::post("/api/v3/questionnaires", Owner::Make).json(
        r#"{"name": "Short", "thresholds": {"red": 5, "yellow": 30, "unknown": 5}, "sections": [{"order": 1, "questions": [
            {"order": 1, "text": "Is it used?", "answers": [{"order": 1, "text": "Yes", "risk": "green"}]}]}]}"#,
    ),
    Operation::get("/api/v3/stakeholders", Owner::List),
    Operation::get("/api/v3/stakeholders/{id}", Owner::One),
    Operation::patch("/api/v3/stakeholders/{id}", Owner::One).json(r#"{"name": "Ada"}"#),
    Operation::delete("/api/v3/stakeholders/{id}", Owner::One),
    Operation::post("/api/v3/stakeholders", Owner::Make).json(r#"{"name": "Ada", "email": "ada@example.org"}"#),
    Operation::get("/api/v3/archetypes", Owner::List),
    Operation::get("/api/v3/archetypes/{id}", Owner::One),
    Operation::get("/api/v3/archetypes/{id}/applications", Owner::One),
    Operation::patch("/api/v3/archetypes/{id}", Owner::One).json(r#"{"name": "Java"}"#),
    Operation::delete("/api/v3/archetypes/{id}", Owner::One),
    Operation::post("/api/v3/archetypes", Owner::Make)
        .json(r#"{"name": "Java", "criteria": [{"category": "Language", "name": "Java"}]}"#),
    Operation::get("/api/v3/reviews", Owner::List),
    Operation::get("/api/v3/reviews/{id}", Owner::One),
    Operation::patch("/api/v3/reviews/{id}", Owner::One)
        .json(r#"{"work_priority": 3}"#)
        .role(Role::Approver),
    Operation::post("/api/v3/reviews/{id}/copy", Owner::One)
        .json(r#"{"application_ids": ["{applications}"]}"#)
        .role(Role::Approver),
    Operation::delete("/api/v3/reviews/{id}", Owner::One).role(Role::Approver),
    Operation::post("/api/v3/reviews", Owner::One)
        .json(
            r#"{"application_id": "{applications}", "proposed_action": "rehost", "effort_estimate": "small",
                "business_criticality": 5, "work_priority": 5}"#,
        )
        .role(Role::Approver),
    Operation::get("/api/v3/price-catalogues", Owner::List),
    Operation::get("/api/v3/price-catalogues/sample", Owner::Whole),
    Operation::get("/api/v3/price-catalogues/{id}", Owner::One),
    Operation::patch("/api/v3/price-catalogues/{id}", Owner::One).json(PRICES),
    Operation::delete("/api/v3/price-catalogues/{id}", Owner::One),
    Operation::post("/api/v3/price-catalogues", Owner::Make).json(PRICES),
    Operation::get("/api/v3/assessments", Owner::List),
    Operation::get("/api/v3/assessments/sizes/summary", Owner::Whole),
    Operation::get("/api/v3/assessments/{id}", Owner::One),
    Operation::patch("/api/v3/assessments/{id}", Owner::One)
        .json(r#"{"answers": [{"section": 1, "question": 1, "answer": 1}]}"#),
    Operation::delete("/api/v3/assessments/{id}", Owner::One),
    Operation::post("/api/v3/assessments", Owner::One).json(r#"{"asset_id": "{assets}"}"#),
    Operation::post("/api/v3/assessments/sizes", Owner::Make).json("{}"),
    Operation::post("/api/v3/questionnaires/default", Owner::Make),
];

const PRICES: &str = r#"{"name": "Prices", "source": "contract", "as_of": "2026-01-01", "currency": "EUR",
    "minor_unit_digits": 2, "hours_per_month": 730,
    "sizes": [{"name": "small", "vcpus": 2, "memory_gib": 8, "max_disks": 8, "max_nics": 2, "max_iops": 3000,
        "network_mbps": 1000, "price_per_hour_micros": 50000}],
    "volumes": [{"name": "disk", "max_gib": 4096, "max_iops": 3000, "max_mb_per_second": 125,
        "price_per_gib_month_micros": 50000}]}"#;

/// One of each, of the application.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let application = things.id("applications").to_owned();
    let of = json!({"application_id": application});
    let begun = api.post("/api/v3/assessments", &of).await.expect(201).json();
    things.add("assessments", text(&begun["id"]));
    things.add("questionnaires", text(&begun["questionnaire_id"]));
    let review = json!({
        "application_id": application, "proposed_action": "rehost", "effort_estimate": "small",
        "business_criticality": 5, "work_priority": 5, "comments": "secret",
    });
    let mut prices: Value = serde_json::from_str(PRICES).unwrap();
    prices["name"] = json!("secret prices");
    for (name, path, body) in [
        ("stakeholders", "stakeholders", json!({"name": "secret", "email": "secret@example.org"})),
        ("archetypes", "archetypes", json!({"name": "secret", "criteria": [{"category": "a", "name": "secret"}]})),
        ("reviews", "reviews", review),
        ("price-catalogues", "price-catalogues", prices),
    ] {
        let made = api.post(&format!("/api/v3/{path}"), &body).await.expect(201).json();
        things.add(name, text(&made["id"]));
    }
}
