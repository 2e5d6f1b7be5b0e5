use crate::world::{World, discovery_flow};
use landfall_domain::{FlowStatus, PageRequest, Phase};
use landfall_repositories::entities::discovery_flows;
use landfall_repositories::{DiscoveryFilter, FlowChange, StoreError};
use landfall_testkit::both_backends;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

fn flags(flow: &discovery_flows::Model) -> [bool; 6] {
    [
        flow.data_validation_completed,
        flow.field_mapping_completed,
        flow.data_cleansing_completed,
        flow.asset_inventory_completed,
        flow.dependency_analysis_completed,
        flow.tech_debt_assessment_completed,
    ]
}

/// Flags, list, current phase and progress say the same.
fn assert_agreement(flow: &discovery_flows::Model) {
    let listed: Vec<Phase> = flow
        .phases_completed
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap().parse().unwrap())
        .collect();
    for (phase, flag) in Phase::ALL.into_iter().zip(flags(flow)) {
        assert_eq!(
            listed.iter().filter(|listed| **listed == phase).count(),
            usize::from(flag),
            "{phase}"
        );
    }
    let first_open = Phase::ALL.into_iter().find(|phase| !listed.contains(phase));
    let current = first_open.unwrap_or(Phase::TechDebtAssessment);
    assert_eq!(flow.current_phase.as_deref(), Some(current.as_str()));
    assert!((flow.progress_percentage - Phase::progress(listed.len())).abs() < f64::EPSILON);
}

both_backends! {
    async fn flags_list_current_phase_and_progress_agree_in_every_order_and_for_repeated_calls(
        database: TestDatabase
    ) {
        let world = World::new(database).await;
        let steps = proptest::collection::vec((0_usize..6, proptest::bool::weighted(0.8)), 1..12);
        let mut runner = TestRunner::deterministic();
        for _ in 0..25 {
            let uow = world.begin().await;
            let flow = discovery_flow(&uow).await.flow_id;
            for (phase, completed) in steps.new_tree(&mut runner).unwrap().current() {
                let phase = Phase::ALL[phase];
                let before = uow.discovery().get(flow).await.unwrap();
                let after = if completed {
                    uow.discovery().update_phase_completion(flow, phase, Value::Null).await.unwrap()
                } else {
                    uow.discovery().reopen_phase(flow, phase).await.unwrap()
                };
                assert_agreement(&after);
                assert_eq!(after.version, before.version + 1);
                assert_eq!(uow.discovery().get(flow).await.unwrap(), after);
            }
        }
    }

    async fn a_flow_ends_at_a_hundred_percent_with_every_output_kept(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let flow = discovery_flow(&uow).await.flow_id;
        for phase in Phase::ALL {
            uow.discovery().update_phase_completion(flow, phase, json!({ "of": phase.as_str() })).await.unwrap();
        }
        let done = uow.discovery().get(flow).await.unwrap();
        assert_agreement(&done);
        assert!((done.progress_percentage - 100.0).abs() < f64::EPSILON);
        assert_eq!(done.crew_outputs.as_object().unwrap().len(), 6);
        assert_eq!(done.field_mappings, Some(json!({"of": "field_mapping"})));
        assert_eq!(done.discovered_assets, Some(json!({"of": "asset_inventory"})));
        assert_eq!(done.dependencies, Some(json!({"of": "dependency_analysis"})));
        assert_eq!(done.tech_debt_analysis, Some(json!({"of": "tech_debt_assessment"})));
        // Completing once more without outputs keeps those that are there.
        let again = uow.discovery().update_phase_completion(flow, Phase::FieldMapping, Value::Null).await.unwrap();
        assert_eq!(again.field_mappings, done.field_mappings);
    }

    async fn a_flow_waits_fails_runs_again_and_keeps_only_the_facts_of_its_state(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let flow = discovery_flow(&uow).await.flow_id;
        let running = uow.discovery().begin_phase(flow, Phase::DataValidation).await.unwrap();
        assert_eq!(running.status, FlowStatus::Running);
        assert!(running.started_at.is_some());

        let outputs = json!({"open": 3});
        let waiting = uow.discovery().wait(flow, Phase::FieldMapping, "mapping approval", outputs).await.unwrap();
        assert_eq!(waiting.status, FlowStatus::Waiting);
        assert_eq!(waiting.flow_state["waiting_for"], "mapping approval");
        assert_eq!(waiting.current_phase.as_deref(), Some("field_mapping"));
        assert_eq!(waiting.field_mappings, Some(json!({"open": 3})));

        let failure = FlowChange::Failed {
            message: "row 7 is too long".to_owned(),
            phase: Some(Phase::DataCleansing),
            details: json!({"type": "row"}),
        };
        let failed = uow.discovery().set_status(flow, &failure).await.unwrap();
        assert_eq!(failed.error_phase.as_deref(), Some("data_cleansing"));
        assert_eq!(failed.error_details, Some(json!({"type": "row"})));
        assert!(failed.completed_at.is_some());
        assert!(failed.flow_state.get("waiting_for").is_none());

        let again = uow.discovery().set_status(flow, &FlowChange::Running).await.unwrap();
        assert_eq!((again.error_message, again.error_phase, again.error_details), (None, None, None));
        assert_eq!(again.completed_at, None);
        assert_eq!(again.started_at, running.started_at);
    }

    async fn flows_are_found_by_state_and_phase_and_described_in_the_version_that_was_seen(
        database: TestDatabase
    ) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let idle = discovery_flow(&uow).await.flow_id;
        let busy = discovery_flow(&uow).await.flow_id;
        uow.discovery().update_phase_completion(busy, Phase::DataValidation, Value::Null).await.unwrap();
        uow.discovery().set_status(busy, &FlowChange::Paused { reason: None }).await.unwrap();
        let paused = DiscoveryFilter { statuses: vec![FlowStatus::Paused], ..DiscoveryFilter::default() };
        let page = uow.discovery().list(&paused, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items.iter().map(|row| row.flow_id).collect::<Vec<_>>(), [busy]);
        let first = DiscoveryFilter { current_phase: Some(Phase::DataValidation), ..DiscoveryFilter::default() };
        let page = uow.discovery().list(&first, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items.iter().map(|row| row.flow_id).collect::<Vec<_>>(), [idle]);
        assert_eq!(uow.discovery().count(&DiscoveryFilter::default()).await.unwrap(), 2);

        let named = uow.discovery().describe(idle, 1, Some("Named".to_owned()), None).await.unwrap();
        assert_eq!((named.flow_name.as_str(), named.version), ("Named", 2));
        let error = uow.discovery().describe(idle, 1, None, None).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { actual: 2, .. }), "{error}");
    }
}
