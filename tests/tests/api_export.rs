//! What is exported imports back to the same inventory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_domain::Scope;
use landfall_testkit::both_backends;
use landfall_tests::api::{Api, Reply, tenant};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Names that mean something to spreadsheet programs, to lists and to people.
const SERVERS: &str = "\
Hostname,IP Address,Operating System,CPU Cores,RAM (GB),Environment,Monthly Cost,Wave,Tags,Depends On,Rack Unit,=Note,name of boss
web01,10.0.0.1,Ubuntu 22.04,4,8,prd,\"1,234.50\",2,\"env=prod; team: blue\",db01; db02,U1,=1+1,\"Müller, \"\"Max\"\"\"
web02,10.0.0.2,Ubuntu 22.04,8,16.125,prd,0.07,,,db01,'quoted,-5,@home
db01,10.0.0.300,Windows Server 2019,16,64,dev,,1,legacy,,U3,'=x,\"line
break\"
db02,10.0.0.4,RHEL 8.6,2,,Test,12,,,,,,
twin,,,,,,,,,,,first,
twin,10.0.0.6,,,,,,,,,,second,
";

/// What an asset says, without ids, times and where it was imported.
fn said(mut asset: Value) -> Value {
    let kept_by_landfall = [
        "id",
        "created_at",
        "updated_at",
        "version",
        "master_flow_id",
        "discovery_flow_id",
        "created_by_import_id",
        "discovery_source",
    ];
    let map = asset.as_object_mut().unwrap();
    for name in kept_by_landfall {
        map.remove(name);
    }
    asset
}

async fn get(api: &Api, scope: &Scope, path: &str) -> Reply {
    api.send(Api::request_of(scope, Method::GET, path))
        .await
        .expect(200)
}

/// The whole inventory: each asset with its tags and what it needs, by names.
async fn inventory(api: &Api, scope: &Scope) -> Vec<Value> {
    let list = get(api, scope, "/api/v3/assets?limit=500").await.json();
    let mut names = BTreeMap::new();
    let mut assets = BTreeMap::new();
    for item in list["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap().to_owned();
        names.insert(id.clone(), format!("{}/{}", item["name"], item["ip_address"]));
        let detail = get(api, scope, &format!("/api/v3/assets/{id}")).await.json();
        assets.insert(id, said(detail));
    }
    let edges = get(api, scope, "/api/v3/dependencies?limit=500").await.json();
    let mut inventory: Vec<Value> = Vec::new();
    for (id, mut asset) in assets {
        let mut needs: Vec<String> = edges["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|edge| edge["asset_id"] == id)
            .map(|edge| {
                let to = &names[edge["depends_on_asset_id"].as_str().unwrap()];
                json!([
                    to,
                    edge["dependency_type"],
                    edge["port"],
                    edge["protocol"],
                    edge["weight"],
                    edge["is_hard"]
                ])
                .to_string()
            })
            .collect();
        needs.sort();
        asset["needs"] = json!(needs);
        inventory.push(asset);
    }
    inventory.sort_by_key(Value::to_string);
    inventory
}

/// Makes an inventory with everything that an export can hold.
async fn fill(api: &Api) {
    api.upload("servers.csv", SERVERS.as_bytes(), &[])
        .await
        .expect(201);
    api.work().await;
    let list = get(api, &api.scope, "/api/v3/assets?limit=500").await.json();
    let id = |name: &str| {
        let found = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|asset| asset["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {list}"))["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let edge = json!({
        "asset_id": id("web02"), "depends_on_asset_id": id("db02"), "dependency_type": "database", "port": 5432,
        "protocol": "tcp", "weight": 12, "is_hard": false
    });
    api.post("/api/v3/dependencies", &edge).await.expect(201);
    let change = json!({"six_r_strategy": "rehost", "custom_attributes": {"hostname": "a column called like a field"}});
    api.patch(&format!("/api/v3/assets/{}", id("web02")), "*", &change)
        .await
        .expect(200);
}

both_backends! {
    async fn an_export_imports_back_to_the_same_inventory_in_every_format(database: TestDatabase) {
        let api = Api::over(&database).await;
        fill(&api).await;
        let original = inventory(&api, &api.scope).await;
        assert_eq!(original.len(), 6, "{original:#?}");
        for format in ["csv", "ndjson", "xlsx"] {
            let file = get(&api, &api.scope, &format!("/api/v3/assets/export?format={format}")).await;
            assert_eq!(
                file.header("content-disposition"),
                Some(format!("attachment; filename=\"assets.{format}\"").as_str())
            );
            let elsewhere = tenant(&api.services, format).await;
            let receipt = api.upload_as(&elsewhere, &format!("assets.{format}"), &file.body, &[]).await.expect(201).json();
            assert_eq!(receipt["inspection"]["format"], "landfall", "{receipt}");
            api.work().await;
            let copy = inventory(&api, &elsewhere).await;
            for (original, copy) in original.iter().zip(&copy) {
                assert_eq!(difference(original, copy), json!({}), "{format}: {}", original["name"]);
            }
            assert_eq!(copy.len(), original.len(), "{format}");

            // Back where it comes from, it changes nothing.
            api.upload(&format!("assets.{format}"), &file.body, &[]).await.expect(201);
            api.work().await;
            assert_eq!(inventory(&api, &api.scope).await, original, "{format}");
        }
    }

    async fn an_export_holds_what_its_filters_find_and_no_formula(database: TestDatabase) {
        let api = Api::over(&database).await;
        fill(&api).await;
        let csv = get(&api, &api.scope, "/api/v3/assets/export?hostname[prefix]=web").await;
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = csv.text();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.contains("'=1+1") && !text.contains(",=1+1"), "{text}");
        let lines = get(&api, &api.scope, "/api/v3/assets/export?format=ndjson&name=web01").await.text();
        let line: Map<String, Value> = serde_json::from_str(lines.trim_end()).unwrap();
        assert_eq!(line["current_monthly_cost"], "1234.50");
        assert!(line["landfall_dependencies"].as_str().unwrap().ends_with('!'), "{line:?}");
        let nothing = get(&api, &api.scope, "/api/v3/assets/export?name=nobody").await.text();
        assert!(nothing.starts_with("landfall_id,name,"), "{nothing}");
        let refused = api.get("/api/v3/assets/export?format=pdf").await.expect(422);
        assert_eq!(refused.json()["error"], "VALIDATION_ERROR");
    }
}

/// What two assets do not say alike.
fn difference(one: &Value, other: &Value) -> Value {
    let (one, other) = (one.as_object().unwrap(), other.as_object().unwrap());
    let names = one.keys().chain(other.keys());
    let different = names.filter(|name| one.get(*name) != other.get(*name));
    Value::Object(
        different
            .map(|name| (name.clone(), json!([one.get(name), other.get(name)])))
            .collect(),
    )
}
