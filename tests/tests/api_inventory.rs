//! From an uploaded file to an inventory that can be asked, changed and taken back, over HTTP.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What it is, the file and the fields of the form.
type Upload = (
    &'static str,
    &'static [u8],
    &'static [(&'static str, &'static str)],
);

const SERVERS: &str = "\
Hostname,IP Address,Operating System,CPU Cores,RAM (GB),Environment,Rack Unit
web01,10.0.0.1,Ubuntu 22.04,4,8,prd,U1
web02,10.0.0.2,Ubuntu 22.04,8,16,prd,U2
db01,10.0.0.300,Windows Server 2019,16,64,dev,=U3
app01,10.0.0.4,,2,,Test,
";

/// Ids, times and what follows from them, made the same in every run.
fn redacted(mut value: Value) -> Value {
    fn walk(value: &mut Value, key: &str) {
        match value {
            Value::Object(map) => map.iter_mut().for_each(|(key, value)| walk(value, key)),
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, key)),
            Value::String(text) if text.len() == 36 && text.matches('-').count() == 4 => {
                "[id]".clone_into(text);
            }
            Value::String(text) if key.ends_with("_at") || key == "at" => {
                assert!(text.ends_with('Z'), "{text}");
                "[time]".clone_into(text);
            }
            Value::Number(_) if key == "duration_ms" => *value = json!("[ms]"),
            _ => {}
        }
    }
    walk(&mut value, "");
    value
}

async fn import(api: &Api) -> Value {
    let receipt = api
        .upload(
            "servers.csv",
            SERVERS.as_bytes(),
            &[("name", "Servers"), ("source_system", "CMDB")],
        )
        .await;
    let receipt = receipt.expect(201);
    let location = receipt.header("location").unwrap().to_owned();
    let receipt = receipt.json();
    assert_eq!(
        location,
        format!("/api/v3/imports/{}", receipt["import_id"].as_str().unwrap())
    );
    api.work().await;
    receipt
}

fn names(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect()
}

async fn asset(api: &Api, name: &str) -> Value {
    let page = api
        .get(&format!("/api/v3/assets?name={name}"))
        .await
        .expect(200)
        .json();
    page["items"][0].clone()
}

