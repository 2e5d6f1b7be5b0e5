//! `/field-mapping` as existing clients use it: status codes, shapes, and what is decided and learnt by it.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use landfall_tests::v3::{asked, imported, uploaded};
use serde_json::{Value, json};

const MAPPINGS: &str = "/api/v3/field-mapping/mappings";

fn path(import: &Value, rest: &str) -> String {
    format!("{MAPPINGS}/{}{rest}", import["flow_id"].as_str().unwrap())
}

fn described(rest: &str) -> String {
    format!("{MAPPINGS}/{{flow_id}}{rest}")
}

async fn get(api: &Api, import: &Value, rest: &str) -> Value {
    asked(api, Method::GET, &described(rest), &path(import, rest), None, 200).await
}

async fn send(api: &Api, method: Method, import: &Value, rest: &str, body: Value, status: u16) -> Value {
    asked(
        api,
        method,
        &described(rest),
        &path(import, rest),
        Some(&body),
        status,
    )
    .await
}

both_backends! {
    async fn mappings_are_suggested_stated_checked_and_applied(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let known = get(&api, &import, "").await;
        assert_eq!((known["status"].as_str(), known["total_fields"].as_i64()), (Some("suggested"), Some(5)));
        assert_eq!(known["mappings"]["hostname"], "hostname");
        let stated = json!({"mappings": {"Memry": "memory_gb", "Note": ""}, "confidence_scores": {"Memry": 0.9}, "validation_notes": {"Memry": "asked Ann"}});
        let stated = send(&api, Method::PUT, &import, "", stated, 200).await;
        assert_eq!((stated["mappings"]["Memry"].as_str(), stated["confidence_scores"]["Memry"].as_f64()), (Some("memory_gb"), Some(0.9)));
        assert!(stated["unmapped_fields"].as_array().unwrap().contains(&json!("Note")));
        let wrong = json!({"mappings": {"Colour": "memory_gb", "Memry": "memory_gbb"}});
        let refused = send(&api, Method::PUT, &import, "", wrong, 422).await;
        assert_eq!(refused["details"].as_array().unwrap().len(), 2, "{refused}");
        let checked = send(&api, Method::POST, &import, "/validate", json!({"mappings": {}}), 200).await;
        assert_eq!((checked["is_valid"].as_bool(), checked["issues"][0]["code"].as_str()), (Some(false), Some("EMPTY_MAPPINGS")));
        let twice = json!({"mappings": {"hostname": "hostname", "Note": "hostname", "Gone": "fqdn"}, "sample_data": [{"hostname": "a", "Note": "b"}]});
        let checked = send(&api, Method::POST, &import, "/validate", twice, 200).await;
        let codes: Vec<_> = checked["issues"].as_array().unwrap().iter().map(|issue| issue["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["DUPLICATE_TARGETS", "SOURCE_FIELD_NOT_FOUND"]);
        assert_eq!(checked["validation_score"], 0.825);
        let body = json!({"flow_id": import["flow_id"], "source_fields": [], "target_schema": "asset_inventory", "mapping_rules": {"Env": "environment"}});
        let made = asked(&api, Method::POST, MAPPINGS, MAPPINGS, Some(&body), 201).await;
        assert_eq!(made["mappings"]["Env"], "environment");
        let listed = asked(&api, Method::GET, MAPPINGS, &format!("{MAPPINGS}?status=pending"), None, 200).await;
        assert_eq!((listed["total"].as_i64(), listed["total_pages"].as_i64()), (Some(1), Some(1)));
        let resume = format!("/api/v3/discovery-flow/flows/{}/resume", import["flow_id"].as_str().unwrap());
        api.post(&resume, &json!({})).await.expect(200);
        api.work().await;
        assert_eq!(get(&api, &import, "").await["status"], "applied");
        send(&api, Method::PUT, &import, "", json!({"mappings": {"Memry": "storage_gb"}}), 409).await;
        asked(&api, Method::DELETE, &described(""), &path(&import, ""), None, 409).await;
        let asset = api.get("/api/v3/assets?hostname=web01").await.expect(200).json();
        assert_eq!(asset["items"][0]["memory_gb"], 8.0);
    }

    async fn mappings_are_explained_by_factors_analytics_and_a_preview(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let confidence = get(&api, &import, "/confidence").await;
        let factors = &confidence["hostname"]["confidence_factors"];
        assert_eq!((factors["name_similarity"].as_f64(), factors["data_type_match"].as_f64()), (Some(1.0), Some(1.0)), "{confidence}");
        assert_eq!(confidence["ip_address"]["confidence_factors"]["data_type_match"], 0.75);
        let analytics = get(&api, &import, "/analytics").await;
        assert_eq!(analytics["field_analysis"]["Note"]["completeness_rate"], 0.75);
        assert_eq!(analytics["mapping_quality"]["consistency"], 1.0);
        let preview = asked(&api, Method::GET, &described("/preview"), &path(&import, "/preview?sample_size=3"), None, 200).await;
        assert_eq!(preview["preview_records"][0]["mapped_record"]["hostname"], "web01");
        assert_eq!(preview["preview_records"][2]["mapping_issues"][0]["field"], "ip_address", "{preview}");
        let suggestions = "/api/v3/field-mapping/suggestions/{flow_id}";
        let base = format!("/api/v3/field-mapping/suggestions/{}", import["flow_id"].as_str().unwrap());
        let asked_for = asked(&api, Method::GET, suggestions, &format!("{base}?source_field=RAM%20(GB)"), None, 200).await;
        assert_eq!(asked_for["suggestions"][0]["target"], "memory_gb", "{asked_for}");
        asked(&api, Method::GET, suggestions, &base, None, 422).await;
        let bulk = json!({"source_fields": ["hostname", "Memry"]});
        let bulk = asked(&api, Method::POST, &format!("{suggestions}/bulk"), &format!("{base}/bulk"), Some(&bulk), 200).await;
        assert_eq!(bulk["hostname"]["auto_mapping_available"], true);
        let rules = json!({"rules": [{"field": "hostname", "rule_type": "unique"}, {"field": "Note", "rule_type": "required"}]});
        let judged = send(&api, Method::POST, &import, "/validate-rules", rules, 200).await;
        assert_eq!((judged["overall_score"].as_f64(), judged["rule_results"][1]["affected_records"].as_i64()), (Some(0.5), Some(1)));
        let schemas = "/api/v3/field-mapping/schemas";
        let schemas = asked(&api, Method::GET, schemas, schemas, None, 200).await;
        assert_eq!(schemas["schemas"]["asset_inventory"]["fields"]["asset_name"]["required"], true);
        let health = "/api/v3/field-mapping/health";
        asked(&api, Method::GET, health, health, None, 200).await;
    }

    async fn feedback_and_templates_teach_the_next_import(database: TestDatabase) {
        let api = Api::over(&database).await;
        let first = imported(&api).await;
        let said = json!({"field_mappings": {"Memry": {"is_correct": false, "suggested_mapping": "memory_gb"}}, "overall_satisfaction": 4});
        let answer = send(&api, Method::POST, &first, "/feedback", said, 200).await;
        assert_eq!(answer["learning_applied"], true);
        send(&api, Method::POST, &first, "/feedback", json!({"field_mappings": {}, "overall_satisfaction": 6}), 422).await;
        let saved = json!({"template_name": "Ours", "description": "d"});
        let saved = send(&api, Method::POST, &first, "/save-template", saved, 200).await;
        let second = imported(&api).await;
        let known = get(&api, &second, "").await;
        assert_eq!(known["mappings"]["Memry"], "memory_gb", "{known}");
        let applied = send(&api, Method::POST, &first, "/apply-template", json!({"template_id": saved["template_id"]}), 200).await;
        assert_eq!(applied["mappings"]["Memry"], "memory_gb");
        let templates = "/api/v3/field-mapping/templates";
        let templates = asked(&api, Method::GET, templates, templates, None, 200).await;
        assert_eq!((templates[0]["name"].as_str(), templates[0]["field_count"].as_i64()), (Some("Ours"), Some(5)));
        let summary = format!("/api/v3/master-flows/{}/summary", first["master_flow_id"].as_str().unwrap());
        let summary = asked(&api, Method::GET, "/api/v3/master-flows/{id}/summary", &summary, None, 200).await;
        assert_eq!(summary["feedback"][0]["overall_satisfaction"], 4);
    }

    async fn mappings_go_out_as_a_file_and_come_back_under_old_and_new_names(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let file = api.get(&path(&import, "/export?format=csv")).await.expect(200).text();
        assert!(file.starts_with("source_field,target_field,confidence_score,match_type"), "{file}");
        for (header, target) in [("match_type", "memory_gb"), ("mapping_type", "storage_gb")] {
            let file = format!("source_field,target_field,{header}\nMemry,{target},manual\nNote,,manual\n");
            let read = uploaded(&api, &described("/import"), &path(&import, "/import"), ("m.csv", file.as_bytes()), &[], 200).await;
            assert_eq!(read["mappings"]["Memry"], target);
        }
        let bad = uploaded(&api, &described("/import"), &path(&import, "/import"), ("m.csv", b"source_field,target_field\nGone,name\n"), &[], 422).await;
        assert!(bad["message"].as_str().unwrap().contains("Gone"), "{bad}");
        let auto = send(&api, Method::POST, &import, "/auto-map", json!({"confidence_threshold": 0.0}), 200).await;
        assert_eq!(auto["status"], "approved");
        asked(&api, Method::DELETE, &described(""), &path(&import, ""), None, 204).await;
        assert_eq!(get(&api, &import, "").await["status"], "pending");
    }
}
