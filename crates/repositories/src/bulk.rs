//! Writing many rows: one transaction of its own, opened for a scope, that commits a job's cursor together with the rows.
//!
//! PostgreSQL and Citus: `COPY` into a temporary staging table, then one `INSERT … SELECT … ON CONFLICT`, because `COPY` into a
//! table under row-level security is refused. SQLite: prepared statements of [`sqlite::ROWS_PER_STATEMENT`] rows.
//! Cost: linear in the rows; memory: the rows of one batch.

mod copy_text;
mod postgres;
mod sqlite;
mod table;

pub(crate) use table::{Conflict, TableShape};

use crate::error::StoreError;
use crate::store::{SqlxPool, Store};
use landfall_domain::Scope;
use landfall_entities::jobs;
use sea_orm::{ActiveModelTrait, ActiveValue, EntityTrait, Iterable, Value};
use sqlx::{Postgres, Sqlite, Transaction};
use uuid::Uuid;

/// A transaction for batches of rows. Dropping it rolls back.
pub struct Bulk {
    scope: Scope,
    transaction: BulkTransaction,
}

enum BulkTransaction {
    Postgres(Transaction<'static, Postgres>),
    Sqlite(Transaction<'static, Sqlite>),
}

impl Store {
    /// Opens a transaction for batches of rows of the scope. One writer at a time works on the inventory of an engagement;
    /// others wait here.
    pub async fn begin_bulk(&self, scope: Scope) -> Result<Bulk, StoreError> {
        let transaction = match self.sqlx_pool() {
            SqlxPool::Postgres(pool) => BulkTransaction::Postgres(
                postgres::begin(pool, &self.scope_statements(&scope), &scope).await?,
            ),
            SqlxPool::Sqlite(pool) => BulkTransaction::Sqlite(sqlite::begin(pool).await?),
        };
        Ok(Bulk { scope, transaction })
    }
}

impl Bulk {
    /// The scope that the transaction was opened for.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.transaction, BulkTransaction::Sqlite(_))
    }

    /// Makes everything written since the beginning last.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.transaction {
            BulkTransaction::Postgres(transaction) => transaction.commit().await?,
            BulkTransaction::Sqlite(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// Inserts the rows; `conflict` says what happens to one whose key is there already. A column that is not set is NULL.
    /// Returns the rows written.
    pub(crate) async fn insert<A>(
        &mut self,
        rows: impl IntoIterator<Item = A>,
        conflict: &Conflict,
    ) -> Result<u64, StoreError>
    where
        A: ActiveModelTrait,
    {
        let values = values_of(rows);
        if values.is_empty() {
            return Ok(0);
        }
        let shape = &TableShape::of::<A::Entity>();
        match &mut self.transaction {
            BulkTransaction::Postgres(transaction) => {
                postgres::insert(transaction, shape, &values, conflict).await
            }
            BulkTransaction::Sqlite(transaction) => {
                sqlite::insert(transaction, shape, values, conflict).await
            }
        }
    }

    /// Sets the columns after the first `keys` of `shape` in the rows that the first `keys` columns identify. `values` holds
    /// the rows one after another.
    pub(crate) async fn update(
        &mut self,
        shape: &TableShape,
        keys: usize,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        if values.is_empty() {
            return Ok(0);
        }
        match &mut self.transaction {
            BulkTransaction::Postgres(transaction) => {
                postgres::update(transaction, shape, keys, &values).await
            }
            BulkTransaction::Sqlite(transaction) => sqlite::update(transaction, shape, keys, values).await,
        }
    }

    /// Runs one statement; parameters are written `$1`, `$2` ….
    pub(crate) async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        match &mut self.transaction {
            BulkTransaction::Postgres(transaction) => postgres::execute(transaction, sql, values).await,
            BulkTransaction::Sqlite(transaction) => sqlite::execute(transaction, sql, values).await,
        }
    }

    /// Remembers how far a job has come, and extends its lease. Attempts count only until the next progress: a long job
    /// whose worker is stopped again and again still comes to its end. Fails with [`StoreError::LeaseLost`] if the job is no
    /// longer this worker's: then the batch must not be committed, since another worker does it.
    pub async fn save_cursor(
        &mut self,
        job: &jobs::Model,
        cursor: serde_json::Value,
        now: chrono::DateTime<chrono::Utc>,
        lease_until: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE jobs SET cursor = $1, updated_at = $2, claimed_until = $3, max_attempts = attempts + $4 \
                   WHERE id = $5 AND claimed_by = $6 AND attempts = $7 AND state = 'running'";
        let values = vec![
            Value::Json(Some(Box::new(cursor))),
            now.into(),
            lease_until.into(),
            crate::jobs::DEFAULT_ATTEMPTS.into(),
            Value::Uuid(Some(job.id)),
            Value::String(job.claimed_by.clone()),
            job.attempts.into(),
        ];
        match self.execute(sql, values).await? {
            1 => Ok(()),
            _ => Err(StoreError::LeaseLost { job: job.id }),
        }
    }
}

/// The rows as one long row of values, in order of the entity's columns.
fn values_of<A: ActiveModelTrait>(rows: impl IntoIterator<Item = A>) -> Vec<Value> {
    let mut values = Vec::new();
    for mut row in rows {
        for column in <A::Entity as EntityTrait>::Column::iter() {
            values.push(match row.take(column) {
                ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
                ActiveValue::NotSet => Value::String(None),
            });
        }
    }
    values
}

/// A key for the lock that one engagement's inventory is written under.
fn engagement_lock(scope: &Scope) -> i64 {
    let id: Uuid = scope.engagement_id.into();
    let (high, low) = id.as_u64_pair();
    i64::from_ne_bytes((high ^ low).to_ne_bytes())
}
