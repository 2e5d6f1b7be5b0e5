//! `/discovery-flow` as existing clients use it: status codes, shapes, and what the durable flow does.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use landfall_tests::v3::{asked, imported, rows};
use serde_json::{Value, json};

const FLOWS: &str = "/api/v3/discovery-flow/flows";

fn path(flow: &Value, rest: &str) -> String {
    format!("{FLOWS}/{}{rest}", flow["flow_id"].as_str().unwrap())
}

fn described(rest: &str) -> String {
    format!("{FLOWS}/{{flow_id}}{rest}")
}

async fn get(api: &Api, flow: &Value, rest: &str) -> Value {
    asked(api, Method::GET, &described(rest), &path(flow, rest), None, 200).await
}

async fn post(api: &Api, flow: &Value, rest: &str, body: Value, status: u16) -> Value {
    asked(
        api,
        Method::POST,
        &described(rest),
        &path(flow, rest),
        Some(&body),
        status,
    )
    .await
}

fn new(api: &Api, records: &Value) -> Value {
    json!({
        "name": "Exit", "client_account_id": api.scope.client_account_id, "engagement_id": api.scope.engagement_id,
        "raw_data": records, "metadata": {"ticket": 7}, "description": "d",
    })
}

async fn made(api: &Api) -> Value {
    let flow = asked(api, Method::POST, FLOWS, FLOWS, Some(&new(api, &rows())), 201).await;
    api.work().await;
    flow
}

