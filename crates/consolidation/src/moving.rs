//! Moving rows: batches by key, each with its archive and the place that was reached in one transaction.

use crate::database::{check_lock, execute, failed, rows, scalar};
use crate::expand::WORK;
use crate::map::{LegacyTable, legacy_tables};
use crate::place::MADE;
use crate::progress::Progress;
use crate::source::SOURCE;
use crate::state::Run;
use crate::statement::{Rows, Site, key_type, load, name};
use crate::{Error, Options, Step};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::time::{Duration, Instant};

/// Where statements of a run find things.
pub(crate) fn site(run: &Run) -> Site {
    Site {
        source: SOURCE.to_owned(),
        work: WORK.to_owned(),
        words: run.settings.words.clone(),
    }
}

/// Moves all rows that are not moved yet.
pub(crate) async fn move_rows(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
    progress: &dyn Progress,
) -> Result<(), Error> {
    // What was committed last may be lost in a crash of the server: with it the place that was reached.
    execute(connection, "SET synchronous_commit = off").await?;
    progress.begin(Step::Load, u64::try_from(run.settings.rows).unwrap_or(0));
    made(connection, run).await?;
    let site = site(run);
    let mut pace = Pace::new(options.rows_per_second);
    for table in legacy_tables() {
        progress.at(table.name);
        move_table(connection, options, run, &site, table, progress, &mut pace).await?;
    }
    progress.end(Step::Load);
    execute(connection, "SET synchronous_commit = on").await.map(drop)
}

/// Rows that no legacy row stands for. They come first, and only once.
pub(crate) async fn made(connection: &mut PgConnection, run: &Run) -> Result<(), Error> {
    for (table, columns, query) in MADE {
        let query = made_query(query, WORK, &run.at());
        execute(
            connection,
            &format!("INSERT INTO landfall.{table} ({columns}) {query} ON CONFLICT DO NOTHING"),
        )
        .await?;
    }
    Ok(())
}

/// The query of made rows with everything filled in.
pub(crate) fn made_query(query: &str, work: &str, at: &str) -> String {
    query
        .replace("{w}", work)
        .replace("{at}", &format!("'{at}'::timestamptz"))
        .replace(
            "{quarantine}",
            &format!(
                "'{}'::uuid",
                landfall_domain::ids::fixed::QUARANTINE_CLIENT_ACCOUNT
            ),
        )
        .replace(
            "{test}",
            &format!("'{}'::uuid", landfall_domain::ids::fixed::TEST_CLIENT_ACCOUNT),
        )
}

async fn move_table(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
    site: &Site,
    table: &'static LegacyTable,
    progress: &dyn Progress,
    pace: &mut Pace,
) -> Result<(), Error> {
    let reached = rows(
        connection,
        &format!(
            "SELECT batch_number, last_key, (SELECT sum(rows_in)::bigint FROM landfall.consolidation_batches \
             WHERE run_id = '{0}' AND source_table = '{1}') FROM landfall.consolidation_batches \
             WHERE run_id = '{0}' AND source_table = '{1}' AND last_key IS NOT NULL ORDER BY batch_number DESC LIMIT 1",
            run.id, table.name
        ),
    )
    .await?;
    let (mut number, mut last) = match reached.first() {
        Some(row) => {
            progress.advance(u64::try_from(row.try_get::<i64, _>(2)?).unwrap_or(0));
            (row.try_get::<i64, _>(0)?, row.try_get::<Option<String>, _>(1)?)
        }
        None => (0, None),
    };
    let (id, at) = (run.id.to_string(), run.at());
    let first = load(site, table, Rows::UpTo, &id, &at);
    let after = load(site, table, Rows::Between, &id, &at);
    let mut size = i64::from(options.batch_rows.max(1));
    while let Some(until) = end_of_batch(connection, table, size, last.as_deref()).await? {
        check_lock(connection, &options.target).await?;
        let statement = if last.is_some() { &after } else { &first };
        let moved = batch(
            connection,
            run,
            table,
            statement,
            &until,
            last.as_deref(),
            number + 1,
        )
        .await;
        let count = match moved {
            Ok(count) => count,
            Err(error) if may_pass(&error) && size > 1 => {
                // Deadlocks and time limits pass; a smaller batch holds less for a shorter time.
                size = (size / 2).max(1);
                continue;
            }
            Err(error) => return Err(error),
        };
        progress.advance(u64::try_from(count).unwrap_or(0));
        number += 1;
        last = Some(until);
        pace.wait(count).await;
    }
    Ok(())
}

