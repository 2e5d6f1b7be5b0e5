//! The main job in one go, over HTTP: a messy export becomes an inventory, the inventory strategies, the strategies waves, and
//! the waves files for the tools that move things. What is said at each step is checked against the step before.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An inventory as configuration databases export it: units within numbers, lists within cells, names that say little.
const SAMPLE: &[u8] = include_bytes!("../../samples/harbour-foods-cmdb.csv");

/// A file's rows by column.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Every item of a list, page by page.
async fn all(api: &Api, path: &str) -> Vec<Value> {
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let page = api
            .get(&format!("{path}?limit=50{next}"))
            .await
            .expect(200)
            .json();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return found,
        }
    }
}

async fn judged(api: &Api) -> Value {
    let run = api
        .post("/api/v3/sixr/runs", &json!({"name": "All of it"}))
        .await
        .expect(202);
    let location = run.header("location").unwrap().to_owned();
    api.work().await;
    let done = api.get(&location).await.expect(200).json();
    assert_eq!(done["status"], "completed", "{done}");
    done
}

async fn planned(api: &Api) -> String {
    let body = json!({"name": "Out of Hamburg", "settings": {"start_date": "2027-01-04"}});
    let made = api.post("/api/v3/plans", &body).await.expect(201).json();
    api.work().await;
    format!("/api/v3/plans/{}", made["id"].as_str().unwrap())
}

/// Dependencies that are broken by an assignment, counted without the planner.
fn out_of_order(dependencies: &[Value], waves: &BTreeMap<String, u32>) -> u64 {
    let wave = |end: &Value| waves[end.as_str().unwrap()];
    let pairs: BTreeSet<(u32, u32, String)> = dependencies
        .iter()
        .map(|one| {
            (
                wave(&one["asset_id"]),
                wave(&one["depends_on_asset_id"]),
                one["id"].to_string(),
            )
        })
        .filter(|(needs, needed, _)| *needs > 0 && needed > needs)
        .collect();
    pairs.len() as u64
}

fn sum(violations: &[Value], rule: &str) -> u64 {
    let of_rule = violations.iter().filter(|violation| violation["rule"] == rule);
    of_rule
        .map(|violation| violation["breaches"].as_u64().unwrap())
        .sum()
}

