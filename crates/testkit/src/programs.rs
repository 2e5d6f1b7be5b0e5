//! Where the PostgreSQL server programs are on this machine.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The programs that a server cannot start without.
const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
/// Debian keeps each major version in a directory of its own, off the `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A directory that holds `initdb`, `pg_ctl` and `postgres`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPrograms {
    directory: PathBuf,
}

impl ServerPrograms {
    /// Looks at the variable `PG_BIN_DIR`, at Debian's directories (highest version first), at what `pg_config` says, and
    /// on the `PATH`.
    ///
    /// # Errors
    /// `NotFound` if there is none, saying how to install one; `InvalidInput` if `PG_BIN_DIR` names a directory without the
    /// programs.
    pub fn find() -> io::Result<Self> {
        if let Some(directory) = variable("PG_BIN_DIR") {
            let directory = PathBuf::from(directory);
            return Self::at(&directory).ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::InvalidInput,
                    format!(
                        "PG_BIN_DIR is {}, which does not hold {}; name the directory that does, or unset it",
                        directory.display(),
                        NEEDED.join(", ")
                    ),
                )
            });
        }
        debian_directories(Path::new(DEBIAN))
            .into_iter()
            .chain(configured_directory())
            .chain(search_path())
            .find_map(|directory| Self::at(&directory))
            .ok_or_else(|| {
                io::Error::new(io::ErrorKind::NotFound,
                    "the tests need a PostgreSQL server (15 or newer) and found none: install it (Debian and Ubuntu: \
                     `apt-get install postgresql`; Fedora: `dnf install postgresql-server`; macOS: `brew install \
                     postgresql`) or set PG_BIN_DIR to the directory of initdb, pg_ctl and postgres",
                )
            })
    }

    /// The programs in this directory, if all are there.
    pub fn at(directory: &Path) -> Option<Self> {
        NEEDED
            .iter()
            .all(|program| directory.join(program).is_file())
            .then(|| Self {
                directory: directory.to_owned(),
            })
    }

    /// The path of one program: `postgres`, `psql`, `pg_dump` …
    pub fn path(&self, program: &str) -> PathBuf {
        self.directory.join(program)
    }
}

/// The `bin` directories of all major versions, highest first.
fn debian_directories(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let major = entry.file_name().to_str()?.parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    versions.into_iter().map(|(_, directory)| directory).collect()
}

fn configured_directory() -> Option<PathBuf> {
    let answer = Command::new("pg_config").arg("--bindir").output().ok()?;
    let directory = String::from_utf8(answer.stdout).ok()?;
    Some(PathBuf::from(directory.trim()))
}

fn search_path() -> Vec<PathBuf> {
    variable("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default()
}

#[expect(
    clippy::disallowed_methods,
    reason = "test set-up has no configuration; these variables describe the machine"
)]
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_highest_version_comes_first_by_number_not_by_spelling() {
        let root = tempfile::tempdir().unwrap();
        for version in ["9", "15", "100", "notes"] {
            fs::create_dir_all(root.path().join(version).join("bin")).unwrap();
        }
        let found = debian_directories(root.path());
        let expected: Vec<_> = ["100", "15", "9"]
            .iter()
            .map(|version| root.path().join(version).join("bin"))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_directory_without_every_program_is_no_server() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("postgres"), "").unwrap();
        fs::write(root.path().join("pg_ctl"), "").unwrap();
        assert_eq!(ServerPrograms::at(root.path()), None);
        fs::write(root.path().join("initdb"), "").unwrap();
        assert!(ServerPrograms::at(root.path()).is_some());
    }
}
