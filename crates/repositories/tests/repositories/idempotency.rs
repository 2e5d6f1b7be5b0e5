//! Keys of requests that must not be done twice.

use crate::world::World;
use chrono::TimeDelta;
use landfall_repositories::{KeptAnswer, KeyState};
use landfall_testkit::both_backends;
use serde_json::json;
use uuid::Uuid;

fn answer() -> KeptAnswer {
    KeptAnswer {
        request_hash: "abc".to_owned(),
        status: 201,
        headers: json!({ "location": "/x" }),
        body: Some("{}".to_owned()),
    }
}

both_backends! {
    async fn a_key_is_held_by_one_and_gives_its_answer_to_the_others_until_it_expires(database: TestDatabase) {
        let world = World::new(database).await;
        let id = Uuid::from_u128(7);
        let now = world.begin().await.now();
        let (lock, end) = (now + TimeDelta::minutes(5), now + TimeDelta::hours(24));
        let claim = async || {
            let uow = world.begin().await;
            let state = uow.idempotency().claim(id, lock, end).await.unwrap();
            uow.commit().await.unwrap();
            state
        };
        assert_eq!(claim().await, KeyState::Held);
        assert_eq!(claim().await, KeyState::Busy);
        let theirs = world.store.begin(&world.theirs).await.unwrap();
        assert_eq!(theirs.idempotency().claim(id, lock, end).await.unwrap(), KeyState::Held, "of another tenant");
        theirs.commit().await.unwrap();

        let uow = world.begin().await;
        uow.idempotency().keep(id, answer()).await.unwrap();
        uow.idempotency().release(id).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(claim().await, KeyState::Done(answer()), "an answer is not given back");
        assert_eq!(world.begin().await.idempotency().look(id).await.unwrap(), Some(KeyState::Done(answer())));
        world.clock.advance(TimeDelta::hours(25));
        assert_eq!(claim().await, KeyState::Held);
    }

    async fn a_key_whose_holder_gave_it_back_or_vanished_is_free_again(database: TestDatabase) {
        let world = World::new(database).await;
        let id = Uuid::from_u128(8);
        let claim = async || {
            let uow = world.begin().await;
            let (lock, end) = (uow.now() + TimeDelta::minutes(5), uow.now() + TimeDelta::hours(24));
            let state = uow.idempotency().claim(id, lock, end).await.unwrap();
            uow.commit().await.unwrap();
            state
        };
        assert_eq!(claim().await, KeyState::Held);
        let uow = world.begin().await;
        uow.idempotency().release(id).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(claim().await, KeyState::Held);
        world.clock.advance(TimeDelta::minutes(6));
        assert_eq!(claim().await, KeyState::Held);
    }
}
