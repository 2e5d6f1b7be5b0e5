use crate::world::{AssetMaker, World, import, open};
use landfall_domain::PageRequest;
use landfall_repositories::{
    AssetFilter, AssetPatch, AssetSort, ImportFilter, Store, StoreError, StoreOptions, TenantTable,
    tenant_tables,
};
use landfall_testkit::{Backend, Role, TestDatabase, both_backends};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

both_backends! {
    async fn a_row_of_another_client_account_is_not_found_whatever_is_done_to_it(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let import = import(&uow, "ours.csv").await;
        let asset = AssetMaker::new(&uow).await.named(&uow, "ours").await;
        uow.commit().await.unwrap();

        let foreign = world.store.begin(&world.theirs).await.unwrap();
        let not_found = |error: StoreError| assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
        not_found(foreign.imports().get(import.id).await.unwrap_err());
        not_found(foreign.imports().complete(import.id, json!({})).await.unwrap_err());
        not_found(foreign.imports().delete(import.id).await.unwrap_err());
        not_found(foreign.assets().get(asset).await.unwrap_err());
        not_found(foreign.assets().provenance(asset).await.unwrap_err());
        not_found(foreign.assets().delete(asset).await.unwrap_err());
        not_found(foreign.assets().update(asset, 1, &AssetPatch::default()).await.unwrap_err());
        assert_eq!(foreign.imports().count(&ImportFilter::default()).await.unwrap(), 0);
        let (all, sort) = (AssetFilter::all(), AssetSort::default());
        let page = foreign.assets().list(&all, sort, &PageRequest::default()).await.unwrap();
        assert!(page.items.is_empty());
        foreign.commit().await.unwrap();

        let uow = world.begin().await;
        assert_eq!(uow.imports().get(import.id).await.unwrap(), import);
        assert_eq!(uow.assets().get(asset).await.unwrap().version, 1);
    }

    async fn a_reference_into_another_client_account_is_refused(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let flow = crate::world::master_flow(&uow).await;
        uow.commit().await.unwrap();

        let foreign = world.store.begin(&world.theirs).await.unwrap();
        let import = import(&foreign, "theirs.csv").await;
        let error = foreign.imports().link_flow(import.id, flow).await.unwrap_err();
        assert!(matches!(error, StoreError::MissingReference { .. }), "{error}");
    }

    async fn a_unit_of_work_that_is_dropped_leaves_nothing_behind(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        import(&uow, "gone.csv").await;
        drop(uow);
        assert_eq!(world.begin().await.imports().count(&ImportFilter::default()).await.unwrap(), 0);
    }

    async fn the_security_of_a_migrated_database_passes(database: TestDatabase) {
        let world = World::new(database).await;
        world.store.check_security().await.unwrap();
    }
}

fn options(database: &TestDatabase, role: Role) -> StoreOptions {
    let clock = std::sync::Arc::new(landfall_domain::SystemClock);
    StoreOptions {
        url: database.url_as(role),
        system_url: None,
        max_connections: 2,
        clock,
    }
}

#[tokio::test]
async fn raw_sql_sees_no_row_without_a_scope_and_only_its_own_with_one() {
    let world = World::new(TestDatabase::new(Backend::Postgres).await).await;
    for scope in [&world.ours, &world.theirs] {
        let uow = world.store.begin(scope).await.unwrap();
        import(&uow, "x.csv").await;
        uow.commit().await.unwrap();
    }
    let connection = world.database.connect_as(Role::App).await;
    let count = async |sql: &str| -> i64 {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        connection
            .query_one_raw(statement)
            .await
            .unwrap()
            .unwrap()
            .try_get_by_index(0)
            .unwrap()
    };
    for table in ["data_imports", "engagements", "client_accounts"] {
        assert_eq!(
            count(&format!("SELECT count(*) FROM landfall.{table}")).await,
            0,
            "{table}"
        );
    }
}

