//! From an uploaded inventory to waves that are carried out, over HTTP: making, judging, editing, reading back, committing.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::{Api, Reply};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A shop in production and development, a report application that needs it, and a mail relay. What retires stays behind.
const INVENTORY: &str = "\
Hostname,IP Address,Operating System,CPU Cores,RAM (GB),Storage (GB),Environment,Application,Business Criticality,6R Strategy,Dependencies
shop-web,10.0.0.1,Ubuntu 22.04,4,8,100,Production,Shop,Medium,rehost,shop-app
shop-app,10.0.0.2,Ubuntu 22.04,4,8,100,Production,Shop,Medium,rehost,shop-db:5432
shop-db,10.0.0.3,Ubuntu 22.04,8,32,500,Production,Shop,High,replatform,
shop-dev,10.0.0.4,Ubuntu 22.04,2,4,50,Development,Shop,Low,rehost,
report01,10.0.0.5,Windows Server 2019,4,16,200,Production,Reports,Low,rehost,shop-db:5432
mail01,10.0.0.6,Windows Server 2019,2,4,50,Production,,Low,rehost,
old01,10.0.0.7,Windows Server 2008,2,4,50,Production,,Low,retire,
";

async fn imported(database: &landfall_testkit::TestDatabase) -> Api {
    let api = Api::over(database).await;
    api.upload("shop.csv", INVENTORY.as_bytes(), &[])
        .await
        .expect(201);
    api.work().await;
    let page = api.get("/api/v3/assets").await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 7, "{page}");
    api
}

async fn planned(api: &Api) -> String {
    let body = json!({"name": "Exit", "settings": {"start_date": "2027-01-04", "min_workloads": 1, "early_waves": 0}});
    let made = api.post("/api/v3/plans", &body).await.expect(201);
    assert_eq!(made.json()["status"], "planning");
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        made.header("location"),
        Some(format!("/api/v3/plans/{id}").as_str())
    );
    api.work().await;
    let plan = api.get(&format!("/api/v3/plans/{id}")).await.expect(200).json();
    assert_eq!(
        (&plan["status"], &plan["plan_version"]),
        (&json!("ready"), &json!(1)),
        "{plan}"
    );
    id
}

async fn put(api: &Api, path: &str, body: &Value) -> Reply {
    api.send(api.request(Method::PUT, path).set_json(body)).await
}

async fn post_file(api: &Api, path: &str, file: Vec<u8>) -> Reply {
    api.send(api.request(Method::POST, path).set_payload(file)).await
}

/// Wave of each asset by name; 0 for what does not move.
async fn waves(api: &Api, plan: &str) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    let list = api
        .get(&format!("/api/v3/plans/{plan}/waves"))
        .await
        .expect(200)
        .json();
    let numbers = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wave| wave["number"].as_i64().unwrap());
    for number in numbers.chain([0]) {
        let path = format!("/api/v3/plans/{plan}/waves/{number}/assets");
        let assets = api.get(&path).await;
        if number == 0 && assets.status == 404 {
            continue;
        }
        for asset in assets.expect(200).json()["items"].as_array().unwrap() {
            assert!(!asset["reason"].as_str().unwrap().is_empty());
            found.insert(asset["name"].as_str().unwrap().to_owned(), number);
        }
    }
    found
}

async fn id_of(api: &Api, name: &str) -> String {
    let page = api
        .get(&format!("/api/v3/assets?name={name}"))
        .await
        .expect(200)
        .json();
    page["items"][0]["id"].as_str().unwrap().to_owned()
}

