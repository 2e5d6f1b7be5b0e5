//! Applications, tags and findings over HTTP.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SERVERS: &str = "\
Hostname,IP Address,Operating System,Application
web01,10.0.0.1,Windows Server 2012 R2,
web02,10.0.0.2,Ubuntu 22.04,
db01,10.0.0.3,Ubuntu 22.04,
mail01,10.0.0.4,Ubuntu 22.04,
mail02,10.0.0.5,Ubuntu 22.04,
mail03,10.0.0.6,Ubuntu 22.04,
erp01,10.0.0.7,Ubuntu 22.04,ERP
";

/// Imports the servers; their ids by name.
async fn servers(api: &Api) -> BTreeMap<String, String> {
    api.upload("servers.csv", SERVERS.as_bytes(), &[])
        .await
        .expect(201);
    api.work().await;
    let page = api.get("/api/v3/assets?limit=500").await.expect(200).json();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| (text(&asset["name"]), text(&asset["id"])))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn column(list: &Value, name: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| text(&item[name])).collect()
}

async fn delete(api: &Api, path: &str) -> landfall_tests::api::Reply {
    api.send(api.request(Method::DELETE, path)).await
}

both_backends! {
    async fn an_application_is_made_changed_under_its_version_filled_and_deleted(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let new = json!({"name": "Web shop", "criticality": "High"});
        let made = api.post("/api/v3/applications", &new).await.expect(201);
        let path = made.header("location").unwrap().to_owned();
        assert_eq!(made.header("etag"), Some("\"1\""));
        assert_eq!(api.post("/api/v3/applications", &json!({"name": "WEB  SHOP"})).await.expect(409).json()["details"][0]["field"], "name");
        let changed = api.patch(&path, "\"1\"", &json!({"criticality": null, "business_owner": "Sales"})).await.expect(200).json();
        assert_eq!((&changed["criticality"], &changed["business_owner"], &changed["version"]), (&Value::Null, &json!("Sales"), &json!(2)));
        api.patch(&path, "\"1\"", &json!({"name": "Shop"})).await.expect(412);
        api.patch(&path, "*", &json!({"name": "erp"})).await.expect(409);

        let both = json!({"asset_ids": [servers["web01"], servers["web02"]]});
        assert_eq!(api.post(&format!("{path}/assets"), &both).await.expect(200).json(), json!({"added": 2}));
        assert_eq!(api.post(&format!("{path}/assets"), &both).await.expect(200).json(), json!({"added": 0}));
        let unknown = json!({"asset_ids": [servers["db01"], landfall_domain::AssetId::new()]});
        api.post(&format!("{path}/assets"), &unknown).await.expect(404);
        let members = api.get(&format!("{path}/assets")).await.expect(200).json();
        assert_eq!(column(&members, "asset_id"), [servers["web01"].clone(), servers["web02"].clone()]);
        delete(&api, &format!("{path}/assets/{}", servers["web02"])).await.expect(204);
        delete(&api, &format!("{path}/assets/{}", servers["web02"])).await.expect(404);

        for (query, expected) in [
            ("name_prefix=web", vec!["Web shop"]),
            ("source=import", vec!["ERP"]),
            ("", vec!["ERP", "Web shop"]),
        ] {
            let found = api.get(&format!("/api/v3/applications?{query}")).await.expect(200).json();
            assert_eq!(column(&found, "name"), expected, "{query}");
        }
        let of_asset = api.get(&format!("/api/v3/applications?asset_id={}", servers["web01"])).await.expect(200).json();
        assert_eq!(of_asset["items"][0]["asset_count"], 1);
        let first = api.get("/api/v3/applications?limit=1").await.expect(200).json();
        let rest = api.get(&format!("/api/v3/applications?limit=1&cursor={}", text(&first["next"]))).await.expect(200).json();
        assert_eq!((column(&rest, "name"), &rest["next"]), (vec!["Web shop".to_owned()], &Value::Null));
        let unchanged = api.request(Method::GET, &path).insert_header(("If-None-Match", "\"2\""));
        api.send(unchanged).await.expect(304);
        delete(&api, &path).await.expect(204);
        api.get(&path).await.expect(404);
        assert_eq!(api.get("/api/v3/assets").await.expect(200).json()["items"].as_array().unwrap().len(), 7);
    }

    async fn tags_are_made_put_on_assets_and_seen_at_their_application(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let java = json!({"category": "Language", "name": "Java"});
        let tag = api.post("/api/v3/tags", &java).await.expect(201).json();
        api.post("/api/v3/tags", &java).await.expect(409);
        api.post("/api/v3/tags", &json!({"category": "", "name": "x"})).await.expect(422);
        let id = text(&tag["id"]);
        assert_eq!(api.post(&format!("/api/v3/assets/{}/tags", servers["web01"]), &java).await.expect(200).json()["id"], id);
        let many = json!({"asset_ids": [servers["web01"], servers["web02"]]});
        assert_eq!(api.post(&format!("/api/v3/tags/{id}/assets"), &many).await.expect(200).json(), json!({"added": 1}));
        let marks = api.get(&format!("/api/v3/tags/{id}/assets")).await.expect(200).json();
        assert_eq!(column(&marks, "asset_id"), [servers["web01"].clone(), servers["web02"].clone()]);

        let made = api.post("/api/v3/applications", &json!({"name": "Shop"})).await.expect(201);
        let path = made.header("location").unwrap().to_owned();
        api.post(&format!("{path}/assets"), &many).await.expect(200);
        let tagged = api.post(&format!("{path}/tags"), &json!({"category": "Network", "name": "DMZ"})).await.expect(200).json();
        let tags: Vec<Value> = tagged["tags"].as_array().unwrap().iter().map(|tag| json!([tag["name"], tag["source"]])).collect();
        assert_eq!(tags, [json!(["Java", "assets"]), json!(["DMZ", "manual"])]);
        let dmz = text(&tagged["tags"][1]["id"]);
        delete(&api, &format!("{path}/tags/{dmz}")).await.expect(204);
        delete(&api, &format!("{path}/tags/{id}")).await.expect(404);
        delete(&api, &format!("/api/v3/assets/{}/tags/{id}", servers["web01"])).await.expect(204);
        assert_eq!(api.get(&format!("/api/v3/assets/{}/tags", servers["web01"])).await.expect(200).json()["items"], json!([]));
        delete(&api, &format!("/api/v3/tags/{id}")).await.expect(204);
        assert_eq!(column(&api.get("/api/v3/tags").await.expect(200).json(), "name"), ["DMZ"]);
    }

    async fn applications_are_proposed_from_dependencies_names_and_tags_and_a_person_decides(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        for (from, to) in [("web01", "web02"), ("web01", "db01"), ("web02", "db01"), ("mail01", "mail02"), ("mail02", "mail03"), ("mail01", "mail03")] {
            let edge = json!({"asset_id": servers[from], "depends_on_asset_id": servers[to]});
            api.post("/api/v3/dependencies", &edge).await.expect(201);
        }
        let weak = json!({"asset_id": servers["db01"], "depends_on_asset_id": servers["mail01"], "is_hard": false});
        api.post("/api/v3/dependencies", &weak).await.expect(201);
        let path = format!("/api/v3/assets/{}", servers["db01"]);
        api.patch(&path, "*", &json!({"application_name": "Billing"})).await.expect(200);
        let billing = json!({"category": "application", "name": "Mail"});
        api.post(&format!("/api/v3/assets/{}/tags", servers["mail01"]), &billing).await.expect(200);

        let all = json!({});
        assert_eq!(api.post("/api/v3/applications/proposals", &all).await.expect(200).json(), json!({"found": 4, "new": 4}));
        let found = api.get("/api/v3/applications/proposals").await.expect(200).json();
        let facts: Vec<Value> = found["items"].as_array().unwrap().iter()
            .map(|proposal| json!([proposal["source"], proposal["name"], proposal["asset_count"]])).collect();
        assert_eq!(facts, [
            json!(["application_name", "Billing", 1]),
            json!(["tags", "Mail", 1]),
            json!(["dependencies", "Around db01", 3]),
            json!(["dependencies", "Around mail01", 3]),
        ]);
        // Three hard edges of weight 2 stay inside, one soft edge of weight 1 leads out: 6 / 7.
        assert_eq!(found["items"][2]["confidence_score"], json!(6.0 / 7.0));
        let ids = column(&found, "id");
        let decide = |number: usize, what: &str| format!("/api/v3/applications/proposals/{}/{what}", ids[number]);
        let shop = api.post(&decide(2, "accept"), &json!({"name": "Shop"})).await.expect(200).json();
        assert_eq!((&shop["name"], &shop["source"]), (&json!("Shop"), &json!("dependencies")));
        let members = api.get(&format!("/api/v3/applications/{}/assets", text(&shop["id"]))).await.expect(200).json();
        assert_eq!(column(&members, "source"), ["dependencies"; 3]);
        api.post(&decide(3, "reject"), &json!({})).await.expect(200);
        for (number, what) in [(2, "reject"), (3, "accept")] {
            api.post(&decide(number, what), &json!({})).await.expect(409);
        }
        // What was accepted is in place, what was rejected is known: nothing new is asked.
        assert_eq!(api.post("/api/v3/applications/proposals", &all).await.expect(200).json()["new"], 0);
        let open = api.get("/api/v3/applications/proposals?status=proposed").await.expect(200).json();
        assert_eq!(column(&open, "name"), ["Billing", "Mail"]);
        api.post("/api/v3/applications/proposals", &json!({"sources": ["weather"]})).await.expect(422);
    }

    async fn findings_are_listed_by_severity_kind_and_asset_and_counted(database: TestDatabase) {
        let api = Api::over(&database).await;
        let servers = servers(&api).await;
        let all = api.get("/api/v3/findings").await.expect(200).json();
        let windows = format!("/api/v3/findings?asset_id={}&kind=os_end_of_life", servers["web01"]);
        let found = api.get(&windows).await.expect(200).json();
        assert_eq!(column(&found, "product"), ["Windows Server"]);
        let finding = &found["items"][0];
        assert_eq!(finding["product_version"], "2012 R2");
        let severity = text(&finding["severity"]);
        let by_severity = api.get(&format!("/api/v3/findings?severity={severity}&product=Windows%20Server")).await.expect(200).json();
        assert_eq!(column(&by_severity, "id"), column(&found, "id"));
        assert_eq!(api.get("/api/v3/findings?kind=none").await.expect(200).json()["items"], json!([]));
        let counts = api.get("/api/v3/findings/counts").await.expect(200).json();
        let sum: i64 = counts["items"].as_array().unwrap().iter().map(|count| count["count"].as_i64().unwrap()).sum();
        assert_eq!(usize::try_from(sum).unwrap(), all["items"].as_array().unwrap().len());
        api.get("/api/v3/findings?severity=awful").await.expect(422);
    }
}
