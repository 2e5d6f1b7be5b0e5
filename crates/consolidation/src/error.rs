//! What can go wrong, and the exit code of each.

use std::fmt::Display;

/// Why the consolidation did not do what was asked. Each message is a sentence that a person can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked for cannot be meant.
    #[error("{0}")]
    Usage(String),
    /// Somebody else is at work on this database.
    #[error("another consolidation is at work on {0}; wait for it, or end it first")]
    Busy(String),
    /// The plan has findings that must be decided first.
    #[error("{0}")]
    Blocked(String),
    /// The two sides are not equal.
    #[error("{0}")]
    NotProved(String),
    /// It is refused as things stand.
    #[error("{0}")]
    Refused(String),
    /// A database said something unexpected.
    #[error("{context}: {source}")]
    Database {
        /// What was being done.
        context: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// Making the target's tables failed.
    #[error("the tables of the target could not be made: {0}")]
    Migrate(#[from] migration::run::MigrateError),
    /// A program or a file failed.
    #[error("{0}")]
    Failed(String),
}

impl Error {
    /// What was asked for cannot be meant.
    pub fn usage(message: impl Display) -> Self {
        Self::Usage(message.to_string())
    }

    /// The exit code of the process: 1 a failure, 2 cannot be meant, 3 somebody else is at work, 4 the plan has findings that
    /// must be decided, 5 the proof did not close, 6 refused as things stand.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Database { .. } | Self::Migrate(_) | Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Busy(_) => 3,
            Self::Blocked(_) => 4,
            Self::NotProved(_) => 5,
            Self::Refused(_) => 6,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        Self::Database {
            context: "the database refused".to_owned(),
            source,
        }
    }
}
