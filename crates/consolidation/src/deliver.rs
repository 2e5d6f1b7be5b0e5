//! The finished tables as a SQLite file, for a look at real data on one machine.
//!
//! The work is done in a scratch database on the server of the legacy database, by the same statements and with the same proof;
//! then the rows are streamed into the file and both sides are compared by a checksum over every value.

pub(crate) mod scratch;

use crate::database::connect;
use crate::map::{TargetColumn, target_tables};
use crate::options::Options;
use crate::outcome::{Difference, Finished, Proof, RolledBack, RunReport};
use crate::progress::Progress;
use crate::statement::name;
use crate::{Error, run, verify};
use futures_util::TryStreamExt;
use migration::schema::{ColumnType, Table};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row};
use std::str::FromStr;

/// Values of one statement at most; SQLite takes 32,766.
const VALUES: usize = 20_000;
/// Bytes of one statement, about: wide rows come in smaller batches, so that they do not fill the memory.
const BYTES: usize = 4 << 20;

/// Whether the target is a file.
pub(crate) fn is_file(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// Takes the legacy database over into the file.
pub(crate) async fn deliver(options: &Options, progress: &dyn Progress) -> Result<RunReport, Error> {
    let scratch = scratch::made(options).await?;
    migration::run::up(with_file_made(&options.target).as_str()).await?;
    let mut to = open(&options.target).await?;
    check_file(&mut to).await?;
    // Boxed: a run may deliver, and a delivery runs.
    let report = Box::pin(run(&scratch, progress)).await?;
    let mut from = connect(&scratch.target).await?;
    for table in in_order() {
        progress.at(table.name);
        stream(&mut from, &mut to, table, progress).await?;
    }
    Ok(report)
}

/// Compares the legacy database with the scratch database, and that with the file.
pub(crate) async fn compare(options: &Options, progress: &dyn Progress) -> Result<Proof, Error> {
    let scratch = scratch::made(options).await?;
    let mut proof = Box::pin(verify(&scratch, progress)).await?;
    let mut from = connect(&scratch.target).await?;
    let mut to = open(&options.target).await?;
    for table in in_order() {
        let server = server_sums(&mut from, table).await?;
        let file = file_sums(&mut to, table).await?;
        for (column, (was, is)) in table.columns.iter().zip(server.iter().zip(&file)) {
            if was != is {
                proof.differences.push(Difference {
                    table: table.name.to_owned(),
                    column: Some(column.name.to_owned()),
                    source_table: None,
                    source_column: None,
                    message: format!(
                        "{}.{} in the file is not what was delivered",
                        table.name, column.name
                    ),
                });
            }
        }
    }
    Ok(proof)
}

/// Ends the work for the file: the scratch database goes, the file stays.
pub(crate) async fn finish(options: &Options) -> Result<Finished, Error> {
    let run = scratch::throw_away(options).await?;
    Ok(Finished {
        run_id: run.id,
        dump: None,
        tables_dropped: 0,
        views_dropped: false,
    })
}

/// Takes the delivery back: the file is empty, and the scratch database is gone.
pub(crate) async fn rollback(options: &Options) -> Result<RolledBack, Error> {
    let run = scratch::throw_away(options).await?;
    let mut to = open(&options.target).await?;
    let mut transaction = to.begin().await?;
    for table in in_order() {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {}", table.name)))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(RolledBack {
        run_id: run.id,
        writes: Vec::new(),
        writes_kept: false,
    })
}

