//! 6R from an imported inventory: what is recommended, what persons say to it, and runs over a whole engagement.

use crate::world::World;
use landfall_domain::{AnalysisStatus, AssetStatus, FlowStatus, PageRequest, SixrStrategy};
use landfall_services::sixr::{
    AnalysisDetail, AnalysisFilter, DEFAULT_POLICY, InputValues, Iterate, NewSixrAnalysis, NewSixrRun,
    Overridden, SIXR_JOB, SixrAnalysis, SixrError, SixrRun, Subject, Subjects,
};
use landfall_testkit::both_backends;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

const ESTATE: &str = "\
hostname,operating system,environment,criticality,technology stack,status,power state,cpu cores,memory gb,storage gb,application,depends on,monthly cost
web01,Ubuntu 24.04,Production,High,Tomcat 10,Active,On,4,16,100,Shop,db01,100
db01,Windows Server 2008 R2,Production,Critical,SQL Server 2008,Active,On,8,64,900,Shop,,400
old01,CentOS 6.5,Development,Low,,Inactive,Off,2,4,50,,,20
share01,Windows Server 2019,Production,Medium,SharePoint Server 2016,Active,On,8,32,500,Intranet,,150
gone01,Windows Server 2012,Test,Low,,Retired,Off,2,4,40,,,10
";

fn values(json: &Json) -> InputValues {
    json.as_object().unwrap().clone()
}

async fn analyses(world: &World) -> BTreeMap<String, SixrAnalysis> {
    let page = PageRequest::first(500);
    let all = world
        .services
        .sixr_analyses(&world.scope, &AnalysisFilter::default(), &page)
        .await
        .unwrap();
    all.items
        .into_iter()
        .map(|analysis| (analysis.name.clone(), analysis))
        .collect()
}

async fn run(world: &World, subjects: Subjects) -> SixrRun {
    let new = NewSixrRun {
        subjects,
        ..NewSixrRun::default()
    };
    let run = world.services.start_sixr_run(&world.scope, new).await.unwrap();
    assert_eq!(run.status.as_deref(), Some("pending"));
    world.work().await;
    world.services.sixr_run(&world.scope, run.id).await.unwrap()
}

async fn analyze(world: &World, name: &str, inputs: Json) -> AnalysisDetail {
    let asset = world.asset(name).await;
    let new = NewSixrAnalysis {
        subject: Subject::Asset(asset.id),
        name: None,
        description: None,
        priority: None,
        inputs: values(&inputs),
        start: true,
    };
    world.services.analyze_sixr(&world.scope, new).await.unwrap()
}

async fn iterations(world: &World, detail: &SixrAnalysis) -> usize {
    let page = PageRequest::first(500);
    world
        .services
        .sixr_iterations(&world.scope, detail.id, &page)
        .await
        .unwrap()
        .items
        .len()
}

