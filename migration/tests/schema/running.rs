//! Migrations run forwards and backwards, one runner at a time, on nobody else's database.

use crate::rows::{number, run, texts};
use landfall_testkit::{Backend, Role, TestDatabase};
use migration::run::{self as migrate, MigrateError};
use migration::validate::validate;
use sea_orm_migration::sea_orm::DatabaseConnection;

const FIRST: &str = "m20261123_000001_consolidated_schema";

/// An empty database of the same kind, and a superuser's connection to it.
async fn empty(like: &TestDatabase) -> (TestDatabase, DatabaseConnection) {
    let database = TestDatabase::empty(like.backend()).await;
    let connection = database.connect_as(Role::Superuser).await;
    (database, connection)
}

/// Everything that migrations can leave: tables, indexes, types, functions.
async fn objects(backend: Backend, connection: &DatabaseConnection) -> Vec<String> {
    let sql = match backend {
        Backend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_autoindex_seaql%' AND name <> 'seaql_migrations'"
        }
        Backend::Postgres => {
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'landfall'::regnamespace AND relname NOT LIKE 'seaql%' \
             UNION ALL SELECT typname::text FROM pg_type WHERE typnamespace = 'landfall'::regnamespace AND typname NOT LIKE '%seaql%' \
             UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'landfall'::regnamespace"
        }
    };
    texts(connection, sql).await
}

landfall_testkit::both_backends! {
    async fn up_then_down_leaves_nothing_and_up_works_again(like: TestDatabase) {
        let (database, connection) = empty(&like).await;
        let url = database.url_as(Role::Superuser);
        assert_eq!(migrate::up(&url).await.unwrap().applied, [FIRST]);
        assert!(objects(database.backend(), &connection).await.len() > 150);
        assert_eq!(migrate::down(&url, 1).await.unwrap().reverted, [FIRST]);
        assert_eq!(objects(database.backend(), &connection).await, Vec::<String>::new());
        assert_eq!(migrate::up(&url).await.unwrap().applied, [FIRST]);
        let report = validate(&url).await.unwrap();
        assert!(report.is_ok(), "{report}");
    }

    async fn a_second_up_finds_nothing_to_do(database: TestDatabase) {
        let changes = migrate::up(&database.url_as(Role::Superuser)).await.unwrap();
        assert_eq!(changes.to_string(), "Nothing to do.\n");
    }

    async fn four_ups_at_the_same_moment_apply_each_migration_once(like: TestDatabase) {
        let (database, connection) = empty(&like).await;
        let running: Vec<_> = (0..4)
            .map(|_| {
                let url = database.url_as(Role::Superuser);
                tokio::spawn(async move { migrate::up(&url).await })
            })
            .collect();
        let mut applied = Vec::new();
        for one in running {
            applied.extend(one.await.unwrap().unwrap().applied);
        }
        assert_eq!(applied, [FIRST]);
        assert_eq!(number(&connection, "SELECT count(*) FROM seaql_migrations").await.unwrap(), 1);
    }

    async fn a_database_of_another_application_is_refused_and_stays_as_it_is(like: TestDatabase) {
        let (database, connection) = empty(&like).await;
        if database.backend() == Backend::Postgres {
            run(&connection, "CREATE SCHEMA landfall").await.unwrap();
        }
        run(&connection, "CREATE TABLE invoices (id integer)").await.unwrap();
        let url = database.url_as(Role::Superuser);
        for outcome in [
            migrate::up(&url).await.map(drop),
            migrate::fresh(&url).await.map(drop),
            migrate::reset(&url).await.map(drop),
            migrate::status(&url).await.map(drop),
        ] {
            let error = outcome.unwrap_err();
            assert!(matches!(error, MigrateError::Unknown { .. }), "{error}");
            assert!(error.to_string().contains("invoices"), "{error}");
        }
        assert!(objects(database.backend(), &connection).await.contains(&"invoices".to_owned()));
        assert!(!validate(&url).await.unwrap().is_ok());
    }

    async fn a_database_with_another_applications_migrations_is_refused(like: TestDatabase) {
        let (database, connection) = empty(&like).await;
        if database.backend() == Backend::Postgres {
            run(&connection, "CREATE SCHEMA landfall").await.unwrap();
        }
        run(&connection, "CREATE TABLE seaql_migrations (version text PRIMARY KEY, applied_at bigint)").await.unwrap();
        run(&connection, "INSERT INTO seaql_migrations VALUES ('m20200101_000001_cake', 1)").await.unwrap();
        let error = migrate::up(&database.url_as(Role::Superuser)).await.unwrap_err();
        assert!(matches!(error, MigrateError::Unknown { .. }), "{error}");
    }

    async fn a_database_of_a_later_version_is_refused_by_name(database: TestDatabase) {
        let connection = database.connect_as(Role::Superuser).await;
        run(&connection, "INSERT INTO seaql_migrations VALUES ('m29990101_000001_later', 1)").await.unwrap();
        let url = database.url_as(Role::Superuser);
        let error = migrate::up(&url).await.unwrap_err();
        assert!(matches!(error, MigrateError::Newer { .. }), "{error}");
        assert!(error.to_string().contains("m29990101_000001_later"), "{error}");
        let report = validate(&url).await.unwrap();
        assert_eq!(report.differences.len(), 1, "{report}");
    }

    async fn fresh_repairs_a_damaged_schema_and_spares_what_is_not_ours(database: TestDatabase) {
        let connection = database.connect_as(Role::Superuser).await;
        run(&connection, "CREATE TABLE notes (id integer)").await.unwrap();
        run(&connection, "INSERT INTO notes VALUES (7)").await.unwrap();
        run(&connection, "DROP TABLE asset_disks").await.unwrap();
        let url = database.url_as(Role::Superuser);
        let changes = migrate::fresh(&url).await.unwrap();
        // The table that is gone is not dropped, the one with the applied migrations is.
        assert_eq!((changes.dropped.len(), changes.applied), (migration::expected_tables().len(), vec![FIRST.to_owned()]));
        let report = validate(&url).await.unwrap();
        assert_eq!(report.differences.iter().map(|d| d.object.as_str()).collect::<Vec<_>>(), ["table notes"]);
        assert_eq!(number(&connection, "SELECT count(*) FROM notes").await.unwrap(), 1);
    }

    async fn refresh_takes_back_and_applies_again(database: TestDatabase) {
        let changes = migrate::refresh(&database.url_as(Role::Superuser)).await.unwrap();
        assert_eq!((changes.reverted, changes.applied), (vec![FIRST.to_owned()], vec![FIRST.to_owned()]));
    }

    async fn status_changes_nothing(like: TestDatabase) {
        let (database, connection) = empty(&like).await;
        let states = migrate::status(&database.url_as(Role::Superuser)).await.unwrap();
        assert!(states.iter().all(|state| !state.applied));
        let tables = match database.backend() {
            Backend::Sqlite => "SELECT count(*) FROM sqlite_master",
            Backend::Postgres => "SELECT count(*) FROM pg_namespace WHERE nspname = 'landfall'",
        };
        assert_eq!(number(&connection, tables).await.unwrap(), 0);
        // The serving role may ask too, so that a server can refuse to start on an old schema.
        let states = migrate::status(&like.url()).await.unwrap();
        assert!(states.iter().all(|state| state.applied));
    }

    async fn a_failed_migration_leaves_nothing_behind(like: TestDatabase) {
        let (database, connection) = empty(&like).await;
        // The name of an index that the migration will want; no table, so the database is still empty to the guard.
        if database.backend() == Backend::Postgres {
            run(&connection, "CREATE SCHEMA landfall").await.unwrap();
            run(&connection, "CREATE SEQUENCE landfall.wave_plans").await.unwrap();
        } else {
            run(&connection, "CREATE VIEW wave_plans AS SELECT 1").await.unwrap();
        }
        let url = database.url_as(Role::Superuser);
        assert!(matches!(migrate::up(&url).await.unwrap_err(), MigrateError::Database(_)));
        assert_eq!(objects(database.backend(), &connection).await, ["wave_plans"]);
    }
}