/// The key with which a batch after this key ends; none if no rows are left. A batch is all rows up to there, not a number of rows:
/// those that old clients write meanwhile have no place yet and are not among the rows that it reads, which says nothing about
/// how many are left.
async fn end_of_batch(
    connection: &mut PgConnection,
    table: &LegacyTable,
    size: i64,
    last: Option<&str>,
) -> Result<Option<String>, Error> {
    let (key, kind) = (name(table.key), key_type(table));
    let after = if last.is_some() {
        format!("WHERE {key} > $2::{kind}")
    } else {
        String::new()
    };
    let sql = format!(
        "SELECT (array_agg(key ORDER BY key DESC))[1]::text FROM (\
         SELECT {key} AS key FROM {SOURCE}.{} {after} ORDER BY {key} LIMIT $1) batch",
        name(table.name)
    );
    let query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(size);
    let query = match last {
        Some(last) => query.bind(last),
        None => query,
    };
    Ok(query.fetch_one(connection).await?)
}

/// Moves one batch. Answers how many rows it read.
async fn batch(
    connection: &mut PgConnection,
    run: &Run,
    table: &LegacyTable,
    statement: &str,
    until: &str,
    last: Option<&str>,
    number: i64,
) -> Result<i64, Error> {
    let mut transaction = connection.begin().await?;
    let query = sqlx::query(AssertSqlSafe(statement.to_owned())).bind(until);
    let query = match last {
        Some(key) => query.bind(key),
        None => query,
    };
    let row = query
        .fetch_one(&mut *transaction)
        .await
        .map_err(|source| failed(&format!("move {}", table.name), source))?;
    let counts: [i64; 5] = [
        row.try_get(0)?,
        row.try_get(1)?,
        row.try_get(2)?,
        row.try_get(3)?,
        row.try_get(4)?,
    ];
    let [read, kept, merged, archived, rejected] = counts;
    if read != kept + merged + archived + rejected {
        return Err(Error::Failed(format!(
            "{read} rows of {} were read, but {kept} kept, {merged} merged, {archived} archived and {rejected} rejected",
            table.name
        )));
    }
    sqlx::query(
        "INSERT INTO landfall.consolidation_batches (id, run_id, source_table, batch_number, last_key, rows_in, rows_out, \
         rows_merged, rows_archived, rows_rejected, committed_at) \
         SELECT consolidation.derived_id($1::text || $2 || $3::text), $1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() \
         WHERE $5 > 0",
    )
    .bind(run.id)
    .bind(table.name)
    .bind(number)
    .bind(until)
    .bind(read)
    .bind(kept)
    .bind(merged)
    .bind(archived)
    .bind(rejected)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(read)
}

/// Whether the same work can succeed when it is tried again: serialization, deadlock, and limits of time.
pub(crate) fn may_pass(error: &Error) -> bool {
    let Error::Database { source, .. } = error else {
        return false;
    };
    source
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01" | "55P03" | "57014"))
}

/// Keeps to a number of rows per second.
struct Pace {
    limit: Option<u32>,
    began: Instant,
    rows: f64,
}

impl Pace {
    fn new(limit: Option<u32>) -> Self {
        Self {
            limit: limit.filter(|limit| *limit > 0),
            began: Instant::now(),
            rows: 0.0,
        }
    }

    async fn wait(&mut self, rows: i64) {
        let Some(limit) = self.limit else { return };
        self.rows += f64::from(i32::try_from(rows).unwrap_or(i32::MAX));
        let due = Duration::from_secs_f64(self.rows / f64::from(limit));
        if let Some(ahead) = due.checked_sub(self.began.elapsed()) {
            tokio::time::sleep(ahead).await;
        }
    }
}

/// Rows of all legacy tables.
pub(crate) async fn count_rows(connection: &mut PgConnection) -> Result<i64, Error> {
    let counts: Vec<_> = legacy_tables()
        .iter()
        .map(|table| format!("(SELECT count(*) FROM {SOURCE}.{})", table.name))
        .collect();
    scalar(connection, &format!("SELECT {}", counts.join(" + "))).await
}
