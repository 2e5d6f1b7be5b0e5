//! Units of work: one transaction, for one scope.

use crate::{Store, StoreResult};
use chrono::{DateTime, Utc};
use landfall_domain::Scope;
use sea_orm::DatabaseTransaction;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One transaction of one scope. Dropping it undoes everything; [`Uow::commit`] keeps it.
#[derive(Debug)]
pub struct Uow {
    pub(crate) connection: DatabaseTransaction,
    scope: Scope,
    store: Store,
    new_jobs: AtomicUsize,
}

impl Uow {
    pub(crate) fn new(connection: DatabaseTransaction, scope: Scope, store: Store) -> Self {
        Self {
            connection,
            scope,
            store,
            new_jobs: AtomicUsize::new(0),
        }
    }

    /// Whose rows are seen and written.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The time now, by the store's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.store.clock().now()
    }

    /// Keeps what was done, then wakes those who wait for the jobs that were enqueued.
    pub async fn commit(self) -> StoreResult<()> {
        self.connection.commit().await?;
        for _ in 0..self.new_jobs.into_inner() {
            self.store.job_signal().notify_one();
        }
        Ok(())
    }

    /// Undoes what was done, now and not when the value happens to be dropped.
    pub async fn rollback(self) -> StoreResult<()> {
        Ok(self.connection.rollback().await?)
    }

    pub(crate) fn count_new_job(&self) {
        self.new_jobs.fetch_add(1, Ordering::Relaxed);
    }
}
