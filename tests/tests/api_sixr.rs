//! 6R over HTTP: a run over an imported inventory, one asset in depth, a person's decision, the policy, and the words of
//! version 1.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::{Value, json};

const ESTATE: &[u8] = b"\
hostname,operating system,environment,criticality,technology stack,status,power state,cpu cores,memory gb,storage gb,application
web01,Ubuntu 24.04,Production,High,Tomcat 10,Active,On,4,16,100,Shop
db01,Windows Server 2008 R2,Production,Critical,SQL Server 2008,Active,On,8,64,900,Shop
old01,CentOS 6.5,Development,Low,,Inactive,Off,2,4,50,
";

async fn imported(api: &Api) {
    api.upload("estate.csv", ESTATE, &[]).await.expect(201);
    api.work().await;
}

async fn run(api: &Api) -> Value {
    let started = api
        .post("/api/v3/sixr/runs", &json!({"name": "First pass"}))
        .await
        .expect(202);
    let location = started.header("location").unwrap().to_owned();
    api.work().await;
    api.get(&location).await.expect(200).json()
}

async fn analysis(api: &Api, name: &str) -> Value {
    let all = api.get("/api/v3/sixr/analyses").await.expect(200).json();
    let found = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == name);
    found
        .unwrap_or_else(|| panic!("no analysis of {name} in {all}"))
        .clone()
}

/// The names of an object's properties, in their order.
fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

