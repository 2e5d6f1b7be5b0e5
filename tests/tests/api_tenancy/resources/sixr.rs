use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::text;
use landfall_domain::Role;
use serde_json::json;

/// The least that a policy must say, as JSON of a request.
macro_rules! least_policy {
    ($($parameter:literal)+; $($strategy:literal)+) => {
        concat!(
            r#"{"body": "name='Least'\ndescription='d'\n[settings]\ndecisive_margin=0.15\nask_below=0.5\n"#,
            r#"max_counterfactuals=5\nmax_changes=3\n[words]\n[parameters]\n"#,
            $($parameter, r"={base=5}\n",)+
            r"[strategies]\n",
            $($strategy, r"={definition='d',source='s',effort_days=1,weeks=[1,2],cost='low',",
            r"terms=[{input='business_value',weight=1,points=[[1,0]]}]}\n",)+
            r#""}"#
        )
    };
}

const POLICY: &str = least_policy!(
    "business_value" "technical_complexity" "migration_urgency" "compliance_requirements" "cost_sensitivity" "risk_tolerance"
    "innovation_priority";
    "rehost" "replatform" "refactor" "rearchitect" "replace" "repurchase" "retire" "retain"
);

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/sixr/analyses", Owner::List),
    Operation::post("/api/v3/sixr/analyses", Owner::One).json(r#"{"asset_id": "{assets}"}"#),
    Operation::get("/api/v3/sixr/analyses/{id}", Owner::One),
    Operation::get("/api/v3/sixr/analyses/{id}/iterations", Owner::One),
    Operation::get("/api/v3/sixr/analyses/{id}/answers", Owner::One),
    Operation::get("/api/v3/sixr/analyses/{id}/diff", Owner::One)
        .asking("/api/v3/sixr/analyses/{id}/diff?from=1&to=1"),
    Operation::post("/api/v3/sixr/analyses/{id}/iterate", Owner::One).json("{}"),
    Operation::post("/api/v3/sixr/analyses/{id}/answers", Owner::One).json(r#"{"answers": {"active_users": 7}}"#),
    Operation::patch("/api/v3/sixr/analyses/{id}/override", Owner::One)
        .role(Role::Approver)
        .json(r#"{"strategy": "retain", "reason": "They say so."}"#),
    Operation::delete("/api/v3/sixr/analyses/{id}/override", Owner::One).role(Role::Approver),
    Operation::delete("/api/v3/sixr/analyses/{id}", Owner::One),
    Operation::get("/api/v3/sixr/totals", Owner::Whole),
    Operation::get("/api/v3/sixr/questions", Owner::List),
    Operation::get("/api/v3/sixr/inputs", Owner::Whole),
    Operation::get("/api/v3/sixr/settings", Owner::List),
    Operation::post("/api/v3/sixr/settings", Owner::Make).json(r#"{"inputs": {"target": "cloud"}}"#),
    Operation::get("/api/v3/sixr/policy", Owner::Whole),
    Operation::get("/api/v3/sixr/policies", Owner::List),
    Operation::post("/api/v3/sixr/policy/check", Owner::Whole)
        .role(Role::Viewer)
        .json(r#"{"body": "name = 'x'"}"#),
    Operation::get("/api/v3/sixr/runs", Owner::List),
    Operation::get("/api/v3/sixr/runs/{id}", Owner::One),
    Operation::post("/api/v3/sixr/runs/{id}/cancel", Owner::One),
    Operation::post("/api/v3/sixr/runs", Owner::Make).json(r#"{"subjects": "applications"}"#),
    Operation::get("/api/v1/6r/", Owner::Whole),
    Operation::post("/api/v1/6r/analyze", Owner::One).json(r#"{"application_ids": ["{assets}"]}"#),
    Operation::get("/api/v1/6r/{id}", Owner::One),
    Operation::get("/api/v1/6r/{id}/recommendation", Owner::One),
    Operation::put("/api/v1/6r/{id}/parameters", Owner::One).json(r#"{"parameters": {"business_value": 3}}"#),
    Operation::post("/api/v1/6r/{id}/questions", Owner::One)
        .json(r#"{"responses": [{"question_id": "active_users", "response": 3}]}"#),
    Operation::post("/api/v1/6r/{id}/iterate", Owner::One).json(r#"{"iteration_name": "Second"}"#),
    Operation::post("/api/v1/6r/bulk", Owner::Make).json(r#"{"analysis_name": "All"}"#),
    // Last: what it says holds for both engagements of the client account.
    Operation::put("/api/v3/sixr/policy", Owner::Make)
        .role(Role::Approver)
        .json(POLICY),
];

pub(super) async fn make(api: &Api, things: &mut Things) {
    let body = json!({"asset_id": things.id("assets")});
    let made = api.post("/api/v3/sixr/analyses", &body).await.expect(201).json();
    things.add("analyses", text(&made["id"]));
    things.add("6r", text(&made["id"]));
    let run = api
        .post("/api/v3/sixr/runs", &json!({"name": "secret"}))
        .await
        .expect(202)
        .json();
    things.add("runs", text(&run["id"]));
}
