//! Opening SQLite.

use super::{Inner, SqlxPool, StoreOptions};
use crate::StoreResult;
use sea_orm::SqlxSqliteConnector;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn connect(options: &StoreOptions) -> StoreResult<Inner> {
    let settings = options
        .url
        .parse::<SqliteConnectOptions>()?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // In WAL mode a crash of the machine can lose the last commits, but cannot damage the file.
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // Per connection, in KiB.
        .pragma("cache_size", "-16384")
        .pragma("temp_store", "MEMORY");
    let pool = SqlitePoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .connect_with(settings)
        .await?;
    let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.clone());
    Ok(Inner {
        serving: connection.clone(),
        system: Some(connection),
        pool: SqlxPool::Sqlite(pool),
        is_citus: false,
        clock: options.clock.clone(),
        notices: Vec::new(),
        jobs: Arc::new(Notify::new()),
    })
}