both_backends! {
    async fn a_run_judges_every_asset_writes_its_strategy_and_says_why(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        let done = run(&world, Subjects::Assets).await;
        assert_eq!((done.status.as_deref(), done.total_assets), (Some("completed"), Some(5)));
        let all = analyses(&world).await;
        let strategies: Vec<_> = all.iter().map(|(name, one)| (name.as_str(), one.final_recommendation.unwrap())).collect();
        assert_eq!(strategies, [
            ("db01", SixrStrategy::Replatform), ("gone01", SixrStrategy::Retire), ("old01", SixrStrategy::Retire),
            ("share01", SixrStrategy::Repurchase), ("web01", SixrStrategy::Rehost),
        ]);
        assert_eq!(done.retire_count, Some(2));
        assert_eq!(done.total_current_cost, Some(68_000), "in minor units");
        assert_eq!(done.potential_savings, Some(3_000), "what is retired costs nothing any more");
        for asset in world.assets().await {
            let analysis = &all[&asset.name];
            assert_eq!(asset.six_r_strategy, analysis.final_recommendation, "{}", asset.name);
            assert_eq!(asset.migration_status, Some(AssetStatus::Assessed));
        }
        let detail = world.services.sixr_analysis(&world.scope, all["db01"].id).await.unwrap();
        let kept = detail.recommendation.unwrap();
        assert_eq!(kept.rule_evidence["inputs"]["os_support"], "ended");
        assert_eq!(kept.rule_evidence["inputs"]["dependencies"], 1);
        let reasons = kept.rule_evidence["derivations"].as_array().unwrap();
        let support = reasons.iter().find(|one| one["input"] == "os_support").unwrap();
        assert!(support["explanation"].as_str().unwrap().contains("2008"), "{support}");
        assert_eq!(kept.strategy_scores.unwrap().as_array().unwrap().len(), 8);
        assert!(!kept.counterfactuals.as_array().unwrap().is_empty());
        let parameters = detail.parameters.unwrap();
        assert_eq!((parameters.business_value, parameters.risk_tolerance), (10.0, 1.0), "critical, in production");
        let flow = world.services.store().begin_read(&world.scope).await.unwrap();
        let flow = flow.flows().get(detail.analysis.master_flow_id).await.unwrap();
        assert_eq!(flow.flow_status, FlowStatus::Completed);
    }

    async fn a_second_run_writes_only_what_has_changed(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        run(&world, Subjects::Assets).await;
        let before = analyses(&world).await;
        let again = run(&world, Subjects::Assets).await;
        let results = again.analysis_results.unwrap();
        assert_eq!((&results["changed"], &results["unchanged"]), (&json!(0), &json!(5)));
        assert_eq!(analyses(&world).await, before);
        world.services.change_sixr_settings(&world.scope, &values(&json!({"target": "vmware"})), None).await.unwrap();
        let third = run(&world, Subjects::Assets).await;
        assert_eq!(third.analysis_results.unwrap()["changed"], 5, "a setting holds for every asset");
        assert_eq!(iterations(&world, &before["web01"]).await, 2);
    }

    async fn a_persons_decision_survives_runs_until_it_is_taken_back(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        run(&world, Subjects::Assets).await;
        let web = analyses(&world).await["web01"].clone();
        let decision = Overridden { strategy: SixrStrategy::Refactor, reason: "The team wants to.".to_owned() };
        let silent = Overridden { reason: "  ".to_owned(), ..decision.clone() };
        let refused = world.services.override_sixr(&world.scope, web.id, None, silent).await.unwrap_err();
        assert!(matches!(refused, SixrError::NoReason));
        let stale = world.services.override_sixr(&world.scope, web.id, Some(web.version + 1), decision.clone()).await;
        assert!(matches!(stale, Err(SixrError::Store(_))));
        world.services.override_sixr(&world.scope, web.id, Some(web.version), decision).await.unwrap();
        assert_eq!(world.asset("web01").await.six_r_strategy, Some(SixrStrategy::Refactor));
        world.services.change_sixr_settings(&world.scope, &values(&json!({"cost_sensitivity": 9})), None).await.unwrap();
        let done = run(&world, Subjects::Assets).await;
        assert_eq!(done.analysis_results.unwrap()["overridden"], 1);
        let after = analyses(&world).await["web01"].clone();
        assert_eq!(after.current_iteration, Some(2), "it was judged again");
        assert_eq!((after.final_recommendation, after.recommended_strategy), (Some(SixrStrategy::Refactor), Some(SixrStrategy::Rehost)));
        assert_eq!(after.override_reason.as_deref(), Some("The team wants to."));
        assert_eq!(world.asset("web01").await.six_r_strategy, Some(SixrStrategy::Refactor));
        let back = world.services.remove_sixr_override(&world.scope, web.id, None).await.unwrap();
        assert_eq!(back.analysis.final_recommendation, Some(SixrStrategy::Rehost));
        assert_eq!(world.asset("web01").await.six_r_strategy, Some(SixrStrategy::Rehost));
    }

    async fn answers_are_kept_counted_and_compared(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        let careful = DEFAULT_POLICY.replacen("ask_below = 0.5", "ask_below = 1", 1);
        world.services.put_sixr_policy(&world.scope, &careful, None).await.unwrap();
        let first = analyze(&world, "web01", json!({"business_value": 3})).await;
        assert_eq!(first.analysis.status, AnalysisStatus::RequiresInput);
        let questions = first.recommendation.unwrap().rule_evidence["questions"].clone();
        assert!(questions.as_array().unwrap().iter().any(|question| question["input"] == "active_users"), "{questions}");
        let change = Iterate { answers: values(&json!({"active_users": 0})), ..Iterate::default() };
        let second = world.services.iterate_sixr(&world.scope, first.analysis.id, None, change).await.unwrap();
        assert_eq!(second.analysis.final_recommendation, Some(SixrStrategy::Retire));
        let changed = world.services.sixr_diff(&world.scope, first.analysis.id, 1, 2).await.unwrap();
        assert_eq!(changed.strategy, Some((SixrStrategy::Rehost, SixrStrategy::Retire)));
        let inputs: Vec<_> = changed.inputs.iter().map(|input| input.input.name()).collect();
        assert_eq!(inputs, ["active_users"], "a parameter that was given does not follow the facts");
        let answers = world.services.sixr_answers(&world.scope, first.analysis.id, &PageRequest::default()).await.unwrap();
        assert_eq!(answers.items[0].response_value, Some(json!(0)));
        let taken_back = Iterate { inputs: values(&json!({"business_value": null})), answers: values(&json!({"active_users": null})), ..Iterate::default() };
        let third = world.services.iterate_sixr(&world.scope, first.analysis.id, Some(second.analysis.version), taken_back).await.unwrap();
        assert_eq!(third.analysis.final_recommendation, Some(SixrStrategy::Rehost));
        assert_eq!(third.parameters.unwrap().business_value, 8.0, "derived again");
        let wrong = Iterate { inputs: values(&json!({"bussiness": 1, "risk_tolerance": 11})), ..Iterate::default() };
        let faults = world.services.iterate_sixr(&world.scope, first.analysis.id, None, wrong).await.unwrap_err();
        assert!(matches!(faults, SixrError::Values(faults) if faults.len() == 2), "all at once");
    }

    async fn an_application_is_judged_as_a_whole_and_its_assets_take_its_strategy(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        let done = run(&world, Subjects::Applications).await;
        let all = analyses(&world).await;
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        assert_eq!(names, ["Intranet", "Shop", "gone01", "old01"], "{:?}", done.analysis_results);
        let shop = all["Shop"].final_recommendation;
        assert_eq!(shop, Some(SixrStrategy::Replatform), "its database is out of support");
        assert_eq!((world.asset("web01").await.six_r_strategy, world.asset("db01").await.six_r_strategy), (shop, shop));
        let detail = world.services.sixr_analysis(&world.scope, all["Shop"].id).await.unwrap();
        let inputs = detail.recommendation.unwrap().rule_evidence["inputs"].clone();
        assert_eq!((&inputs["servers"], &inputs["storage_gb"], &inputs["dependencies"]), (&json!(2), &json!(1000), &json!(0)));
    }

    async fn a_run_goes_on_where_its_last_batch_ended(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        let run = world.services.start_sixr_run(&world.scope, NewSixrRun::default()).await.unwrap();
        let twice = world.services.start_sixr_run(&world.scope, NewSixrRun::default()).await.unwrap();
        assert_eq!(twice.id, run.id, "one run at a time");
        let queue = world.services.store().job_queue();
        let job = queue.claim("before", &[SIXR_JOB], 1, chrono::TimeDelta::seconds(60)).await.unwrap().remove(0);
        let mut ids: Vec<_> = world.assets().await.into_iter().map(|asset| asset.id).collect();
        ids.sort_unstable();
        let cursor = json!({"applications_done": true, "after": ids[2], "changed": 3, "counts": {"subjects": 3}});
        let mut bulk = world.services.store().begin_bulk(world.scope.clone()).await.unwrap();
        let now = world.services.now();
        bulk.save_cursor(&job, cursor, now, now).await.unwrap();
        bulk.commit().await.unwrap();
        queue.release(&job).await.unwrap();
        world.work().await;
        let done = world.services.sixr_run(&world.scope, run.id).await.unwrap();
        assert_eq!((done.status.as_deref(), done.total_assets), (Some("completed"), Some(5)));
        assert_eq!(analyses(&world).await.len(), 2, "only those after the third");
    }

    async fn the_questions_that_could_change_most_decisions_are_kept_in_that_order(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        let done = run(&world, Subjects::Assets).await;
        let questions = world.services.sixr_questions(&world.scope).await.unwrap();
        assert_eq!(questions[0].priority, Some(1));
        let results = done.analysis_results.unwrap();
        let ranked: Vec<_> = results["questions"].as_array().unwrap().iter().map(|one| one["input"].as_str().unwrap()).collect();
        let kept: Vec<_> = questions.iter().map(|question| question.question_id.as_str()).collect();
        assert_eq!(kept, ranked);
        let decisions: Vec<_> = results["questions"].as_array().unwrap().iter().map(|one| one["decisions"].as_u64().unwrap()).collect();
        assert!(decisions.is_sorted_by(|a, b| a >= b), "{decisions:?}");
    }

    async fn a_policy_is_checked_versioned_and_named_by_what_it_recommends(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        let (services, scope) = (&world.services, &world.scope);
        assert_eq!(services.sixr_policy(scope, None).await.unwrap().version, None);
        let broken = DEFAULT_POLICY.replace("decisive_margin = 0.15", "decisive_margin = 15").replace("weight = 0.25", "weight = 0.2");
        let refused = services.put_sixr_policy(scope, &broken, None).await.unwrap_err();
        assert!(matches!(refused, SixrError::Policy(faults) if faults.0.len() > 3));
        let own = DEFAULT_POLICY.replacen("name = \"Landfall standard\"", "name = \"Ours\"", 1);
        let first = services.put_sixr_policy(scope, &own, Some("Ours.".to_owned())).await.unwrap();
        assert_eq!((first.version, first.name.as_str()), (Some(1), "Ours"));
        assert_eq!(services.put_sixr_policy(scope, &own, None).await.unwrap().version, Some(1), "the same text");
        let web = analyze(&world, "web01", json!({})).await.analysis;
        assert_eq!(web.policy_version, Some(first.label()));
        let strict = own.replacen("below = 2", "below = 3", 1);
        assert_eq!(services.put_sixr_policy(scope, &strict, None).await.unwrap().version, Some(2));
        assert_eq!(services.sixr_policy(scope, Some(1)).await.unwrap().body, own);
        assert!(services.sixr_policy(scope, Some(9)).await.is_err());
        assert_eq!(services.sixr_policies(scope).await.unwrap().len(), 2);
    }

    async fn a_cancelled_run_ends_and_what_another_tenant_has_is_not_found(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("estate.csv", ESTATE).await;
        let run = world.services.start_sixr_run(&world.scope, NewSixrRun::default()).await.unwrap();
        let ended = world.services.cancel_sixr_run(&world.scope, run.id).await.unwrap();
        assert_eq!(ended.status.as_deref(), Some("failed"));
        world.work().await;
        assert!(analyses(&world).await.is_empty());
        assert!(matches!(world.services.cancel_sixr_run(&world.scope, run.id).await, Err(SixrError::Ended(_))));
        let stranger = landfall_domain::Scope { client_account_id: landfall_domain::ClientAccountId::new(), ..world.scope.clone() };
        assert!(world.services.sixr_run(&stranger, run.id).await.is_err());
    }
}
