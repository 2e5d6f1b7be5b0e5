//! A PostgreSQL server for tests: started by whoever needs it first, shared by every process of every run in this
//! checkout, ended by a watchdog when its last user has ended.
//!
//! Each cluster has a directory of its own and is never started twice: one that does not answer is thrown away and a new
//! one is made, which takes under a second. So nothing has to be repaired after a crash.

use crate::account::{Account, own_id, succeed};
use crate::programs::ServerPrograms;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const WATCHDOG: &str = include_str!("cluster/watchdog.sh");
/// Only names the socket: the server listens on no network address.
const PORT: u16 = 5432;
/// Nothing here has to survive a crash, and plans must not depend on when autovacuum came by.
const SETTINGS: &str = "
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
timezone = 'UTC'
log_min_messages = warning
";

/// A running server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    directory: PathBuf,
}

impl Cluster {
    /// The server that all tests of this checkout share, started if none runs.
    ///
    /// # Errors
    /// A sentence that says what to do, if no server is installed or it does not start.
    pub fn shared() -> io::Result<Self> {
        Home::of_checkout()?.cluster()
    }

    /// The URL of a database, for this role. The server trusts everyone who can reach its socket, which is only the account
    /// that runs the tests (and root).
    pub fn url(&self, role: &str, database: &str) -> String {
        let directory = self.directory.display().to_string();
        let host = utf8_percent_encode(&directory, NON_ALPHANUMERIC);
        format!("postgres://{role}@localhost/{database}?host={host}&port={PORT}")
    }

    /// Where its files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Whether it takes connections.
    pub fn answers(&self) -> bool {
        UnixStream::connect(self.directory.join(format!(".s.PGSQL.{PORT}"))).is_ok()
    }

    /// Tells the watchdog that this process uses the server for as long as it runs.
    fn register(&self) -> io::Result<()> {
        File::create(self.directory.join("users").join(std::process::id().to_string())).map(drop)
    }
}

/// The directory under which clusters of one kind live.
#[derive(Clone, Debug)]
pub struct Home {
    base: PathBuf,
    grace: Duration,
    settings: String,
}

impl Home {
    /// The home of this checkout and this account, in the temporary directory: the account `postgres` can reach it, and a
    /// socket's path stays short.
    pub fn of_checkout() -> io::Result<Self> {
        let mut hasher = DefaultHasher::new();
        env!("CARGO_MANIFEST_DIR").hash(&mut hasher);
        let name = format!("landfall-tests-{}-{:08x}", own_id()?, hasher.finish() >> 32);
        Self::at(&std::env::temp_dir().join(name), Duration::from_secs(20))
    }

    /// A home elsewhere, whose server ends `grace` (in whole seconds) after its last user.
    pub fn at(base: &Path, grace: Duration) -> io::Result<Self> {
        // Others may pass through, since the server may be another account, but not look or write.
        fs::DirBuilder::new().recursive(true).mode(0o711).create(base)?;
        if fs::metadata(base)?.uid() != own_id()? {
            return Err(io::Error::other(format!(
                "{} belongs to another account; remove it, or set TMPDIR to a directory of your own",
                base.display()
            )));
        }
        Ok(Self {
            base: base.to_owned(),
            grace,
            settings: SETTINGS.to_owned(),
        })
    }

    /// The same home with further lines for the configuration of the servers that start here; the last mention of a name
    /// counts.
    pub fn with_settings(mut self, lines: &str) -> Self {
        self.settings.push_str(lines);
        self
    }

    /// The directory itself.
    pub fn directory(&self) -> &Path {
        &self.base
    }

    /// Waits until this process is the only one that does what `name` stands for. Ends with the returned file.
    pub fn lock(&self, name: &str) -> io::Result<File> {
        let file = File::options()
            .create(true)
            .append(true)
            .open(self.base.join(format!("{name}.lock")))?;
        file.lock()?;
        Ok(file)
    }

    /// The running server, or a new one.
    pub fn cluster(&self) -> io::Result<Cluster> {
        if let Some(cluster) = self.running()? {
            return Ok(cluster);
        }
        let _alone = self.lock("server")?;
        match self.running()? {
            Some(cluster) => Ok(cluster),
            None => self.start(),
        }
    }

