//! The operating system's account that the server runs under.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// Who runs the server. PostgreSQL refuses to run as root, so root hands over to `postgres`.
#[derive(Clone, Debug)]
pub(crate) enum Account {
    /// The account that runs the tests.
    Own,
    /// `postgres`, because the tests run as root.
    Postgres,
}

impl Account {
    /// The account for this process.
    pub(crate) fn for_server() -> io::Result<Self> {
        if own_id()? != 0 {
            return Ok(Self::Own);
        }
        let known = Command::new("id")
            .args(["-u", "postgres"])
            .output()?
            .status
            .success();
        if known {
            Ok(Self::Postgres)
        } else {
            Err(io::Error::other(
                "a PostgreSQL server does not run as root, and there is no account `postgres` to run it: run the tests \
                 as another user, or `useradd --system postgres`",
            ))
        }
    }

    /// A command line that runs `program` under this account.
    pub(crate) fn command_line(&self, program: &Path) -> Vec<String> {
        let program = program.display().to_string();
        match self {
            Self::Own => vec![program],
            Self::Postgres => ["runuser", "-u", "postgres", "--", &program]
                .map(str::to_owned)
                .to_vec(),
        }
    }

    /// Makes the account the owner of `directory`.
    pub(crate) fn take(&self, directory: &Path) -> io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Postgres => succeed(Command::new("chown").arg("postgres:").arg(directory)),
        }
    }
}

/// The numeric id of the account that runs this process, read from a file that it has just made.
pub(crate) fn own_id() -> io::Result<u32> {
    Ok(tempfile::tempfile()?.metadata()?.uid())
}

/// Runs a command to its end; what it printed becomes the error if it fails.
pub(crate) fn succeed(command: &mut Command) -> io::Result<()> {
    let program = command.get_program().display().to_string();
    // The server's account may not be allowed to look at the current directory.
    let output = command
        .current_dir("/")
        .output()
        .map_err(|error| io::Error::other(format!("cannot run {program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{program} failed ({}): {}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )))
}
