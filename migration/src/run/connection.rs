//! The one connection over which migrations run.

use super::MigrateError;
use crate::POSTGRES_SCHEMA;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, SqlxPostgresConnector,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long a SQLite migration waits for another writer.
const SQLITE_WAIT: Duration = Duration::from_mins(2);

/// Which database is meant.
///
/// Made from an address (`sqlite:…`, `postgres:…`), or from a connection, whose database is then opened once more: locks and the
/// owner's role belong to a single connection, not to a pool. A SQLite database that lives in memory cannot be opened twice.
#[derive(Clone)]
pub enum Target {
    #[doc(hidden)]
    Sqlite(SqliteConnectOptions),
    #[doc(hidden)]
    Postgres(PgConnectOptions),
    #[doc(hidden)]
    Unreadable {
        /// What stands before the first colon of the address.
        scheme: String,
        /// What the driver said about the rest; absent if no driver has the scheme.
        reason: Option<String>,
    },
}

impl From<&str> for Target {
    fn from(url: &str) -> Self {
        let scheme = url.split(':').next().unwrap_or_default();
        let parsed = match scheme {
            "sqlite" => SqliteConnectOptions::from_str(url).map(Self::Sqlite),
            "postgres" | "postgresql" => PgConnectOptions::from_str(url).map(Self::Postgres),
            _ => {
                return Self::Unreadable {
                    scheme: scheme.to_owned(),
                    reason: None,
                };
            }
        };
        parsed.unwrap_or_else(|error| Self::Unreadable {
            scheme: scheme.to_owned(),
            reason: Some(error.to_string()),
        })
    }
}

impl From<&String> for Target {
    fn from(url: &String) -> Self {
        Self::from(url.as_str())
    }
}

impl From<&DatabaseConnection> for Target {
    fn from(connection: &DatabaseConnection) -> Self {
        match connection.get_database_backend() {
            DbBackend::Postgres => Self::Postgres(
                connection
                    .get_postgres_connection_pool()
                    .connect_options()
                    .as_ref()
                    .clone(),
            ),
            _ => Self::Sqlite(
                connection
                    .get_sqlite_connection_pool()
                    .connect_options()
                    .as_ref()
                    .clone(),
            ),
        }
    }
}

/// As it may be shown: without password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(options) => write!(f, "sqlite://{}", options.get_filename().display()),
            Self::Postgres(options) => {
                let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
                write!(
                    f,
                    "postgres://{user}@{host}:{port}/{}",
                    options.get_database().unwrap_or(user)
                )
            }
            Self::Unreadable { scheme, .. } => write!(f, "{scheme}:…"),
        }
    }
}

/// A single connection: locks and the role belong to it.
pub(crate) struct Session {
    connection: DatabaseConnection,
    target: String,
}

impl Session {
    /// Connects, and makes the SQLite file where the address asks for it.
    pub(crate) async fn open(target: &Target) -> Result<Self, MigrateError> {
        let opened = match target.clone() {
            Target::Sqlite(options) => open_sqlite(options).await,
            Target::Postgres(options) => open_postgres(options).await,
            Target::Unreadable { scheme, reason } => return Err(MigrateError::Address { scheme, reason }),
        };
        let target = target.to_string();
        match opened {
            Ok(connection) => Ok(Self { connection, target }),
            Err(source) => Err(MigrateError::Connect { target, source }),
        }
    }

    /// Connects to a database that is there; `None` if its SQLite file does not exist.
    pub(crate) async fn open_existing(target: &Target) -> Result<Option<Self>, MigrateError> {
        if let Target::Sqlite(options) = target
            && !options.get_filename().exists()
        {
            return Ok(None);
        }
        Self::open(target).await.map(Some)
    }

    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// The database without password, for messages.
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

async fn open_sqlite(options: SqliteConnectOptions) -> Result<DatabaseConnection, sqlx::Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.foreign_keys(true).busy_timeout(SQLITE_WAIT))
        .await?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

async fn open_postgres(options: PgConnectOptions) -> Result<DatabaseConnection, sqlx::Error> {
    // A legacy database sets its own default search path; unqualified names must land in Landfall's schema.
    let options = options
        .application_name("landfall-migration")
        .options([("search_path", POSTGRES_SCHEMA)]);
    // A pool tries for half a minute and then says only that time is up.
    options.connect().await?.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn a_shown_address_has_no_password() {
        let target = Target::from("postgres://ann:s3cret@db.example:5433/landfall?sslmode=require");
        assert_eq!(target.to_string(), "postgres://ann@db.example:5433/landfall");
    }

    #[test]
    fn an_unreadable_address_is_not_shown() {
        assert_eq!(
            Target::from("postgres://ann:s3cret@[broken/landfall").to_string(),
            "postgres:…"
        );
    }

    #[test]
    fn a_sqlite_address_is_shown_as_its_file() {
        assert_eq!(
            Target::from("sqlite://./landfall.db?mode=rwc").to_string(),
            "sqlite://./landfall.db"
        );
    }
}
