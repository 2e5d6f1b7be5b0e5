//! Running the program in a directory of its own.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The sample inventory that the documentation imports.
pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/harbour-foods-cmdb.csv")
}

/// A directory in which the program runs, without settings from outside.
pub(crate) struct Place {
    folder: TempDir,
    settings: Vec<(String, String)>,
}

/// What the program answered.
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            settings: Vec::new(),
        }
    }

    /// The same with an environment variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names of what is there.
    pub(crate) fn content(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn landfall(&self, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landfall"));
        command.args(arguments).current_dir(self.folder.path());
        command
            .env_remove("RUST_LOG")
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        Answer {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Imports the sample with these flags as well.
    pub(crate) fn import_sample(&self, flags: &[&str]) -> Answer {
        let sample = sample();
        let mut arguments = vec!["import", sample.to_str().unwrap()];
        arguments.extend(flags);
        self.landfall(&arguments)
    }

    /// How many assets there are.
    pub(crate) fn assets(&self, flags: &[&str]) -> u64 {
        let mut arguments = vec!["assets", "list", "--limit", "1", "--json"];
        arguments.extend(flags);
        self.landfall(&arguments).exits(0).json()["total"]
            .as_u64()
            .unwrap()
    }
}

impl Answer {
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

    /// The same, if the result has this text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no '{text}' in:\n{}", self.stdout);
        self
    }

    /// The same, if the error output has this text.
    #[track_caller]
    pub(crate) fn warns(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no '{text}' in:\n{}", self.stderr);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}
