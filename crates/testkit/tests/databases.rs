//! A database of a test is its own, on both backends.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use landfall_testkit::{Backend, Role, Template, TestDatabase};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};
use std::sync::atomic::{AtomicUsize, Ordering};

async fn count(database: &DatabaseConnection, table: &str) -> i64 {
    let statement = Statement::from_string(
        database.get_database_backend(),
        format!("SELECT count(*) AS n FROM {table}"),
    );
    database
        .query_one_raw(statement)
        .await
        .unwrap()
        .unwrap()
        .try_get("", "n")
        .unwrap()
}

async fn one_note(url: &str) -> Result<(), DbErr> {
    let database = Database::connect(url).await?;
    if database.get_database_backend() == DbBackend::Postgres {
        database
            .execute_unprepared("CREATE SCHEMA landfall; CREATE TABLE landfall.note (text TEXT)")
            .await?;
        database
            .execute_unprepared("INSERT INTO landfall.note VALUES ('from the template')")
            .await?;
    } else {
        database
            .execute_unprepared("CREATE TABLE note (text TEXT)")
            .await?;
        database
            .execute_unprepared("INSERT INTO note VALUES ('from the template')")
            .await?;
    }
    database.close().await
}

async fn copies_do_not_see_each_other(backend: Backend) {
    let template = Template::new("one_note", one_note);
    let (first, second) = tokio::join!(
        TestDatabase::from_template(backend, &template),
        TestDatabase::from_template(backend, &template)
    );
    let (first, second) = (
        first.connect_as(Role::Superuser).await,
        second.connect_as(Role::Superuser).await,
    );
    first
        .execute_unprepared("INSERT INTO note VALUES ('mine')")
        .await
        .unwrap();
    assert_eq!(count(&first, "note").await, 2);
    assert_eq!(count(&second, "note").await, 1);
}

#[tokio::test]
async fn copies_of_a_template_do_not_see_each_other_on_sqlite() {
    copies_do_not_see_each_other(Backend::Sqlite).await;
}

#[tokio::test]
async fn copies_of_a_template_do_not_see_each_other_on_postgres() {
    copies_do_not_see_each_other(Backend::Postgres).await;
}

async fn a_template_is_prepared_once(backend: Backend) {
    static PREPARED: AtomicUsize = AtomicUsize::new(0);
    PREPARED.store(0, Ordering::SeqCst);
    let name = format!("once_{}", landfall_domain::ids::new_uuid().simple());
    let template = Template::new(name, async |_: &str| {
        PREPARED.fetch_add(1, Ordering::SeqCst);
        Ok::<(), DbErr>(())
    });
    for _ in 0..3 {
        TestDatabase::from_template(backend, &template).await;
    }
    assert_eq!(PREPARED.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_template_is_prepared_once_and_copied_afterwards() {
    a_template_is_prepared_once(Backend::Sqlite).await;
    a_template_is_prepared_once(Backend::Postgres).await;
}

#[tokio::test]
async fn a_database_on_the_server_goes_with_its_test() {
    let watcher = TestDatabase::empty(Backend::Postgres).await;
    let database = TestDatabase::empty(Backend::Postgres).await;
    let url = database.url();
    let name = url.split(['/', '?']).nth(3).unwrap().to_owned();
    let watcher = watcher.connect_as(Role::Superuser).await;
    let question = format!("pg_database WHERE datname = '{name}'");
    assert_eq!(count(&watcher, &question).await, 1);
    drop(database);
    assert_eq!(count(&watcher, &question).await, 0);
}

landfall_testkit::both_backends! {
    /// The application's role sees no asset, for it has named no tenant; there is none on SQLite either.
    async fn a_migrated_database_has_tables_and_no_rows(db: TestDatabase) {
        let app = db.connect_as(Role::App).await;
        assert_eq!(count(&app, "assets").await, 0);
    }

    async fn a_body_may_return_an_error(db: TestDatabase) -> Result<(), DbErr> {
        db.connect_as(Role::App).await.execute_unprepared("SELECT 1").await.map(drop)
    }
}
