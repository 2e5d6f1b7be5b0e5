use crate::world::{AssetMaker, World, import};
use landfall_repositories::{ImportFilter, NewClientAccount, NewEngagement, NewJob, StoreError};
use landfall_testkit::both_backends;
use serde_json::json;

both_backends! {
    async fn client_accounts_and_engagements_are_found_by_id_or_exact_name(database: TestDatabase) {
        let world = World::new(database).await;
        let system = world.store.begin_system("test").await.unwrap();
        let by_name = system.tenants().find_client_account("Ours").await.unwrap().unwrap();
        let by_id = system.tenants().find_client_account(&by_name.id.to_string()).await.unwrap().unwrap();
        assert_eq!(by_name, by_id);
        assert_eq!(system.tenants().find_client_account("ours").await.unwrap(), None);
        let engagement = system.tenants().find_engagement(by_id.id, "Move").await.unwrap().unwrap();
        assert_eq!(engagement.id, world.ours.engagement_id);
        let theirs = world.theirs.engagement_id.to_string();
        assert_eq!(system.tenants().find_engagement(by_id.id, &theirs).await.unwrap(), None);
        assert_eq!(system.tenants().client_accounts().await.unwrap().len(), 2);
        assert_eq!(system.tenants().engagements(by_id.id).await.unwrap(), [engagement]);
    }

    async fn a_second_client_account_of_the_same_name_and_an_empty_name_are_refused(database: TestDatabase) {
        let world = World::new(database).await;
        let named = |name: &str| NewClientAccount { name: name.to_owned(), ..NewClientAccount::default() };
        for (name, expected) in [("Ours", "same key"), (" ", "needs a name")] {
            let system = world.store.begin_system("test").await.unwrap();
            let error = system.tenants().create_client_account(named(name)).await.unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let system = world.store.begin_system("test").await.unwrap();
        let euro = NewEngagement { name: "E".to_owned(), currency: Some("EURO".to_owned()), ..NewEngagement::default() };
        let error = system.tenants().create_engagement(world.ours.client_account_id, euro).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
    }

    async fn a_scope_sees_its_own_client_account_and_engagement(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        assert_eq!(uow.engagements().client_account().await.unwrap().name, "Ours");
        assert_eq!(uow.engagements().current().await.unwrap().id, world.ours.engagement_id);
        assert_eq!(uow.engagements().of_client_account().await.unwrap().len(), 1);
    }

    async fn erasing_a_client_account_removes_all_of_it_and_nothing_of_others(database: TestDatabase) {
        let world = World::new(database).await;
        for scope in [&world.ours, &world.theirs] {
            let uow = world.store.begin(scope).await.unwrap();
            import(&uow, "a.csv").await;
            AssetMaker::new(&uow).await.named(&uow, "web").await;
            uow.jobs().enqueue(NewJob::new("import", json!({}))).await.unwrap();
            uow.commit().await.unwrap();
        }
        let mut tables: Vec<(&str, u64)> = Vec::new();
        loop {
            let system = world.store.begin_system("test").await.unwrap();
            let erased = system.tenants().erase_batch(world.ours.client_account_id, 3).await.unwrap();
            system.commit().await.unwrap();
            let rows: u64 = erased.iter().map(|erased| erased.rows).sum();
            assert!(rows <= 3, "{erased:?}");
            tables.extend(erased.iter().map(|erased| (erased.table, erased.rows)));
            if rows == 0 {
                break;
            }
        }
        for table in ["assets", "data_imports", "discovery_flows", "engagements", "client_accounts", "jobs"] {
            assert!(tables.contains(&(table, 1)), "{table}: {tables:?}");
        }
        let system = world.store.begin_system("test").await.unwrap();
        let left = system.tenants().client_accounts().await.unwrap();
        assert_eq!(left.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(), ["Theirs"]);
        drop(system);
        let theirs = world.store.begin(&world.theirs).await.unwrap();
        assert_eq!(theirs.imports().count(&ImportFilter::default()).await.unwrap(), 1);
    }

    async fn erasing_an_engagement_leaves_the_client_accounts_others(database: TestDatabase) {
        let world = World::new(database).await;
        let client = world.ours.client_account_id;
        let system = world.store.begin_system("test").await.unwrap();
        let second = NewEngagement { name: "Second".to_owned(), ..NewEngagement::default() };
        let second = system.tenants().create_engagement(client, second).await.unwrap().id;
        system.commit().await.unwrap();
        let mut scope = world.ours.clone();
        scope.engagement_id = second;
        for scope in [&world.ours, &scope] {
            let uow = world.store.begin(scope).await.unwrap();
            import(&uow, "a.csv").await;
            uow.commit().await.unwrap();
        }
        let system = world.store.begin_system("test").await.unwrap();
        system.tenants().erase_engagement(client, second).await.unwrap();
        system.commit().await.unwrap();
        assert_eq!(world.begin().await.imports().count(&ImportFilter::default()).await.unwrap(), 1);
        let gone = world.store.begin(&scope).await.unwrap();
        assert_eq!(gone.imports().count(&ImportFilter::default()).await.unwrap(), 0);
        assert!(matches!(gone.engagements().current().await, Err(StoreError::NotFound { .. })));
    }
}
