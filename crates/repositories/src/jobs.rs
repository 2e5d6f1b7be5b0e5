//! Durable jobs. They are enqueued with the data that needs them, in the same unit of work, and claimed by one worker at a
//! time: see [`JobQueue`].

mod queue;
mod signal;

use crate::keyset::{self, Sort};
use crate::scoped::insert_rows;
use crate::{StoreError, StoreResult, Uow};
use chrono::{DateTime, Utc};
use jobs::Column;
use landfall_domain::{JobState, Page, PageRequest, ids};
use landfall_entities::jobs;
pub use queue::JobQueue;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    UpdateMany,
};
use serde_json::Value;
pub use signal::JobListener;
use uuid::Uuid;

/// Attempts of a job unless it says otherwise.
pub const DEFAULT_ATTEMPTS: i32 = 5;
/// The channel on which PostgreSQL tells other processes of new jobs.
const CHANNEL: &str = "landfall_jobs";

/// Jobs of the unit of work's scope.
#[derive(Debug)]
pub struct JobRepository<'u> {
    uow: &'u Uow,
}

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler does it.
    pub kind: String,
    /// What the handler needs to know, a JSON object.
    pub payload: Value,
    /// Not before; at once if absent.
    pub run_at: Option<DateTime<Utc>>,
    /// Attempts at most.
    pub max_attempts: i32,
    /// While a job with this key is queued or running, no other is taken.
    pub dedup_key: Option<String>,
}

impl NewJob {
    /// A job to be done at once.
    pub fn new(kind: &str, payload: Value) -> Self {
        Self {
            kind: kind.to_owned(),
            payload,
            run_at: None,
            max_attempts: DEFAULT_ATTEMPTS,
            dedup_key: None,
        }
    }

    /// The same job, unless one with this key is queued or running.
    pub fn once(mut self, dedup_key: impl Into<String>) -> Self {
        self.dedup_key = Some(dedup_key.into());
        self
    }
}

/// Which jobs are listed.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// In one of these states; in any if empty.
    pub states: Vec<JobState>,
    /// Of this kind.
    pub kind: Option<String>,
}

impl Uow {
    /// Jobs.
    pub fn jobs(&self) -> JobRepository<'_> {
        JobRepository { uow: self }
    }
}