both_backends! {
    async fn a_flow_over_records_waits_for_its_mappings_and_goes_on_when_told(database: TestDatabase) {
        let api = Api::over(&database).await;
        let flow = made(&api).await;
        assert_eq!((flow["status"].as_str(), flow["description"].as_str()), (Some("initialized"), Some("d")));
        let status = get(&api, &flow, "/status").await;
        assert_eq!((status["status"].as_str(), status["current_phase"].as_str()), (Some("paused"), Some("field_mapping")));
        assert_eq!((status["can_resume"].as_bool(), status["can_cancel"].as_bool()), (Some(true), Some(true)));
        let advice = get(&api, &flow, "/recommendations").await;
        assert_eq!(advice["recommendations"][0]["action"], "approve_mappings");
        let decided = json!({"phase": "field_mapping", "human_input": {"mappings": {"Memry": "memory_gb"}}});
        let done = post(&api, &flow, "/execute/{phase}", decided.clone(), 422).await;
        assert_eq!(done["error"], "VALIDATION_ERROR");
        let execute = path(&flow, "/execute/field_mapping");
        asked(&api, Method::POST, &described("/execute/{phase}"), &execute, Some(&decided), 200).await;
        api.work().await;
        let now = get(&api, &flow, "").await;
        assert_eq!((now["status"].as_str(), now["current_phase"].as_str()), (Some("completed"), Some("completed")));
        assert_eq!((now["records_total"].as_i64(), now["assets_discovered"].as_i64()), (Some(4), Some(4)));
        assert_eq!((now["phases_completed"].as_array().unwrap().len(), now["assets"].as_array().unwrap().len()), (8, 4));
        let asset = api.get("/api/v3/assets?hostname=web02").await.expect(200).json();
        assert_eq!(asset["items"][0]["memory_gb"], 16.0);
        let metrics = get(&api, &flow, "/metrics").await;
        assert_eq!((metrics["phases_completed"].as_i64(), metrics["success_rate"].as_f64()), (Some(6), Some(1.0)));
        assert!(get(&api, &flow, "/history").await.as_array().unwrap().len() > 6);
        let promoted = asked(&api, Method::POST, &described("/promote-assets"), &path(&flow, "/promote-assets"), None, 200).await;
        assert_eq!((promoted["assets_promoted"].as_i64(), promoted["errors"].as_i64()), (Some(4), Some(0)));
        let file: Value = serde_json::from_slice(&api.get(&path(&flow, "/export")).await.expect(200).body).unwrap();
        assert_eq!(file.as_array().unwrap().len(), 4);
        get(&api, &flow, "/crewai-status").await;
        let events = format!("{FLOWS}/events/{}?limit=2", flow["flow_id"].as_str().unwrap());
        let events = asked(&api, Method::GET, &format!("{FLOWS}/events/{{flow_id}}"), &events, None, 200).await;
        assert_eq!(events["events"].as_array().unwrap().len(), 2);
    }

    async fn a_phase_that_is_done_again_leaves_what_it_left_the_first_time(database: TestDatabase) {
        let api = Api::over(&database).await;
        let flow = made(&api).await;
        post(&api, &flow, "/resume", json!({}), 200).await;
        api.work().await;
        let before = api.get("/api/v3/assets?sort=name").await.expect(200).json();
        let execute = path(&flow, "/execute/data_cleansing");
        let body = json!({"phase": "data_cleansing"});
        let again = asked(&api, Method::POST, &described("/execute/{phase}"), &execute, Some(&body), 200).await;
        assert_eq!(again["status"], "in_progress");
        api.work().await;
        let now = get(&api, &flow, "").await;
        assert_eq!(now["status"], "completed", "{now}");
        let after = api.get("/api/v3/assets?sort=name").await.expect(200).json();
        let facts = |page: &Value| -> Vec<Value> {
            page["items"].as_array().unwrap().iter().map(|a| json!([a["name"], a["ip_address"], a["environment"]])).collect()
        };
        assert_eq!(facts(&after), facts(&before));
    }

    async fn flows_are_paused_resumed_cancelled_and_refuse_what_their_state_forbids(database: TestDatabase) {
        let api = Api::over(&database).await;
        let flow = made(&api).await;
        let paused = post(&api, &flow, "/pause", json!({"reason": "lunch", "save_state": true}), 200).await;
        assert_eq!((paused["status"].as_str(), paused["action"].as_str()), (Some("paused"), Some("pause")));
        assert_eq!(get(&api, &flow, "").await["metadata"]["reason"], "lunch");
        post(&api, &flow, "/pause", json!({}), 409).await;
        post(&api, &flow, "/retry", json!({}), 409).await;
        post(&api, &flow, "/resume", json!({"resume_context": {"why": "back"}}), 200).await;
        assert_eq!(get(&api, &flow, "").await["metadata"]["resume_context"]["why"], "back");
        let early = path(&flow, "/execute/technical_debt");
        let body = json!({"phase": "technical_debt"});
        asked(&api, Method::POST, &described("/execute/{phase}"), &early, Some(&body), 409).await;
        assert_eq!(post(&api, &flow, "/cancel", json!({"reason": "no"}), 200).await["status"], "cancelled");
        post(&api, &flow, "/resume", json!({}), 409).await;
    }

    async fn flows_are_listed_changed_copied_and_deleted(database: TestDatabase) {
        let api = Api::over(&database).await;
        let flow = made(&api).await;
        let change = json!({"name": "Renamed", "metadata": {"owner": "Ann"}});
        let changed = asked(&api, Method::PUT, &described(""), &path(&flow, ""), Some(&change), 200).await;
        assert_eq!((changed["name"].as_str(), changed["metadata"]["ticket"].as_i64()), (Some("Renamed"), Some(7)));
        let copy = post(&api, &flow, "/duplicate", json!({"name": "Copy"}), 200).await;
        assert_ne!(copy["flow_id"], flow["flow_id"]);
        assert_ne!(copy["master_flow_id"], flow["master_flow_id"]);
        api.work().await;
        let list = |query: &str| format!("{FLOWS}?{query}");
        for (query, expected) in [
            ("", 2), ("status_filter=paused", 2), ("status[]=paused&status[]=failed", 2), ("status=completed", 0),
            ("current_phase=field_mapping", 2), ("execution_mode=crewai", 0), ("execution_mode=hybrid&page_size=1", 2),
            ("client_account_id=00000000-0000-4000-8000-000000000000", 0), ("created_after=2030-01-01T00:00:00Z", 0),
            ("sort_by=name&sort_order=asc", 2), ("sort_by=colour", 2),
        ] {
            let found = asked(&api, Method::GET, FLOWS, &list(query), None, 200).await;
            assert_eq!(found["total"], expected, "{query}: {found}");
        }
        let sorted = asked(&api, Method::GET, FLOWS, &list("sort_by=name&sort_order=asc&page_size=1"), None, 200).await;
        assert_eq!((sorted["flows"][0]["name"].as_str(), sorted["has_next"].as_bool()), (Some("Copy"), Some(true)));
        asked(&api, Method::GET, FLOWS, &list("page=0"), None, 422).await;
        let gone = asked(&api, Method::DELETE, &described(""), &path(&copy, "?force_delete=true"), None, 200).await;
        assert_eq!((gone["success"].as_bool(), gone["cleanup_summary"]["records_removed"].as_i64()), (Some(true), Some(4)));
        asked(&api, Method::GET, &described(""), &path(&copy, ""), None, 404).await;
        let import = copy["data_import_id"].as_str().unwrap();
        api.get(&format!("/api/v3/data-import/imports/{import}")).await.expect(404);
    }

    async fn a_flow_without_records_waits_for_an_import_that_names_its_master_flow(database: TestDatabase) {
        let api = Api::over(&database).await;
        let flow = asked(&api, Method::POST, FLOWS, FLOWS, Some(&new(&api, &json!([]))), 201).await;
        assert_eq!((flow["status"].as_str(), &flow["data_import_id"]), (Some("initialized"), &Value::Null));
        post(&api, &flow, "/promote-assets", json!({}), 409).await;
        let import = json!({"name": "x", "source_type": "csv", "data": [{"hostname": "a"}], "master_flow_id": flow["master_flow_id"]});
        let import = api.post("/api/v3/data-import/imports", &import).await.expect(201).json();
        assert_eq!(import["flow_id"], flow["flow_id"]);
        api.work().await;
        assert_eq!(get(&api, &flow, "").await["status"], "completed");
        let crewai = format!("{FLOWS}/crewai");
        asked(&api, Method::POST, &crewai, &crewai, Some(&new(&api, &json!([{"hostname": "b"}]))), 200).await;
        let mut foreign = new(&api, &json!([]));
        foreign["client_account_id"] = json!("00000000-0000-4000-8000-000000000000");
        asked(&api, Method::POST, FLOWS, FLOWS, Some(&foreign), 404).await;
        let validate = format!("{FLOWS}/validate");
        let judged = asked(&api, Method::POST, &validate, &validate, Some(&new(&api, &json!([{"Rack": "1"}]))), 200).await;
        assert_eq!((judged["is_valid"].as_bool(), judged["issues"][0]["severity"].as_str()), (Some(true), Some("warning")));
        let health = "/api/v3/discovery-flow/health";
        assert_eq!(asked(&api, Method::GET, health, health, None, 200).await["total_flows"], 2);
        let manager = format!("{FLOWS}/manager/status");
        assert_eq!(asked(&api, Method::GET, &manager, &manager, None, 200).await["queue"]["queued"], 1);
        for path in ["/api/v3/", "/api/v3/health", "/api/v3/metrics", "/api/v3/status", "/api/v3/openapi-spec"] {
            asked(&api, Method::GET, path, path, None, 200).await;
        }
    }

    async fn a_stream_tells_each_flow_and_goes_on_where_a_client_was(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let stream = format!("{FLOWS}/{}/subscribe?follow=false", import["flow_id"].as_str().unwrap());
        let told = api.get(&stream).await.expect(200);
        assert_eq!(told.header("content-type"), Some("text/event-stream"));
        let text = told.text();
        let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        let event: Value = serde_json::from_str(&line("data: ")).unwrap();
        assert_eq!((event["type"].as_str(), event["payload"]["status"].as_str()), (Some("flow_status_update"), Some("paused")));
        assert_eq!(event["payload"]["phase_status"]["phase"], "field_mapping");
        let again = api.request(Method::GET, &stream).insert_header(("Last-Event-ID", line("id: ")));
        assert!(!api.send(again).await.expect(200).text().contains("data:"));
        let all = api.request(Method::GET, &format!("{FLOWS}/subscribe?follow=false")).insert_header(("Last-Event-ID", "0_x_0"));
        assert!(api.send(all).await.expect(200).text().contains("flow_status_update"));
    }
}
