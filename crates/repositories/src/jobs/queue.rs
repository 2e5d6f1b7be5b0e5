//! The workers' side of the jobs table, which belongs to no tenant.

use super::signal::{self, JobListener};
use crate::{Store, StoreError, StoreResult};
use chrono::{DateTime, TimeDelta, Utc};
use jobs::Column;
use landfall_domain::JobState;
use landfall_entities::jobs;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, LockBehavior, LockType, Order, Query};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, UpdateMany};
use std::time::Duration;
use uuid::Uuid;

/// Wait after the first failed attempt; it doubles with each further one.
const FIRST_BACKOFF: TimeDelta = TimeDelta::seconds(5);
/// Longest wait between two attempts.
const LONGEST_BACKOFF: TimeDelta = TimeDelta::minutes(15);

/// Jobs of all tenants, for workers. Each call is a transaction of its own.
#[derive(Clone, Debug)]
pub struct JobQueue {
    store: Store,
}

impl Store {
    /// The queue that workers take jobs from.
    pub fn job_queue(&self) -> JobQueue {
        JobQueue { store: self.clone() }
    }
}

impl JobQueue {
    /// Takes up to `limit` jobs that are due, oldest first, of the given kinds (any if empty). Until the lease ends no other
    /// worker gets them.
    pub async fn claim(
        &self,
        worker: &str,
        kinds: &[&str],
        limit: u64,
        lease: TimeDelta,
    ) -> StoreResult<Vec<jobs::Model>> {
        let now = self.now();
        let mut due = Query::select();
        due.column(Column::Id)
            .from(jobs::Entity)
            .and_where(Column::State.eq(JobState::Queued))
            .and_where(Column::RunAt.lte(now))
            .order_by(Column::RunAt, Order::Asc)
            .order_by(Column::Id, Order::Asc)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        if !kinds.is_empty() {
            due.and_where(Column::Kind.is_in(kinds.iter().copied()));
        }
        let mut claimed = update()
            .col_expr(Column::State, Expr::val(JobState::Running))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(Column::ClaimedBy, Expr::val(worker))
            .col_expr(Column::ClaimedUntil, Expr::val(now + lease))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .filter(Column::Id.in_subquery(due))
            .exec_with_returning(self.connection())
            .await?;
        claimed.sort_by_key(|job| (job.run_at, job.id));
        if claimed.len() as u64 == limit {
            // There may be more: let another worker look.
            self.store.job_signal().notify_one();
        }
        Ok(claimed)
    }

    /// Extends the lease of a job that takes long.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the job is no longer the worker's, or was cancelled.
    pub async fn heartbeat(&self, job: &jobs::Model, lease: TimeDelta) -> StoreResult<()> {
        let now = self.now();
        let update = held(job)
            .col_expr(Column::ClaimedUntil, Expr::val(now + lease))
            .col_expr(Column::UpdatedAt, Expr::val(now));
        self.write(job.id, update).await.map(|_| ())
    }

    /// Says that the job is done. [`JobRepository::complete`](super::JobRepository::complete) does it together with data.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the job is no longer the worker's.
    pub async fn complete(&self, job: &jobs::Model) -> StoreResult<()> {
        let now = self.now();
        let update = held(job)
            .col_expr(Column::State, Expr::val(JobState::Succeeded))
            .col_expr(Column::ClaimedUntil, Expr::val(Option::<DateTime<Utc>>::None))
            .col_expr(Column::LastError, Expr::val(Option::<String>::None))
            .col_expr(Column::CompletedAt, Expr::val(now))
            .col_expr(Column::UpdatedAt, Expr::val(now));
        self.write(job.id, update).await.map(|_| ())
    }

    /// Says that an attempt failed. The job is tried again after 5 s, 10 s, 20 s … up to 15 min, unless its attempts are used
    /// up or `may_retry` is false: then it has failed. Progress that was saved meanwhile gives it new attempts.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the job is no longer the worker's.
    pub async fn fail(&self, job: &jobs::Model, error: &str, may_retry: bool) -> StoreResult<jobs::Model> {
        let now = self.now();
        let again = may_retry.then(|| now + backoff(job.attempts));
        let update = held(job).col_expr(Column::LastError, Expr::val(error));
        self.write(job.id, end_attempt(update, again, now)).await
    }

    /// Gives a job back without counting the attempt, when the worker stops.
    pub async fn release(&self, job: &jobs::Model) -> StoreResult<()> {
        let now = self.now();
        let update = held(job)
            .col_expr(Column::State, Expr::val(JobState::Queued))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
            .col_expr(Column::ClaimedUntil, Expr::val(Option::<DateTime<Utc>>::None))
            .col_expr(Column::RunAt, Expr::val(now))
            .col_expr(Column::UpdatedAt, Expr::val(now));
        self.write(job.id, update).await?;
        self.store.job_signal().notify_one();
        Ok(())
    }

    /// Puts the jobs of workers that vanished back into the queue; those without attempts left have failed. Gives their
    /// number.
    pub async fn requeue_expired(&self) -> StoreResult<u64> {
        let now = self.now();
        let vanished = update().col_expr(
            Column::LastError,
            Expr::val("the worker vanished while it had the job"),
        );
        let requeued = end_attempt(vanished, Some(now), now)
            .filter(Column::State.eq(JobState::Running))
            .filter(Column::ClaimedUntil.lt(now))
            .exec(self.connection())
            .await?
            .rows_affected;
        if requeued > 0 {
            self.store.job_signal().notify_one();
        }
        Ok(requeued)
    }