impl JobRepository<'_> {
    /// Enqueues a job; workers see it when the unit of work is committed. If a job with the same key is queued or running,
    /// that one is given instead.
    pub async fn enqueue(&self, new: NewJob) -> StoreResult<jobs::Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = jobs::Model {
            id: ids::new_uuid(),
            client_account_id: Some(scope.client_account_id),
            engagement_id: Some(scope.engagement_id),
            kind: new.kind,
            payload: new.payload,
            state: JobState::Queued,
            attempts: 0,
            max_attempts: new.max_attempts.max(1),
            run_at: new.run_at.unwrap_or(now),
            claimed_by: None,
            claimed_until: None,
            last_error: None,
            dedup_key: new.dedup_key,
            cursor: None,
            result: None,
            completed_at: None,
            created_at: now,
            updated_at: now,
        };
        let keep = OnConflict::new().do_nothing().to_owned();
        let written = insert_rows(&self.uow.connection, vec![row.clone()], Some(keep)).await?;
        if written == 0 {
            return self.with_key(row.dedup_key.unwrap_or_default()).await;
        }
        self.announce().await?;
        Ok(row)
    }

    /// The job with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<jobs::Model> {
        self.rows()
            .filter(Column::Id.eq(id))
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("job", id))
    }

    /// The newest job with this key, whatever became of it.
    pub async fn latest(&self, dedup_key: &str) -> StoreResult<Option<jobs::Model>> {
        Ok(self
            .rows()
            .filter(Column::DedupKey.eq(dedup_key))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .one(&self.uow.connection)
            .await?)
    }

    /// Jobs of the engagement, newest first.
    pub async fn list(&self, filter: &JobFilter, request: &PageRequest) -> StoreResult<Page<jobs::Model>> {
        let mut rows = self.rows();
        if !filter.states.is_empty() {
            rows = rows.filter(Column::State.is_in(filter.states.iter().copied()));
        }
        if let Some(kind) = &filter.kind {
            rows = rows.filter(Column::Kind.eq(kind));
        }
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::CreatedAt, Column::Id, true),
            request,
        )
        .await
    }

    /// How many jobs of the scope are in each state.
    pub async fn count_by_state(&self) -> StoreResult<Vec<(JobState, i64)>> {
        Ok(self
            .rows()
            .select_only()
            .column(Column::State)
            .expr_as(Column::Id.count(), "number")
            .group_by(Column::State)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// Says that the worker has done the job, in the same unit of work as its last data.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the job is no longer the worker's: then the unit of work must not be committed.
    pub async fn complete(&self, job: &jobs::Model) -> StoreResult<()> {
        let now = self.uow.now();
        let done = queue::held(job)
            .col_expr(Column::State, Expr::val(JobState::Succeeded))
            .col_expr(Column::ClaimedUntil, Expr::val(Option::<DateTime<Utc>>::None))
            .col_expr(Column::LastError, Expr::val(Option::<String>::None))
            .col_expr(Column::CompletedAt, Expr::val(now))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .exec(&self.uow.connection)
            .await?;
        if done.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::LeaseLost { job: job.id })
        }
    }

    /// Keeps what the job has worked out, in the same unit of work as its last data.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the job is no longer the worker's: then the unit of work must not be committed.
    pub async fn save_result(&self, job: &jobs::Model, result: Value) -> StoreResult<()> {
        self.keep(job, Column::Result, result).await
    }

    /// Remembers how far the worker has come, in the same unit of work as the data.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the job is no longer the worker's: then the unit of work must not be committed.
    pub async fn save_cursor(&self, job: &jobs::Model, cursor: Value) -> StoreResult<()> {
        self.keep(job, Column::Cursor, cursor).await
    }

    async fn keep(&self, job: &jobs::Model, column: Column, value: Value) -> StoreResult<()> {
        let saved = queue::held(job)
            .col_expr(column, Expr::val(value))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
            .exec(&self.uow.connection)
            .await?;
        if saved.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::LeaseLost { job: job.id })
        }
    }

    /// Cancels a job that is queued or running; its worker finds out at its next heartbeat or batch.
    pub async fn cancel(&self, id: Uuid) -> StoreResult<jobs::Model> {
        let now = self.uow.now();
        let cancelled = self
            .update()
            .filter(Column::Id.eq(id))
            .filter(Column::State.is_in([JobState::Queued, JobState::Running]))
            .col_expr(Column::State, Expr::val(JobState::Cancelled))
            .col_expr(Column::CompletedAt, Expr::val(now))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .exec_with_returning(&self.uow.connection)
            .await?
            .pop();
        if let Some(job) = cancelled {
            return Ok(job);
        }
        let state = self.get(id).await?.state;
        Err(StoreError::invalid(format!(
            "job {id} is {state} already: it cannot be cancelled"
        )))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "jobs may lack a tenant, so that no scope is built in; it is added here"
    )]
    fn rows(&self) -> Select<jobs::Entity> {
        let scope = self.uow.scope();
        jobs::Entity::find()
            .filter(Column::ClientAccountId.eq(scope.client_account_id))
            .filter(Column::EngagementId.eq(scope.engagement_id))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "jobs may lack a tenant, so that no scope is built in; it is added here"
    )]
    fn update(&self) -> UpdateMany<jobs::Entity> {
        let scope = self.uow.scope();
        jobs::Entity::update_many()
            .filter(Column::ClientAccountId.eq(scope.client_account_id))
            .filter(Column::EngagementId.eq(scope.engagement_id))
    }

    async fn with_key(&self, dedup_key: String) -> StoreResult<jobs::Model> {
        self.rows()
            .filter(Column::DedupKey.eq(&dedup_key))
            .filter(Column::State.is_in([JobState::Queued, JobState::Running]))
            .one(&self.uow.connection)
            .await?
            .ok_or(StoreError::Duplicate {
                constraint: format!("job with key {dedup_key}"),
            })
    }

    async fn announce(&self) -> StoreResult<()> {
        self.uow.count_new_job();
        if self.uow.connection.get_database_backend() == DbBackend::Postgres {
            // Delivered when the transaction is committed.
            self.uow
                .connection
                .execute_unprepared(&format!("NOTIFY {CHANNEL}"))
                .await?;
        }
        Ok(())
    }
}
