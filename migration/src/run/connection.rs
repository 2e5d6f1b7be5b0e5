//! The one connection over which migrations run.

use super::MigrateError;
use crate::POSTGRES_SCHEMA;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use std::str::FromStr;
use std::time::Duration;
use url::Url;

/// How long a SQLite migration waits for another writer.
const SQLITE_WAIT: Duration = Duration::from_mins(2);

/// A single connection: locks and the role belong to it.
pub(crate) struct Session {
    connection: DatabaseConnection,
    target: String,
}

impl Session {
    /// Connects, and makes the SQLite file where the address asks for it.
    pub(crate) async fn open(url: &str) -> Result<Self, MigrateError> {
        let target = without_password(url);
        let opened = match scheme(url) {
            "sqlite" => open_sqlite(sqlite_options(url)).await,
            "postgres" | "postgresql" => open_postgres(url).await,
            other => return Err(MigrateError::Address { scheme: other.to_owned() }),
        };
        match opened {
            Ok(connection) => Ok(Self { connection, target }),
            Err(source) => Err(MigrateError::Connect { target, source }),
        }
    }

    /// Connects to a database that is there; `None` if its SQLite file does not exist.
    pub(crate) async fn open_existing(url: &str) -> Result<Option<Self>, MigrateError> {
        if scheme(url) == "sqlite"
            && let Ok(options) = sqlite_options(url)
            && !options.get_filename().exists()
        {
            return Ok(None);
        }
        Self::open(url).await.map(Some)
    }

    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// The address without password, for messages.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// A transaction that holds SQLite's write lock from its start.
    pub(crate) async fn begin_immediate(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.connection.begin_with_options(options).await
    }

    /// Ends the connection, and with it its locks. A failure to say goodbye changes nothing any more.
    pub(crate) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::debug!(%error, "closing the connection of the migrations");
        }
    }
}

fn scheme(url: &str) -> &str {
    url.split(':').next().unwrap_or_default()
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, sqlx::Error> {
    Ok(SqliteConnectOptions::from_str(url)?.foreign_keys(true).busy_timeout(SQLITE_WAIT))
}

async fn open_sqlite(options: Result<SqliteConnectOptions, sqlx::Error>) -> Result<DatabaseConnection, sqlx::Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options?)
        .await?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

async fn open_postgres(url: &str) -> Result<DatabaseConnection, sqlx::Error> {
    // A legacy database sets its own default search path; unqualified names must land in Landfall's schema.
    let options = PgConnectOptions::from_str(url)?
        .application_name("landfall-migration")
        .options([("search_path", POSTGRES_SCHEMA)]);
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// The address as it may be shown: no password, no parameters (which may hold one).
pub(crate) fn without_password(url: &str) -> String {
    if scheme(url) == "sqlite" {
        return url.split('?').next().unwrap_or(url).to_owned();
    }
    let Ok(mut parsed) = Url::parse(url) else {
        return format!("{}://…", scheme(url));
    };
    parsed.set_query(None);
    if parsed.password().is_some() && parsed.set_password(Some("***")).is_err() {
        return format!("{}://…", scheme(url));
    }
    parsed.to_string()
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_shown_address_has_no_password() {
        let shown = without_password("postgres://ann:s3cret@db.example:5433/landfall?password=s3cret&sslmode=require");
        assert_eq!(shown, "postgres://ann:***@db.example:5433/landfall");
    }

    #[test]
    fn an_unreadable_address_is_not_shown() {
        assert_eq!(without_password("postgres://ann:s3cret@[broken/landfall"), "postgres://…");
    }

    #[test]
    fn a_sqlite_address_is_shown_without_parameters() {
        assert_eq!(without_password("sqlite://./landfall.db?mode=rwc"), "sqlite://./landfall.db");
    }
}
