use crate::world::World;
use landfall_domain::{Actor, PageRequest, UserId};
use landfall_repositories::{Change, ChangeFilter};
use landfall_testkit::both_backends;
use serde_json::json;

both_backends! {
    async fn a_change_names_who_made_it_in_which_request(database: TestDatabase) {
        let world = World::new(database).await;
        let user = UserId::new();
        let mut scope = world.ours.clone();
        scope.actor =
            Actor { user_id: Some(user), name: "ann@example.org".to_owned(), request_id: Some("req_1".to_owned()) };
        let uow = world.store.begin(&scope).await.unwrap();
        for number in 0..3 {
            let change = Change {
                entity_type: "wave",
                entity_id: number.to_string(),
                action: "locked",
                before: None,
                after: Some(json!({ "n": number })),
            };
            uow.change_log().record(change).await.unwrap();
            world.clock.advance(chrono::TimeDelta::seconds(1));
        }
        let page = uow.change_log().page(&ChangeFilter::default(), &PageRequest::first(2)).await.unwrap();
        assert_eq!(page.items.iter().map(|row| row.entity_id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
        let rest = PageRequest { limit: 2, after: page.next };
        let rest = uow.change_log().page(&ChangeFilter::default(), &rest).await.unwrap();
        let first = &rest.items[0];
        assert_eq!((first.actor_user_id, first.request_id.as_deref()), (Some(user), Some("req_1")));
        assert_eq!(uow.change_log().page(&ChangeFilter::of("wave", &1), &PageRequest::default()).await.unwrap().items.len(), 1);
    }
}
