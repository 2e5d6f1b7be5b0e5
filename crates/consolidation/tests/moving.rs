//! Every row of the predecessor is accounted for when it is moved.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use landfall_consolidation::{Options, Quiet, Step, run};
use landfall_testkit::{LegacyDatabase, Role, TestDatabase, legacy_tables};
use sqlx::{Connection, PgConnection};

async fn number(connection: &mut PgConnection, question: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(question.to_owned()))
        .fetch_one(connection)
        .await
        .unwrap()
}

async fn every_row_is_accounted_for(legacy: LegacyDatabase) {
    let database = TestDatabase::legacy(legacy).await;
    let mut options = Options::new(database.url_as(Role::Superuser));
    options.until = Step::Index;
    options.batch_rows = 100;
    run(&options, &Quiet).await.unwrap();
    let mut connection = PgConnection::connect(&database.url_as(Role::Superuser))
        .await
        .unwrap();
    for table in legacy_tables() {
        let rows = number(
            &mut connection,
            &format!("SELECT count(*) FROM migration.{}", table.name),
        )
        .await;
        let moved = number(
            &mut connection,
            &format!(
                "SELECT coalesce(sum(rows_out + rows_merged + rows_archived + rows_rejected), 0)::bigint \
                 FROM landfall.consolidation_batches WHERE source_table = '{}'",
                table.name
            ),
        )
        .await;
        assert_eq!(moved, rows, "{}", table.name);
    }
    let unvalidated = "SELECT count(*) FROM pg_constraint WHERE connamespace = 'landfall'::regnamespace AND NOT convalidated";
    assert_eq!(number(&mut connection, unvalidated).await, 0);
}

#[tokio::test]
async fn every_row_of_a_database_with_every_difficulty_is_accounted_for() {
    every_row_is_accounted_for(LegacyDatabase::small()).await;
}

#[tokio::test]
async fn every_row_of_a_database_without_foreign_keys_is_accounted_for() {
    every_row_is_accounted_for(LegacyDatabase::small().without_foreign_keys()).await;
}
