//! Assessments over HTTP: by questionnaire, through archetypes, and of machines.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use landfall_testkit::both_backends;
use landfall_tests::api::{Api, Reply};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Four questions: one answered by a tag, one by the inventory, two by people.
const QUESTIONNAIRE: &str = "
name: Move check
description: Four questions
required: true
thresholds: {red: 25, yellow: 25, unknown: 25}
riskMessages: {red: stop, yellow: mind, green: go, unknown: ask}
sections:
  - order: 1
    name: Facts
    questions:
      - order: 1
        text: Which language?
        answers:
          - {order: 1, text: Java, risk: green, autoAnswerFor: [{category: Language, tag: Java}], applyTags: [{category: Runtime, tag: JVM}]}
          - {order: 2, text: COBOL, risk: red, rationale: Rare skills, mitigation: Train somebody}
      - order: 2
        text: Much memory?
        answers:
          - {order: 1, text: 'Yes', risk: yellow, rationale: Costly, mitigation: Measure, autoAnswerWhen: [{field: memory_gb, atLeast: 64}]}
          - {order: 2, text: 'No', risk: green, autoAnswerWhen: [{field: memory_gb, atMost: 63.99}]}
  - order: 2
    name: People
    questions:
      - order: 1
        text: Is there an owner?
        answers:
          - {order: 1, text: 'Yes', risk: green}
          - {order: 2, text: 'No', risk: red, rationale: Nobody decides, mitigation: Name one}
      - order: 2
        text: Was a restore tested?
        answers:
          - {order: 1, text: 'Yes', risk: green}
          - {order: 2, text: 'No', risk: yellow}
";

const SERVERS: &str = "\
Hostname,Operating System,CPU Cores,RAM (GB),Storage (GB),CPU Utilization,Memory Utilization,Monthly Cost
app01,Ubuntu 24.04,8,128,100,20,10,300.00
app02,Windows Server 2025,4,16,200,50,50,
old01,AIX 7.2,4,16,50,,,
new01,,2,8,40,,,
";

async fn servers(api: &Api) -> BTreeMap<String, String> {
    api.upload("servers.csv", SERVERS.as_bytes(), &[])
        .await
        .expect(201);
    api.work().await;
    let page = api.get("/api/v3/assets").await.expect(200).json();
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|asset| (text(&asset["name"]), text(&asset["id"])))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn send(api: &Api, method: Method, path: &str, kind: &str, body: &str) -> Reply {
    let request = api
        .request(method, path)
        .insert_header((CONTENT_TYPE, kind))
        .insert_header(("If-Match", "*"));
    api.send(request.set_payload(body.to_owned())).await
}

async fn questionnaire(api: &Api) -> String {
    let made = send(
        api,
        Method::POST,
        "/api/v3/questionnaires",
        "application/yaml",
        QUESTIONNAIRE,
    )
    .await
    .expect(201);
    text(&made.json()["id"])
}

/// An application with a machine of 128 GiB, tagged.
async fn application(api: &Api, name: &str, asset: &str, tag: Option<(&str, &str)>) -> String {
    let made = api
        .post("/api/v3/applications", &json!({"name": name}))
        .await
        .expect(201)
        .json();
    let id = text(&made["id"]);
    api.post(
        &format!("/api/v3/applications/{id}/assets"),
        &json!({"asset_ids": [asset]}),
    )
    .await
    .expect(200);
    if let Some((category, name)) = tag {
        let tag = json!({"category": category, "name": name});
        api.post(&format!("/api/v3/applications/{id}/tags"), &tag)
            .await
            .expect(200);
    }
    id
}

