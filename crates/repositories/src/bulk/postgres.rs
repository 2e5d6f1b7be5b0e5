//! Batches on PostgreSQL and Citus.

use super::copy_text;
use super::table::{Conflict, TableShape};
use crate::error::StoreError;
use landfall_domain::Scope;
use sea_orm::Value;
use sqlx::postgres::PgArguments;
use sqlx::{Arguments, AssertSqlSafe, PgPool, Postgres, Transaction};

/// Bytes sent to the server at once.
const SEND_BYTES: usize = 256 * 1024;

pub(super) async fn begin(
    pool: &PgPool,
    scope_statements: &[String],
    scope: &Scope,
) -> Result<Transaction<'static, Postgres>, StoreError> {
    let mut transaction = pool.begin().await?;
    for statement in scope_statements {
        run(&mut transaction, statement.clone()).await?;
    }
    let lock = super::engagement_lock(scope);
    run(&mut transaction, format!("SELECT pg_advisory_xact_lock({lock})")).await?;
    Ok(transaction)
}

pub(super) async fn insert(
    transaction: &mut Transaction<'static, Postgres>,
    shape: &TableShape,
    values: &[Value],
    conflict: &Conflict,
) -> Result<u64, StoreError> {
    let staging = stage(transaction, shape, values).await?;
    let columns = shape.column_list();
    // Citus turns INSERT … SELECT without a conflict clause into COPY, which row-level security refuses.
    let conflict = conflict.clause(shape);
    let sql = format!(
        "INSERT INTO {} ({columns}) SELECT {columns} FROM {staging} {conflict}",
        shape.table
    );
    run(transaction, sql).await
}

pub(super) async fn update(
    transaction: &mut Transaction<'static, Postgres>,
    shape: &TableShape,
    keys: usize,
    values: &[Value],
) -> Result<u64, StoreError> {
    let staging = stage(transaction, shape, values).await?;
    let assignments: Vec<_> = shape
        .columns
        .iter()
        .skip(keys)
        .map(|column| format!("\"{0}\" = s.\"{0}\"", column.name))
        .collect();
    let conditions: Vec<_> = shape
        .columns
        .iter()
        .take(keys)
        .map(|column| format!("t.\"{0}\" = s.\"{0}\"", column.name))
        .collect();
    let sql = format!(
        "UPDATE {} t SET {} FROM {staging} s WHERE {}",
        shape.table,
        assignments.join(", "),
        conditions.join(" AND ")
    );
    run(transaction, sql).await
}

pub(super) async fn execute(
    transaction: &mut Transaction<'static, Postgres>,
    sql: &str,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    let mut arguments = PgArguments::default();
    for value in values {
        add(&mut arguments, value)?;
    }
    let done = sqlx::query_with(AssertSqlSafe(sql.to_owned()), arguments)
        .execute(&mut **transaction)
        .await?;
    Ok(done.rows_affected())
}

/// Copies the rows into a temporary table of the session and returns its name.
async fn stage(
    transaction: &mut Transaction<'static, Postgres>,
    shape: &TableShape,
    values: &[Value],
) -> Result<String, StoreError> {
    // The width is part of the name, so that a table staged with other columns is another table.
    let staging = format!("pg_temp.stage_{}_{}", shape.table, shape.width());
    let columns: Vec<_> = shape
        .columns
        .iter()
        .map(|column| format!("\"{}\" {}", column.name, column.staging_type))
        .collect();
    let create = format!(
        "CREATE TEMPORARY TABLE IF NOT EXISTS {} ({}) ON COMMIT DELETE ROWS",
        staging.trim_start_matches("pg_temp."),
        columns.join(", ")
    );
    run(transaction, create).await?;
    run(transaction, format!("TRUNCATE {staging}")).await?;
    let copy = format!("COPY {staging} ({}) FROM STDIN", shape.column_list());
    let mut sink = transaction.copy_in_raw(&copy).await?;
    let mut text = String::with_capacity(SEND_BYTES + 4096);
    for row in values.chunks(shape.width()) {
        for (position, value) in row.iter().enumerate() {
            if position > 0 {
                text.push('\t');
            }
            copy_text::write_field(&mut text, value);
        }
        text.push('\n');
        if text.len() >= SEND_BYTES {
            sink.send(text.as_bytes()).await?;
            text.clear();
        }
    }
    if !text.is_empty() {
        sink.send(text.as_bytes()).await?;
    }
    sink.finish().await?;
    Ok(staging)
}

async fn run(transaction: &mut Transaction<'static, Postgres>, sql: String) -> Result<u64, StoreError> {
    let done = sqlx::query(AssertSqlSafe(sql))
        .execute(&mut **transaction)
        .await?;
    Ok(done.rows_affected())
}

fn add(arguments: &mut PgArguments, value: Value) -> Result<(), StoreError> {
    let added = match value {
        Value::Bool(value) => arguments.add(value),
        Value::Int(value) => arguments.add(value),
        Value::BigInt(value) => arguments.add(value),
        Value::Double(value) => arguments.add(value),
        Value::Uuid(value) => arguments.add(value),
        Value::Json(value) => arguments.add(value.map(|json| *json)),
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
