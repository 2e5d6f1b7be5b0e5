use crate::world::World;
use landfall_repositories::{CompatUse, UseKind};
use landfall_testkit::both_backends;

fn used(name: &str, actor: &str, uses: i64) -> CompatUse {
    CompatUse {
        kind: UseKind::Field,
        resource: "data_imports".to_owned(),
        name: name.to_owned(),
        actor_name: actor.to_owned(),
        uses,
    }
}

both_backends! {
    async fn uses_of_an_old_name_add_up_by_caller(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        uow.compat_usage().add(vec![used("file_type", "ann", 2), used("file_type", "bob", 1)]).await.unwrap();
        uow.compat_usage().add(vec![used("file_type", "ann", 3)]).await.unwrap();
        let listed = uow.compat_usage().list().await.unwrap();
        let listed: Vec<_> = listed.iter().map(|row| (row.actor_name.as_str(), row.uses)).collect();
        assert_eq!(listed, [("ann", 5), ("bob", 1)]);
    }
}