    /// Asks the watchdog to end the server as soon as no process uses it, and waits a moment for it.
    pub fn release(&self) -> io::Result<()> {
        let Some(cluster) = self
            .directories()?
            .into_iter()
            .find(|cluster| cluster.directory.join("ready").exists())
        else {
            return Ok(());
        };
        File::create(cluster.directory.join("release"))?;
        let start = Instant::now();
        while cluster.directory.exists() && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn running(&self) -> io::Result<Option<Cluster>> {
        Ok(self.directories()?.into_iter().find(|cluster| {
            cluster.directory.join("ready").exists() && cluster.register().is_ok() && cluster.answers()
        }))
    }

    fn directories(&self) -> io::Result<Vec<Cluster>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.base)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("cluster-") {
                found.push(Cluster {
                    directory: entry.path(),
                });
            }
        }
        Ok(found)
    }

    /// Makes and starts a new server. The caller holds the lock.
    fn start(&self) -> io::Result<Cluster> {
        let programs = ServerPrograms::find()?;
        let account = Account::for_server()?;
        self.clear(&programs, &account)?;

        let directory = tempfile::Builder::new()
            .prefix("cluster-")
            .tempdir_in(&self.base)?;
        account.take(directory.path())?;
        let data = directory.path().join("data");
        let initdb = account.command_line(&programs.path("initdb"));
        succeed(command(&initdb).arg("-D").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]))?;
        let mut settings = File::options().append(true).open(data.join("postgresql.conf"))?;
        writeln!(
            settings,
            "{}unix_socket_directories = '{}'",
            self.settings,
            directory.path().display()
        )?;
        let log = directory.path().join("log");
        let pg_ctl = account.command_line(&programs.path("pg_ctl"));
        succeed(
            command(&pg_ctl)
                .args(["start", "--silent", "--wait", "-D"])
                .arg(&data)
                .arg("-l")
                .arg(&log),
        )
        .map_err(|error| {
            let log = fs::read_to_string(&log).unwrap_or_default();
            io::Error::other(format!("{error}\n{log}"))
        })?;

        let cluster = Cluster {
            directory: directory.keep(),
        };
        fs::create_dir(cluster.directory.join("users"))?;
        cluster.register()?;
        self.watch(&cluster, &stop_command_line(&pg_ctl, &data))?;
        File::create(cluster.directory.join("ready"))?;
        Ok(cluster)
    }

    /// Removes what crashed runs left: servers that never became ready, and files of servers that are gone.
    fn clear(&self, programs: &ServerPrograms, account: &Account) -> io::Result<()> {
        let pg_ctl = account.command_line(&programs.path("pg_ctl"));
        for left in self.directories()? {
            if left.answers() {
                succeed(&mut command(&stop_command_line(
                    &pg_ctl,
                    &left.directory.join("data"),
                )))?;
            }
            // The watchdog may be removing it at the same moment.
            match fs::remove_dir_all(&left.directory) {
                Err(error) if left.directory.exists() => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Starts the watchdog apart from this process: it outlives it, and a signal to the test's process group spares it.
    fn watch(&self, cluster: &Cluster, stop: &[String]) -> io::Result<()> {
        let background = format!("({WATCHDOG}) </dev/null >/dev/null 2>&1 &");
        let status = Command::new("sh")
            .args(["-c", &background, "landfall-test-server-watchdog"])
            .arg(&cluster.directory)
            .arg(self.grace.as_secs().to_string())
            .args(stop)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err(io::Error::other("cannot start the server's watchdog with sh"))
        }
    }
}

/// Nothing of it is kept, so it may end at once.
fn stop_command_line(pg_ctl: &[String], data: &Path) -> Vec<String> {
    let data = data.display().to_string();
    pg_ctl
        .iter()
        .map(String::as_str)
        .chain(["stop", "--silent", "--mode=immediate", "-D", &data])
        .map(str::to_owned)
        .collect()
}

/// The words of a command line as a command.
fn command(line: &[String]) -> Command {
    let mut words = line.iter();
    let mut command = Command::new(words.next().map_or("", String::as_str));
    command.args(words);
    command
}
