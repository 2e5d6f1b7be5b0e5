//! Tables change while others work on them, and nobody waits for long.

use crate::rows::{self, run};
use landfall_testkit::{Backend, Role, TestDatabase};
use migration::live::{Live, Patience};
use migration::run::{self as migrate, MigrateError};
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, TransactionTrait,
};
use std::time::{Duration, Instant};

/// Shorter than the default, so that tests are.
const PATIENCE: Patience = Patience {
    lock_timeout: Duration::from_millis(50),
    attempts: 3,
    pause: Duration::from_millis(20),
};
/// What a reader or writer may take on a busy machine who waits for nobody.
const PROMPT: Duration = Duration::from_millis(1_500);

/// A database with a table of some rows, a connection for whoever works on it, and the single one of a migration.
async fn table() -> (TestDatabase, DatabaseConnection, DatabaseConnection) {
    let database = TestDatabase::empty(Backend::Postgres).await;
    let worker = connect(&database, 4).await;
    run(
        &worker,
        "CREATE TABLE racks (id bigint PRIMARY KEY, name text, site bigint); \
         CREATE TABLE sites (id bigint PRIMARY KEY); INSERT INTO sites VALUES (0), (1), (2); \
         INSERT INTO racks SELECT n, 'rack ' || n, n % 3 FROM generate_series(1, 1000) AS n",
    )
    .await
    .unwrap();
    let migrating = connect(&database, 1).await;
    (database, worker, migrating)
}

async fn number(connection: &DatabaseConnection, question: &str) -> i64 {
    rows::number(connection, question).await.unwrap()
}

async fn connect(database: &TestDatabase, connections: u32) -> DatabaseConnection {
    let mut options = ConnectOptions::new(database.url_as(Role::Superuser));
    options
        .max_connections(connections)
        .set_schema_search_path("public")
        .sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn reading_takes(worker: &DatabaseConnection) -> Duration {
    let begin = Instant::now();
    number(worker, "SELECT count(*) FROM racks").await;
    begin.elapsed()
}

#[tokio::test]
async fn a_change_waits_for_those_at_work_and_nobody_waits_long_for_it() {
    let (_database, worker, migrating) = table().await;
    let holder = worker.begin().await.unwrap();
    holder
        .execute_unprepared("SELECT count(*) FROM racks")
        .await
        .unwrap();
    let changing = tokio::spawn(async move {
        let patience = Patience {
            attempts: 1_000,
            ..PATIENCE
        };
        let live = Live::new(&migrating).with_patience(patience);
        live.change("ALTER TABLE racks ADD COLUMN height bigint").await
    });
    let mut longest = Duration::ZERO;
    for _ in 0..30 {
        longest = longest.max(reading_takes(&worker).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!changing.is_finished(), "the table is still in use");
    assert!(longest < PROMPT, "a reader waited for {longest:?}");
    holder.rollback().await.unwrap();
    changing.await.unwrap().unwrap();
    assert_eq!(
        number(&worker, "SELECT count(*) FROM racks WHERE height IS NULL").await,
        1_000
    );
}

#[tokio::test]
async fn a_change_in_vain_says_so_and_leaves_the_table_as_it_was() {
    let (_database, worker, migrating) = table().await;
    let holder = worker.begin().await.unwrap();
    holder
        .execute_unprepared("SELECT count(*) FROM racks")
        .await
        .unwrap();
    let live = Live::new(&migrating).with_patience(PATIENCE);
    let refusal = live
        .change("ALTER TABLE racks DROP COLUMN name")
        .await
        .unwrap_err();
    assert!(refusal.to_string().contains("lock timeout"), "{refusal}");
    holder.rollback().await.unwrap();
    assert_eq!(number(&worker, "SELECT count(name) FROM racks").await, 1_000);
    let other_fault = live
        .change("ALTER TABLE racks DROP COLUMN nothing")
        .await
        .unwrap_err();
    assert!(
        other_fault.to_string().contains("does not exist"),
        "{other_fault}"
    );
}

#[tokio::test]
async fn a_constraint_holds_for_new_rows_at_once_and_for_old_ones_once_they_are_mended() {
    let (_database, worker, migrating) = table().await;
    run(&worker, "UPDATE racks SET site = 99 WHERE id = 7")
        .await
        .unwrap();
    let live = Live::new(&migrating).with_patience(PATIENCE);
    let definition = "FOREIGN KEY (site) REFERENCES sites (id)";
    let broken = live
        .add_constraint("racks", "racks_site", definition)
        .await
        .unwrap_err();
    assert!(broken.to_string().contains("racks_site"), "{broken}");
    let refused = run(&worker, "INSERT INTO racks VALUES (2000, 'new', 98)")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("racks_site"), "{refused}");

    run(&worker, "UPDATE racks SET site = 0 WHERE id = 7")
        .await
        .unwrap();
    // A writer who has not committed stands in the way of nothing that is left to do.
    let writer = worker.begin().await.unwrap();
    writer
        .execute_unprepared("INSERT INTO racks VALUES (2001, 'new', 1)")
        .await
        .unwrap();
    live.add_constraint("racks", "racks_site", definition)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    let validated = "SELECT count(*) FROM pg_constraint WHERE conname = 'racks_site' AND convalidated";
    assert_eq!(number(&worker, validated).await, 1);
    live.add_constraint("racks", "racks_site", definition)
        .await
        .unwrap();
}

#[tokio::test]
async fn null_is_forbidden_without_leaving_a_constraint_behind() {
    let (_database, worker, migrating) = table().await;
    let live = Live::new(&migrating).with_patience(PATIENCE);
    live.set_not_null("racks", "name").await.unwrap();
    let refused = run(&worker, "INSERT INTO racks (id) VALUES (3000)")
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("null value in column \"name\""),
        "{refused}"
    );
    let left = "SELECT count(*) FROM pg_constraint WHERE conrelid = 'racks'::regclass AND contype = 'c'";
    assert_eq!(number(&worker, left).await, 0);
}