/// Refuses a file with rows that no delivery brought: they would be replaced.
async fn check_file(file: &mut SqliteConnection) -> Result<(), Error> {
    let other: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM client_accounts) AND NOT EXISTS (SELECT 1 FROM consolidation_runs)",
    )
    .fetch_one(file)
    .await?;
    if other {
        return Err(Error::Refused(
            "the file holds client accounts of its own, and a delivery would replace them; name a new file"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Tables of the target in an order in which each comes after those that it refers to.
fn in_order() -> impl Iterator<Item = &'static Table> {
    target_tables().iter()
}

fn with_file_made(url: &str) -> String {
    let sign = if url.contains('?') { '&' } else { '?' };
    if url.contains("mode=") {
        url.to_owned()
    } else {
        format!("{url}{sign}mode=rwc")
    }
}

async fn open(url: &str) -> Result<SqliteConnection, Error> {
    // Rows come in the order of tables; those that refer to others of their own table may come before them.
    let options = SqliteConnectOptions::from_str(url)?
        .foreign_keys(false)
        .disable_statement_logging();
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// The columns of a table as texts that both databases give the same: a time in UTC with microseconds, a number as it reads back.
fn told_by_server(column: &TargetColumn) -> String {
    let quoted = name(column.name);
    match column.kind {
        ColumnType::Timestamp => {
            format!("to_char({quoted} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')")
        }
        ColumnType::Boolean => format!("{quoted}::integer::text"),
        _ => format!("{quoted}::text"),
    }
}

fn told_by_file(column: &TargetColumn) -> String {
    let quoted = name(column.name);
    match column.kind {
        ColumnType::Uuid => format!(
            "CASE WHEN {quoted} IS NOT NULL THEN lower(substr(hex({quoted}),1,8)||'-'||substr(hex({quoted}),9,4)||'-'||\
             substr(hex({quoted}),13,4)||'-'||substr(hex({quoted}),17,4)||'-'||substr(hex({quoted}),21)) END"
        ),
        ColumnType::Float => format!("CAST({quoted} AS REAL)"),
        ColumnType::Int | ColumnType::BigInt | ColumnType::Boolean => format!("CAST({quoted} AS TEXT)"),
        _ => quoted,
    }
}

async fn stream(
    from: &mut PgConnection,
    to: &mut SqliteConnection,
    table: &'static Table,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let columns: Vec<_> = table.columns.iter().map(told_by_server).collect();
    let names: Vec<_> = table.columns.iter().map(|column| name(column.name)).collect();
    let rows_at_once = (VALUES / table.columns.len()).max(1);
    let sql = format!("SELECT {} FROM landfall.{}", columns.join(", "), table.name);
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(from);
    let mut transaction = to.begin().await?;
    sqlx::query(AssertSqlSafe(format!("DELETE FROM {}", table.name)))
        .execute(&mut *transaction)
        .await?;
    let mut batch: Vec<Vec<Option<String>>> = Vec::new();
    let mut bytes = 0;
    loop {
        let row = rows.try_next().await?;
        if let Some(row) = &row {
            let values: Vec<Option<String>> = (0..table.columns.len())
                .map(|place| row.try_get(place))
                .collect::<Result<_, _>>()?;
            bytes += values.iter().flatten().map(String::len).sum::<usize>();
            batch.push(values);
        }
        if batch.len() == rows_at_once || bytes > BYTES || (row.is_none() && !batch.is_empty()) {
            insert(&mut transaction, table, &names, &batch).await?;
            progress.advance(u64::try_from(batch.len()).unwrap_or(0));
            batch.clear();
            bytes = 0;
        }
        if row.is_none() {
            break;
        }
    }
    transaction.commit().await?;
    Ok(())
}

async fn insert(
    to: &mut SqliteConnection,
    table: &'static Table,
    names: &[String],
    batch: &[Vec<Option<String>>],
) -> Result<(), Error> {
    let marks = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let sql = format!(
        "INSERT INTO {} ({}) VALUES {}",
        table.name,
        names.join(", "),
        vec![marks.as_str(); batch.len()].join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for row in batch {
        for (column, value) in table.columns.iter().zip(row) {
            query = match (column.kind, value) {
                (_, None) => query.bind(None::<String>),
                (ColumnType::Uuid, Some(text)) => {
                    let id: uuid::Uuid = text
                        .parse()
                        .map_err(|error| Error::Failed(format!("'{text}' is no UUID: {error}")))?;
                    query.bind(id)
                }
                (ColumnType::Int | ColumnType::BigInt | ColumnType::Boolean, Some(text)) => query.bind(
                    text.parse::<i64>()
                        .map_err(|error| Error::Failed(format!("'{text}' is no whole number: {error}")))?,
                ),
                (ColumnType::Float, Some(text)) => query.bind(
                    text.parse::<f64>()
                        .map_err(|error| Error::Failed(format!("'{text}' is no number: {error}")))?,
                ),
                (_, Some(text)) => query.bind(text.clone()),
            };
        }
    }
    query.execute(to).await?;
    Ok(())
}

/// The sum of the checksums of a column, each salted with the key of its row.
fn add(sums: &mut [u128], key: &str, place: usize, value: &str) {
    let digest = Sha256::digest(format!("{}:{key}{value}", key.len()));
    let mut bytes = [0_u8; 16];
    for (byte, from) in bytes.iter_mut().zip(digest.iter()) {
        *byte = *from;
    }
    if let Some(sum) = sums.get_mut(place) {
        *sum = sum.wrapping_add(u128::from_le_bytes(bytes));
    }
}

async fn server_sums(from: &mut PgConnection, table: &'static Table) -> Result<Vec<u128>, Error> {
    let columns: Vec<_> = table.columns.iter().map(told_by_server).collect();
    let sql = format!("SELECT {} FROM landfall.{}", columns.join(", "), table.name);
    let mut sums = vec![0; table.columns.len()];
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(from);
    while let Some(row) = rows.try_next().await? {
        let values: Vec<Option<String>> = (0..table.columns.len())
            .map(|place| row.try_get(place))
            .collect::<Result<_, _>>()?;
        sum_row(&mut sums, table, &values);
    }
    Ok(sums)
}

async fn file_sums(to: &mut SqliteConnection, table: &'static Table) -> Result<Vec<u128>, Error> {
    let columns: Vec<_> = table.columns.iter().map(told_by_file).collect();
    let sql = format!("SELECT {} FROM {}", columns.join(", "), table.name);
    let mut sums = vec![0; table.columns.len()];
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(to);
    while let Some(row) = rows.try_next().await? {
        let mut values = Vec::with_capacity(table.columns.len());
        for (place, column) in table.columns.iter().enumerate() {
            values.push(match column.kind {
                ColumnType::Float => row
                    .try_get::<Option<f64>, _>(place)?
                    .map(|number| number.to_string()),
                _ => row.try_get::<Option<String>, _>(place)?,
            });
        }
        sum_row(&mut sums, table, &values);
    }
    Ok(sums)
}

fn sum_row(sums: &mut [u128], table: &Table, values: &[Option<String>]) {
    let key: Vec<_> = table
        .primary_key
        .iter()
        .filter_map(|key| table.columns.iter().position(|column| column.name == *key))
        .filter_map(|place| values.get(place)?.clone())
        .collect();
    let key = key.join(" ");
    for (place, (column, value)) in table.columns.iter().zip(values).enumerate() {
        let Some(value) = value else { continue };
        let told = match column.kind {
            // Both sides print the shortest text that reads back, each in its own way.
            ColumnType::Float => value
                .parse::<f64>()
                // A file keeps whole numbers without a sign of zero.
                .map_or_else(|_| value.clone(), |number| (number + 0.0).to_string()),
            _ => value.clone(),
        };
        add(sums, &key, place, &told);
    }
}
