//! Running migrations: one runner at a time, only on a database that is empty or Landfall's own.

mod connection;
mod error;
pub(crate) mod guard;
mod preparation;

pub use connection::Target;
pub use error::MigrateError;

use crate::live::is_lock_timeout;
use crate::{Migrator, expected_label_types, expected_tables, setup};
pub(crate) use connection::Session;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend};
use std::fmt;

/// The table in which applied migrations are recorded.
pub(crate) const MIGRATION_TABLE: &str = "seaql_migrations";

/// What a run changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Migrations taken back, newest first.
    pub reverted: Vec<String>,
    /// Tables dropped by [`fresh`].
    pub dropped: Vec<String>,
    /// Migrations applied, oldest first.
    pub applied: Vec<String>,
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self == &Self::default() {
            return writeln!(f, "Nothing to do.");
        }
        for name in &self.reverted {
            writeln!(f, "Reverted {name}")?;
        }
        if !self.dropped.is_empty() {
            writeln!(f, "Dropped {} tables", self.dropped.len())?;
        }
        for name in &self.applied {
            writeln!(f, "Applied {name}")?;
        }
        Ok(())
    }
}

/// A migration and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Its name.
    pub name: String,
    /// Whether it is applied.
    pub applied: bool,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Up(Option<u32>),
    Down(Option<u32>),
    Fresh,
    Refresh,
}

/// Applies all pending migrations. A SQLite file is made if the address says `mode=rwc`; on PostgreSQL the roles and the schema `landfall` are made if missing.
///
/// A second `up` at the same moment waits for the first and finds nothing to do.
///
/// # Errors
/// [`MigrateError::Unknown`] if the database holds tables that are not Landfall's, [`MigrateError::Newer`] if a later version of
/// Landfall has migrated it, else what the database said. On an error the database is as it was before the failed migration.
pub async fn up(target: impl Into<Target>) -> Result<Changes, MigrateError> {
    run(target.into(), Action::Up(None)).await
}

/// Applies at most `steps` pending migrations.
///
/// # Errors
/// As [`up`].
pub async fn up_steps(target: impl Into<Target>, steps: u32) -> Result<Changes, MigrateError> {
    run(target.into(), Action::Up(Some(steps))).await
}

/// Takes back the newest `steps` migrations. Data in their tables is lost.
///
/// # Errors
/// As [`up`].
pub async fn down(target: impl Into<Target>, steps: u32) -> Result<Changes, MigrateError> {
    run(target.into(), Action::Down(Some(steps))).await
}

/// Takes back all migrations. Data is lost; roles stay, since they belong to the whole cluster.
///
/// # Errors
/// As [`up`].
pub async fn reset(target: impl Into<Target>) -> Result<Changes, MigrateError> {
    run(target.into(), Action::Down(None)).await
}

/// Takes back all migrations and applies them again.
///
/// # Errors
/// As [`up`].
pub async fn refresh(target: impl Into<Target>) -> Result<Changes, MigrateError> {
    run(target.into(), Action::Refresh).await
}

/// Drops Landfall's tables and types, whatever state they are in, and applies all migrations. Tables that are not Landfall's stay.
///
/// # Errors
/// As [`up`].
pub async fn fresh(target: impl Into<Target>) -> Result<Changes, MigrateError> {
    run(target.into(), Action::Fresh).await
}

/// Which migrations the database has. Changes nothing: a SQLite file that does not exist is not made.
///
/// # Errors
/// As [`up`].
pub async fn status(target: impl Into<Target>) -> Result<Vec<MigrationState>, MigrateError> {
    let applied = match Session::open_existing(&target.into()).await? {
        None => Vec::new(),
        Some(session) => {
            let applied = guard::applied(session.connection(), session.target()).await;
            session.close().await;
            applied?
        }
    };
    Ok(Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .map(|name| MigrationState {
            applied: applied.contains(&name),
            name,
        })
        .collect())
}

/// Number of tables of the database that hold rows, Landfall's or others; none if there is no database yet.
///
/// # Errors
/// What the database said.
pub async fn tables_with_rows(target: impl Into<Target>) -> Result<usize, MigrateError> {
    let Some(session) = Session::open_existing(&target.into()).await? else {
        return Ok(0);
    };
    let filled = guard::tables_with_rows(session.connection()).await;
    session.close().await;
    filled
}