    /// Deletes jobs that ended before `before`. Gives their number.
    #[expect(
        clippy::disallowed_methods,
        reason = "housekeeping of a table that belongs to no tenant"
    )]
    pub async fn forget_ended(&self, before: DateTime<Utc>) -> StoreResult<u64> {
        let ended = [JobState::Succeeded, JobState::Failed, JobState::Cancelled];
        let deleted = jobs::Entity::delete_many()
            .filter(Column::State.is_in(ended))
            .filter(Column::CompletedAt.lt(before))
            .exec(self.connection())
            .await?;
        Ok(deleted.rows_affected)
    }

    /// The job with this id, of any tenant.
    #[expect(clippy::disallowed_methods, reason = "workers serve every tenant")]
    pub async fn get(&self, id: Uuid) -> StoreResult<jobs::Model> {
        let job = jobs::Entity::find()
            .filter(Column::Id.eq(id))
            .one(self.connection())
            .await?;
        job.ok_or_else(|| StoreError::not_found("job", id))
    }

    /// Waits until a job may have come, at most `at_most`. Jobs of other processes are heard of through
    /// [`JobQueue::listen`], and those that become due by their time not at all: so `at_most` is how late a job may start.
    pub async fn wait(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.store.job_signal().notified()).await;
    }

    /// Listens for jobs that other processes enqueue, as long as the listener is kept. On SQLite there is no such channel,
    /// and nothing to keep.
    pub async fn listen(&self) -> StoreResult<Option<JobListener>> {
        signal::listen(&self.store).await
    }

    async fn write(&self, id: Uuid, update: UpdateMany<jobs::Entity>) -> StoreResult<jobs::Model> {
        update
            .exec_with_returning(self.connection())
            .await?
            .pop()
            .ok_or(StoreError::LeaseLost { job: id })
    }

    fn connection(&self) -> &DatabaseConnection {
        self.store.serving()
    }

    fn now(&self) -> DateTime<Utc> {
        self.store.clock().now()
    }
}

#[expect(clippy::disallowed_methods, reason = "workers serve every tenant")]
fn update() -> UpdateMany<jobs::Entity> {
    jobs::Entity::update_many()
}

/// An update of the job if it is still the worker's that claimed it, in the same attempt.
pub(super) fn held(job: &jobs::Model) -> UpdateMany<jobs::Entity> {
    update()
        .filter(Column::Id.eq(job.id))
        .filter(Column::State.eq(JobState::Running))
        .filter(Column::ClaimedBy.eq(job.claimed_by.clone()))
        .filter(Column::Attempts.eq(job.attempts))
}

/// Ends an attempt: the job is queued to be tried `again`, or has failed if that is none or no attempts are left.
fn end_attempt(
    update: UpdateMany<jobs::Entity>,
    again: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> UpdateMany<jobs::Entity> {
    let update = update
        .col_expr(Column::ClaimedUntil, Expr::val(Option::<DateTime<Utc>>::None))
        .col_expr(Column::UpdatedAt, Expr::val(now));
    let Some(again) = again else {
        return update
            .col_expr(Column::State, Expr::val(JobState::Failed))
            .col_expr(Column::CompletedAt, Expr::val(now));
    };
    // The row's own columns decide: a worker may have read the job before it was given more attempts.
    let by_attempts = |left: Expr, none_left: Expr| {
        let has_attempts = Expr::col(Column::Attempts).lt(Expr::col(Column::MaxAttempts));
        Expr::Case(Box::new(
            CaseStatement::new().case(has_attempts, left).finally(none_left),
        ))
    };
    update
        .col_expr(
            Column::State,
            by_attempts(Expr::val(JobState::Queued), Expr::val(JobState::Failed)),
        )
        .col_expr(
            Column::RunAt,
            by_attempts(Expr::val(again), Expr::col(Column::RunAt)),
        )
        .col_expr(
            Column::CompletedAt,
            by_attempts(Expr::col(Column::CompletedAt), Expr::val(now)),
        )
}

fn backoff(attempts: i32) -> TimeDelta {
    let doublings = Ord::min(u32::try_from(attempts - 1).unwrap_or(0), 20);
    FIRST_BACKOFF
        .checked_mul(1 << doublings)
        .map_or(LONGEST_BACKOFF, |wait| wait.min(LONGEST_BACKOFF))
}

#[cfg(test)]
mod tests {
    use super::{FIRST_BACKOFF, LONGEST_BACKOFF, backoff};

    #[test]
    fn waits_double_and_end_at_the_longest() {
        assert_eq!(backoff(1), FIRST_BACKOFF);
        assert_eq!(backoff(2), FIRST_BACKOFF * 2);
        assert_eq!(backoff(4), FIRST_BACKOFF * 8);
        assert_eq!(backoff(i32::MAX), LONGEST_BACKOFF);
        assert_eq!(backoff(0), FIRST_BACKOFF);
    }
}
