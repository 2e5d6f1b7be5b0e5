//! Waiting, deciding, pausing, resuming, and phases done outside.

use crate::world::World;
use landfall_domain::{FlowStatus, ImportStatus, Phase};
use landfall_services::imports::ImportOptions;
use landfall_testkit::both_backends;
use serde_json::json;

const VAGUE: &str = "hostname,Standortcode,Notiz\nweb01,DC 1,erster\nweb02,DC 2,zweiter\n";

async fn status(world: &World, flow: landfall_domain::DiscoveryFlowId) -> (FlowStatus, Option<String>, f64) {
    let uow = world.services.store().begin_read(&world.scope).await.unwrap();
    let flow = uow.discovery().get(flow).await.unwrap();
    (flow.status, flow.current_phase, flow.progress_percentage)
}

both_backends! {
    async fn a_flow_in_review_waits_for_mappings_and_goes_on_when_resumed(database: TestDatabase) {
        let world = World::new(database).await;
        let options = ImportOptions { review: true, ..ImportOptions::default() };
        let receipt = world.upload("vague.csv", VAGUE, options).await;
        world.work().await;
        let uow = world.services.store().begin_read(&world.scope).await.unwrap();
        let mappings = uow.mappings().list(receipt.import_id).await.unwrap();
        drop(uow);
        let undecided = mappings
            .iter()
            .any(|m| m.status == landfall_domain::MappingStatus::Suggested && m.target_field.is_some());
        let (state, phase, _) = status(&world, receipt.discovery_flow_id).await;
        if undecided {
            assert_eq!((state, phase.as_deref()), (FlowStatus::Waiting, Some("field_mapping")));
            assert!(world.assets().await.is_empty());
            world.services.resume(&world.scope, receipt.master_flow_id).await.unwrap();
            world.work().await;
        }
        let (state, _, progress) = status(&world, receipt.discovery_flow_id).await;
        assert_eq!((state, progress), (FlowStatus::Completed, 100.0));
        assert_eq!(world.assets().await.len(), 2);
    }

    async fn a_paused_flow_stands_still_and_resumes_to_the_same_inventory(database: TestDatabase) {
        let world = World::new(database).await;
        let receipt = world.upload("vague.csv", VAGUE, ImportOptions::default()).await;
        world.services.pause(&world.scope, receipt.master_flow_id, None).await.unwrap();
        world.work().await;
        assert_eq!(status(&world, receipt.discovery_flow_id).await.0, FlowStatus::Paused);
        assert!(world.assets().await.is_empty());
        world.services.resume(&world.scope, receipt.master_flow_id).await.unwrap();
        world.work().await;
        assert_eq!(status(&world, receipt.discovery_flow_id).await.0, FlowStatus::Completed);
        assert_eq!(world.assets().await.len(), 2);
    }

    async fn a_cancelled_flow_does_nothing_more(database: TestDatabase) {
        let world = World::new(database).await;
        let receipt = world.upload("vague.csv", VAGUE, ImportOptions::default()).await;
        world.services.cancel(&world.scope, receipt.master_flow_id, Some("wrong file".to_owned())).await.unwrap();
        world.work().await;
        assert_eq!(world.import_row(receipt.import_id).await.status, ImportStatus::Cancelled);
        assert!(world.assets().await.is_empty());
        assert!(world.services.resume(&world.scope, receipt.master_flow_id).await.is_err());
    }

    async fn a_phase_can_be_done_outside_and_handed_in(database: TestDatabase) {
        let world = World::new(database).await;
        let options =
            ImportOptions { outside_phases: [Phase::DataCleansing].into_iter().collect(), ..ImportOptions::default() };
        let receipt = world.upload("vague.csv", VAGUE, options).await;
        world.work().await;
        let (state, phase, _) = status(&world, receipt.discovery_flow_id).await;
        assert_eq!((state, phase.as_deref()), (FlowStatus::Waiting, Some("data_cleansing")));

        let hand_in = |output| {
            world.services.hand_in(&world.scope, receipt.master_flow_id, Phase::DataCleansing, output)
        };
        let refused = hand_in(json!({"records": [{"record_index": 0}]})).await.unwrap_err();
        assert!(refused.to_string().contains("records[0]"), "{refused}");
        hand_in(json!({"records": [
            {"record_index": 0, "cleansed_data": {"hostname": "web01", "name": "web01", "memory_gb": 8.0}},
            {"record_index": 1, "cleansed_data": {"hostname": "web02", "name": "web02", "memory_gb": 9.0}},
        ]}))
        .await
        .unwrap();
        world.work().await;
        assert_eq!(status(&world, receipt.discovery_flow_id).await.0, FlowStatus::Completed);
        assert_eq!(world.asset("web02").await.memory_gb, Some(9.0));
    }
}
