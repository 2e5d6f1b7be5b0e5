//! The checkout, and what cargo knows about it.

use crate::Result;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own)
}

/// `cargo` with these arguments, in the root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command("cargo", arguments)
}

/// A program with these arguments, in the root.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    // `cargo run` tells this program about its own package. Build scripts that watch those variables (ring's does) would be
    // run anew, and everything that stands on them built anew: twice, with the next cargo that a person starts.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command whose output goes to the terminal.
pub(crate) fn succeed(command: &mut Command) -> Result {
    let line = line(command);
    let status = command
        .status()
        .map_err(|error| format!("cannot run `{line}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{line}` failed").into())
    }
}

/// Runs a command and returns what it wrote to its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = line(command);
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run `{line}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{line}` failed").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Builds a program of the workspace and returns its path.
pub(crate) fn built(program: &str) -> Result<PathBuf> {
    // What is built decides the features of shared libraries. The whole workspace and one of its tests make them those that
    // the tests are built with, so that nothing is built twice.
    let arguments = [
        "build",
        "--quiet",
        "--workspace",
        "--bin",
        program,
        "--test",
        "documentation",
    ];
    succeed(&mut cargo(&arguments))?;
    Ok(Metadata::of_workspace()?
        .target_directory
        .join("debug")
        .join(program))
}

fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The part of `cargo metadata` that the checks read.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

/// A package of the workspace or a dependency.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// SPDX expression.
    pub(crate) license: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A line of a package's `Cargo.toml`.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None` for an ordinary one, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

impl Metadata {
    /// The workspace's own packages.
    pub(crate) fn of_workspace() -> Result<Self> {
        Self::read(&["metadata", "--format-version=1", "--no-deps"])
    }

    /// Every package that this machine's build can contain. Fails if `Cargo.lock` is not up to date.
    pub(crate) fn of_all() -> Result<Self> {
        let version = output(Command::new("rustc").arg("-vV"))?;
        let host = version
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .ok_or("rustc -vV names no host")?;
        Self::read(&[
            "metadata",
            "--format-version=1",
            "--locked",
            "--all-features",
            "--filter-platform",
            host,
        ])
    }

    fn read(arguments: &[&str]) -> Result<Self> {
        Ok(serde_json::from_str(&output(&mut cargo(arguments))?)?)
    }
}