both_backends! {
    async fn a_run_is_started_watched_and_summed_up(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        let done = run(&api).await;
        assert_eq!((&done["status"], &done["judged"]), (&json!("completed"), &json!(3)));
        let totals = api.get("/api/v3/sixr/totals").await.expect(200).json();
        assert_eq!(totals, json!({"total": 3, "by_strategy": {"rehost": 1, "replatform": 1, "retire": 1}, "undecided": 0}));
        let retired = api.get("/api/v3/sixr/analyses?strategy=retire").await.expect(200).json();
        assert_eq!(retired["items"].as_array().unwrap().len(), 1);
        assert_eq!(retired["items"][0]["name"], "old01");
        let first = api.get("/api/v3/sixr/analyses?limit=2").await.expect(200).json();
        let rest = api.get(&format!("/api/v3/sixr/analyses?limit=2&cursor={}", first["next"].as_str().unwrap())).await.expect(200).json();
        assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (2, 1));
        let questions = api.get("/api/v3/sixr/questions").await.expect(200).json();
        assert_eq!(questions["items"][0]["priority"], 1);
        let assets = api.get("/api/v3/assets?six_r_strategy=replatform").await.expect(200).json();
        assert_eq!(assets["items"][0]["name"], "db01");
        api.post(&format!("/api/v3/sixr/runs/{}/cancel", done["id"].as_str().unwrap()), &json!({})).await.expect(409);
        assert_eq!(api.get("/api/v3/sixr/runs").await.expect(200).json()["items"][0]["id"], done["id"]);
    }

    async fn an_analysis_says_everything_that_it_rests_on(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        let db = api.get("/api/v3/assets?name=db01").await.expect(200).json()["items"][0].clone();
        let made = api.post("/api/v3/sixr/analyses", &json!({"asset_id": db["id"], "inputs": {"risk_tolerance": 4}})).await.expect(201);
        assert_eq!(made.header("etag"), Some("\"2\""));
        let made = made.json();
        assert_eq!(names(&made), [
            "application_id", "asset_id", "confidence", "created_at", "description", "given", "id", "iteration",
            "master_flow_id", "name", "override", "parameters", "policy_version", "priority", "recommendation",
            "recommended_strategy", "status", "strategy", "updated_at", "version",
        ]);
        assert_eq!((&made["strategy"], &made["iteration"]), (&json!("replatform"), &json!(1)));
        assert_eq!(made["given"]["given"]["risk_tolerance"]["value"], 4.0);
        assert_eq!((&made["parameters"]["risk_tolerance"], &made["parameters"]["source"]), (&json!(4.0), &json!("user_input")));
        let result = &made["recommendation"];
        assert_eq!(names(result), [
            "assumptions", "business_benefits", "confidence", "cost_impact", "counterfactuals", "created_at", "effort",
            "evidence", "iteration", "key_factors", "next_steps", "policy_version", "questions", "risks", "scores",
            "strategy", "technical_benefits", "timeline",
        ]);
        assert_eq!(names(&result["effort"]), ["person_days", "size"]);
        let reasons = result["evidence"]["derivations"].as_array().unwrap();
        let support = reasons.iter().find(|one| one["input"] == "os_support").unwrap();
        assert_eq!((&support["value"], &support["source"]), (&json!("ended"), &json!("finding")));
        assert_eq!(result["evidence"]["terms"]["rehost"]["os_support"], json!([0.25, 0.0, 0.0]), "weight, factor, points");
        assert!(result["risks"].as_array().unwrap().iter().any(|risk| risk["rule"] == "risk.critical"), "{result}");
        let inputs = api.get("/api/v3/sixr/inputs").await.expect(200).json();
        assert_eq!(inputs["items"][0]["name"], "business_value");
        api.post("/api/v3/sixr/analyses", &json!({})).await.expect(422);
        let wrong = api.post("/api/v3/sixr/analyses", &json!({"asset_id": db["id"], "inputs": {"risk": 1, "cpu_percent": 101}})).await.expect(422);
        assert_eq!(wrong.json()["details"].as_array().unwrap().len(), 2);
    }

    async fn a_decision_needs_the_version_that_was_seen_and_outlives_a_run(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        run(&api).await;
        let web = analysis(&api, "web01").await;
        let path = format!("/api/v3/sixr/analyses/{}", web["id"].as_str().unwrap());
        let decision = json!({"strategy": "retain", "reason": "Until the audit is over."});
        let over = format!("{path}/override");
        api.send(api.request(Method::PATCH, &over).set_json(&decision)).await.expect(428);
        api.patch(&over, "\"99\"", &decision).await.expect(412);
        let tag = format!("\"{}\"", web["version"]);
        let decided = api.patch(&over, &tag, &decision).await.expect(200).json();
        assert_eq!((&decided["strategy"], &decided["recommended_strategy"]), (&json!("retain"), &json!("rehost")));
        assert_eq!(decided["override"]["reason"], "Until the audit is over.");
        api.post(&format!("{path}/iterate"), &json!({"reason": "new facts"})).await.expect(200);
        run(&api).await;
        let after = api.get(&path).await.expect(200).json();
        assert_eq!((&after["strategy"], &after["iteration"]), (&json!("retain"), &json!(2)));
        assert_eq!(api.get("/api/v3/sixr/analyses?overridden=true").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
        let back = api.send(api.request(Method::DELETE, &over)).await.expect(200).json();
        assert_eq!((&back["strategy"], &back["override"]), (&json!("rehost"), &Value::Null));
        let answered = api.post(&format!("{path}/answers"), &json!({"answers": {"active_users": 0}})).await.expect(200).json();
        assert_eq!(answered["strategy"], "retire");
        let changed = api.get(&format!("{path}/diff?from=2&to=3")).await.expect(200).json();
        assert_eq!(changed["strategy"], json!(["rehost", "retire"]));
        // The value for the business is derived from its users.
        let inputs: Vec<&Value> = changed["inputs"].as_array().unwrap().iter().map(|input| &input["input"]).collect();
        assert_eq!(inputs, ["business_value", "active_users"]);
        let iterations = api.get(&format!("{path}/iterations")).await.expect(200).json();
        assert_eq!(iterations["items"].as_array().unwrap().len(), 3);
        assert_eq!(api.get(&format!("{path}/answers")).await.expect(200).json()["items"][0]["answer"], 0);
        api.send(api.request(Method::DELETE, &path)).await.expect(204);
        api.get(&path).await.expect(404);
    }

    async fn a_policy_is_checked_kept_and_refused_with_all_its_faults(database: TestDatabase) {
        let api = Api::over(&database).await;
        let standard = api.get("/api/v3/sixr/policy").await.expect(200).json();
        assert_eq!(standard["version"], Value::Null);
        let body = standard["body"].as_str().unwrap();
        let broken = body.replace("ask_below = 0.5", "ask_below = 7").replace("weight = 0.25", "weight = 0.3");
        let checked = api.post("/api/v3/sixr/policy/check", &json!({"body": broken})).await.expect(200).json();
        assert_eq!(checked["is_valid"], false);
        assert!(checked["faults"].as_array().unwrap().len() > 3, "{checked}");
        let put = |body: String| api.request(Method::PUT, "/api/v3/sixr/policy").set_json(json!({"body": body, "comment": "Ours."}));
        let refused = api.send(put(broken)).await.expect(422).json();
        assert_eq!(refused["details"].as_array().unwrap().len(), checked["faults"].as_array().unwrap().len());
        let kept = api.send(put(body.replace("below = 2 }", "below = 3 }"))).await.expect(200).json();
        assert_eq!(kept["version"], 1);
        assert_eq!(api.get("/api/v3/sixr/policies").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
        api.get("/api/v3/sixr/policy?version=2").await.expect(404);
        let settings = api.post("/api/v3/sixr/settings", &json!({"inputs": {"target": "vmware"}, "note": "Kick-off."})).await.expect(200).json();
        assert_eq!(settings["items"][0]["input"], "target");
        let none = api.post("/api/v3/sixr/settings", &json!({"inputs": {"target": null}})).await.expect(200).json();
        assert_eq!(none["items"], json!([]));
    }

    async fn version_1_speaks_its_own_words_about_the_same_analyses(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        let web = api.get("/api/v3/assets?name=web01").await.expect(200).json()["items"][0]["id"].clone();
        let body = json!({"application_ids": [web], "analysis_name": "Old client", "parameters": {"business_value": 7, "parameter_source": "user_input"}});
        let made = api.post("/api/v1/6r/analyze", &body).await.expect(200).json();
        assert_eq!((&made["analysis_name"], &made["parameters"]["business_value"]), (&json!("Old client"), &json!(7.0)));
        assert_eq!(made["recommendation"]["recommended_strategy"], "rehost");
        assert_eq!(made["recommendation"]["strategy_scores"].as_array().unwrap().len(), 8);
        let path = format!("/api/v1/6r/{}", made["analysis_id"].as_str().unwrap());
        let put = api.request(Method::PUT, &format!("{path}/parameters")).set_json(json!({"parameters": {"migration_urgency": 9}}));
        assert_eq!(api.send(put).await.expect(200).json()["parameters"]["migration_urgency"], 9.0);
        let answers = json!({"responses": [{"question_id": "active_users", "response": 0, "source": "user"}], "is_partial": false});
        let answered = api.post(&format!("{path}/questions"), &answers).await.expect(200).json();
        assert_eq!((&answered["current_iteration"], &answered["final_recommendation"]), (&json!(3), &json!("retire")));
        api.post(&format!("{path}/iterate"), &json!({"iteration_name": "Again", "iteration_notes": "why not"})).await.expect(200);
        let told = api.get(&format!("{path}/recommendation")).await.expect(200).json();
        assert_eq!((&told["iteration_number"], &told["recommendation"]["recommended_strategy"]), (&json!(4), &json!("retire")));
        assert_eq!(api.get(&path).await.expect(200).json()["analysis_id"], made["analysis_id"]);
        let list = api.get("/api/v1/6r/?page=1&page_size=10").await.expect(200).json();
        assert_eq!((&list["total_count"], &list["has_next"]), (&json!(1), &json!(false)));
        assert_eq!(list["analyses"][0]["analysis_id"], made["analysis_id"]);
        let bulk = api.post("/api/v1/6r/bulk", &json!({"analysis_name": "All"})).await.expect(202).json();
        assert_eq!(bulk["status"], "pending");
        let same = api.get(&format!("/api/v3/sixr/analyses/{}", made["analysis_id"].as_str().unwrap())).await.expect(200).json();
        assert_eq!(same["strategy"], "retire");
    }
}
