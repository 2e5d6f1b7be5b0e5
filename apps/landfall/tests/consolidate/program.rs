//! `landfall consolidate` on a database, in a folder of its own.

use landfall_testkit::{Role, TestDatabase};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The program, told which database is meant.
pub(crate) struct Program {
    path: PathBuf,
    folder: TempDir,
    database_url: String,
    settings: Vec<(String, String)>,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// On this database, with a role that may do everything in it.
    pub(crate) fn on(database: &TestDatabase) -> Self {
        Self::at(database.url_as(Role::Superuser))
    }

    /// On the database of this address.
    pub(crate) fn at(database_url: String) -> Self {
        Self {
            path: PathBuf::from(env!("CARGO_BIN_EXE_landfall")),
            folder: tempfile::tempdir().unwrap(),
            database_url,
            settings: Vec::new(),
        }
    }

    /// The same with an environment variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A command of the program, or of another one, in the folder and with the settings.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env_remove("RUST_LOG")
            .env("LANDFALL_DATABASE_URL", &self.database_url)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs `landfall consolidate` to its end.
    pub(crate) fn consolidate(&self, arguments: &[&str]) -> Answer {
        let mut command = self.command(&self.path);
        Answer::of(command.arg("consolidate").args(arguments).output().unwrap())
    }

    /// Runs it, and reads what it answers as JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        self.consolidate(&arguments).exits(0).json()
    }

    /// Starts it.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(&self.path);
        command.arg("consolidate").args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }
}

impl Answer {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The same, if it exited so.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// The same, if it says this somewhere.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "no '{text}' in:\n{}\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in:\n{}\n{}", self.stdout, self.stderr))
    }
}
