//! Why migrations could not be run.

use sea_orm_migration::sea_orm::DbErr;

/// Why migrations could not be run. No message contains a password.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The address names no supported database, or cannot be read.
    #[error("{}", address_error(.scheme, .reason.as_deref()))]
    Address {
        /// What stands before the first colon.
        scheme: String,
        /// What the driver said about the rest.
        reason: Option<String>,
    },
    /// The database did not answer.
    #[error("cannot open the database {target}: {source}")]
    Connect {
        /// The database, without password.
        target: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// The database holds tables that Landfall did not make.
    #[error(
        "the database {target} holds tables that are not Landfall's ({tables}) and {record}: nothing was changed; \
         give an empty database, or the one that Landfall has made"
    )]
    Unknown {
        /// The database, without password.
        target: String,
        /// The first tables found, comma separated.
        tables: String,
        /// What is wrong with the record of migrations.
        record: String,
    },
    /// A later version has migrated the database.
    #[error(
        "the database {target} has migrations that this version does not know ({migrations}): nothing was changed; \
         use the version of Landfall that made them, or a later one"
    )]
    Newer {
        /// The database, without password.
        target: String,
        /// The unknown migrations, comma separated.
        migrations: String,
    },
    /// The roles are missing and the connected user may not make them.
    #[error(
        "the roles {roles} are missing and the connected user may not create them ({reason}): \
         let a superuser run: {statements}"
    )]
    Roles {
        /// The missing roles, comma separated.
        roles: String,
        /// What the database said.
        reason: String,
        /// What a superuser has to run.
        statements: String,
    },
    /// Others used a table for longer than a migration waits.
    #[error(
        "a table of the database {target} is in use by others, so the migration gave up rather than hold them up ({source}): \
         what it had begun is undone; end long transactions and try again"
    )]
    InUse {
        /// The database, without password.
        target: String,
        /// What the database said.
        source: DbErr,
    },
    /// The database refused a statement.
    #[error("the database refused: {0}")]
    Database(#[from] DbErr),
}

fn address_error(scheme: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("the {scheme} address of the database cannot be read: {reason}"),
        None => format!(
            "'{scheme}' is no database that Landfall knows: an address begins with 'sqlite:' or 'postgres:'"
        ),
    }
}

impl From<MigrateError> for DbErr {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Database(error) => error,
            other => Self::Migration(other.to_string()),
        }
    }
}
