//! How a command ends when it does not succeed.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

/// Why a command did not succeed, and what the process answers.
///
/// It is no `std::error::Error`, so that every error turns into one by `?`: what reaches this point is only shown.
#[derive(Debug)]
pub(crate) struct Failure {
    message: Option<String>,
    code: u8,
}

impl Failure {
    /// The work could not be done: exit code 1.
    pub(crate) fn new(message: impl Display) -> Self {
        Self {
            message: Some(message.to_string()),
            code: 1,
        }
    }

    /// What was asked for does not exist or cannot be meant: exit code 2.
    pub(crate) fn usage(message: impl Display) -> Self {
        Self {
            message: Some(message.to_string()),
            code: 2,
        }
    }

    /// It ended with this exit code.
    pub(crate) fn with_code(message: impl Display, code: u8) -> Self {
        Self {
            message: Some(message.to_string()),
            code,
        }
    }

    /// The command has said everything itself: exit code 1.
    pub(crate) const fn told() -> Self {
        Self {
            message: None,
            code: 1,
        }
    }

    /// The same failure with what was being done.
    pub(crate) fn while_doing(self, what: impl Display) -> Self {
        Self {
            message: self.message.map(|message| format!("{what}: {message}")),
            ..self
        }
    }

    /// Says it, and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        if let Some(message) = self.message {
            // Nobody is left to tell when the error output is closed.
            let _ = writeln!(std::io::stderr(), "error: {message}");
        }
        ExitCode::from(self.code)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}
