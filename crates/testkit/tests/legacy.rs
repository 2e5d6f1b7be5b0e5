//! The predecessor's database comes out the same each time, with something in every column of every table.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use landfall_testkit::{Backend, LegacyDatabase, Role, Template, TestDatabase, legacy_tables};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

async fn number(connection: &DatabaseConnection, question: &str) -> i64 {
    let statement = Statement::from_string(DbBackend::Postgres, question);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn text(connection: &DatabaseConnection, question: &str) -> String {
    let statement = Statement::from_string(DbBackend::Postgres, question);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// One checksum over all rows of all tables.
async fn content(connection: &DatabaseConnection) -> String {
    let parts: Vec<String> = legacy_tables()
        .iter()
        .map(|table| {
            format!(
                "(SELECT coalesce(sum(hashtextextended(t::text, 7)), 0)::text FROM migration.{} AS t)",
                table.name
            )
        })
        .collect();
    text(connection, &format!("SELECT md5({})", parts.join(" || "))).await
}

#[tokio::test]
async fn every_column_of_every_table_holds_something() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let connection = database.connect_as(Role::Superuser).await;
    let setting = "SELECT setconfig[1] FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase \
                   WHERE d.datname = current_database()";
    assert_eq!(text(&connection, setting).await, "search_path=migration, public");
    for table in legacy_tables() {
        let empty: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                format!(
                    "CASE WHEN count(\"{0}\") = 0 THEN ' {0}' ELSE '' END",
                    column.name
                )
            })
            .collect();
        let question = format!("SELECT {} FROM migration.{}", empty.join(" || "), table.name);
        assert_eq!(
            text(&connection, &question).await,
            "",
            "columns of {} without a value",
            table.name
        );
    }
}

#[tokio::test]
async fn the_same_database_comes_out_each_time() {
    let legacy = LegacyDatabase::small();
    let database = TestDatabase::legacy(legacy).await;
    let made = content(&database.connect_as(Role::Superuser).await).await;
    let again = TestDatabase::empty(Backend::Postgres).await;
    let connection = again.connect_as(Role::Superuser).await;
    connection.execute_unprepared(&legacy.script()).await.unwrap();
    assert_eq!(content(&connection).await, made);
}

#[tokio::test]
async fn a_larger_database_holds_the_rows_of_a_smaller_one_and_more() {
    let legacy = LegacyDatabase::sized(6_000, 30_000);
    let database = TestDatabase::from_template(Backend::Postgres, &Template::legacy(legacy)).await;
    let connection = database.connect_as(Role::Superuser).await;
    assert_eq!(
        number(&connection, "SELECT count(*) FROM migration.assets").await,
        6_000
    );
    assert_eq!(
        number(&connection, "SELECT count(*) FROM migration.raw_import_records").await,
        30_000
    );
    let constraints = "SELECT count(*) FROM pg_constraint \
                       WHERE connamespace = 'migration'::regnamespace AND contype = 'f' AND convalidated";
    let references = number(&connection, constraints).await;
    assert!(references > 80, "{references} foreign keys hold");
    let crossing = "SELECT count(*) FROM migration.raw_import_records r JOIN migration.assets a ON a.id = r.asset_id \
                    WHERE a.client_account_id <> r.client_account_id OR a.engagement_id <> r.engagement_id";
    assert_eq!(
        number(&connection, crossing).await,
        0,
        "records of another tenant's assets"
    );
}

#[tokio::test]
async fn orphans_are_only_where_foreign_keys_are_not() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_foreign_keys()).await;
    let connection = database.connect_as(Role::Superuser).await;
    let orphans = "SELECT count(*) FROM migration.raw_import_records r \
                   WHERE NOT EXISTS (SELECT FROM migration.data_imports i WHERE i.id = r.data_import_id)";
    assert_eq!(number(&connection, orphans).await, 1);
    let constraints =
        "SELECT count(*) FROM pg_constraint WHERE connamespace = 'migration'::regnamespace AND contype = 'f'";
    assert_eq!(number(&connection, constraints).await, 0);
    let is_expected = text(
        &connection,
        "SELECT name::text FROM migration.client_accounts ORDER BY name LIMIT 1",
    );
    assert_eq!(is_expected.await, "Contoso Ünïcode");
}