#[tokio::test]
async fn a_sqlite_file_that_does_not_exist_is_not_made_by_asking() {
    let database = TestDatabase::sqlite().await;
    let url = database.url().replace("landfall.db", "other.db");
    assert!(
        migrate::status(&url)
            .await
            .unwrap()
            .iter()
            .all(|state| !state.applied)
    );
    assert!(!validate(&url).await.unwrap().is_ok());
    let path = url.trim_start_matches("sqlite://").trim_end_matches("?mode=rwc");
    assert!(!std::path::Path::new(path).exists());
}

#[tokio::test]
async fn an_address_of_no_known_database_is_refused_without_showing_its_password() {
    let error = migrate::up("mysql://ann:s3cret@db/landfall")
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("'mysql'") && !error.contains("s3cret"), "{error}");
    let error = migrate::up("postgres://ann:s3cret@127.0.0.1:1/landfall")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("postgres://ann@127.0.0.1:1/landfall") && !error.contains("s3cret"),
        "{error}"
    );
}

#[tokio::test]
async fn everything_belongs_to_the_owner_whoever_migrates() {
    let database = TestDatabase::postgres().await;
    let connection = database.connect_as(Role::Superuser).await;
    let owners = "SELECT DISTINCT pg_get_userbyid(owner)::text FROM ( \
        SELECT relowner FROM pg_class WHERE relnamespace = 'landfall'::regnamespace \
        UNION ALL SELECT typowner FROM pg_type WHERE typnamespace = 'landfall'::regnamespace \
        UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'landfall'::regnamespace \
        UNION ALL SELECT nspowner FROM pg_namespace WHERE nspname = 'landfall') o(owner)";
    assert_eq!(texts(&connection, owners).await, ["landfall_owner"]);
}

#[tokio::test]
async fn a_member_of_the_owner_migrates_without_being_superuser() {
    // A migrated database has made the roles, and given them logins.
    let _roles = TestDatabase::postgres().await;
    let database = TestDatabase::empty(Backend::Postgres).await;
    let connection = database.connect_as(Role::Superuser).await;
    run(&connection, "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO landfall_owner', current_database()); END $$")
        .await
        .unwrap();
    let url = database.url_as(Role::Owner);
    assert_eq!(migrate::up(&url).await.unwrap().applied, [FIRST]);
    let report = validate(&database.url()).await.unwrap();
    assert!(report.is_ok(), "{report}");
}

#[tokio::test]
async fn a_user_without_rights_is_told_what_the_database_refused() {
    let _roles = TestDatabase::postgres().await;
    let database = TestDatabase::empty(Backend::Postgres).await;
    let error = migrate::up(&database.url()).await.unwrap_err().to_string();
    assert!(error.contains("permission denied"), "{error}");
}