async fn run(target: Target, action: Action) -> Result<Changes, MigrateError> {
    let session = Session::open(&target).await?;
    let outcome = match session.connection().get_database_backend() {
        DbBackend::Postgres => run_on_postgres(&session, action).await,
        _ => run_on_sqlite(&session, action).await,
    };
    session.close().await;
    outcome
}

/// The lock belongs to the connection, so that a migration may end transactions of its own.
async fn run_on_postgres(session: &Session, action: Action) -> Result<Changes, MigrateError> {
    preparation::lock(session.connection()).await?;
    // Before anything is made: a database that is not ours is left alone.
    guard::applied(session.connection(), session.target()).await?;
    preparation::roles_and_schema(session.connection()).await?;
    preparation::wait_briefly_for_tables(session.connection()).await?;
    // Closing the connection gives the lock back, also after an error.
    let performed = perform(Handle::Pool(session.connection()), session.target(), action).await;
    performed.map_err(|error| match error {
        MigrateError::Database(source) if is_lock_timeout(&source) => MigrateError::InUse {
            target: session.target().to_owned(),
            source,
        },
        other => other,
    })
}

/// One write transaction around everything: it is the lock, and an error leaves the file as it was.
async fn run_on_sqlite(session: &Session, action: Action) -> Result<Changes, MigrateError> {
    let transaction = session.begin_immediate().await?;
    let changes = perform(Handle::Transaction(&transaction), session.target(), action).await?;
    transaction.commit().await?;
    Ok(changes)
}

/// What a run works on: the migrator takes its connection by value, more than once.
#[derive(Clone, Copy)]
enum Handle<'a> {
    Pool(&'a DatabaseConnection),
    Transaction(&'a DatabaseTransaction),
}

impl<'a> Handle<'a> {
    fn executor(self) -> SchemaManagerConnection<'a> {
        match self {
            Self::Pool(pool) => SchemaManagerConnection::Connection(pool),
            Self::Transaction(transaction) => SchemaManagerConnection::Transaction(transaction),
        }
    }
}

async fn perform(handle: Handle<'_>, target: &str, action: Action) -> Result<Changes, MigrateError> {
    let connection = &handle.executor();
    let before = guard::applied(connection, target).await?;
    let mut changes = Changes::default();
    match action {
        Action::Up(_) => {}
        Action::Down(steps) => Migrator::down(handle.executor(), steps).await?,
        Action::Refresh => Migrator::down(handle.executor(), None).await?,
        Action::Fresh => changes.dropped = drop_everything(connection).await?,
    }
    let remaining = guard::recorded(connection).await?;
    if changes.dropped.is_empty() {
        changes.reverted = before
            .into_iter()
            .rev()
            .filter(|name| !remaining.contains(name))
            .collect();
    }
    let steps = match action {
        Action::Down(_) => return Ok(changes),
        Action::Up(steps) => steps,
        Action::Refresh | Action::Fresh => None,
    };
    Migrator::up(handle.executor(), steps).await?;
    preparation::grant_reading_of_migrations(connection).await?;
    let after = guard::recorded(connection).await?;
    changes.applied = after
        .into_iter()
        .filter(|name| !remaining.contains(name))
        .collect();
    Ok(changes)
}

async fn drop_everything(connection: &SchemaManagerConnection<'_>) -> Result<Vec<String>, MigrateError> {
    let present = guard::tables(connection).await?;
    let ours = expected_tables()
        .into_iter()
        .map(|table| table.name)
        .rev()
        .chain([MIGRATION_TABLE]);
    let dropped: Vec<String> = ours
        .filter(|name| present.iter().any(|other| other == name))
        .map(str::to_owned)
        .collect();
    if connection.get_database_backend() == DbBackend::Postgres {
        // In one statement, so that the order does not matter where a foreign key was added by hand.
        if !dropped.is_empty() {
            connection
                .execute_unprepared(&format!("DROP TABLE {}", dropped.join(", ")))
                .await?;
        }
        for statement in setup::drop_types(expected_label_types()) {
            connection.execute_unprepared(&statement).await?;
        }
    } else {
        for name in &dropped {
            connection
                .execute_unprepared(&format!("DROP TABLE {name}"))
                .await?;
        }
    }
    Ok(dropped)
}