fn rules(violations: &Value) -> Vec<&str> {
    violations["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|violation| violation["rule"].as_str().unwrap())
        .collect()
}

both_backends! {
    async fn an_inventory_becomes_waves_with_dates_reasons_and_figures(database: TestDatabase) {
        let api = imported(&database).await;
        let plan = planned(&api).await;
        let assigned = waves(&api, &plan).await;
        let wave = |name: &str| assigned[name];
        assert_eq!(wave("old01"), 0, "what retires does not move: {assigned:?}");
        assert!(wave("shop-web") == wave("shop-app") && wave("shop-app") == wave("shop-db"), "{assigned:?}");
        assert!(wave("shop-dev") < wave("shop-db"), "{assigned:?}");
        assert!(wave("report01") >= wave("shop-db"), "{assigned:?}");
        let summary = api.get(&format!("/api/v3/plans/{plan}")).await.expect(200).json()["summary"].clone();
        assert_eq!((&summary["assets"], &summary["excluded_assets"]), (&json!(6), &json!(1)), "{summary}");
        assert_eq!(summary["start"], "2027-01-04");
        assert_eq!(summary["critical_violations"], 0, "{summary}");
        let flow = api.get("/api/v3/flows?flow_type=planning").await.expect(200).json();
        assert_eq!(flow["items"][0]["status"], "completed", "{flow}");
        let again = api.post(&format!("/api/v3/plans/{plan}/generate"), &json!({})).await.expect(202);
        assert_eq!(again.json()["status"], "planning");
        api.work().await;
        assert_eq!(waves(&api, &plan).await, assigned, "the same input gives the same plan");
    }

    async fn edits_are_judged_pinned_compared_and_undone(database: TestDatabase) {
        let api = imported(&database).await;
        let plan = planned(&api).await;
        let path = |rest: &str| format!("/api/v3/plans/{plan}{rest}");
        let before = waves(&api, &plan).await;
        // The database goes to the end: what needs it is left behind.
        let database_id = id_of(&api, "shop-db").await;
        let step = json!({"moves": [{"asset_id": database_id, "wave": 9}], "note": "Licence"});
        let edited = api.post(&path("/moves"), &step).await.expect(200).json();
        assert!(edited["summary"]["critical_violations"].as_u64().unwrap() > 0, "{edited}");
        let found = api.get(&path("/violations?severity=critical")).await.expect(200).json();
        assert!(rules(&found).contains(&"application_together") && rules(&found).contains(&"dependency_order"), "{found}");
        let pins = api.get(&path("/pins")).await.expect(200).json();
        assert_eq!(pins["pins"], json!([{"kind": "wave", "asset_id": database_id, "wave": 9}]));
        // Made again, the plan keeps the pin, and puts the rest where it breaks least.
        api.post(&path("/generate"), &json!({})).await.expect(202);
        api.work().await;
        assert_eq!(waves(&api, &plan).await["shop-db"], 9);
        // Version 1 against the present one, and back to it.
        let differs = api.get(&path("/compare?from=1")).await.expect(200).json();
        assert!(differs["moved"].as_array().unwrap().iter().any(|moved| moved["asset_id"] == database_id && moved["to"] == 9));
        let restored = api.post(&path("/restore"), &json!({"plan_version": 1})).await.expect(200).json();
        assert_eq!((waves(&api, &plan).await, &restored["plan_version"]), (before.clone(), &json!(4)));
        assert_eq!(api.get(&path("/pins")).await.json()["pins"], json!([]));
        let same = api.get(&path("/compare?from=1&to=4")).await.expect(200).json();
        assert_eq!(same, json!({"moved": [], "shifted": []}));
        api.post(&path("/undo"), &json!({})).await.expect(200);
        assert_eq!(waves(&api, &plan).await["shop-db"], 9, "going back is a version that can be undone");
        let versions = api.get(&path("/versions")).await.expect(200).json();
        let actions: Vec<_> = versions["items"].as_array().unwrap().iter().map(|v| v["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["restored", "restored", "regenerated", "edited", "generated"]);
    }

    async fn a_file_that_is_edited_by_hand_is_read_back_and_judged(database: TestDatabase) {
        let api = imported(&database).await;
        let plan = planned(&api).await;
        let path = |rest: &str| format!("/api/v3/plans/{plan}{rest}");
        for format in ["csv", "xlsx"] {
            let file = api.get(&path(&format!("/export?format={format}"))).await.expect(200).body;
            let read = post_file(&api, &path("/import"), file).await.expect(200).json();
            assert_eq!((&read["rows"], &read["moved"], &read["pins_changed"]), (&json!(7), &json!(0), &json!(0)), "{format}: {read}");
        }
        let text = api.get(&path("/export")).await.expect(200).text();
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let (name, wave) = (header.iter().position(|h| *h == "asset_name").unwrap(), header.iter().position(|h| *h == "wave").unwrap());
        let edited: Vec<String> = text.lines().map(|line| {
            let mut cells: Vec<&str> = line.splitn(header.len(), ',').collect();
            if cells[name] == "mail01" {
                cells[wave] = "7";
            }
            cells.join(",")
        }).collect();
        let trial = post_file(&api, &path("/import?dry_run=true"), edited.join("\n").into_bytes()).await.expect(200).json();
        assert_eq!((&trial["moved"], &trial["plan"]["plan_version"]), (&json!(1), &json!(1)));
        let read = post_file(&api, &path("/import"), edited.join("\n").into_bytes()).await.expect(200).json();
        assert_eq!((&read["moved"], &read["plan"]["plan_version"]), (&json!(1), &json!(2)));
        let assigned = waves(&api, &plan).await;
        assert_eq!(assigned["mail01"], 7);
        assert!(read["plan"]["summary"]["waves"].as_u64().unwrap() > trial["plan"]["summary"]["waves"].as_u64().unwrap() - 1);
        let wrong = text.lines().map(|line| {
            if line.contains("mail01") { line.replacen(",1,Wave", ",soon,Wave", 1).replacen(",2,Wave", ",soon,Wave", 1) } else { line.to_owned() }
        }).collect::<Vec<_>>().join("\n") + "\nno-id,x,,,,,,1,,,,,,\n";
        let refused = post_file(&api, &path("/import"), wrong.into_bytes()).await.expect(422).json();
        assert!(refused["details"].as_array().unwrap().len() >= 2, "{refused}");
        assert_eq!(waves(&api, &plan).await, assigned, "nothing changes unless all rows are good");
    }

    async fn a_committed_plan_gives_assets_their_wave_and_takes_it_back(database: TestDatabase) {
        let api = imported(&database).await;
        let plan = planned(&api).await;
        let path = |rest: &str| format!("/api/v3/plans/{plan}{rest}");
        let assigned = waves(&api, &plan).await;
        api.post(&path("/commit"), &json!({})).await.expect(200);
        let listed = api.get("/api/v3/waves").await.expect(200).json();
        let first = &listed["items"][0];
        assert_eq!((&first["status"], &first["wave_number"]), (&json!("planned"), &json!(1)), "{listed}");
        let asset = api.get("/api/v3/assets?name=shop-db").await.expect(200).json()["items"][0].clone();
        assert_eq!((&asset["migration_wave"], &asset["migration_status"]), (&json!(assigned["shop-db"]), &json!("planned")));
        let step = json!({"moves": [{"asset_id": asset["id"], "wave": 2}]});
        api.post(&path("/moves"), &step).await.expect(409);
        api.send(api.request(Method::DELETE, &path(""))).await.expect(409);
        let other = planned(&api).await;
        let refused = api.post(&format!("/api/v3/plans/{other}/commit"), &json!({})).await.expect(409);
        assert!(refused.text().contains("Exit"), "{}", refused.text());
        // Somebody decides otherwise for one asset; taking the commit back leaves that alone.
        let mail = id_of(&api, "mail01").await;
        api.patch(&format!("/api/v3/assets/{mail}"), "*", &json!({"migration_wave": 42})).await.expect(200);
        api.post(&path("/revert"), &json!({})).await.expect(200);
        assert_eq!(api.get("/api/v3/waves").await.json()["items"], json!([]));
        let asset = api.get("/api/v3/assets?name=shop-db").await.json()["items"][0].clone();
        assert_eq!(asset.get("migration_wave"), None, "{asset}");
        assert_eq!(api.get(&format!("/api/v3/assets/{mail}")).await.json()["migration_wave"], 42);
        // A wave that has begun holds the commit.
        api.post(&path("/commit"), &json!({})).await.expect(200);
        let wave = api.get("/api/v3/waves").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let begun = api.patch(&format!("/api/v3/waves/{wave}"), "\"1\"", &json!({"status": "in_progress"})).await.expect(200).json();
        assert!(begun["actual_start_date"].is_string(), "{begun}");
        api.patch(&format!("/api/v3/waves/{wave}"), "\"1\"", &json!({"name": "x"})).await.expect(412);
        api.patch(&format!("/api/v3/waves/{wave}"), "*", &json!({"status": "later"})).await.expect(422);
        api.post(&path("/revert"), &json!({})).await.expect(409);
    }

    async fn every_tool_gets_its_columns(database: TestDatabase) {
        let api = imported(&database).await;
        let plan = planned(&api).await;
        for (format, header, rows) in [
            ("mgn&region=eu-central-1", "mgn:account-id,mgn:region,mgn:wave:name,mgn:wave:description,mgn:app:name,mgn:server:user-provided-id,mgn:server:platform,mgn:server:fqdn-for-action-framework,mgn:server:tag:Name,mgn:server:tag:Environment", 5),
            ("cmf", "wave_name,app_name,aws_accountid,aws_region,server_name,server_os_family,server_os_version,server_fqdn,server_tier,server_environment,r_type", 6),
            ("azure", "Workload name,Workload type,Application,Environment,Operating system,Cores,Memory (MB),Storage (GB),Migration strategy,Wave Name", 6),
        ] {
            let text = api.get(&format!("/api/v3/plans/{plan}/export?format={format}")).await.expect(200).text();
            assert_eq!(text.lines().next(), Some(header), "{format}");
            assert_eq!(text.lines().count() - 1, rows, "{format}: {text}");
        }
        let jira = api.get(&format!("/api/v3/plans/{plan}/export?format=jira")).await.expect(200).text();
        assert!(jira.starts_with("Issue ID,Parent ID,Issue Type,Summary,") && jira.contains(",Epic,") && jira.contains("Migrate Shop"), "{jira}");
        let calendar = api.get(&format!("/api/v3/plans/{plan}/export?format=ics")).await.expect(200);
        assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
        let calendar = calendar.text();
        assert!(calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && calendar.contains("DTSTART;VALUE=DATE:20270104"), "{calendar}");
        api.get(&format!("/api/v3/plans/{plan}/export?format=pdf")).await.expect(422);
    }

    async fn settings_and_pins_that_cannot_be_used_are_refused_with_all_their_faults(database: TestDatabase) {
        let api = imported(&database).await;
        let body = json!({"name": "No", "settings": {"max_workloads": 0, "parallel_waves": 0}});
        let refused = api.post("/api/v3/plans", &body).await.expect(422).json();
        assert_eq!(refused["details"].as_array().unwrap().len(), 3, "{refused}");
        api.post("/api/v3/plans", &json!({"name": "No", "settings": {"colour": 1}})).await.expect(422);
        let plan = planned(&api).await;
        let path = |rest: &str| format!("/api/v3/plans/{plan}{rest}");
        put(&api, &path("/pins"), &json!({"pins": [{"kind": "sometime"}]})).await.expect(422);
        let stranger = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11";
        put(&api, &path("/pins"), &json!({"pins": [{"kind": "wave", "asset_id": stranger, "wave": 1}]})).await.expect(422);
        let web = id_of(&api, "shop-web").await;
        let pins = json!({"pins": [{"kind": "not_before", "asset_id": web, "date": "2027-06-01"}, {"kind": "wave_start", "wave": 1, "date": "2027-01-11"}]});
        put(&api, &path("/pins"), &pins).await.expect(200);
        api.post(&path("/generate"), &json!({})).await.expect(202);
        api.work().await;
        let assigned = waves(&api, &plan).await;
        let listed = api.get(&path("/waves")).await.expect(200).json();
        let start = |number: i64| {
            let wave = listed["items"].as_array().unwrap().iter().find(|wave| wave["number"] == number).unwrap();
            wave["evaluation"]["dates"]["start"].as_str().unwrap().to_owned()
        };
        assert!(start(assigned["shop-web"]).as_str() >= "2027-06-01", "{listed}");
        assert_eq!(start(1), "2027-01-11");
        let changed = api.patch(&path(""), "*", &json!({"settings": {"max_workloads": 1}})).await.expect(200).json();
        assert!(changed["summary"]["advisory_violations"].as_u64().unwrap() > 0, "{changed}");
        api.patch(&path(""), "\"1\"", &json!({"name": "Late"})).await.expect(412);
        let copy = api.post(&path("/copies"), &json!({})).await.expect(201).json();
        assert_eq!((&copy["name"], &copy["based_on_plan_id"]), (&json!("Copy of Exit"), &json!(plan)));
        let differs = api.get(&path(&format!("/compare?other={}", copy["id"].as_str().unwrap()))).await.expect(200).json();
        assert_eq!(differs["moved"], json!([]));
        api.send(api.request(Method::DELETE, &path(""))).await.expect(204);
        api.get(&path("")).await.expect(404);
    }

    async fn the_graph_answers_what_breaks_and_what_to_cut(database: TestDatabase) {
        let api = imported(&database).await;
        let database_id = id_of(&api, "shop-db").await;
        let web = id_of(&api, "shop-web").await;
        let radius = api.get(&format!("/api/v3/dependencies/blast-radius?asset_id={database_id}")).await.expect(200).json();
        assert_eq!((&radius["total"], &radius["by_distance"]), (&json!(3), &json!([2, 1])), "{radius}");
        let needs = api.get(&format!("/api/v3/dependencies/blast-radius?asset_id={web}&direction=needs&depth=1")).await.expect(200).json();
        assert_eq!(needs["affected"][0]["asset"]["name"], "shop-app", "{needs}");
        assert_eq!(api.get("/api/v3/dependencies/cycles").await.expect(200).json()["items"], json!([]));
        let back = json!({"asset_id": database_id, "depends_on_asset_id": web, "is_hard": false, "weight": 0.5});
        let stated = api.post("/api/v3/dependencies", &back).await.expect(201).json();
        let cycles = api.get("/api/v3/dependencies/cycles").await.expect(200).json();
        let cut = &cycles["items"][0]["cuts"][0];
        assert_eq!((&cut["from"]["name"], &cut["to"]["name"]), (&json!("shop-db"), &json!("shop-web")), "{cycles}");
        let path = format!("/api/v3/dependencies/{}", stated["id"].as_str().unwrap());
        let hard = api.patch(&path, "\"1\"", &json!({"is_hard": true, "weight": 9})).await.expect(200);
        assert_eq!((hard.header("etag"), &hard.json()["is_hard"]), (Some("\"2\""), &json!(true)));
        api.patch(&path, "\"1\"", &json!({"is_hard": false})).await.expect(412);
        let summary = api.get("/api/v3/dependencies/summary").await.expect(200).json();
        assert_eq!((&summary["cycles"], &summary["nodes_in_cycles"]), (&json!(1), &json!(3)), "{summary}");
        for (format, begins) in [("json", "{\"nodes\""), ("graphml", "<?xml"), ("dot", "digraph")] {
            let file = api.get(&format!("/api/v3/dependencies/graph?format={format}")).await.expect(200).text();
            assert!(file.starts_with(begins) && file.contains("shop-db"), "{file}");
        }
    }
}
