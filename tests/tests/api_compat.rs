//! Old names and paths: what they mean today, what is said about them, and who still uses them.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::{Api, form};
use serde_json::{Value, json};

const IMPORTS: &str = "/api/v3/data-import/imports";

async fn created(api: &Api, names: &[(&str, Value)]) -> Value {
    let mut body = json!({"name": "x", "source_type": "csv", "data": [{"hostname": "a"}]});
    for (name, value) in names {
        body[*name] = value.clone();
    }
    let import = api.post(IMPORTS, &body).await.expect(201).json();
    json!([
        import["filename"],
        import["file_size"],
        import["mime_type"],
        import["source_system"]
    ])
}

async fn used(api: &Api) -> Vec<Value> {
    let usage = api.get("/api/v3/compat/usage").await.expect(200).json();
    let rows = usage["items"].as_array().unwrap().iter();
    rows.map(|row| json!([row["kind"], row["resource"], row["name"], row["uses"]]))
        .collect()
}

both_backends! {
    async fn old_names_new_names_and_both_give_the_same_row(database: TestDatabase) {
        let api = Api::over(&database).await;
        let old = [("source_filename", json!("a.csv")), ("file_size_bytes", json!(12)), ("file_type", json!("text/csv")), ("is_mock", json!(true))];
        let new = [("filename", json!("a.csv")), ("file_size", json!(12)), ("mime_type", json!("text/csv"))];
        let contradicting = [("source_filename", json!("old.csv")), ("file_size_bytes", json!(99)), ("file_type", json!("old/type"))];
        let expected = json!(["a.csv", 12, "text/csv", "csv"]);
        assert_eq!(created(&api, &old).await, expected);
        assert_eq!(created(&api, &new).await, expected);
        let both: Vec<_> = contradicting.iter().chain(&new).cloned().collect();
        assert_eq!(created(&api, &both).await, expected);
        // The same in a form and in a query.
        for (path, fields) in [
            ("/upload", vec![("source_filename", "a.csv"), ("file_type", "text/csv"), ("file_size_bytes", "12"), ("source_system", "csv")]),
            ("/upload?source_filename=a.csv&file_type=text/csv&file_size_bytes=12&source_system=csv", vec![]),
        ] {
            let (kind, content) = form("other.csv", b"hostname\na\n", &fields);
            let request = api.request(Method::POST, &format!("{IMPORTS}{path}")).insert_header(("Content-Type", kind)).set_payload(content);
            let import = api.send(request).await.expect(201).json();
            assert_eq!(json!([import["filename"], import["file_size"], import["mime_type"], import["source_system"]]), expected, "{path}");
        }
        let usage = used(&api).await;
        assert!(usage.contains(&json!(["field", "data_imports", "file_type", 4])), "{usage:?}");
        assert!(usage.contains(&json!(["field", "data_imports", "is_mock", 1])), "{usage:?}");
    }

    async fn unknown_names_are_ignored_and_told_in_the_old_families_and_refused_elsewhere(database: TestDatabase) {
        let api = Api::over(&database).await;
        let body = json!({"name": "x", "source_type": "csv", "data": [{"hostname": "a"}], "colour": 1, "shape": 2});
        let reply = api.post(&format!("{IMPORTS}?size=3"), &body).await.expect(201);
        assert_eq!(reply.header("x-api-ignored-fields"), Some("colour, shape"));
        let listed = api.get(&format!("{IMPORTS}?colour=red")).await.expect(200);
        assert_eq!(listed.header("x-api-ignored-fields"), Some("colour"));
        assert!(used(&api).await.contains(&json!(["ignored", IMPORTS, "colour", 2])));
        let refused = api.get("/api/v3/imports?statsu=failed").await.expect(400).json();
        assert_eq!(refused["details"][0]["context"]["suggestion"], "status");
        assert_eq!(refused.get("detail"), None, "only the old families answer in the old form");
    }

    async fn answers_have_old_names_for_clients_that_ask_for_them(database: TestDatabase) {
        let api = Api::over(&database).await;
        created(&api, &[("filename", json!("a.csv"))]).await;
        let request = api.request(Method::GET, IMPORTS).insert_header(("X-API-Field-Names", "legacy"));
        let old = api.send(request).await.expect(200).json();
        assert_eq!((old["imports"][0]["source_filename"].as_str(), old["imports"][0].get("filename")), (Some("a.csv"), None));
        let flows = api.request(Method::GET, "/api/v3/discovery-flow/flows").insert_header(("X-API-Field-Names", "legacy"));
        let flows = api.send(flows).await.expect(200).json();
        assert_eq!((flows["flows"][0]["attribute_mapping_completed"].as_bool(), flows["flows"][0].get("field_mapping_completed")), (Some(false), None));
        assert_eq!(api.get(IMPORTS).await.expect(200).json()["imports"][0]["filename"], "a.csv");
    }

    async fn paths_of_earlier_versions_are_served_announced_and_counted(database: TestDatabase) {
        let api = Api::over(&database).await;
        let body = json!({"name": "x", "source_type": "csv", "data": [{"hostname": "a"}]});
        let stored = api.post("/api/v1/data-import/store-import", &body).await.expect(201);
        assert_eq!(stored.header("deprecation"), Some("@1704067200"));
        assert_eq!(stored.header("sunset"), Some("Sat, 01 Jun 2024 00:00:00 GMT"));
        assert_eq!(stored.header("link"), Some("</api/v3/data-import/imports>; rel=\"successor-version\""));
        let flow = stored.json()["flow_id"].as_str().unwrap().to_owned();
        let status = api.get(&format!("/api/v1/unified-discovery/flow/status/{flow}")).await.expect(200);
        assert_eq!(status.json()["flow_id"], flow.as_str());
        api.get(&format!("/api/v2/discovery-flows/flows/{flow}")).await.expect(200);
        api.get("/api/v1/data-import/imports?page_size=1").await.expect(200);
        let nothing = api.get("/api/v1/discovery/lunch").await.expect(404);
        assert_eq!(nothing.header("deprecation"), Some("@1704067200"));
        api.get("/api/v1/chat").await.expect(404);
        let usage = used(&api).await;
        assert!(usage.contains(&json!(["path", "v1", "/api/v1/data-import/store-import", 1])), "{usage:?}");
        assert!(usage.contains(&json!(["path", "v2", "/api/v2/discovery-flows", 1])), "{usage:?}");
        let other = api.other_tenant().await;
        let theirs = api.send(Api::request_of(&other, Method::GET, "/api/v3/compat/usage")).await.expect(200).json();
        assert_eq!(theirs["items"], json!([]));
    }

    async fn a_master_flow_shows_its_children_and_is_changed_under_a_precondition(database: TestDatabase) {
        let api = Api::over(&database).await;
        let body = json!({"name": "x", "source_type": "csv", "data": [{"hostname": "a"}]});
        let import = api.post(IMPORTS, &body).await.expect(201).json();
        api.work().await;
        let path = format!("/api/v3/master-flows/{}", import["master_flow_id"].as_str().unwrap());
        let one = api.get(&path).await.expect(200);
        assert_eq!((one.json()["children"]["data_imports"].as_i64(), one.json()["children"]["assets"].as_i64()), (Some(1), Some(1)));
        let tag = one.header("etag").unwrap().to_owned();
        let changed = api.patch(&path, &tag, &json!({"name": "Exit"})).await.expect(200).json();
        assert_eq!((changed["name"].as_str(), changed["imports"][0]["name"].as_str()), (Some("Exit"), Some("x")));
        api.patch(&path, &tag, &json!({"name": "Late"})).await.expect(412);
        api.patch(&path, "*", &json!({"nmae": "x"})).await.expect(400);
        let totals = api.get("/api/v3/master-flows/summary").await.expect(200).json();
        assert_eq!((totals["total"].as_i64(), totals["by_status"]["completed"].as_i64()), (Some(1), Some(1)));
        assert_eq!(api.get("/api/v3/master-flows").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    }
}
