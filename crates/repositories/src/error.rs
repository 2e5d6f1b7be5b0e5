//! What can go wrong between Landfall and its database, sorted once.

use landfall_domain::UnknownLabel;
use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::ErrorKind;
use std::sync::Arc;

/// Result of a repository.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why a repository could not do what was asked. The text never repeats stored values.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The row does not exist, or belongs to someone else: both look the same.
    #[error("there is no {what} {id} here")]
    NotFound {
        /// What was looked for, such as `asset`.
        what: &'static str,
        /// The id or name that was given.
        id: String,
    },
    /// A row with the same key exists already.
    #[error("a row with the same key exists already ({constraint})")]
    Duplicate {
        /// Constraint or columns that refused.
        constraint: String,
    },
    /// A row refers to something that does not exist in this client account, or is still referred to.
    #[error(
        "the row refers to something that does not exist here, or something still refers to it ({constraint})"
    )]
    MissingReference {
        /// Constraint that refused.
        constraint: String,
    },
    /// A value that a rule of the schema or of the repository refuses.
    #[error("{reason}")]
    Invalid {
        /// A sentence with the column or field and the rule.
        reason: String,
    },
    /// The row was changed by someone else since it was read.
    #[error(
        "the {what} {id} was changed since it was read: version {expected} was expected, it is now {actual}"
    )]
    Conflict {
        /// What should have been changed, such as `asset`.
        what: &'static str,
        /// Its id.
        id: String,
        /// The version that the caller had read.
        expected: i64,
        /// The version that the row has.
        actual: i64,
    },
    /// The job was taken from this worker, because its lease had ended: another worker does it now.
    #[error("the job {job} is no longer held by this worker")]
    LeaseLost {
        /// The job.
        job: uuid::Uuid,
    },
    /// The database cannot be used as it is set up; the sentence says what to do.
    #[error("{0}")]
    Unfit(String),
    /// The transaction lost against another one: the same work may succeed when it is done again from its start.
    #[error("the database asks to try again: {0}")]
    Retryable(Arc<sqlx::Error>),
    /// Anything else that the database or its driver reports.
    #[error("the database failed: {0}")]
    Database(Arc<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// No such row in the scope.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "ids are small, and callers pass them as they are"
    )]
    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }

    /// Whether the row still has the version that the caller has read; any will do if the caller names none.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if not.
    pub fn check_version(
        what: &'static str,
        id: impl ToString,
        expected: Option<i64>,
        actual: i64,
    ) -> StoreResult<()> {
        match expected {
            Some(expected) if expected != actual => Err(crate::scoped::conflict(what, id, expected, actual)),
            _ => Ok(()),
        }
    }

    /// A value that cannot be accepted; `reason` is a whole sentence.
    pub fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid {
            reason: reason.into(),
        }
    }

    fn database(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Database(Arc::new(error))
    }

    fn classify(error: &Arc<sqlx::Error>) -> Self {
        let sqlx::Error::Database(reported) = error.as_ref() else {
            return Self::Database(error.clone());
        };
        let constraint = || constraint_name(reported.as_ref());
        match reported.kind() {
            ErrorKind::UniqueViolation => {
                return Self::Duplicate {
                    constraint: constraint(),
                };
            }
            ErrorKind::ForeignKeyViolation => {
                return Self::MissingReference {
                    constraint: constraint(),
                };
            }
            ErrorKind::NotNullViolation | ErrorKind::CheckViolation => {
                return Self::invalid(format!("a value breaks the rule of the schema: {}", constraint()));
            }
            _ => {}
        }
        match reported.code().as_deref() {
            // PostgreSQL: serialization failure, deadlock, lock not available.
            // SQLite: busy, busy snapshot, busy recovery, locked, locked shared cache.
            Some("40001" | "40P01" | "55P03" | "5" | "517" | "261" | "6" | "262") => {
                Self::Retryable(error.clone())
            }
            // PostgreSQL: value out of range, too long, malformed, zero byte in text; row refused by a policy.
            Some(code @ ("22001" | "22003" | "22007" | "22008" | "22021" | "22P02" | "22P05" | "42501")) => {
                Self::invalid(refusal(code))
            }
            // SQLite: a value of another type in a STRICT table.
            Some("3091") => Self::invalid("a value has another type than its column"),
            _ => Self::Database(error.clone()),
        }
    }
}

fn refusal(code: &str) -> &'static str {
    match code {
        "22001" => "a text is longer than its column allows",
        "22003" => "a number is outside of the range of its column",
        "22007" | "22008" => "a point in time is outside of the range of its column",
        "22021" | "22P05" => "a text has a character that the database cannot store, such as a zero byte",
        "42501" => "the row belongs to another client account, or the role may not do this",
        _ => "a value has another type than its column",
    }
}

/// PostgreSQL names the constraint. SQLite names columns or repeats the condition in its message; neither holds values.
fn constraint_name(reported: &dyn sqlx::error::DatabaseError) -> String {
    if let Some(name) = reported.constraint() {
        return name.to_owned();
    }
    if reported
        .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
        .is_some()
    {
        let column = reported
            .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
            .and_then(|e| e.column());
        return column.unwrap_or("unnamed constraint").to_owned();
    }
    let message = reported.message();
    message
        .split_once("failed: ")
        .map_or(message, |(_, detail)| detail)
        .to_owned()
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::classify(&Arc::new(error))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner))
            | DbErr::Conn(RuntimeErr::SqlxError(inner)) => Self::classify(inner),
            _ => Self::database(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::database(error)
    }
}

impl From<UnknownLabel> for StoreError {
    fn from(error: UnknownLabel) -> Self {
        Self::invalid(error.to_string())
    }
}
