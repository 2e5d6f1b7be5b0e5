//! What holds for every resource: repetitions, preconditions, preferences, jobs and the change log.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use landfall_testkit::both_backends;
use landfall_tests::api::{Api, Reply, form};
use serde_json::{Value, json};

const CSV: &[u8] = b"hostname,ip_address\nweb01,10.0.0.1\nweb02,10.0.0.2\n";

async fn imported(api: &Api) -> String {
    let receipt = api.upload("servers.csv", CSV, &[]).await.expect(201).json();
    api.work().await;
    text(&receipt["import_id"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn assets(api: &Api) -> Vec<String> {
    let page = api.get("/api/v3/assets").await.expect(200).json();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| text(&asset["id"]))
        .collect()
}

async fn keyed(api: &Api, key: &str, path: &str, body: &Value) -> Reply {
    let request = api
        .request(Method::POST, path)
        .insert_header(("Idempotency-Key", key.to_owned()));
    api.send(request.set_json(body)).await
}

async fn uploaded(api: &Api, key: &str, boundary: &str, content: &[u8]) -> Reply {
    let (kind, body) = form("a.csv", content, &[]);
    let (kind, body) = (
        kind.replace("landfall-test-boundary", boundary),
        String::from_utf8(body)
            .unwrap()
            .replace("landfall-test-boundary", boundary),
    );
    let request = api
        .request(Method::POST, "/api/v3/imports")
        .insert_header(("Idempotency-Key", key.to_owned()));
    api.send(request.insert_header((CONTENT_TYPE, kind)).set_payload(body))
        .await
}

both_backends! {
    async fn a_post_with_a_key_is_done_once_and_answered_alike(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        let ids = assets(&api).await;
        let body = json!({ "asset_id": ids[0], "depends_on_asset_id": ids[1], "weight": 2.0 });
        let first = keyed(&api, "k1", "/api/v3/dependencies", &body).await.expect(201);
        assert_eq!(first.header("idempotency-replayed"), None);
        let again = keyed(&api, "k1", "/api/v3/dependencies", &body).await.expect(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.json(), first.json());
        assert_eq!(again.header("content-type"), first.header("content-type"));
        let edges = api.get("/api/v3/dependencies").await.json();
        assert_eq!(edges["items"][0]["weight"], 2.0, "it was not observed twice");

        let other = json!({ "asset_id": ids[1], "depends_on_asset_id": ids[0] });
        let reused = keyed(&api, "k1", "/api/v3/dependencies", &other).await.expect(422).json();
        assert_eq!(reused["details"][0]["code"], "reused", "{reused}");
        // A key is not told from another one's by an operation alone.
        keyed(&api, "k2", "/api/v3/dependencies", &other).await.expect(201);
        // A refused request may be corrected under its key.
        keyed(&api, "k3", "/api/v3/dependencies", &json!({ "asset_id": ids[0] })).await.expect(422);
        let corrected = keyed(&api, "k3", "/api/v3/dependencies", &other).await.expect(201);
        assert_eq!(corrected.header("idempotency-replayed"), None);
        keyed(&api, "", "/api/v3/dependencies", &other).await.expect(400);
    }

    async fn an_upload_that_is_sent_again_makes_one_import_whatever_divides_its_form(database: TestDatabase) {
        let api = Api::over(&database).await;
        let first = uploaded(&api, "u1", "one", CSV).await.expect(201);
        let again = uploaded(&api, "u1", "another-one", CSV).await.expect(201);
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        uploaded(&api, "u1", "one", b"hostname\nother\n").await.expect(422);
        let imports = api.get("/api/v3/imports").await.json();
        assert_eq!(imports["items"].as_array().unwrap().len(), 1, "{imports}");
    }

    async fn requests_with_one_key_at_the_same_time_are_done_once(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        let ids = assets(&api).await;
        let body = json!({ "asset_id": ids[0], "depends_on_asset_id": ids[1] });
        let ask = || keyed(&api, "same", "/api/v3/dependencies", &body);
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        let replies = [one.expect(201), two.expect(201), three.expect(201)];
        let replayed = replies.iter().filter(|reply| reply.header("idempotency-replayed").is_some()).count();
        assert_eq!(replayed, 2);
        assert_eq!(replies[0].json(), replies[2].json());
    }

    async fn an_import_is_renamed_under_its_version_and_deleted_with_or_without_its_assets(database: TestDatabase) {
        let api = Api::over(&database).await;
        let id = imported(&api).await;
        let path = format!("/api/v3/imports/{id}");
        let seen = api.get(&path).await.expect(200);
        let tag = seen.header("etag").unwrap().to_owned();
        let renamed = api.patch(&path, &tag, &json!({ "name": "July", "description": "From Ann" })).await.expect(200);
        assert_eq!((&renamed.json()["name"], &renamed.json()["description"]), (&json!("July"), &json!("From Ann")));
        api.patch(&path, &tag, &json!({ "name": "August" })).await.expect(412);
        let tag = renamed.header("etag").unwrap().to_owned();
        let kept = api.patch(&path, &tag, &json!({ "description": null })).await.expect(200).json();
        assert_eq!((&kept["name"], &kept["description"]), (&json!("July"), &Value::Null));
        api.patch(&path, "*", &json!({ "name": "" })).await.expect(422);
        api.patch(&path, "*", &json!({ "status": "failed" })).await.expect(400);

        let delete = |path: String, tag: &'static str| {
            api.send(api.request(Method::DELETE, &path).insert_header(("If-Match", tag)))
        };
        delete(path.clone(), "\"1\"").await.expect(412);
        delete(path.clone(), "*").await.expect(204);
        api.get(&path).await.expect(404);
        assert_eq!(assets(&api).await.len(), 2, "they stay");

        let second = api.upload("more.csv", b"hostname\nweb03\n", &[]).await.expect(201).json();
        let second = format!("/api/v3/imports/{}?cascade=true", text(&second["import_id"]));
        delete(second.clone(), "*").await.expect(409);
        api.work().await;
        assert_eq!(assets(&api).await.len(), 3);
        delete(second, "*").await.expect(204);
        assert_eq!(assets(&api).await.len(), 2);
        api.work().await;
    }

    async fn every_change_is_told_with_what_was_before_and_after_who_did_it_and_in_which_request(database: TestDatabase) {
        let api = Api::over(&database).await;
        let import = imported(&api).await;
        let asset = assets(&api).await.remove(0);
        let change = api
            .request(Method::PATCH, &format!("/api/v3/assets/{asset}"))
            .insert_header(("If-Match", "*"))
            .insert_header(("X-Request-ID", "req_change"))
            .set_json(json!({ "environment": "Production" }));
        api.send(change).await.expect(200);
        api.patch(&format!("/api/v3/imports/{import}"), "*", &json!({ "name": "July" })).await.expect(200);

        let log = api.get("/api/v3/change-log?request_id=req_change").await.expect(200).json();
        let change = &log["items"][0];
        assert_eq!(log["items"].as_array().unwrap().len(), 1, "{log}");
        assert_eq!((&change["entity_type"], &change["entity_id"]), (&json!("asset"), &json!(asset)));
        assert_eq!((&change["before"]["environment"], &change["after"]["environment"]), (&Value::Null, &json!("Production")));
        assert_eq!(change["actor"], "local");
        let of_import = api.get(&format!("/api/v3/change-log?entity_type=import&entity_id={import}")).await.expect(200).json();
        let actions: Vec<&str> =
            of_import["items"].as_array().unwrap().iter().map(|change| change["action"].as_str().unwrap()).collect();
        assert_eq!(actions.first(), Some(&"updated"));
        assert!(actions.contains(&"created") && actions.contains(&"completed"), "{actions:?}");
        let none = api.get("/api/v3/change-log?until=2001-01-01T00:00:00Z").await.expect(200).json();
        assert_eq!(none["items"], json!([]));
        let page = api.get("/api/v3/change-log?limit=1").await.expect(200).json();
        let next = api.get(&format!("/api/v3/change-log?limit=1&cursor={}", text(&page["next"]))).await.expect(200).json();
        assert_ne!(page["items"][0]["id"], next["items"][0]["id"]);
    }

    async fn an_answer_that_the_client_has_is_not_sent_again(database: TestDatabase) {
        let api = Api::over(&database).await;
        let id = imported(&api).await;
        for path in [format!("/api/v3/imports/{id}"), "/api/v3/assets".to_owned(), format!("/api/v3/imports/{id}/status")] {
            let first = api.get(&path).await.expect(200);
            let tag = first.header("etag").unwrap().to_owned();
            let again = |tag: String| api.send(api.request(Method::GET, &path).insert_header(("If-None-Match", tag)));
            let unchanged = again(format!("\"other\", {tag}")).await.expect(304);
            assert!(unchanged.body.is_empty(), "{path}");
            assert_eq!(unchanged.header("etag"), Some(tag.as_str()));
            again("\"other\"".to_owned()).await.expect(200);
        }
    }

    async fn who_would_rather_not_wait_is_told_where_to_look(database: TestDatabase) {
        let api = Api::over(&database).await;
        let (kind, body) = form("a.csv", CSV, &[]);
        let request = api.request(Method::POST, "/api/v3/imports").insert_header(("Prefer", "respond-async"));
        let reply = api.send(request.insert_header((CONTENT_TYPE, kind)).set_payload(body)).await.expect(202);
        assert_eq!(reply.header("preference-applied"), Some("respond-async"));
        let place = reply.header("location").unwrap().to_owned();
        assert_eq!(api.get(&place).await.expect(200).json()["status"], "pending");
        let job = text(&reply.json()["job_id"]);
        assert_eq!(api.get(&format!("/api/v3/jobs/{job}")).await.expect(200).json()["state"], "queued");
        api.work().await;
        assert_eq!(api.get(&place).await.expect(200).json()["status"], "completed");
        let jobs = api.get("/api/v3/jobs?state=succeeded&kind=discovery").await.expect(200).json();
        assert_eq!(jobs["items"][0]["id"], job.as_str(), "{jobs}");
        assert!(jobs["items"][0]["about"]["flow_id"].is_string() && jobs["items"][0]["about"]["cursor"].is_null());
    }

    async fn an_asset_that_a_person_states_is_recognised_by_later_imports_which_overwrite_nothing_of_it(database: TestDatabase) {
        let api = Api::over(&database).await;
        let stated = json!({"hostname": "web01", "ip_address": "10.0.0.1", "memory_gb": 64, "custom_attributes": {"Rack": "7"}});
        let made = api.post("/api/v3/assets", &stated).await.expect(201);
        let asset = made.json();
        assert_eq!(made.header("location").unwrap(), format!("/api/v3/assets/{}", text(&asset["id"])));
        assert_eq!((&asset["name"], &asset["asset_type"], &asset["version"]), (&json!("web01"), &json!("server"), &json!(1)));
        let twice = api.post("/api/v3/assets", &stated).await.expect(409).json();
        assert_eq!(twice["details"][0]["context"]["asset_id"], asset["id"], "{twice}");
        api.upload("a.csv", b"hostname,ip_address,memory_gb,cpu_cores\nweb01,10.0.0.1,32,4\n", &[]).await.expect(201);
        api.work().await;
        let assets = api.get("/api/v3/assets").await.json();
        let merged = &assets["items"][0];
        assert_eq!(assets["items"].as_array().unwrap().len(), 1, "{assets}");
        assert_eq!((&merged["memory_gb"], &merged["cpu_cores"]), (&json!(64.0), &json!(4)), "{merged}");
        for (wrong, status) in [
            (json!({"memory_gb": 1}), 422),
            (json!({"hostname": "x", "memory_gb": -1, "cpu_cores": "many"}), 422),
            (json!({"hostnmae": "x"}), 400),
            (json!([]), 400),
        ] {
            api.post("/api/v3/assets", &wrong).await.expect(status);
        }
    }

    async fn assets_are_written_in_bulk_and_each_item_is_answered(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        let ids = assets(&api).await;
        let body = json!({
            "create": [{"hostname": "new01"}, {"memory_gb": 1}, {"hostname": "new01"}, {"hostnmae": "x"}, {"hostname": "new02", "cpu_cores": 2}],
            "update": [
                {"id": ids[0], "version": 1, "values": {"environment": "prod", "memory_gb": 8}},
                {"id": ids[0], "version": 1, "values": {"environment": "Test"}},
                {"id": ids[0], "values": {"cpu_cores": 4.5}},
            ],
            "delete": [{"id": ids[1]}, {"id": ids[1]}]
        });
        let report = api.post("/api/v3/assets/bulk", &body).await.expect(200).json();
        let statuses = |list: &str| -> Vec<u64> {
            report[list].as_array().unwrap().iter().map(|item| item["status"].as_u64().unwrap()).collect()
        };
        assert_eq!(statuses("create"), [201, 422, 409, 400, 201], "{report}");
        assert_eq!(statuses("update"), [200, 412, 422], "{report}");
        assert_eq!(statuses("delete"), [204, 404], "{report}");
        assert_eq!((&report["succeeded"], &report["failed"]), (&json!(4), &json!(6)));
        assert_eq!(report["create"][1]["error"]["details"][0]["code"], "required", "{report}");
        let changed = api.get(&format!("/api/v3/assets/{}", ids[0])).await.expect(200).json();
        assert_eq!((&changed["environment"], &changed["memory_gb"], &changed["version"]), (&json!("Production"), &json!(8.0), &json!(2)));
        assert_eq!(changed["ip_address"], "10.0.0.1", "what was not named stays: {changed}");
        api.get(&format!("/api/v3/assets/{}", ids[1])).await.expect(404);
        let log = api.get("/api/v3/change-log?entity_type=asset").await.expect(200).json();
        assert_eq!(log["items"].as_array().unwrap().len(), 4, "{log}");

        let mut body = body;
        body["atomic"] = json!(true);
        let refused = api.post("/api/v3/assets/bulk", &body).await.expect(422).json();
        assert!(refused["details"][0]["field"].as_str().unwrap().starts_with("create["), "{refused}");
        let atomic = json!({"create": [{"hostname": "new03"}], "delete": [{"id": ids[1]}], "atomic": true});
        api.post("/api/v3/assets/bulk", &atomic).await.expect(422);
        assert_eq!(assets(&api).await.len(), 3, "nothing of it was done");
        api.post("/api/v3/assets/bulk", &json!({})).await.expect(422);
        let many = vec![json!({"hostname": "x"}); 501];
        api.post("/api/v3/assets/bulk", &json!({"create": many})).await.expect(422);
    }

    async fn dependencies_are_changed_one_by_one_and_in_bulk(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        let ids = assets(&api).await;
        let edge = json!({"asset_id": ids[0], "depends_on_asset_id": ids[1], "port": 443});
        let body = json!({"create": [edge, {"asset_id": ids[0], "depends_on_asset_id": ids[0]}, edge]});
        let report = api.post("/api/v3/dependencies/bulk", &body).await.expect(200).json();
        assert_eq!((&report["create"][0]["status"], &report["create"][1]["status"]), (&json!(201), &json!(422)), "{report}");
        assert_eq!(report["create"][0]["id"], report["create"][2]["id"], "two statements of one dependency");
        let path = format!("/api/v3/dependencies/{}", text(&report["create"][0]["id"]));
        let seen = api.get(&path).await.expect(200);
        assert_eq!(seen.json()["weight"], 2.0);
        let tag = seen.header("etag").unwrap().to_owned();
        let changed = api.patch(&path, &tag, &json!({"is_hard": false, "description": "batch"})).await.expect(200).json();
        assert_eq!((&changed["is_hard"], &changed["description"]), (&json!(false), &json!("batch")));
        api.patch(&path, &tag, &json!({"weight": 5.0})).await.expect(412);
        let id = text(&changed["id"]);
        let body = json!({"update": [{"id": id, "values": {"weight": 7.5}}, {"id": id, "version": 99, "values": {}}]});
        let report = api.post("/api/v3/dependencies/bulk", &body).await.expect(200).json();
        assert_eq!((&report["update"][0]["status"], &report["update"][1]["status"]), (&json!(200), &json!(412)), "{report}");
        assert_eq!(api.get(&path).await.json()["weight"], 7.5);
        let report = api.post("/api/v3/dependencies/bulk", &json!({"delete": [{"id": id}]})).await.expect(200).json();
        assert_eq!(report["delete"][0]["status"], 204);
        api.get(&path).await.expect(404);
        let log = api.get(&format!("/api/v3/change-log?entity_id={id}")).await.expect(200).json();
        let actions: Vec<&str> = log["items"].as_array().unwrap().iter().map(|c| c["action"].as_str().unwrap()).collect();
        assert_eq!(actions.len(), 5, "{actions:?}");
    }

    async fn only_the_fields_that_were_asked_for_are_sent(database: TestDatabase) {
        let api = Api::over(&database).await;
        imported(&api).await;
        for (path, names) in [
            ("/api/v3/assets?fields=hostname,ip_address", vec!["hostname", "id", "ip_address"]),
            ("/api/v3/imports?fields=status", vec!["id", "status"]),
            ("/api/v3/flows?fields=id", vec!["id"]),
        ] {
            let page = api.get(path).await.expect(200).json();
            let mut sent: Vec<&str> = page["items"][0].as_object().unwrap().keys().map(String::as_str).collect();
            sent.sort_unstable();
            assert_eq!(sent, names, "{path}");
        }
        let wrong = api.get("/api/v3/assets?fields=hostnmae").await.expect(400).json();
        assert_eq!(wrong["details"][0]["context"]["suggestion"], "hostname", "{wrong}");
    }

    async fn a_flow_says_in_few_words_how_far_it_is(database: TestDatabase) {
        let api = Api::over(&database).await;
        let receipt = api.upload("servers.csv", CSV, &[]).await.expect(201).json();
        let path = format!("/api/v3/flows/{}/status", text(&receipt["master_flow_id"]));
        let begun = api.get(&path).await.expect(200).json();
        assert_eq!((&begun["import_id"], &begun["progress_percentage"]), (&receipt["import_id"], &json!(0.0)), "{begun}");
        api.work().await;
        let done = api.get(&path).await.expect(200).json();
        assert_eq!((&done["status"], &done["progress_percentage"]), (&json!("completed"), &json!(100.0)), "{done}");
    }
}
