//! What is in a database, to be compared.

use landfall_testkit::{Role, ServerPrograms, TestDatabase};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::collections::BTreeMap;
use std::process::Command;

/// Columns of which no two runs write the same: when something was done, and in which run.
const OF_ONE_RUN: [&str; 7] = [
    "run_id",
    "archived_at",
    "committed_at",
    "started_at",
    "completed_at",
    "heartbeat_at",
    "verified_at",
];

/// Tables about the work itself: batches depend on where it was interrupted.
const BOOKKEEPING: [&str; 3] = [
    "consolidation_runs",
    "consolidation_steps",
    "consolidation_batches",
];

/// A connection that sees everything.
pub(crate) async fn connection(database: &TestDatabase) -> DatabaseConnection {
    database.connect_as(Role::Superuser).await
}

/// Runs statements.
#[expect(
    clippy::manual_async_fn,
    reason = "an async function does not tell who called it"
)]
#[track_caller]
pub(crate) fn run<'a>(
    connection: &'a DatabaseConnection,
    statements: &'a str,
) -> impl Future<Output = ()> + 'a {
    async move {
        connection
            .execute_unprepared(statements)
            .await
            .unwrap_or_else(|error| panic!("{statements}: {error}"));
    }
}

/// The texts in the first column of the answer.
pub(crate) async fn texts(connection: &DatabaseConnection, question: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), question);
    let rows = connection
        .query_all_raw(statement)
        .await
        .unwrap_or_else(|error| panic!("{question}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// The one text of the answer.
pub(crate) async fn text(connection: &DatabaseConnection, question: &str) -> String {
    texts(connection, question).await.remove(0)
}

/// The one number of the answer.
pub(crate) async fn number(connection: &DatabaseConnection, question: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), question);
    let row = connection
        .query_one_raw(statement)
        .await
        .unwrap_or_else(|error| panic!("{question}: {error}"));
    row.unwrap().try_get_by_index(0).unwrap()
}

/// The tables of a schema, without those about the work itself.
pub(crate) async fn tables(connection: &DatabaseConnection, schema: &str) -> Vec<String> {
    let question = format!("SELECT tablename::text FROM pg_tables WHERE schemaname = '{schema}' ORDER BY 1");
    let mut tables = texts(connection, &question).await;
    tables.retain(|table| !BOOKKEEPING.contains(&table.as_str()) && table != "seaql_migrations");
    tables
}

/// A checksum over the rows of each table that a run wrote, whatever their order. Ids that are new in each run are left out:
/// those of the archive and of the bookkeeping. Rows that a run makes for others carry the time at which it was begun.
pub(crate) async fn checksums(connection: &DatabaseConnection) -> BTreeMap<String, String> {
    let mut checksums = BTreeMap::new();
    for table in tables(connection, "landfall").await {
        let left_out = if table == "legacy_archive" || table.starts_with("consolidation") {
            OF_ONE_RUN
                .iter()
                .chain(&["id"])
                .map(|name| format!("'{name}'"))
                .collect::<Vec<_>>()
        } else {
            Vec::new()
        };
        let question = format!(
            "SELECT count(*) || ' rows ' || coalesce(sum(hashtextextended(replace((to_jsonb(t) - ARRAY[{}]::text[])::text, \
             r.begun, 'when it was begun'), 0)), 0)::text FROM landfall.{table} AS t, \
             (SELECT coalesce(max(to_jsonb(started_at) #>> '{{}}'), '-') AS begun FROM landfall.consolidation_runs) AS r",
            left_out.join(", ")
        );
        checksums.insert(table, text(connection, &question).await);
    }
    checksums
}

/// What `pg_dump` says of the whole database, always in the same words.
pub(crate) fn dump(database: &TestDatabase) -> String {
    let programs = ServerPrograms::find().unwrap();
    let output = Command::new(programs.path("pg_dump"))
        .args(["--restrict-key=landfall", "--dbname"])
        .arg(database.url_as(Role::Superuser))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Fails with the first lines that differ.
#[track_caller]
pub(crate) fn assert_same_dump(before: &str, after: &str, what: &str) {
    if before == after {
        return;
    }
    let first = before
        .lines()
        .zip(after.lines())
        .enumerate()
        .find(|(_, (one, other))| one != other);
    let (line, (one, other)) = first.unwrap_or((0, ("", "(one is the beginning of the other)")));
    let shown = |text: &str| text.chars().take(400).collect::<String>();
    panic!(
        "{what}: line {line} of the dumps: before\n{}\nafter\n{}",
        shown(one),
        shown(other)
    );
}
