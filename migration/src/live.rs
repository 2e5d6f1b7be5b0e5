//! Changes to tables of PostgreSQL on which others are at work, in a way that lets them go on.
//!
//! Every statement that needs a table for itself, however briefly, waits for those who use it now, and all others queue up
//! behind it. So such a statement waits only for a moment, gives up, and tries again; and what takes long (reading a whole
//! table to check a constraint or to build an index) is done in a way that needs no table for itself. `docs/migrations.md`
//! shows how a migration is written with it. A migration that uses it returns `Some(false)` from `use_transaction`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, RuntimeErr, Statement, TransactionSession, TransactionTrait};
use std::time::Duration;

/// `lock_not_available`: a statement waited for longer than `lock_timeout`.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// How long a statement waits for those at work, and how often it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long one attempt waits: also the longest time for which it holds others up.
    pub lock_timeout: Duration,
    /// Attempts in all, at least one.
    pub attempts: u32,
    /// The pause after the first attempt in vain; it doubles up to thirty seconds.
    pub pause: Duration,
}

impl Default for Patience {
    /// Half a second, ten times, with pauses from a quarter of a second: about two minutes in all.
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_millis(500),
            attempts: 10,
            pause: Duration::from_millis(250),
        }
    }
}

/// A connection over which tables are changed while others work on them. It must be a single connection that is in no
/// transaction, as migrations have it that return `Some(false)` from `use_transaction`.
#[derive(Debug)]
pub struct Live<'a, C> {
    connection: &'a C,
    patience: Patience,
}

impl<'a, C: ConnectionTrait + TransactionTrait> Live<'a, C> {
    /// With the default patience.
    pub fn new(connection: &'a C) -> Self {
        Self {
            connection,
            patience: Patience::default(),
        }
    }

    /// With another patience.
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Runs a statement that needs a table for itself but has nothing to do there: add a nullable column, drop a column, add
    /// a constraint `NOT VALID`. In a transaction of its own.
    ///
    /// # Errors
    /// `lock_not_available` if every attempt was in vain, else what the database said. Nothing was changed then.
    pub async fn change(&self, statement: &str) -> Result<(), DbErr> {
        let mut pause = self.patience.pause;
        let mut attempt = 1;
        loop {
            match self.attempt(statement).await {
                Err(error) if is_lock_timeout(&error) && attempt < self.patience.attempts => {
                    tracing::info!(statement, attempt, "the table is in use; trying again");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(30));
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt(&self, statement: &str) -> Result<(), DbErr> {
        let transaction = self.connection.begin().await?;
        let timeout = self.patience.lock_timeout.as_millis();
        transaction
            .execute_unprepared(&format!("SET LOCAL lock_timeout = {timeout}"))
            .await?;
        transaction.execute_unprepared(statement).await?;
        transaction.commit().await
    }

    /// Adds a constraint, such as `FOREIGN KEY (a) REFERENCES b (id)` or `CHECK (a > 0)`, in two steps: first for new rows,
    /// then, while others read and write, for those that are there. An interrupted call is taken up where it stopped.
    ///
    /// # Errors
    /// As [`Live::change`]. If rows that are there break it, the database's message names one, and the constraint stays,
    /// unvalidated: mend the rows and call it again.
    pub async fn add_constraint(&self, table: &str, name: &str, definition: &str) -> Result<(), DbErr> {
        let question = format!(
            "SELECT convalidated FROM pg_constraint WHERE conrelid = '{table}'::regclass AND conname = '{name}'"
        );
        let validated = self.flag(&question).await?;
        if validated.is_none() {
            self.change(&format!(
                "ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID"
            ))
            .await?;
        }
        if validated == Some(true) {
            return Ok(());
        }
        self.change(&format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"))
            .await
    }

    /// Forbids NULL in a column. The rows are read while others read and write; the last step trusts what was read then.
    ///
    /// # Errors
    /// As [`Live::add_constraint`].
    pub async fn set_not_null(&self, table: &str, column: &str) -> Result<(), DbErr> {
        let proof = format!("{column}_is_not_null");
        self.add_constraint(table, &proof, &format!("CHECK ({column} IS NOT NULL)"))
            .await?;
        self.change(&format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL, DROP CONSTRAINT {proof}"
        ))
        .await
    }

    /// Builds an index while others read and write: `create_index("assets_rack", "ON assets (client_account_id, rack)")`.
    /// What an interrupted attempt left is removed first. It waits for transactions that were there before it, but nobody
    /// waits for it.
    ///
    /// # Errors
    /// What the database said; a unique index over rows that are not unique leaves nothing behind.
    pub async fn create_index(&self, name: &str, definition: &str) -> Result<(), DbErr> {
        self.create(name, "INDEX", definition).await
    }

    /// As [`Live::create_index`], for a unique index.
    ///
    /// # Errors
    /// As [`Live::create_index`].
    pub async fn create_unique_index(&self, name: &str, definition: &str) -> Result<(), DbErr> {
        self.create(name, "UNIQUE INDEX", definition).await
    }

    async fn create(&self, name: &str, kind: &str, definition: &str) -> Result<(), DbErr> {
        let question = format!("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{name}')");
        match self.flag(&question).await? {
            Some(true) => return Ok(()),
            Some(false) => self.drop_index(name).await?,
            None => {}
        }
        let created = self
            .without_timeout(&format!("CREATE {kind} CONCURRENTLY {name} {definition}"))
            .await;
        if created.is_err() {
            // An index that was not finished costs every writer and serves no reader.
            self.drop_index(name).await?;
        }
        created
    }

    /// Drops an index, if there is one, while others read and write.
    ///
    /// # Errors
    /// What the database said.
    pub async fn drop_index(&self, name: &str) -> Result<(), DbErr> {
        self.without_timeout(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"))
            .await
    }

    /// For statements that wait without holding anybody up, and cannot be in a transaction.
    async fn without_timeout(&self, statement: &str) -> Result<(), DbErr> {
        let before = self
            .text("SELECT current_setting('lock_timeout') AS value")
            .await?;
        self.connection.execute_unprepared("SET lock_timeout = 0").await?;
        let outcome = self.connection.execute_unprepared(statement).await;
        self.connection
            .execute_unprepared(&format!("SET lock_timeout = '{before}'"))
            .await?;
        outcome.map(drop)
    }

    async fn flag(&self, question: &str) -> Result<Option<bool>, DbErr> {
        let statement = Statement::from_string(DbBackend::Postgres, question);
        let row = self.connection.query_one_raw(statement).await?;
        row.map(|row| row.try_get_by_index(0)).transpose()
    }

    async fn text(&self, question: &str) -> Result<String, DbErr> {
        let statement = Statement::from_string(DbBackend::Postgres, question);
        let row = self.connection.query_one_raw(statement).await?;
        row.map_or_else(|| Ok(String::new()), |row| row.try_get_by_index(0))
    }
}

/// Whether a statement gave up since somebody else used the table.
pub(crate) fn is_lock_timeout(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return false;
    };
    inner
        .as_database_error()
        .and_then(|error| error.code().map(|code| code == LOCK_NOT_AVAILABLE))
        .unwrap_or(false)
}