both_backends! {
    async fn a_file_becomes_assets_and_every_fault_is_told(database: TestDatabase) {
        let api = Api::over(&database).await;
        let receipt = import(&api).await;
        let path = |rest: &str| format!("/api/v3/imports/{}{rest}", receipt["import_id"].as_str().unwrap());
        insta::assert_json_snapshot!("an import", redacted(api.get(&path("")).await.expect(200).json()));
        let status = api.get(&path("/status")).await.expect(200).json();
        insta::assert_json_snapshot!("the status of an import", redacted(status));
        insta::assert_json_snapshot!("row errors", redacted(api.get(&path("/errors")).await.expect(200).json()));
        let preview = api.get(&path("/preview?limit=1")).await.expect(200).json();
        insta::assert_json_snapshot!("a preview", redacted(preview));
        let corrected = api.get(&path("/corrected-rows")).await.expect(200);
        assert_eq!(corrected.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(corrected.text().contains("db01,10.0.0.300"), "{}", corrected.text());
        insta::assert_json_snapshot!("an asset in a list", redacted(asset(&api, "web01").await));
        let flow = api.get(&format!("/api/v3/flows/{}", receipt["master_flow_id"].as_str().unwrap())).await.expect(200);
        assert_eq!(flow.json()["status"], "completed");
        let phases = format!("/api/v3/flows/{}/phases", receipt["master_flow_id"].as_str().unwrap());
        let phases = api.get(&phases).await.expect(200).json();
        let phases: Vec<_> = phases["items"].as_array().unwrap().iter().map(|p| json!([p["phase"], p["status"]])).collect();
        insta::assert_json_snapshot!("phases", phases);
    }

    async fn assets_are_filtered_sorted_and_read_page_by_page(database: TestDatabase) {
        let api = Api::over(&database).await;
        import(&api).await;
        for (query, expected) in [
            ("environment=Production&sort=name", vec!["web01", "web02"]),
            ("environment=Production&environment=Test&sort=name", vec!["app01", "web01", "web02"]),
            ("environment[in]=Production,Test&sort=-name", vec!["web02", "web01", "app01"]),
            ("hostname[prefix]=web&sort=-cpu_cores", vec!["web02", "web01"]),
            ("memory_gb[gte]=16&sort=memory_gb", vec!["web02", "db01"]),
            ("memory_gb[null]=true", vec!["app01"]),
            ("memory_gb[gt]=8&memory_gb[lt]=64", vec!["web02"]),
            ("environment[ne]=Production&sort=name", vec!["app01", "db01"]),
            ("asset_type=database", vec![]),
        ] {
            let page = api.get(&format!("/api/v3/assets?{query}")).await.expect(200).json();
            assert_eq!(names(&page), expected, "{query}");
            assert_eq!(page["next"], Value::Null);
        }
        // Those without a value come last in both directions, across pages.
        for (sort, expected) in [("memory_gb", ["web01", "web02", "db01", "app01"]), ("-memory_gb", ["db01", "web02", "web01", "app01"])] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = api.get(&format!("/api/v3/assets?sort={sort}&limit=1{cursor}")).await.expect(200).json();
                seen.extend(names(&page).into_iter().map(str::to_owned));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(seen, expected, "{sort}");
        }
        let page = api.get("/api/v3/assets?sort=name&limit=1").await.expect(200).json();
        let next = page["next"].as_str().unwrap();
        api.get(&format!("/api/v3/assets?sort=-name&cursor={next}")).await.expect(422);
        api.get("/api/v3/assets?six_r_strategy=relocate").await.expect(422);
        api.get("/api/v3/assets?memory_gb[gt]=much").await.expect(422);
    }

    async fn a_person_changes_an_asset_and_is_told_when_another_was_faster(database: TestDatabase) {
        let api = Api::over(&database).await;
        import(&api).await;
        let path = format!("/api/v3/assets/{}", asset(&api, "web01").await["id"].as_str().unwrap());
        let read = api.get(&path).await.expect(200);
        let tag = read.header("etag").unwrap().to_owned();
        let unchanged = api.send(api.request(Method::GET, &path).insert_header(("If-None-Match", tag.clone()))).await;
        assert_eq!(unchanged.expect(304).body, b"");

        let change = json!({"environment": "dev", "memory_gb": 12.5, "ip_address": null, "custom_attributes": {"Rack Unit": null, "Row": 7}});
        let changed = api.patch(&path, &tag, &change).await.expect(200);
        assert_ne!(changed.header("etag"), Some(tag.as_str()));
        insta::assert_json_snapshot!("a changed asset", redacted(changed.json()));
        let late = api.patch(&path, &tag, &json!({"environment": "Test"})).await.expect(412);
        assert_eq!(late.header("etag"), changed.header("etag"));
        assert_eq!(late.json()["error"], "PRECONDITION_FAILED");
        api.send(api.request(Method::PATCH, &path).set_json(json!({}))).await.expect(428);
        api.patch(&path, "W/\"1\"", &json!({})).await.expect(400);
        api.patch(&path, "*", &json!({"environment": "Test"})).await.expect(200);

        let refused = api.patch(&path, "*", &json!({"memory_gb": "much", "cpu_cores": -1, "name": null})).await.expect(422);
        insta::assert_json_snapshot!("refused values", refused.json()["details"]);
        let unknown = api.patch(&path, "*", &json!({"memoryGb": 1, "client_account_id": "x", "version": 7, "id": "x"})).await;
        insta::assert_json_snapshot!("refused names", unknown.expect(400).json()["details"]);

        // The same file again does not overwrite what a person said.
        import(&api).await;
        let after = api.get(&path).await.expect(200).json();
        assert_eq!((&after["environment"], &after["memory_gb"]), (&json!("Test"), &json!(12.5)));
        let provenance = api.get(&format!("{path}/provenance")).await.expect(200).json();
        let memory = provenance["items"].as_array().unwrap().iter().find(|field| field["field"] == "memory_gb").unwrap();
        insta::assert_json_snapshot!("provenance", redacted(memory.clone()));

        api.send(api.request(Method::DELETE, &path)).await.expect(204);
        api.get(&path).await.expect(404);
        api.send(api.request(Method::DELETE, &path)).await.expect(404);
    }

    async fn every_field_of_the_registry_can_be_set_read_and_filtered_by(database: TestDatabase) {
        let api = Api::over(&database).await;
        import(&api).await;
        let path = format!("/api/v3/assets/{}", asset(&api, "web01").await["id"].as_str().unwrap());
        let fields = api.get("/api/v3/fields").await.expect(200).json();
        let mut change = serde_json::Map::new();
        for field in fields["items"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            let value = match (field["value_type"].as_str().unwrap(), field["kind"].as_str().unwrap()) {
                ("text_list", _) | (_, "identifier" | "hostname") if name == "source_id" || field["value_type"] == "text_list" => continue,
                ("integer", _) => json!(3),
                ("number", _) => json!(2.5),
                ("boolean", _) => json!(true),
                ("timestamp", _) => json!("2026-01-31T12:00:00Z"),
                (_, "uuid") => json!("0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11"),
                (_, "ip_address") => json!("10.1.2.3"),
                (_, "mac_address") => json!("00:50:56:aa:bb:cc"),
                (_, "fqdn") => json!("web01.example.com"),
                (_, "hostname") => json!("web01"),
                (_, "asset_type") => json!("server"),
                (_, "sixr_strategy") => json!("rehost"),
                (_, "power_state") => json!("On"),
                (_, "boot_type") => json!("UEFI"),
                (_, "level" | "criticality") => json!("High"),
                (_, "environment") => json!("Production"),
                (_, "architecture") => json!("x64"),
                (_, "status") => json!("Active"),
                _ => json!(format!("some {name}")),
            };
            change.insert(name.to_owned(), value);
        }
        let changed = api.patch(&path, "*", &Value::Object(change.clone())).await.expect(200).json();
        for (name, value) in &change {
            assert_eq!(&changed[name], value, "{name}");
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned).replace(' ', "%20");
            let found = api.get(&format!("/api/v3/assets?{name}={text}&id={}", changed["id"].as_str().unwrap())).await;
            assert_eq!(found.expect(200).json()["items"].as_array().unwrap().len(), 1, "{name}");
        }
    }

    async fn uncertain_mappings_wait_for_a_person(database: TestDatabase) {
        let api = Api::over(&database).await;
        let csv = b"hostname,ip_address,Memry,Colour\nweb01,10.0.0.1,8,red\nweb02,10.0.0.2,16,blue\n";
        let receipt = api.upload("odd.csv", csv, &[("review", "true")]).await.expect(201).json();
        let (import, flow) = (receipt["import_id"].as_str().unwrap(), receipt["master_flow_id"].as_str().unwrap());
        api.work().await;
        let flow_path = format!("/api/v3/flows/{flow}");
        assert_eq!(api.get(&flow_path).await.expect(200).json()["status"], "waiting");
        let mappings_path = format!("/api/v3/imports/{import}/mappings");
        let mappings = api.get(&mappings_path).await.expect(200).json();
        let of = |list: &Value, column: &str| {
            list["items"].as_array().unwrap().iter().find(|m| m["source_field"] == column).unwrap().clone()
        };
        let memory = of(&mappings, "Memry");
        assert_eq!(memory["status"], "suggested", "{mappings}");
        let memory_path = format!("/api/v3/mappings/{}", memory["id"].as_str().unwrap());
        let wrong = api.patch(&memory_path, "\"1\"", &json!({"target_field": "memori_gb"})).await.expect(422).json();
        assert_eq!(wrong["details"][0]["context"]["suggestion"], "memory_gb", "{wrong}");
        let rules = json!({"target_field": "memory_gb", "transformation_rules": {"unit": "parsec"}});
        api.patch(&memory_path, "\"1\"", &rules).await.expect(422);
        let decided = api.patch(&memory_path, "\"1\"", &json!({"target_field": "memory_gb"})).await.expect(200);
        assert_eq!(decided.header("etag"), Some("\"2\""));
        insta::assert_json_snapshot!("a decided mapping", redacted(decided.json()));
        api.patch(&memory_path, "\"1\"", &json!({"target_field": null})).await.expect(412);
        let colour = format!("/api/v3/mappings/{}", of(&mappings, "Colour")["id"].as_str().unwrap());
        api.post(&format!("{colour}/approve"), &json!({})).await.expect(422);
        assert_eq!(api.post(&format!("{colour}/reject"), &json!({})).await.expect(200).json()["status"], "rejected");
        let faulty = json!({"decisions": [
            {"source_field": "hostname", "action": "modify"},
            {"source_field": "hostname", "action": "approve", "target_field": "fqdn"},
        ]});
        let faulty = api.post(&format!("{mappings_path}/decide"), &faulty).await.expect(422).json();
        assert_eq!(faulty["details"].as_array().unwrap().len(), 2, "{faulty}");
        let unknown = json!({"decisions": [{"source_field": "Colour", "action": "reject"}, {"source_field": "x", "action": "reject"}]});
        api.post(&format!("{mappings_path}/decide"), &unknown).await.expect(404);
        api.post(&format!("{mappings_path}/decide"), &json!({"approve_at_least": 0.0})).await.expect(200);
        let again = api.post(&format!("{mappings_path}/suggest"), &json!({})).await.expect(200).json();
        assert_eq!(of(&again, "Memry")["target_field"], "memory_gb");
        api.post(&format!("{flow_path}/retry"), &json!({})).await.expect(409);
        api.post(&format!("{flow_path}/resume"), &json!({})).await.expect(200);
        api.work().await;
        assert_eq!(api.get(&flow_path).await.expect(200).json()["status"], "completed");
        let web02 = asset(&api, "web02").await;
        assert_eq!((&web02["memory_gb"], &web02["custom_attributes"]["Colour"]), (&json!(16.0), &json!("blue")));
        api.patch(&memory_path, "*", &json!({"target_field": null})).await.expect(409);
        api.post(&format!("{flow_path}/pause?reason=late"), &json!({})).await.expect(409);
    }

    async fn a_phase_may_be_done_outside(database: TestDatabase) {
        let api = Api::over(&database).await;
        let csv = b"h,i\nweb01,10.0.0.1\n";
        let receipt = api.upload("odd.csv", csv, &[("outside_phases", "field_mapping")]).await.expect(201).json();
        api.work().await;
        let flow = format!("/api/v3/flows/{}", receipt["master_flow_id"].as_str().unwrap());
        api.post(&format!("{flow}/phases/data_cleansing/output"), &json!({})).await.expect(409);
        api.post(&format!("{flow}/phases/lunch/output"), &json!({})).await.expect(400);
        api.post(&format!("{flow}/phases/field_mapping/output"), &json!({"mappings": {"h": "horse"}})).await.expect(422);
        let output = json!({"mappings": {"h": "hostname", "i": "ip_address"}});
        api.post(&format!("{flow}/phases/field_mapping/output"), &output).await.expect(200);
        api.work().await;
        assert_eq!(asset(&api, "web01").await["ip_address"], "10.0.0.1");
    }

    async fn a_dry_run_stores_nothing_and_an_undone_import_leaves_nothing(database: TestDatabase) {
        let api = Api::over(&database).await;
        let report = api.upload("servers.csv", SERVERS.as_bytes(), &[("dry_run", "true")]).await.expect(200).json();
        assert_eq!((&report["inventory"]["created"], &report["faulty_rows"]), (&json!(4), &json!(1)), "{report}");
        assert_eq!(api.get("/api/v3/imports").await.expect(200).json()["items"], json!([]));
        let strict = api.upload("servers.csv", SERVERS.as_bytes(), &[("strict", "true")]).await.expect(422).json();
        insta::assert_json_snapshot!("a strict import", strict["details"]);

        let receipt = import(&api).await;
        let undo = format!("/api/v3/imports/{}/undo", receipt["import_id"].as_str().unwrap());
        let report = api.post(&undo, &json!({})).await.expect(200).json();
        assert_eq!(report["removed"], 4, "{report}");
        assert_eq!(api.get("/api/v3/assets").await.expect(200).json()["items"], json!([]));
        api.post(&undo, &json!({})).await.expect(409);
    }

    async fn faulty_uploads_are_refused_with_what_is_wrong(database: TestDatabase) {
        let api = Api::over(&database).await;
        let mut seen = BTreeMap::new();
        let uploads: [Upload; 6] = [
            ("empty", b"", &[]),
            ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[]),
            ("no rows", b"hostname\n", &[]),
            ("unknown field of the form", b"hostname\nx\n", &[("stirct", "true")]),
            ("faulty fields of the form", b"hostname\nx\n", &[("strict", "perhaps"), ("mapping", "[")]),
            ("a mapping that does not fit", b"hostname\nx\n", &[("mapping", r#"{"host": "hostname"}"#)]),
        ];
        for (what, content, fields) in uploads {
            let reply = api.upload("file.csv", content, fields).await;
            let body = reply.json();
            seen.insert(what, json!({"status": reply.status.as_u16(), "error": body["error"], "details": body["details"]}));
        }
        insta::assert_json_snapshot!("refused uploads", seen);
        assert_eq!(api.get("/api/v3/imports").await.expect(200).json()["items"], json!([]));
    }

    async fn dependencies_are_stated_read_from_both_ends_and_removed(database: TestDatabase) {
        let api = Api::over(&database).await;
        import(&api).await;
        let id = async |name: &str| asset(&api, name).await["id"].as_str().unwrap().to_owned();
        let (web, db) = (id("web01").await, id("db01").await);
        let edge = json!({"asset_id": web, "depends_on_asset_id": db, "dependency_type": "database", "port": 5432, "protocol": "tcp"});
        let stated = api.post("/api/v3/dependencies", &edge).await.expect(201).json();
        insta::assert_json_snapshot!("a dependency", redacted(stated.clone()));
        let again = api.post("/api/v3/dependencies", &edge).await.expect(201).json();
        assert_eq!((&again["id"], &again["weight"]), (&stated["id"], &json!(2.0)));
        api.post("/api/v3/dependencies", &json!({"asset_id": web, "depends_on_asset_id": web})).await.expect(422);
        let nobody = landfall_domain::AssetId::new();
        api.post("/api/v3/dependencies", &json!({"asset_id": web, "depends_on_asset_id": nobody})).await.expect(404);
        let of_db = api.get(&format!("/api/v3/assets/{db}/dependencies")).await.expect(200).json();
        assert_eq!((&of_db["needs"]["items"], &of_db["needed_by"]["items"][0]["id"]), (&json!([]), &stated["id"]));
        let of_web = api.get(&format!("/api/v3/dependencies?asset_id={web}")).await.expect(200).json();
        assert_eq!(of_web["items"][0]["id"], stated["id"]);
        api.get(&format!("/api/v3/dependencies?asset_id={web}&depends_on_asset_id={db}")).await.expect(422);
        let path = format!("/api/v3/dependencies/{}", stated["id"].as_str().unwrap());
        api.send(api.request(Method::DELETE, &path)).await.expect(204);
        api.send(api.request(Method::DELETE, &path)).await.expect(404);
    }
}
