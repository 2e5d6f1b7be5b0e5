//! `pg_dump` and `pg_restore`: where they are, and how they are told which database is meant.

use crate::Error;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::{Child, Command};
use url::Url;

/// Debian keeps each major version in a directory of its own, off the `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// PostgreSQL's client programs.
#[derive(Clone, Debug, Default)]
pub struct PostgresPrograms {
    /// Their directory; found by itself if absent.
    pub directory: Option<PathBuf>,
}

impl PostgresPrograms {
    /// Runs a program on a database.
    ///
    /// # Errors
    /// [`Error::Failed`] with what the program said, or that it cannot be run.
    pub async fn run(&self, program: &str, url: &str, arguments: &[&str]) -> Result<(), Error> {
        let (address, password) = without_password(url)?;
        let mut command = Command::new(self.find(program).await);
        command.arg("--dbname").arg(address).args(arguments);
        if let Some(password) = password {
            // Command lines are shown to everybody on the machine.
            command.env("PGPASSWORD", password);
        }
        match output(program, command).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::Failed(format!(
                "on {}: {error}",
                crate::database::shown(url)
            ))),
        }
    }

    /// What `pg_restore` says about the entries of a dump, one line each.
    ///
    /// # Errors
    /// As [`PostgresPrograms::run`].
    pub async fn entries(&self, dump: &Path) -> Result<String, Error> {
        let mut command = Command::new(self.find("pg_restore").await);
        command.arg("--list").arg(dump);
        output("pg_restore", command).await
    }

    /// Reads a dump to its end as a restore would: each entry, each row, each checksum of compressed data.
    ///
    /// # Errors
    /// As [`PostgresPrograms::run`].
    pub async fn read_back(&self, dump: &Path) -> Result<(), Error> {
        let mut command = Command::new(self.find("pg_restore").await);
        command.arg("--file=-").arg(dump).stdout(Stdio::null());
        ended(
            "pg_restore",
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn(),
        )
        .await
        .map(drop)
    }

    /// The program in the named directory, in the highest version that Debian has, where `pg_config` says, or on the `PATH`.
    async fn find(&self, program: &str) -> PathBuf {
        if let Some(directory) = &self.directory {
            return directory.join(program);
        }
        let mut places = versions(Path::new(DEBIAN));
        if let Ok(told) = Command::new("pg_config").arg("--bindir").output().await {
            places.push(PathBuf::from(String::from_utf8_lossy(&told.stdout).trim()));
        }
        let found = places
            .into_iter()
            .map(|place| place.join(program))
            .find(|path| path.is_file());
        found.unwrap_or_else(|| PathBuf::from(program))
    }
}

async fn output(program: &str, mut command: Command) -> Result<String, Error> {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    ended(program, command.spawn()).await
}

/// What a program wrote, once it has ended well.
async fn ended(program: &str, started: std::io::Result<Child>) -> Result<String, Error> {
    let cannot_be_run = |error: std::io::Error| {
        Error::Failed(format!(
            "{program} cannot be run ({error}): install PostgreSQL's client programs, or name their directory with \
             LANDFALL_PG_BIN_DIR"
        ))
    };
    let started = started.map_err(cannot_be_run)?;
    let ended = started.wait_with_output().await.map_err(cannot_be_run)?;
    if ended.status.success() {
        return Ok(String::from_utf8_lossy(&ended.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    Err(Error::Failed(format!("{program} failed: {}", said.trim())))
}

/// The directories of programs of all major versions, highest first: a newer program reads an older server.
fn versions(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    versions.into_iter().map(|(_, directory)| directory).collect()
}

/// The address as it may stand on a command line, and the password that was in it.
fn without_password(address: &str) -> Result<(String, Option<String>), Error> {
    let mut url = Url::parse(address).map_err(|error| {
        Error::usage(format_args!(
            "the address of {} cannot be read: {error}",
            crate::database::shown(address)
        ))
    })?;
    let in_query = url
        .query_pairs()
        .find(|(name, _)| name == "password")
        .map(|(_, password)| password.into_owned());
    let password = match url.password() {
        Some(password) => Some(decoded(password)),
        None => in_query,
    };
    // An address without a host has no password either.
    let _ = url.set_password(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "password")
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        // libpq takes a plus sign as itself.
        url.set_query(Some(&query.finish().replace('+', "%20")));
    }
    Ok((url.into(), password))
}

/// A part of an address as it was meant.
fn decoded(part: &str) -> String {
    // The parser of forms decodes percent signs, and takes a plus sign for a space unless it is encoded itself.
    let form = format!("p={}", part.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(form.as_bytes())
        .next()
        .map_or_else(String::new, |(_, text)| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_leave_the_address_wherever_they_stand_and_are_decoded() {
        for (url, address) in [
            (
                "postgres://ann:a%26b+c%25@db/landfall",
                "postgres://ann@db/landfall",
            ),
            (
                "postgres://ann@db/landfall?password=a%26b%2Bc%25&sslmode=require",
                "postgres://ann@db/landfall?sslmode=require",
            ),
        ] {
            let (shown, password) = without_password(url).unwrap();
            assert_eq!((shown.as_str(), password.as_deref()), (address, Some("a&b+c%")));
        }
        let socket = "postgres://ann@localhost/landfall?host=%2Fvar%2Frun";
        assert_eq!(without_password(socket).unwrap(), (socket.to_owned(), None));
    }
}
