//! Batches on SQLite.

use super::table::{Conflict, TableShape};
use crate::error::StoreError;
use sea_orm::Value;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Sqlite, SqlitePool, Transaction};
use std::fmt::Write;
use std::sync::Arc;

/// Rows of one prepared statement; more do not make it faster.
pub(super) const ROWS_PER_STATEMENT: usize = 50;

pub(super) async fn begin(pool: &SqlitePool) -> Result<Transaction<'static, Sqlite>, StoreError> {
    Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
}

pub(super) async fn insert(
    transaction: &mut Transaction<'static, Sqlite>,
    shape: &TableShape,
    values: Vec<Value>,
    conflict: &Conflict,
) -> Result<u64, StoreError> {
    let columns = shape.column_list();
    let conflict = conflict.clause(shape);
    in_statements(transaction, shape.width(), values, |rows| {
        format!("INSERT INTO {} ({columns}) VALUES {rows} {conflict}", shape.table)
    })
    .await
}

pub(super) async fn update(
    transaction: &mut Transaction<'static, Sqlite>,
    shape: &TableShape,
    keys: usize,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    // VALUES names its columns column1, column2 …
    let number = |position: usize| position + 1;
    let assignments: Vec<_> = shape
        .columns
        .iter()
        .enumerate()
        .skip(keys)
        .map(|(at, column)| format!("\"{}\" = s.column{}", column.name, number(at)))
        .collect();
    let conditions: Vec<_> = shape
        .columns
        .iter()
        .enumerate()
        .take(keys)
        .map(|(at, column)| format!("t.\"{}\" = s.column{}", column.name, number(at)))
        .collect();
    let (assignments, conditions) = (assignments.join(", "), conditions.join(" AND "));
    in_statements(transaction, shape.width(), values, |rows| {
        format!(
            "UPDATE {} AS t SET {assignments} FROM (VALUES {rows}) AS s WHERE {conditions}",
            shape.table
        )
    })
    .await
}

pub(super) async fn execute(
    transaction: &mut Transaction<'static, Sqlite>,
    sql: &str,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    run(transaction, Arc::new(sql.to_owned()), values).await
}

/// Runs the statement for every [`ROWS_PER_STATEMENT`] rows; the text is made once for full statements and once for the rest.
async fn in_statements(
    transaction: &mut Transaction<'static, Sqlite>,
    width: usize,
    values: Vec<Value>,
    statement: impl Fn(&str) -> String,
) -> Result<u64, StoreError> {
    let full = Arc::new(statement(&placeholders(ROWS_PER_STATEMENT, width)));
    let mut written = 0;
    let mut values = values.into_iter();
    loop {
        let chunk: Vec<Value> = values.by_ref().take(ROWS_PER_STATEMENT * width).collect();
        let rows = chunk.len() / width;
        if rows == 0 {
            return Ok(written);
        }
        let sql = if rows == ROWS_PER_STATEMENT {
            Arc::clone(&full)
        } else {
            Arc::new(statement(&placeholders(rows, width)))
        };
        written += run(transaction, sql, chunk).await?;
    }
}

/// `(?, ?), (?, ?)` for the given number of rows and columns.
fn placeholders(rows: usize, width: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    let mut list = String::with_capacity(rows * (row.len() + 2));
    for at in 0..rows {
        let _ = write!(list, "{}{row}", if at == 0 { "" } else { ", " });
    }
    list
}

async fn run(
    transaction: &mut Transaction<'static, Sqlite>,
    sql: Arc<String>,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        add(&mut arguments, value)?;
    }
    let done = sqlx::query_with(AssertSqlSafe(sql), arguments)
        .execute(&mut **transaction)
        .await?;
    Ok(done.rows_affected())
}

fn add(arguments: &mut SqliteArguments, value: Value) -> Result<(), StoreError> {
    let added = match value {
        Value::Bool(value) => arguments.add(value),
        Value::Int(value) => arguments.add(value),
        Value::BigInt(value) => arguments.add(value),
        Value::Double(value) => arguments.add(value),
        Value::Uuid(value) => arguments.add(value),
        Value::Json(value) => arguments.add(value.map(|json| json.to_string())),
        Value::ChronoDateTimeUtc(value) => arguments.add(value),
        Value::String(value) => arguments.add(value),
        other => {
            return Err(StoreError::invalid(format!(
                "a batch cannot write values like {other:?}"
            )));
        }
    };
    added.map_err(|error| sqlx::Error::Encode(error).into())
}
