//! Units of work that want the same rows at the same time.

use crate::world::{World, discovery_flow, import, master_flow};
use landfall_domain::{FlowStatus, Phase};
use landfall_repositories::{ImportFilter, StoreError, retry};
use landfall_testkit::{Backend, TestDatabase, both_backends};
use serde_json::Value;
use std::time::Duration;

both_backends! {
    async fn phases_that_are_completed_at_the_same_time_are_all_kept(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let flow = discovery_flow(&uow).await.flow_id;
        uow.commit().await.unwrap();
        let tasks: Vec<_> = Phase::ALL
            .into_iter()
            .map(|phase| {
                let (store, scope) = (world.store.clone(), world.ours.clone());
                tokio::spawn(retry(move || {
                    let (store, scope) = (store.clone(), scope.clone());
                    async move {
                        let uow = store.begin(&scope).await?;
                        uow.discovery().update_phase_completion(flow, phase, Value::Null).await?;
                        uow.commit().await
                    }
                }))
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let done = world.begin().await.discovery().get(flow).await.unwrap();
        assert_eq!(done.phases_completed.as_array().unwrap().len(), 6);
        assert!((done.progress_percentage - 100.0).abs() < f64::EPSILON);
        assert_eq!(done.version, 7);
    }
}

#[tokio::test]
async fn two_units_of_work_that_block_each_other_on_postgresql_are_told_to_try_again() {
    let world = World::new(TestDatabase::new(Backend::Postgres).await).await;
    let uow = world.begin().await;
    let (first, second) = (master_flow(&uow).await, master_flow(&uow).await);
    uow.commit().await.unwrap();
    let (one, other) = (world.begin().await, world.begin().await);
    one.flows().set_status(first, FlowStatus::Running).await.unwrap();
    other
        .flows()
        .set_status(second, FlowStatus::Running)
        .await
        .unwrap();
    let (one_flows, other_flows) = (one.flows(), other.flows());
    let outcomes = tokio::join!(one_flows.set_status(second, FlowStatus::Paused), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        other_flows.set_status(first, FlowStatus::Paused).await
    });
    let lost = [outcomes.0.err(), outcomes.1.err()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    assert!(matches!(lost.as_slice(), [StoreError::Retryable(_)]), "{lost:?}");
}

#[tokio::test]
async fn a_reader_on_sqlite_that_writes_after_all_is_told_to_try_again() {
    let world = World::new(TestDatabase::new(Backend::Sqlite).await).await;
    let reader = world.store.begin_read(&world.ours).await.unwrap();
    reader.imports().count(&ImportFilter::default()).await.unwrap();
    let writer = world.begin().await;
    import(&writer, "first.csv").await;
    writer.commit().await.unwrap();
    let late = landfall_repositories::NewImport {
        filename: "late.csv".to_owned(),
        ..Default::default()
    };
    let error = reader.imports().create(late).await.unwrap_err();
    assert!(matches!(error, StoreError::Retryable(_)), "{error}");
}
