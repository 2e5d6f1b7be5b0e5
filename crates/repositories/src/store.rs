//! The database as a whole: its pools, and the doors through which units of work are begun.

mod postgres;
mod security;
mod sqlite;

use crate::{IdentityUow, StoreError, StoreResult, SystemUow, Uow};
use landfall_domain::{Clock, Scope};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use sqlx::{PgPool, SqlitePool};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `sqlite:path`, or `postgres://…` of the serving role.
    pub url: String,
    /// PostgreSQL: URL for work across tenants; the serving URL if absent, whose user must then be a member of
    /// `landfall_system`. SQLite has no roles and ignores it.
    pub system_url: Option<String>,
    /// Connections at most.
    pub max_connections: u32,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// The pool beneath, for the bulk writers.
#[derive(Clone, Debug)]
pub(crate) enum SqlxPool {
    /// PostgreSQL.
    Postgres(PgPool),
    /// SQLite.
    Sqlite(SqlitePool),
}

/// An open database. Cheap to clone; all clones share the pools.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    serving: DatabaseConnection,
    system: Option<DatabaseConnection>,
    pool: SqlxPool,
    is_citus: bool,
    clock: Arc<dyn Clock>,
    notices: Vec<String>,
    jobs: Arc<Notify>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("backend", &self.backend())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database; the schema must be there already.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] when the URL is of another database or its user may not take the serving role.
    pub async fn connect(options: &StoreOptions) -> StoreResult<Self> {
        let scheme = options.url.split(':').next().unwrap_or_default();
        let inner = match scheme {
            "sqlite" => sqlite::connect(options).await?,
            "postgres" | "postgresql" => postgres::connect(options).await?,
            _ => {
                return Err(StoreError::Unfit(format!(
                    "'{scheme}' is no database that Landfall knows: the URL begins with sqlite: or postgres:"
                )));
            }
        };
        Ok(Self(Arc::new(inner)))
    }

    /// What an operator should know about how the database was opened, one sentence each.
    pub fn notices(&self) -> &[String] {
        &self.0.notices
    }

    /// Which database it is.
    pub fn backend(&self) -> DbBackend {
        self.0.serving.get_database_backend()
    }

    /// The clock that all rows are stamped by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Has the planner of PostgreSQL look at tables that have grown fourfold since it last did; others cost next to nothing.
    /// To be called after each batch of a large write: autovacuum, which does the same, comes too late for an import into an
    /// empty database. SQLite plans without statistics, and Citus keeps its own.
    pub async fn refresh_statistics(&self) -> StoreResult<()> {
        if let (SqlxPool::Postgres(pool), false) = (&self.0.pool, self.0.is_citus) {
            sqlx::query("SELECT app_refresh_statistics()")
                .execute(pool)
                .await?;
        }
        Ok(())
    }

    /// Begins a unit of work that may write.
    pub async fn begin(&self, scope: &Scope) -> StoreResult<Uow> {
        self.begin_as(scope, SqliteTransactionMode::Immediate).await
    }

    /// Begins a unit of work that only reads. On SQLite it does not wait for a writer and must not write.
    pub async fn begin_read(&self, scope: &Scope) -> StoreResult<Uow> {
        self.begin_as(scope, SqliteTransactionMode::Deferred).await
    }

    async fn begin_as(&self, scope: &Scope, mode: SqliteTransactionMode) -> StoreResult<Uow> {
        let transaction = transaction(&self.0.serving, mode).await?;
        for statement in self.scope_statements(scope) {
            use sea_orm::ConnectionTrait;
            transaction.execute_unprepared(&statement).await?;
        }
        Ok(Uow::new(transaction, scope.clone(), self.clone()))
    }

    /// Begins a unit of work about people, keys and tokens, which have no tenant.
    pub async fn begin_identity(&self) -> StoreResult<IdentityUow> {
        let transaction = transaction(&self.0.serving, SqliteTransactionMode::Immediate).await?;
        Ok(IdentityUow::new(transaction, self.clone()))
    }

    /// The same only to read.
    pub async fn begin_identity_read(&self) -> StoreResult<IdentityUow> {
        let transaction = transaction(&self.0.serving, SqliteTransactionMode::Deferred).await?;
        Ok(IdentityUow::new(transaction, self.clone()))
    }

    /// Begins a unit of work across tenants. Each use is written to the log with its reason.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] when no connection with the role `landfall_system` was configured.
    pub async fn begin_system(&self, reason: &'static str) -> StoreResult<SystemUow> {
        tracing::info!(target: "audit", reason, "unit of work across tenants");
        let Some(system) = &self.0.system else {
            return Err(StoreError::Unfit(
                "work across tenants needs the role landfall_system: give the URL of a user who is a member of it \
                 as system URL, or GRANT landfall_system to the serving user"
                    .to_owned(),
            ));
        };
        let transaction = transaction(system, SqliteTransactionMode::Immediate).await?;
        Ok(SystemUow::new(transaction, self.clone()))
    }

    /// Refuses a database in which a tenant could see another's rows: the serving role must be bound by row-level
    /// security, and every tenant table must force it. SQLite has neither, and passes.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] with every fault found and what to do.
    pub async fn check_security(&self) -> StoreResult<()> {
        match &self.0.pool {
            SqlxPool::Postgres(pool) => security::check(pool).await,
            SqlxPool::Sqlite(_) => Ok(()),
        }
    }

    /// Writes a copy of an embedded database as it is now to a file that does not exist yet; others read and write meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] for PostgreSQL, whose own programs make copies.
    pub async fn copy_to(&self, file: &Path) -> StoreResult<()> {
        match &self.0.pool {
            SqlxPool::Sqlite(pool) => sqlite::copy_to(pool, file).await,
            SqlxPool::Postgres(_) => Err(StoreError::Unfit(
                "PostgreSQL is no file that can be copied: use pg_dump".to_owned(),
            )),
        }
    }

    /// Statements that bind a transaction to a scope, to be run as its first ones.
    pub(crate) fn scope_statements(&self, scope: &Scope) -> Vec<String> {
        if self.backend() == DbBackend::Sqlite {
            return Vec::new();
        }
        let mut statements = Vec::with_capacity(2);
        if self.0.is_citus {
            // Without it the workers do not learn the tenant, and show no rows.
            statements.push("SET LOCAL citus.propagate_set_commands = 'local'".to_owned());
        }
        statements.push(format!(
            "SET LOCAL app.client_account_id = '{}'",
            scope.client_account_id
        ));
        statements
    }

    /// The pool that serves, for writers that need the driver itself.
    pub(crate) fn sqlx_pool(&self) -> &SqlxPool {
        &self.0.pool
    }

    /// The connection that serves, without tenant: for tables that have none.
    pub(crate) fn serving(&self) -> &DatabaseConnection {
        &self.0.serving
    }

    /// Wakes whoever waits for jobs in this process.
    pub(crate) fn job_signal(&self) -> &Arc<Notify> {
        &self.0.jobs
    }
}

async fn transaction(
    connection: &DatabaseConnection,
    mode: SqliteTransactionMode,
) -> StoreResult<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(mode),
        ..TransactionOptions::default()
    };
    Ok(connection.begin_with_options(options).await?)
}
