use crate::world::{AssetMaker, World, discovery_flow, master_flow};
use chrono::TimeDelta;
use landfall_domain::{FlowStatus, FlowType, PageRequest};
use landfall_repositories::{MasterFlowFilter, NewImport, NewMasterFlow, StoreError};
use landfall_testkit::both_backends;
use serde_json::json;

both_backends! {
    async fn transitions_are_appended_with_their_durations_and_running_time_is_added_up(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let id = master_flow(&uow).await;
        let steps = [
            ("data_validation", FlowStatus::Running, 0),
            ("data_validation", FlowStatus::Waiting, 1_500),
            ("data_validation", FlowStatus::Running, 60_000),
            ("data_validation", FlowStatus::Completed, 500),
            ("field_mapping", FlowStatus::Running, 10),
        ];
        for (phase, status, wait) in steps {
            world.clock.advance(TimeDelta::milliseconds(wait));
            uow.flows().transition(id, phase, status, json!({"n": wait})).await.unwrap();
        }
        let flow = uow.flows().get(id).await.unwrap();
        let transitions = flow.phase_transitions.as_array().unwrap();
        assert_eq!(transitions.len(), 5);
        assert_eq!(transitions[1]["duration_ms"], 1_500);
        assert_eq!(transitions[4]["duration_ms"], json!(null));
        assert_eq!(transitions[3]["metadata"], json!({"n": 500}));
        assert_eq!(flow.phase_execution_times, json!({"data_validation": 2_000}));
        assert_eq!((flow.current_phase.as_deref(), flow.flow_status), (Some("field_mapping"), FlowStatus::Running));
        assert_eq!(flow.version, 6);
    }

    async fn the_newest_hundred_errors_are_kept_and_all_are_counted(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let id = master_flow(&uow).await;
        for number in 0..105 {
            uow.flows().record_error(id, "data_validation", "no", json!({"n": number})).await.unwrap();
        }
        let flow = uow.flows().get(id).await.unwrap();
        let errors = flow.error_history.as_array().unwrap();
        assert_eq!((errors.len(), flow.retry_count), (100, 105));
        assert_eq!(errors[0]["details"]["n"], 5);
        assert_eq!(flow.flow_status, FlowStatus::Pending);
    }

    async fn what_hangs_on_a_flow_is_counted_by_kind(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let id = discovery_flow(&uow).await.master_flow_id;
        AssetMaker::new(&uow).await.named(&uow, "elsewhere").await;
        let import = NewImport { filename: "a.csv".to_owned(), master_flow_id: Some(id), ..NewImport::default() };
        uow.imports().create(import).await.unwrap();
        let child = NewMasterFlow {
            flow_type: FlowType::Assessment,
            flow_name: None,
            parent_flow_id: Some(id),
            configuration: json!({}),
        };
        uow.flows().create(child).await.unwrap();
        let children = uow.flows().children(id).await.unwrap();
        assert_eq!((children.flows, children.data_imports, children.discovery_flows), (1, 1, 1));
        assert_eq!((children.assets, children.wave_plans), (0, 0));

        let filter = MasterFlowFilter { parent_flow_id: Some(id), ..MasterFlowFilter::default() };
        let page = uow.flows().list(&filter, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items.len(), 1);
        let filter = MasterFlowFilter { flow_type: Some(FlowType::Discovery), ..MasterFlowFilter::default() };
        assert_eq!(uow.flows().list(&filter, &PageRequest::default()).await.unwrap().items.len(), 2);
    }

    async fn an_unknown_flow_and_an_unknown_parent_are_told_apart(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let unknown = landfall_domain::MasterFlowId::new();
        let error = uow.flows().set_status(unknown, FlowStatus::Running).await.unwrap_err();
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
        let orphan = NewMasterFlow {
            flow_type: FlowType::Discovery,
            flow_name: None,
            parent_flow_id: Some(unknown),
            configuration: json!({}),
        };
        let error = uow.flows().create(orphan).await.unwrap_err();
        assert!(matches!(error, StoreError::MissingReference { .. }), "{error}");
    }
}