both_backends! {
    async fn a_messy_export_becomes_an_inventory_strategies_waves_and_files(database: TestDatabase) {
        let api = Api::over(&database).await;
        // The inventory.
        api.upload("harbour-foods-cmdb.csv", SAMPLE, &[]).await.expect(201);
        api.work().await;
        let assets = all(&api, "/api/v3/assets").await;
        assert!(assets.len() > 40, "{} assets", assets.len());
        let dependencies = all(&api, "/api/v3/dependencies").await;
        assert!(dependencies.len() > 20, "{} dependencies", dependencies.len());

        // Strategies: one for each, several kinds of them, and a person's word outlives the next run.
        assert_eq!(judged(&api).await["judged"], assets.len());
        let analyses = all(&api, "/api/v3/sixr/analyses").await;
        let analysis = analyses.iter().find(|one| one["strategy"] == "rehost").unwrap();
        let path = format!("/api/v3/sixr/analyses/{}/override", analysis["id"].as_str().unwrap());
        let decision = json!({"strategy": "retain", "reason": "Its contract ends in 2030."});
        api.patch(&path, &format!("\"{}\"", analysis["version"]), &decision).await.expect(200);
        judged(&api).await;
        let totals = api.get("/api/v3/sixr/totals").await.expect(200).json();
        let by_strategy: BTreeMap<String, u64> = serde_json::from_value(totals["by_strategy"].clone()).unwrap();
        assert_eq!((by_strategy.values().sum::<u64>(), &totals["undecided"]), (assets.len() as u64, &json!(0)), "{totals}");
        assert!(by_strategy.len() >= 3 && by_strategy["retain"] >= 1, "{totals}");

        // Waves: what retires or stays is in none, and what breaks a rule is told.
        let plan = planned(&api).await;
        let text = api.get(&format!("{plan}/export?format=csv")).await.expect(200).text();
        let sheet = rows(&text);
        let waves: BTreeMap<String, u32> =
            sheet.iter().map(|row| (row["asset_id"].clone(), row["wave"].parse().unwrap_or(0))).collect();
        let moving = sheet.iter().filter(|row| waves[&row["asset_id"]] > 0).count();
        assert_eq!(sheet.len(), assets.len());
        for row in &sheet {
            let stays = ["retire", "retain"].contains(&row["strategy"].as_str());
            assert_eq!(waves[&row["asset_id"]] == 0, stays, "{row:?}");
            assert!(!row["reason"].is_empty(), "{row:?}");
        }
        let violations = all(&api, &format!("{plan}/violations")).await;
        assert_eq!(sum(&violations, "dependency_order"), out_of_order(&dependencies, &waves), "{violations:?}");
        let summary = api.get(&plan).await.expect(200).json()["summary"].clone();
        let critical = violations.iter().filter(|violation| violation["severity"] == "critical").count();
        assert_eq!((&summary["assets"], &summary["critical_violations"]), (&json!(moving), &json!(critical)), "{summary}");

        // Files: each has what its tool takes.
        let file = async |format: &str| api.get(&format!("{plan}/export?format={format}")).await.expect(200);
        let workbook = file("xlsx").await.body;
        let read = api.send(api.request(Method::POST, &format!("{plan}/import")).set_payload(workbook)).await.expect(200).json();
        assert_eq!((&read["rows"], &read["moved"]), (&json!(assets.len()), &json!(0)), "a workbook says what the plan says");
        let named: BTreeMap<String, String> =
            sheet.iter().map(|row| (row["asset_id"].clone(), row["wave_name"].clone())).collect();
        let mgn = rows(&file("mgn&region=eu-central-1").await.text());
        let rehosted: BTreeSet<&str> = sheet.iter()
            .filter(|row| row["strategy"] == "rehost")
            .map(|row| row["asset_id"].as_str())
            .collect();
        assert!(!mgn.is_empty());
        for row in &mgn {
            let id = &row["mgn:server:user-provided-id"];
            assert!(rehosted.contains(id.as_str()) && row["mgn:wave:name"] == named[id], "{row:?}");
        }
        let cmf = rows(&file("cmf").await.text());
        assert!(cmf.len() >= mgn.len() && cmf.len() <= moving && cmf.iter().all(|row| !row["wave_name"].is_empty()));
        let azure = rows(&file("azure").await.text());
        assert_eq!(azure.len(), moving);
        let jira = rows(&file("jira").await.text());
        let numbers: BTreeSet<u32> = waves.values().copied().filter(|wave| *wave > 0).collect();
        assert_eq!(jira.iter().filter(|row| row["Issue Type"] == "Epic").count(), numbers.len());
        let epics: BTreeSet<&str> = jira.iter().filter(|row| row["Issue Type"] == "Epic").map(|row| row["Issue ID"].as_str()).collect();
        assert!(jira.iter().filter(|row| row["Issue Type"] != "Epic").all(|row| epics.contains(row["Parent ID"].as_str())));
        let calendar = file("ics").await.text();
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2 * numbers.len(), "each wave and its cut-over");
        for (format, begins) in [("json", "{\"nodes\""), ("graphml", "<?xml"), ("dot", "digraph")] {
            let graph = api.get(&format!("/api/v3/dependencies/graph?format={format}")).await.expect(200).text();
            assert!(graph.starts_with(begins) && graph.contains("shop-db01"), "{format}");
        }

        // The report counts the same.
        let report = api.get("/api/v3/reports/all").await.expect(200).json();
        assert_eq!(report["portfolio"]["assets"], assets.len());
        let reported: BTreeMap<String, u64> = report["strategies"].as_array().unwrap().iter()
            .map(|count| (count["name"].as_str().unwrap().to_owned(), count["count"].as_u64().unwrap()))
            .collect();
        assert_eq!(reported, by_strategy);
        assert_eq!(report["waves"].as_array().unwrap().len(), numbers.len());

        // Carried out, assets know their wave.
        api.post(&format!("{plan}/commit"), &json!({})).await.expect(200);
        for asset in all(&api, "/api/v3/assets").await {
            let wave = waves[asset["id"].as_str().unwrap()];
            assert_eq!(asset.get("migration_wave").and_then(Value::as_u64), (wave > 0).then_some(u64::from(wave)), "{asset}");
        }
    }

    async fn what_is_tried_out_on_a_copy_leaves_the_plan_alone_until_the_copy_is_carried_out(database: TestDatabase) {
        let api = Api::over(&database).await;
        api.upload("harbour-foods-cmdb.csv", SAMPLE, &[]).await.expect(201);
        api.work().await;
        let plan = planned(&api).await;
        let waves = async |plan: &str| -> BTreeMap<String, String> {
            let text = api.get(&format!("{plan}/export?format=csv")).await.expect(200).text();
            rows(&text).into_iter().map(|row| (row["asset_id"].clone(), row["wave"].clone())).collect()
        };
        let before = waves(&plan).await;
        let (asset, wave) = before.iter().find(|(_, wave)| *wave == "1").unwrap();
        let copy = api.post(&format!("{plan}/copies"), &json!({"name": "What if"})).await.expect(201).json();
        let copy = format!("/api/v3/plans/{}", copy["id"].as_str().unwrap());
        assert_eq!(waves(&copy).await, before);
        let edited = api.post(&format!("{copy}/moves"), &json!({"moves": [{"asset_id": asset, "wave": 30}]})).await.expect(200).json();
        assert_eq!(waves(&plan).await, before, "the plan is as it was");
        let original = api.get(&plan).await.expect(200).json();
        assert_ne!(edited["summary"]["penalty"], original["summary"]["penalty"], "the copy is judged by itself");
        let id = copy.rsplit('/').next().unwrap();
        let differs = api.get(&format!("{plan}/compare?other={id}")).await.expect(200).json();
        let wave: u64 = wave.parse().unwrap();
        assert_eq!(differs["moved"].as_array().unwrap().len(), 1, "{differs}");
        assert_eq!((&differs["moved"][0]["asset_id"], &differs["moved"][0]["from"], &differs["moved"][0]["to"]), (&json!(asset), &json!(wave), &json!(30)));
        api.post(&format!("{copy}/commit"), &json!({})).await.expect(200);
        let carried_out = api.get(&format!("/api/v3/assets/{asset}")).await.expect(200).json();
        assert_eq!(carried_out["migration_wave"], 30);
        api.post(&format!("{plan}/commit"), &json!({})).await.expect(409);
    }

    async fn a_report_is_written_for_programs_and_for_people(database: TestDatabase) {
        let api = Api::over(&database).await;
        api.upload("harbour-foods-cmdb.csv", SAMPLE, &[]).await.expect(201);
        api.work().await;
        let empty = api.get("/api/v3/reports/waves").await.expect(200).json();
        assert_eq!((&empty["waves"], empty.get("plan")), (&json!([]), None), "nothing is planned yet");
        let plan = planned(&api).await;
        let portfolio = api.get("/api/v3/reports/portfolio").await.expect(200).json();
        assert!(portfolio["portfolio"]["assets"].as_u64().unwrap() > 40 && portfolio.get("waves").is_none(), "{portfolio}");
        let id = plan.rsplit('/').next().unwrap();
        let markdown = api.get(&format!("/api/v3/reports/waves?format=md&plan_id={id}")).await.expect(200);
        assert_eq!(markdown.header("content-type"), Some("text/markdown; charset=utf-8"));
        assert!(markdown.text().starts_with("# ") && markdown.text().contains("Out of Hamburg"), "{}", markdown.text());
        let page = api.get("/api/v3/reports/all?format=html").await.expect(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let page = page.text();
        assert!(page.contains("<svg") && !page.contains("src=\"http") && !page.contains("<script"), "one file with its charts");
        for wrong in ["/api/v3/reports/weather", "/api/v3/reports/all?format=pdf"] {
            let refused = api.get(wrong).await.expect(422).json();
            assert_eq!(refused["details"].as_array().unwrap().len(), 1, "{refused}");
        }
        let nobody = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11";
        api.get(&format!("/api/v3/reports/waves?plan_id={nobody}")).await.expect(404);
    }
}