#[tokio::test]
async fn an_index_is_built_while_rows_are_written() {
    let (_database, worker, migrating) = table().await;
    let writer = worker.begin().await.unwrap();
    writer
        .execute_unprepared("INSERT INTO racks VALUES (2001, 'before', 1)")
        .await
        .unwrap();
    let building = tokio::spawn(async move {
        // Longer than one attempt of a change may wait.
        let live = Live::new(&migrating).with_patience(PATIENCE);
        live.create_index("racks_name", "ON racks (name)").await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!building.is_finished(), "it waits for the transaction before it");
    let begin = Instant::now();
    run(&worker, "INSERT INTO racks VALUES (2002, 'meanwhile', 1)")
        .await
        .unwrap();
    assert!(
        begin.elapsed() < PROMPT,
        "a writer waited for {:?}",
        begin.elapsed()
    );
    writer.commit().await.unwrap();
    building.await.unwrap().unwrap();
    assert_eq!(
        number(
            &worker,
            "SELECT count(*) FROM pg_index WHERE indexrelid = 'racks_name'::regclass AND indisvalid"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn an_index_that_cannot_be_built_leaves_nothing_and_one_left_unfinished_is_built_anew() {
    let (_database, worker, migrating) = table().await;
    run(&worker, "UPDATE racks SET name = 'twin' WHERE id < 3")
        .await
        .unwrap();
    let live = Live::new(&migrating).with_patience(PATIENCE);
    let refused = live
        .create_unique_index("racks_name", "ON racks (name)")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("racks_name"), "{refused}");
    let indexes = "SELECT count(*) FROM pg_index WHERE indrelid = 'racks'::regclass AND NOT indisprimary";
    assert_eq!(number(&worker, indexes).await, 0);

    let interrupted = run(
        &worker,
        "CREATE UNIQUE INDEX CONCURRENTLY racks_name ON racks (name)",
    )
    .await;
    assert!(interrupted.is_err());
    assert_eq!(
        number(&worker, indexes).await,
        1,
        "PostgreSQL leaves it there, invalid"
    );
    run(&worker, "UPDATE racks SET name = 'rack ' || id")
        .await
        .unwrap();
    live.create_unique_index("racks_name", "ON racks (name)")
        .await
        .unwrap();
    live.create_unique_index("racks_name", "ON racks (name)")
        .await
        .unwrap();
    assert_eq!(number(&worker, &format!("{indexes} AND indisvalid")).await, 1);
    assert_eq!(
        number(
            &migrating,
            "SELECT count(*) FROM pg_settings WHERE name = 'lock_timeout' AND setting = '0'"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn a_migration_gives_up_rather_than_hold_others_up() {
    let database = TestDatabase::postgres().await;
    let worker = database.connect_as(Role::Superuser).await;
    let holder = worker.begin().await.unwrap();
    holder
        .execute_unprepared("SELECT count(*) FROM asset_dependencies")
        .await
        .unwrap();
    let url = database.url_as(Role::Superuser);
    let refusal = migrate::reset(&url).await.unwrap_err();
    assert!(matches!(refusal, MigrateError::InUse { .. }), "{refusal}");
    assert!(refusal.to_string().contains("in use by others"), "{refusal}");
    holder.rollback().await.unwrap();
    let states = migrate::status(&url).await.unwrap();
    assert!(states.iter().all(|state| state.applied), "{states:?}");
    assert_eq!(
        number(&worker, "SELECT count(*) FROM asset_dependencies").await,
        0
    );
    migrate::reset(&url).await.unwrap();
}
