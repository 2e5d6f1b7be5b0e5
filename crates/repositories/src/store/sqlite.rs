//! Opening SQLite.

use super::{Inner, SqlxPool, StoreOptions};
use crate::{StoreError, StoreResult};
use sea_orm::SqlxSqliteConnector;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
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

/// Writes a copy of the database as it is now to a file that does not exist yet.
pub(super) async fn copy_to(pool: &SqlitePool, file: &Path) -> StoreResult<()> {
    let Some(name) = file.to_str() else {
        return Err(StoreError::invalid(format!(
            "the name of the file {} is not in UTF-8",
            file.display()
        )));
    };
    sqlx::query("VACUUM INTO ?").bind(name).execute(pool).await?;
    Ok(())
}
