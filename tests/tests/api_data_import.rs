//! `/data-import` as existing clients use it: status codes, shapes, and what is in the database afterwards.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use landfall_tests::v3::{asked, imported, uploaded};
use serde_json::{Value, json};

const IMPORTS: &str = "/api/v3/data-import/imports";
const ONE: &str = "/api/v3/data-import/imports/{import_id}";

fn path(import: &Value, rest: &str) -> String {
    format!("{IMPORTS}/{}{rest}", import["import_id"].as_str().unwrap())
}

async fn get(api: &Api, described: &str, path: &str) -> Value {
    asked(api, Method::GET, described, path, None, 200).await
}

both_backends! {
    async fn records_of_a_request_become_an_import_that_waits_for_its_mappings(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        assert_eq!((import["filename"].as_str(), import["total_records"].as_i64()), (Some("Servers.cmdb"), Some(4)));
        assert_eq!(import["metadata"]["ticket"], 7);
        assert!(import["flow_id"].is_string() && import["master_flow_id"].is_string());
        let now = get(&api, ONE, &path(&import, "")).await;
        assert_eq!(now["suggested_mappings"]["hostname"], "hostname", "{now}");
        let flow = api.get(&format!("/api/v3/discovery-flow/flows/{}", import["flow_id"].as_str().unwrap())).await;
        let flow = flow.expect(200).json();
        assert_eq!((flow["status"].as_str(), flow["metadata"]["waiting_for"].as_str()), (Some("paused"), Some("mapping_approval")));
        let listed = get(&api, IMPORTS, &format!("{IMPORTS}?source_type=cmdb&status[]=x&page_size=1")).await;
        assert_eq!((listed["total"].as_i64(), listed["imports"][0]["name"].as_str()), (Some(1), Some("Servers")));
        assert_eq!(get(&api, IMPORTS, &format!("{IMPORTS}?status_filter=failed")).await["total"], 0);
        let history = get(&api, "/api/v3/data-import/imports/history", &format!("{IMPORTS}/history")).await;
        assert_eq!(history[0]["import_id"], import["import_id"]);
    }

    async fn an_import_without_a_flow_waits_until_it_is_processed(database: TestDatabase) {
        let api = Api::over(&database).await;
        let body = json!({"name": "Later", "source_type": "csv", "data": [{"hostname": "a"}], "auto_create_flow": false});
        let import = asked(&api, Method::POST, IMPORTS, IMPORTS, Some(&body), 201).await;
        assert_eq!((&import["flow_id"], &import["master_flow_id"]), (&Value::Null, &Value::Null));
        let preview = get(&api, "/api/v3/data-import/imports/{import_id}/preview", &path(&import, "/preview")).await;
        assert_eq!(preview["preview_data"], json!([{"hostname": "a"}]));
        let process = "/api/v3/data-import/imports/{import_id}/process";
        let begun = asked(&api, Method::POST, process, &path(&import, "/process"), None, 200).await;
        assert!(begun["flow_id"].is_string());
        api.work().await;
        assert_eq!(get(&api, ONE, &path(&import, "")).await["status"], "completed");
        assert_eq!(api.get("/api/v3/assets?hostname=a").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    }

    async fn an_upload_takes_its_fields_from_the_form_or_the_query(database: TestDatabase) {
        let api = Api::over(&database).await;
        let file: (&str, &[u8]) = ("a.csv", b"hostname\nx\n");
        let described = "/api/v3/data-import/imports/upload";
        let by_form = uploaded(&api, described, described, file, &[("name", "By form"), ("description", "d")], 201).await;
        assert_eq!((by_form["name"].as_str(), by_form["filename"].as_str()), (Some("By form"), Some("a.csv")));
        let by_query = format!("{described}?name=By%20query&auto_create_flow=false");
        let by_query = uploaded(&api, described, &by_query, file, &[], 201).await;
        assert_eq!((by_query["name"].as_str(), &by_query["flow_id"]), (Some("By query"), &Value::Null));
        uploaded(&api, described, described, ("a.pdf", b"%PDF-1.7"), &[], 400).await;
    }

    async fn the_data_of_an_import_is_judged_by_what_is_in_it(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let statistics = get(&api, "/api/v3/data-import/imports/{import_id}/statistics", &path(&import, "/statistics")).await;
        assert_eq!(statistics["field_statistics"]["Note"]["completeness_rate"], 0.75, "{statistics}");
        assert_eq!(statistics["data_quality"]["completeness"], 0.95);
        let described = "/api/v3/data-import/imports/{import_id}/validate";
        let rules = json!([{"field": "ip_address", "rule_type": "field", "parameters": {"name": "ip_address"}}]);
        for body in [rules.clone(), json!({"import_id": import["import_id"], "validation_rules": rules})] {
            let found = asked(&api, Method::POST, described, &path(&import, "/validate"), Some(&body), 200).await;
            assert_eq!(found["validation_errors"][0]["affected_records"], 1, "{found}");
            assert_eq!((found["is_valid"].as_bool(), found["invalid_records"].as_i64()), (Some(false), Some(1)));
        }
        let refused = json!([{"field": "x", "rule_type": "beauty"}]);
        asked(&api, Method::POST, described, &path(&import, "/validate"), Some(&refused), 422).await;
        let suggestions = "/api/v3/data-import/imports/{import_id}/cleansing-suggestions";
        let suggestions = get(&api, suggestions, &path(&import, "/cleansing-suggestions")).await;
        let kinds: Vec<_> = suggestions["suggestions"].as_array().unwrap().iter().map(|s| json!([s["field"], s["issue_type"]])).collect();
        assert!(kinds.contains(&json!(["Env", "inconsistent_spelling"])), "{suggestions}");
        assert!(kinds.contains(&json!(["Note", "whitespace"])), "{suggestions}");
        let other = json!({"name": "Other", "source_type": "csv", "data": [{"hostname": "web01", "Owner": "Ann"}]});
        let other = asked(&api, Method::POST, IMPORTS, IMPORTS, Some(&other), 201).await;
        let both = json!({"import_id_1": import["import_id"], "import_id_2": other["import_id"]});
        let compare = "/api/v3/data-import/imports/compare";
        let compared = asked(&api, Method::POST, compare, compare, Some(&both), 200).await;
        assert_eq!(compared["schema_comparison"]["common_fields"], json!(["hostname"]));
        assert_eq!(compared["data_comparison"]["common_values"]["hostname"], 1);
        assert_eq!(compared["data_comparison"]["value_differences"]["hostname"], json!({"import1_unique": 3, "import2_unique": 0}));
        assert_eq!(compared["data_comparison"]["record_count_diff"], -3);
    }

    async fn cleansing_rules_change_the_inventory_also_when_it_is_made_already(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let flow = format!("/api/v3/discovery-flow/flows/{}", import["flow_id"].as_str().unwrap());
        api.post(&format!("{flow}/resume"), &json!({})).await.expect(200);
        api.work().await;
        let before = api.get("/api/v3/assets?hostname=db01").await.expect(200).json();
        assert_eq!(before["items"][0]["ip_address"], Value::Null, "{before}");
        let rules = json!({"rules": [{"field": "ip_address", "rule_type": "replace", "parameters": {"from": "10.0.0.300", "to": "10.0.0.3"}}]});
        let described = "/api/v3/data-import/imports/{import_id}/apply-cleansing";
        let applied = asked(&api, Method::POST, described, &path(&import, "/apply-cleansing"), Some(&rules), 200).await;
        assert_eq!((applied["records_affected"].as_i64(), applied["issues_resolved"].as_i64()), (Some(1), Some(1)));
        api.work().await;
        let after = api.get("/api/v3/assets?hostname=db01").await.expect(200).json();
        assert_eq!(after["items"][0]["ip_address"], "10.0.0.3", "{after}");
        assert_eq!(api.get("/api/v3/assets").await.expect(200).json()["items"].as_array().unwrap().len(), 4);
        let unknown = json!({"rules": [{"field": "Colour", "rule_type": "trim"}]});
        asked(&api, Method::POST, described, &path(&import, "/apply-cleansing"), Some(&unknown), 422).await;
        let file = api.get(&path(&import, "/export?format=csv&include_metadata=true")).await.expect(200).text();
        assert!(file.contains("10.0.0.3,") && file.contains("landfall_asset_id"), "{file}");
        let rows: Value = serde_json::from_slice(&api.get(&path(&import, "/export")).await.expect(200).body).unwrap();
        assert_eq!(rows.as_array().unwrap().len(), 4);
        assert!(api.get(&path(&import, "/export?format=excel")).await.expect(200).body.starts_with(b"PK"));
    }

    async fn an_import_is_changed_and_deleted_with_what_it_brought(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let change = json!({"name": "Renamed", "metadata": {"owner": "Ann"}, "status": "processing"});
        let changed = asked(&api, Method::PUT, ONE, &path(&import, ""), Some(&change), 200).await;
        assert_eq!((changed["name"].as_str(), changed["metadata"]["ticket"].as_i64()), (Some("Renamed"), Some(7)));
        api.work().await;
        asked(&api, Method::DELETE, ONE, &path(&import, "?cascade=true"), None, 204).await;
        asked(&api, Method::GET, ONE, &path(&import, ""), None, 404).await;
        let health = get(&api, "/api/v3/data-import/health", "/api/v3/data-import/health").await;
        assert_eq!((health["status"].as_str(), health["active_imports"].as_i64()), (Some("healthy"), Some(0)));
        let unknown = asked(&api, Method::GET, ONE, &format!("{IMPORTS}/not-an-id"), None, 422).await;
        assert_eq!((unknown["error"].as_str(), unknown["detail"].is_array()), (Some("VALIDATION_ERROR"), true));
        get(&api, "/api/v3/data-import/debug/context", "/api/v3/data-import/debug/context").await;
    }
}
