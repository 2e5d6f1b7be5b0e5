use crate::world::{World, open};
use chrono::TimeDelta;
use landfall_domain::{JobState, PageRequest};
use landfall_repositories::{JobFilter, NewJob, StoreError};
use landfall_testkit::{Backend, TestDatabase, both_backends};
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;

const LEASE: TimeDelta = TimeDelta::seconds(30);

async fn enqueue(world: &World, new: NewJob) -> uuid::Uuid {
    let uow = world.begin().await;
    let job = uow.jobs().enqueue(new).await.unwrap();
    uow.commit().await.unwrap();
    job.id
}

fn job() -> NewJob {
    NewJob::new("import", json!({"n": 1}))
}

both_backends! {
    async fn each_job_goes_to_one_of_eight_workers_that_claim_at_the_same_time(database: TestDatabase) {
        let world = World::new(database).await;
        let mut enqueued = HashSet::new();
        let uow = world.begin().await;
        for _ in 0..60 {
            enqueued.insert(uow.jobs().enqueue(job()).await.unwrap().id);
        }
        uow.commit().await.unwrap();
        let workers: Vec<_> = (0..8)
            .map(|number| {
                let queue = world.store.job_queue();
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    loop {
                        let claimed = queue.claim(&format!("w{number}"), &[], 3, LEASE).await.unwrap();
                        if claimed.is_empty() {
                            return mine;
                        }
                        assert!(claimed.len() <= 3);
                        for job in claimed {
                            queue.complete(&job).await.unwrap();
                            mine.push(job.id);
                        }
                    }
                })
            })
            .collect();
        let mut done = Vec::new();
        for worker in workers {
            done.extend(worker.await.unwrap());
        }
        assert_eq!(done.len(), 60);
        assert_eq!(done.into_iter().collect::<HashSet<_>>(), enqueued);
    }

    async fn a_job_is_seen_only_when_its_unit_of_work_is_committed(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        uow.jobs().enqueue(job()).await.unwrap();
        drop(uow);
        assert!(world.store.job_queue().claim("w", &[], 9, LEASE).await.unwrap().is_empty());
    }

    async fn jobs_are_claimed_by_kind_when_they_are_due_oldest_first(database: TestDatabase) {
        let world = World::new(database).await;
        let later = NewJob { run_at: Some(world.store.clock().now() + TimeDelta::hours(1)), ..job() };
        let later = enqueue(&world, later).await;
        let first = enqueue(&world, job()).await;
        world.clock.advance(TimeDelta::seconds(1));
        let second = enqueue(&world, job()).await;
        let queue = world.store.job_queue();
        assert!(queue.claim("w", &["waves"], 9, LEASE).await.unwrap().is_empty());
        let claimed = queue.claim("w", &["import", "waves"], 9, LEASE).await.unwrap();
        assert_eq!(claimed.iter().map(|job| job.id).collect::<Vec<_>>(), [first, second]);
        assert_eq!((claimed[0].state, claimed[0].attempts), (JobState::Running, 1));
        world.clock.advance(TimeDelta::hours(1));
        let claimed = queue.claim("w", &[], 9, LEASE).await.unwrap();
        assert_eq!(claimed.iter().map(|job| job.id).collect::<Vec<_>>(), [later]);
    }

    async fn a_failed_attempt_is_repeated_later_and_later_until_the_job_has_failed(database: TestDatabase) {
        let world = World::new(database).await;
        let id = enqueue(&world, NewJob { max_attempts: 3, ..job() }).await;
        let queue = world.store.job_queue();
        for (attempt, wait) in [(1, 5), (2, 10)] {
            let claimed = queue.claim("w", &[], 1, LEASE).await.unwrap();
            let failed = queue.fail(&claimed[0], "the disk is full", true).await.unwrap();
            assert_eq!((failed.state, failed.attempts), (JobState::Queued, attempt));
            world.clock.advance(TimeDelta::seconds(wait - 1));
            assert!(queue.claim("w", &[], 1, LEASE).await.unwrap().is_empty());
            world.clock.advance(TimeDelta::seconds(1));
        }
        let claimed = queue.claim("w", &[], 1, LEASE).await.unwrap();
        let failed = queue.fail(&claimed[0], "the disk is full", true).await.unwrap();
        assert_eq!((failed.id, failed.state), (id, JobState::Failed));
        assert_eq!(failed.last_error.as_deref(), Some("the disk is full"));
        assert!(failed.completed_at.is_some());
    }

    async fn an_error_that_cannot_pass_fails_the_job_at_once(database: TestDatabase) {
        let world = World::new(database).await;
        enqueue(&world, job()).await;
        let queue = world.store.job_queue();
        let claimed = queue.claim("w", &[], 1, LEASE).await.unwrap();
        assert_eq!(queue.fail(&claimed[0], "no such import", false).await.unwrap().state, JobState::Failed);
    }

    async fn a_job_that_made_progress_in_its_last_attempt_is_tried_again(database: TestDatabase) {
        let world = World::new(database).await;
        enqueue(&world, NewJob { max_attempts: 1, ..job() }).await;
        let queue = world.store.job_queue();
        let claimed = queue.claim("w", &[], 1, LEASE).await.unwrap().remove(0);
        let mut bulk = world.store.begin_bulk(world.ours.clone()).await.unwrap();
        let now = world.store.clock().now();
        bulk.save_cursor(&claimed, json!({"after": 7}), now, now + LEASE).await.unwrap();
        bulk.commit().await.unwrap();
        let failed = queue.fail(&claimed, "the disk is full", true).await.unwrap();
        assert_eq!((failed.state, failed.cursor), (JobState::Queued, Some(json!({"after": 7}))));
    }

    async fn a_job_whose_worker_vanished_goes_to_another_and_the_first_may_not_finish_it(database: TestDatabase) {
        let world = World::new(database).await;
        let id = enqueue(&world, NewJob { max_attempts: 2, ..job() }).await;
        let queue = world.store.job_queue();
        let first = queue.claim("w", &[], 1, LEASE).await.unwrap().remove(0);
        world.clock.advance(LEASE - TimeDelta::seconds(1));
        queue.heartbeat(&first, LEASE).await.unwrap();
        world.clock.advance(LEASE - TimeDelta::seconds(1));
        assert_eq!(queue.requeue_expired().await.unwrap(), 0);
        world.clock.advance(TimeDelta::seconds(2));
        assert_eq!(queue.requeue_expired().await.unwrap(), 1);
        // Even a worker of the same name is another attempt.
        let second = queue.claim("w", &[], 1, LEASE).await.unwrap().remove(0);
        assert_eq!((second.id, second.attempts), (id, 2));
        for lost in [queue.complete(&first).await, queue.heartbeat(&first, LEASE).await] {
            assert!(matches!(lost, Err(StoreError::LeaseLost { .. })));
        }
        let uow = world.begin().await;
        assert!(matches!(uow.jobs().complete(&first).await, Err(StoreError::LeaseLost { .. })));
        uow.jobs().save_cursor(&second, json!({"after": 7})).await.unwrap();
        uow.commit().await.unwrap();
        // The last attempt vanished too.
        world.clock.advance(LEASE + TimeDelta::seconds(1));
        assert_eq!(queue.requeue_expired().await.unwrap(), 1);
        let job = queue.get(id).await.unwrap();
        assert_eq!((job.state, job.cursor), (JobState::Failed, Some(json!({"after": 7}))));
    }

    async fn a_key_keeps_a_second_job_away_while_the_first_is_not_done(database: TestDatabase) {
        let world = World::new(database).await;
        let first = enqueue(&world, job().once("flow 1")).await;
        assert_eq!(enqueue(&world, job().once("flow 1")).await, first);
        assert_ne!(enqueue(&world, job().once("flow 2")).await, first);
        let queue = world.store.job_queue();
        let claimed = queue.claim("w", &[], 1, LEASE).await.unwrap().remove(0);
        assert_eq!(claimed.id, first);
        assert_eq!(enqueue(&world, job().once("flow 1")).await, first);
        queue.complete(&claimed).await.unwrap();
        let again = enqueue(&world, job().once("flow 1")).await;
        assert_ne!(again, first);
        let uow = world.begin().await;
        assert_eq!(uow.jobs().latest("flow 1").await.unwrap().unwrap().id, again);
    }

    async fn a_cancelled_job_is_lost_to_its_worker_and_a_released_one_costs_no_attempt(database: TestDatabase) {
        let world = World::new(database).await;
        let id = enqueue(&world, job()).await;
        let queue = world.store.job_queue();
        let claimed = queue.claim("w", &[], 1, LEASE).await.unwrap().remove(0);
        queue.release(&claimed).await.unwrap();
        let claimed = queue.claim("w", &[], 1, LEASE).await.unwrap().remove(0);
        assert_eq!(claimed.attempts, 1);
        let foreign = world.store.begin(&world.theirs).await.unwrap();
        assert!(matches!(foreign.jobs().cancel(id).await, Err(StoreError::NotFound { .. })));
        drop(foreign);
        let uow = world.begin().await;
        assert_eq!(uow.jobs().cancel(id).await.unwrap().state, JobState::Cancelled);
        assert!(matches!(uow.jobs().cancel(id).await, Err(StoreError::Invalid { .. })));
        uow.commit().await.unwrap();
        assert!(matches!(queue.complete(&claimed).await, Err(StoreError::LeaseLost { .. })));
        let uow = world.begin().await;
        let filter = JobFilter { states: vec![JobState::Cancelled], kind: Some("import".to_owned()) };
        assert_eq!(uow.jobs().list(&filter, &PageRequest::default()).await.unwrap().items.len(), 1);
        drop(uow);
        world.clock.advance(TimeDelta::days(30));
        assert_eq!(queue.forget_ended(world.store.clock().now()).await.unwrap(), 1);
    }

    async fn a_worker_that_waits_is_woken_by_a_job_of_its_own_process(database: TestDatabase) {
        let world = World::new(database).await;
        let queue = world.store.job_queue();
        let waiting = tokio::spawn({
            let queue = queue.clone();
            async move { queue.wait(Duration::from_mins(1)).await }
        });
        enqueue(&world, job()).await;
        tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap();
        assert_eq!(queue.claim("w", &[], 1, LEASE).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_worker_that_waits_is_woken_by_a_job_of_another_process_on_postgresql() {
    let world = World::new(TestDatabase::new(Backend::Postgres).await).await;
    // A store of its own shares no signal with ours, as another process does not.
    let elsewhere = open(&world.database, &world.clock).await.job_queue();
    let _listener = elsewhere
        .listen()
        .await
        .unwrap()
        .expect("PostgreSQL tells of jobs");
    let waiting = tokio::spawn(async move { elsewhere.wait(Duration::from_mins(1)).await });
    enqueue(&world, job()).await;
    tokio::time::timeout(Duration::from_secs(10), waiting)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn there_is_nothing_to_listen_to_on_sqlite() {
    let world = World::new(TestDatabase::new(Backend::Sqlite).await).await;
    assert!(world.store.job_queue().listen().await.unwrap().is_none());
}
