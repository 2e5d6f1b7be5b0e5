//! Hearing of jobs that other processes enqueue.

use super::CHANNEL;
use crate::store::SqlxPool;
use crate::{Store, StoreResult};
use sqlx::postgres::PgListener;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Wait after the listening connection broke.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens until it is dropped.
#[derive(Debug)]
pub struct JobListener(JoinHandle<()>);

impl Drop for JobListener {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) async fn listen(store: &Store) -> StoreResult<Option<JobListener>> {
    let SqlxPool::Postgres(pool) = store.sqlx_pool() else {
        return Ok(None);
    };
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    let signal = store.job_signal().clone();
    Ok(Some(JobListener(tokio::spawn(async move {
        loop {
            match listener.recv().await {
                Ok(_) => signal.notify_one(),
                Err(sqlx::Error::PoolClosed) => return,
                Err(error) => {
                    tracing::warn!(%error, "the connection that listens for jobs broke; it is opened again");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }))))
}
