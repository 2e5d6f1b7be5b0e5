//! On what it was measured.

use crate::workspace::{command, output};
use landfall_testkit::ServerPrograms;
use serde::Serialize;
use std::process::Command;

/// The machine and the versions of what ran on it.
#[derive(Serialize)]
pub(super) struct Environment {
    cores: usize,
    memory_gb: f64,
    system: String,
    rust: String,
    postgres: String,
    sqlite: String,
    commit: String,
}

impl Environment {
    pub(super) fn of_this_machine() -> Self {
        let postgres = ServerPrograms::find()
            .map(|programs| said(Command::new(programs.path("postgres")).arg("--version")));
        Self {
            cores: std::thread::available_parallelism().map_or(1, Into::into),
            memory_gb: memory_gb().unwrap_or(f64::NAN),
            system: said(Command::new("uname").arg("-sr")),
            rust: said(Command::new("rustc").arg("--version")),
            postgres: postgres.unwrap_or_default(),
            sqlite: said(Command::new("sqlite3").arg("--version")),
            commit: said(&mut command("git", &["describe", "--always", "--dirty"])),
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        vec![
            format!("{} cores, {:.1} GB, {}", self.cores, self.memory_gb, self.system),
            format!("{}; {}; sqlite3 {}", self.rust, self.postgres, self.sqlite),
            format!("commit {}", self.commit),
        ]
    }
}

/// What a program says of itself, or that it says nothing.
fn said(command: &mut Command) -> String {
    let text = output(command).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    if words.is_empty() {
        "unknown".to_owned()
    } else {
        words.join(" ")
    }
}

fn memory_gb() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: f64 = total.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes / 1024.0 / 1024.0)
}