both_backends! {
    async fn an_assessment_answers_what_is_known_and_computes_risk_and_confidence(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let form = questionnaire(&api).await;
        let shop = application(&api, "Shop", &servers["app01"], Some(("Language", "Java"))).await;
        let new = json!({"application_id": shop, "questionnaire_id": form});
        let begun = api.post("/api/v3/assessments", &new).await.expect(201);
        let path = begun.header("location").unwrap().to_owned();
        let begun = begun.json();
        // Java is green by its tag, 128 GiB are yellow; two questions are open: one yellow of four reaches 25 %.
        assert_eq!(begun["results"]["counts"], json!({"red": 0, "yellow": 1, "green": 1, "unknown": 2}));
        assert_eq!((&begun["status"], &begun["results"]["risk"], &begun["risk_level"]), (&json!("pending"), &json!("yellow"), &json!("medium")));
        // (80 × 0.98 + 100 × 0.98 + 2 × 70 × 0.98) / 400 = 78.4 %.
        assert_eq!(begun["results"]["confidence"], 78);
        api.post("/api/v3/assessments", &new).await.expect(409);

        let red = json!({"answers": [{"section": 2, "question": 1, "answer": 2}], "comments": [{"section": 2, "comment": "by phone"}]});
        let started = api.patch(&path, "\"1\"", &red).await.expect(200).json();
        assert_eq!((&started["status"], &started["results"]["risk"]), (&json!("in_progress"), &json!("red")));
        assert_eq!(started["results"]["questionnaire"]["sections"][1]["comment"], "by phone");
        // a = 0.5 × 0.98 = 0.49: red 0.49 × 0.95 + 80 × 0.49 = 39.6655, + 49 + 34.3 = 122.9655 / 400 = 30.7 %.
        assert_eq!(started["results"]["confidence"], 30);
        let approve = json!({"status": "approved"});
        assert_eq!(api.patch(&path, "*", &approve).await.expect(422).json()["details"][0]["code"], "incomplete");
        let rest = json!({"answers": [{"section": 2, "question": 1, "answer": 1}, {"section": 2, "question": 2, "answer": 1}]});
        let complete = api.patch(&path, "*", &rest).await.expect(200).json();
        // (78.4 + 3 × 98) / 400 = 93.1 %.
        assert_eq!((&complete["status"], &complete["results"]["confidence"]), (&json!("completed"), &json!(93)));
        let risks: Vec<&Value> = complete["identified_risks"].as_array().unwrap().iter().map(|risk| &risk["mitigation"]).collect();
        assert_eq!(risks, [&json!("Measure")]);
        let approved = api.patch(&path, "*", &approve).await.expect(200).json();
        assert_eq!(approved["status"], "approved");
        let odd = json!({"answers": [{"section": 9, "question": 1, "answer": 1}]});
        assert!(api.patch(&path, "*", &odd).await.expect(422).text().contains("no section 9"));
        api.patch(&path, "\"1\"", &rest).await.expect(412);

        let found = api.get(&format!("/api/v3/applications/{shop}")).await.expect(200).json();
        assert_eq!((&found["risk"], &found["confidence"], &found["is_assessed"]), (&json!("yellow"), &json!(93), &json!(true)));
        let tags: Vec<Value> = found["tags"].as_array().unwrap().iter().map(|tag| json!([tag["name"], tag["source"]])).collect();
        assert_eq!(tags, [json!(["Java", "manual"]), json!(["JVM", "assessment"])]);
        for (query, number) in [("risk_level=medium", 1), ("status=pending", 0), ("status=approved&assessment_type=risk_assessment", 1)] {
            let listed = api.get(&format!("/api/v3/assessments?{query}")).await.expect(200).json();
            assert_eq!(listed["items"].as_array().unwrap().len(), number, "{query}");
        }
        // A questionnaire with answers stays; the assessment takes its tags along.
        let used = format!("/api/v3/questionnaires/{form}");
        api.send(api.request(Method::DELETE, &used)).await.expect(409);
        api.send(api.request(Method::DELETE, &path)).await.expect(204);
        let left = api.get(&format!("/api/v3/applications/{shop}")).await.expect(200).json();
        assert_eq!((left["tags"].as_array().unwrap().len(), &left["risk"]), (1, &Value::Null));
        api.send(api.request(Method::DELETE, &used)).await.expect(204);
    }

    async fn members_of_an_archetype_inherit_its_answers_until_they_have_their_own(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let form = questionnaire(&api).await;
        let shop = application(&api, "Shop", &servers["app01"], Some(("Language", "Java"))).await;
        let other = application(&api, "Other", &servers["app02"], None).await;
        let ada = api.post("/api/v3/stakeholders", &json!({"name": "Ada", "email": "Ada@example.org"})).await.expect(201).json();
        assert_eq!(ada["email"], "ada@example.org");
        api.post("/api/v3/stakeholders", &json!({"name": "Eve", "email": "ada@example.org"})).await.expect(409);
        api.post("/api/v3/archetypes", &json!({"name": "All", "criteria": []})).await.expect(422);
        let java = json!({"category": "Language", "name": "Java"});
        let kind = json!({
            "name": "Java", "criteria": [java], "tags": [{"category": "Team", "name": "Blue"}],
            "stakeholders": [{"stakeholder_id": ada["id"], "role": "owner"}],
        });
        let kind = api.post("/api/v3/archetypes", &kind).await.expect(201).json();
        let path = format!("/api/v3/archetypes/{}", text(&kind["id"]));
        let members = api.get(&format!("{path}/applications?limit=1")).await.expect(200).json();
        assert_eq!(members["items"][0]["id"], shop);
        let begun = api.post("/api/v3/assessments", &json!({"archetype_id": kind["id"], "questionnaire_id": form})).await.expect(201).json();
        let answers = json!({"answers": [
            {"section": 1, "question": 2, "answer": 2}, {"section": 2, "question": 1, "answer": 1}, {"section": 2, "question": 2, "answer": 1}
        ]});
        api.patch(&format!("/api/v3/assessments/{}", text(&begun["id"])), "*", &answers).await.expect(200);
        let found = api.get(&format!("/api/v3/applications/{shop}")).await.expect(200).json();
        assert_eq!((&found["risk"], &found["confidence"], &found["is_inherited"], &found["is_assessed"]), (&json!("green"), &json!(100), &json!(true), &json!(true)));
        let tags: Vec<Value> = found["tags"].as_array().unwrap().iter().map(|tag| json!([tag["name"], tag["source"]])).collect();
        assert_eq!(tags, [json!(["Java", "manual"]), json!(["JVM", "archetype"]), json!(["Blue", "archetype"])]);
        let nobody = api.get(&format!("/api/v3/applications/{other}")).await.expect(200).json();
        assert_eq!((&nobody["risk"], &nobody["is_assessed"]), (&Value::Null, &json!(false)));
        // An assessment of its own counts alone.
        api.post("/api/v3/assessments", &json!({"application_id": shop, "questionnaire_id": form})).await.expect(201);
        let own = api.get(&format!("/api/v3/applications/{shop}")).await.expect(200).json();
        assert_eq!((&own["is_inherited"], &own["is_assessed"]), (&json!(false), &json!(false)));
        // A more specific archetype takes the member over.
        let specific = json!({"name": "Java in the DMZ", "criteria": [java, {"category": "Network", "name": "DMZ"}]});
        let specific = api.post("/api/v3/archetypes", &specific).await.expect(201).json();
        api.post(&format!("/api/v3/applications/{shop}/tags"), &json!({"category": "Network", "name": "DMZ"})).await.expect(200);
        let moved = api.get(&format!("/api/v3/applications/{shop}")).await.expect(200).json();
        assert_eq!(moved["archetype_ids"], json!([specific["id"]]));
        let renamed = api.patch(&path, "\"1\"", &json!({"name": "JVM", "stakeholders": []})).await.expect(200).json();
        assert_eq!((&renamed["name"], &renamed["stakeholders"]), (&json!("JVM"), &json!([])));
    }

    async fn a_review_says_what_to_do_and_is_copied(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let (shop, other) = (application(&api, "Shop", &servers["app01"], None).await, application(&api, "Other", &servers["app02"], None).await);
        let review = json!({"application_id": shop, "proposed_action": "replatform", "effort_estimate": "large", "business_criticality": 9, "work_priority": 3});
        let made = api.post("/api/v3/reviews", &review).await.expect(201);
        let path = made.header("location").unwrap().to_owned();
        api.post("/api/v3/reviews", &review).await.expect(409);
        let mut wrong = review.clone();
        wrong["work_priority"] = json!(11);
        api.post("/api/v3/reviews", &wrong).await.expect(422);
        let changed = api.patch(&path, "\"1\"", &json!({"work_priority": 8, "comments": "soon"})).await.expect(200).json();
        assert_eq!((&changed["work_priority"], &changed["effort_estimate"], &changed["comments"]), (&json!(8), &json!("large"), &json!("soon")));
        assert_eq!(api.post(&format!("{path}/copy"), &json!({"application_ids": [shop, other]})).await.expect(200).json(), json!({"copied": 1}));
        let copies = api.get(&format!("/api/v3/reviews?application_id={other}&proposed_action=replatform")).await.expect(200).json();
        assert_eq!(copies["items"][0]["comments"], "soon");
        api.send(api.request(Method::DELETE, &path)).await.expect(204);
    }

    async fn machines_are_judged_sized_and_priced_by_a_catalogue_of_ones_own(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let sample = api.get("/api/v3/price-catalogues/sample").await.expect(200).text();
        let own = sample.replace("name = \"Sample: Amazon EC2 in US East\"", "name = \"Ours\"").replace("currency = \"USD\"", "currency = \"EUR\"");
        let prices = send(&api, Method::POST, "/api/v3/price-catalogues", "application/toml", &own).await.expect(201).json();
        send(&api, Method::POST, "/api/v3/price-catalogues", "application/toml", &own).await.expect(409);
        let faulty = send(&api, Method::POST, "/api/v3/price-catalogues", "application/json", "{}").await.expect(422);
        assert_eq!(faulty.json()["details"][0]["field"], "document");
        let run = api.post("/api/v3/assessments/sizes", &json!({"price_catalogue_id": prices["id"]})).await.expect(202).json();
        assert!(run["master_flow_id"].is_string());
        api.work().await;
        let summary = api.get("/api/v3/assessments/sizes/summary").await.expect(200).json();
        // app01: 8 × 20 % × 1.3 = 2.08 cores, 128 × 10 % × 1.3 = 16.64 GiB: m5.2xlarge for 0.384 would do, r5.xlarge for 0.252
        // is the cheapest: 183.96, with 100 GiB for 8.00: 191.96. app02: 2.6 cores and 10.4 GiB: m5.xlarge for 140.16, Windows
        // for 4 × 0.046 × 730 = 134.32, 200 GiB for 16.00: 290.48. new01: 2 cores and 8 GiB: 70.08 + 3.20 = 73.28.
        assert_eq!(summary["target_cost"], 19_196 + 29_048 + 7_328);
        assert_eq!((&summary["current_cost"], &summary["currency"]), (&json!(30_000), &json!("EUR")));
        let readiness = ["ready", "ready_with_conditions", "unknown", "not_ready"].map(|name| summary[name].as_i64().unwrap());
        assert_eq!(readiness, [2, 0, 1, 1]);
        // Two of eight data points of two machines out of four: 12.5 %.
        assert_eq!((&summary["data_points_percent"], &summary["stars"]), (&json!(13), &json!(1)));
        let of = |name: &str| format!("/api/v3/assessments?assessment_type=technical_assessment&asset_id={}", servers[name]);
        let app01 = api.get(&of("app01")).await.expect(200).json()["items"][0].clone();
        assert_eq!((&app01["estimated_target_cost"], &app01["cost_savings_potential"], &app01["risk_level"]), (&json!(19_196), &json!(10_804), &json!("low")));
        let one = api.get(&format!("/api/v3/assessments/{}", text(&app01["id"]))).await.expect(200).json();
        assert_eq!((&one["results"]["placement"]["size"], &one["results"]["stars"]), (&json!("r5.xlarge"), &json!(2)));
        let old01 = api.get(&of("old01")).await.expect(200).json()["items"][0].clone();
        assert_eq!((&old01["identified_risks"][0]["rule"], &old01["risk_level"], &old01["estimated_target_cost"]), (&json!("os_support"), &json!("critical"), &Value::Null));

        // In dollars without a rate nothing is compared; with one it is; a second run replaces the first.
        for (rate, expected) in [(None, 0), (Some(500_000), (19_196 + 29_048 + 7_328) / 2)] {
            let mut request = json!({});
            if let Some(rate) = rate {
                request["exchange_rate_micros"] = json!(rate);
            }
            api.post("/api/v3/assessments/sizes", &request).await.expect(202);
            api.work().await;
            let summary = api.get("/api/v3/assessments/sizes/summary").await.expect(200).json();
            assert_eq!((&summary["machines"], &summary["target_cost"]), (&json!(4), &json!(expected)), "{rate:?}");
        }
        api.post("/api/v3/assessments/sizes", &json!({"comfort_factor": 0.5})).await.expect(422);
        // Machines with computed sizes can be deleted.
        let asset = format!("/api/v3/assets/{}", servers["old01"]);
        api.send(api.request(Method::DELETE, &asset)).await.expect(204);
        assert_eq!(api.get("/api/v3/assessments/sizes/summary").await.expect(200).json()["machines"], 3);
    }

    async fn the_questionnaire_that_ships_is_used_where_none_is_named(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let shop = application(&api, "Shop", &servers["app01"], None).await;
        let begun = api.post("/api/v3/assessments", &json!({"application_id": shop})).await.expect(201).json();
        assert_eq!(begun["title"], "Cloud readiness");
        let first = api.post("/api/v3/questionnaires/default", &json!({})).await.expect(201).json();
        assert_eq!(first["id"], begun["questionnaire_id"]);
        let path = format!("/api/v3/questionnaires/{}", text(&first["id"]));
        let optional = api.patch(&path, "\"1\"", &json!({"is_required": false})).await.expect(200).json();
        assert_eq!((&optional["is_required"], &optional["version"]), (&json!(false), &json!(2)));
        let none = "name: x\nthresholds: {red: 1, yellow: 1, unknown: 1}\nsections: []\n";
        let refused = send(&api, Method::POST, "/api/v3/questionnaires", "application/yaml", none).await.expect(422);
        assert!(refused.text().contains("it has no sections"));
        send(&api, Method::POST, "/api/v3/questionnaires", "text/plain", none).await.expect(415);
    }
}