#[tokio::test]
async fn a_superusers_url_serves_under_row_level_security_all_the_same_and_says_so() {
    let world = World::new(TestDatabase::new(Backend::Postgres).await).await;
    let store = Store::connect(&options(&world.database, Role::Superuser))
        .await
        .unwrap();
    assert!(
        store.notices().iter().any(|notice| notice.contains("one URL")),
        "{:?}",
        store.notices()
    );
    store.check_security().await.unwrap();

    let uow = world.begin().await;
    let import = import(&uow, "ours.csv").await;
    uow.commit().await.unwrap();
    let foreign = store.begin(&world.theirs).await.unwrap();
    assert!(matches!(
        foreign.imports().get(import.id).await,
        Err(StoreError::NotFound { .. })
    ));
    // A superuser may also take the role for work across tenants.
    let system = store.begin_system("test").await.unwrap();
    assert_eq!(system.tenants().client_accounts().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_serving_role_alone_cannot_work_across_tenants() {
    let database = TestDatabase::new(Backend::Postgres).await;
    let store = Store::connect(&options(&database, Role::App)).await.unwrap();
    assert!(store.notices().is_empty());
    let error = store.begin_system("test").await.unwrap_err();
    assert!(matches!(error, StoreError::Unfit(_)), "{error}");
    assert!(error.to_string().contains("landfall_system"), "{error}");
}

#[tokio::test]
async fn a_table_without_forced_row_level_security_is_refused_by_name() {
    let world = World::new(TestDatabase::new(Backend::Postgres).await).await;
    let owner = world.database.connect_as(Role::Superuser).await;
    owner
        .execute_unprepared("ALTER TABLE landfall.assets NO FORCE ROW LEVEL SECURITY")
        .await
        .unwrap();
    let error = world.store.check_security().await.unwrap_err().to_string();
    assert!(
        error.contains("assets") && !error.contains("data_imports"),
        "{error}"
    );
}

#[tokio::test]
async fn a_url_of_another_database_is_refused_with_what_is_known() {
    let database = TestDatabase::new(Backend::Sqlite).await;
    let mut options = options(&database, Role::App);
    options.url = "mysql://localhost/landfall".to_owned();
    let error = Store::connect(&options).await.unwrap_err().to_string();
    assert!(error.contains("'mysql'") && error.contains("sqlite:"), "{error}");
}

#[tokio::test]
async fn readers_on_sqlite_do_not_wait_for_a_writer_and_writers_wait_for_each_other() {
    let database = TestDatabase::new(Backend::Sqlite).await;
    let world = World::new(database).await;
    let writer = world.begin().await;
    import(&writer, "slow.csv").await;
    let reader = world.store.begin_read(&world.ours).await.unwrap();
    assert_eq!(reader.imports().count(&ImportFilter::default()).await.unwrap(), 0);
    drop(reader);

    let store = open(&world.database, &world.clock).await;
    let scope = world.ours.clone();
    let second = tokio::spawn(async move {
        let uow = store.begin(&scope).await.unwrap();
        import(&uow, "second.csv").await;
        uow.commit().await.unwrap();
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    writer.commit().await.unwrap();
    second.await.unwrap();
    assert_eq!(
        world
            .begin()
            .await
            .imports()
            .count(&ImportFilter::default())
            .await
            .unwrap(),
        2
    );
}

#[test]
fn the_tables_of_tenants_are_those_of_the_schema_in_an_order_in_which_they_can_be_emptied() {
    let mut expected: Vec<TenantTable> = migration::expected_tables()
        .into_iter()
        .filter_map(|table| {
            let engagement = table.columns.iter().any(|column| column.name == "engagement_id");
            let engagement_column = match table.name {
                "engagements" => Some("id"),
                _ => engagement.then_some("engagement_id"),
            };
            Some(TenantTable {
                name: table.name,
                tenant_column: table.tenant_column()?,
                engagement_column,
            })
        })
        .collect();
    let listed = tenant_tables();
    for table in migration::expected_tables() {
        let Some(own) = listed.iter().position(|listed| listed.name == table.name) else {
            continue;
        };
        for key in table.foreign_keys.iter().filter(|key| key.table != table.name) {
            if let Some(other) = listed.iter().position(|listed| listed.name == key.table) {
                assert!(own < other, "{} must come before {}", table.name, key.table);
            }
        }
    }
    let mut listed = listed;
    listed.sort_by_key(|table| table.name);
    expected.sort_by_key(|table| table.name);
    assert_eq!(listed, expected);
}
