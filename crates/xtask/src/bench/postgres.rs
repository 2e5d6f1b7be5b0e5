//! PostgreSQL: a server of the benchmark's own, and `COPY FROM STDIN` as the role that owns everything.

use super::Work;
use super::baseline::{Baseline, PARENTS, TABLES};
use super::report::BackendReport;
use crate::Result;
use crate::workspace::{output, succeed};
use landfall_testkit::{Cluster, Home, ServerPrograms};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Unlike the tests' server, what is committed is on the disk, and the memory is that of a small server.
pub(super) const SETTINGS: &str = "
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = replica
autovacuum = on
shared_buffers = 1GB
max_wal_size = 8GB
checkpoint_timeout = 15min
";
const IMPORTED: &str = "imported";
const LOADED: &str = "loaded";

pub(super) fn bench(work: &Work<'_>) -> Result<BackendReport> {
    let home = Home::at(&work.folder.join("postgres"), Duration::from_secs(5))?.with_settings(SETTINGS);
    let server = Psql::on(home.cluster()?)?;
    let measured = compare(work, &server);
    home.release()?;
    measured
}

/// Gives an empty database of a server of its own, and removes both afterwards.
pub(super) fn with_database<T>(folder: &Path, measure: impl FnOnce(&str) -> Result<T>) -> Result<T> {
    let home = Home::at(&folder.join("postgres"), Duration::from_secs(5))?.with_settings(SETTINGS);
    let server = Psql {
        cluster: home.cluster()?,
        programs: ServerPrograms::find()?,
    };
    server.run("postgres", &format!("CREATE DATABASE {IMPORTED}"))?;
    let measured = measure(&server.url(IMPORTED));
    home.release()?;
    measured
}

fn compare(work: &Work<'_>, server: &Psql) -> Result<BackendReport> {
    server.run("postgres", &format!("CREATE DATABASE {IMPORTED}"))?;
    server.run("postgres", &format!("CREATE DATABASE {LOADED}"))?;
    // What autovacuum does within minutes on a server that lives longer.
    let settle = || server.run(IMPORTED, "VACUUM (ANALYZE)");
    let mut report = work.served("postgres", &server.url(IMPORTED), settle)?;
    eprintln!("postgres: loads the same rows with COPY");
    let url = server.url(LOADED);
    succeed(
        Command::new(work.program)
            .args(["migrate", "up", "--database-url", &url])
            .current_dir(work.folder),
    )?;
    report.baseline = load(work, server)?;
    Ok(report)
}

fn load(work: &Work<'_>, server: &Psql) -> Result<Baseline> {
    let file = work.folder.join("rows");
    for table in PARENTS {
        server.write_out(table, &file)?;
        server.load(table, &file)?;
    }
    let mut baseline = Baseline {
        tool: "COPY FROM STDIN (psql \\copy, text format)".to_owned(),
        ..Baseline::default()
    };
    for table in TABLES {
        let rows = server.count(table)?;
        if rows == 0 {
            continue;
        }
        server.write_out(table, &file)?;
        server.run(LOADED, "CHECKPOINT")?;
        let start = Instant::now();
        server.load(table, &file)?;
        baseline.add(table, rows, start.elapsed(), &file)?;
    }
    Ok(baseline)
}

/// psql on the server, as superuser.
pub(super) struct Psql {
    cluster: Cluster,
    programs: ServerPrograms,
}

impl Psql {
    pub(super) fn on(cluster: Cluster) -> Result<Self> {
        let programs = ServerPrograms::find()?;
        Ok(Self { cluster, programs })
    }

    pub(super) fn url(&self, database: &str) -> String {
        self.cluster.url("postgres", database)
    }

    fn command(&self, database: &str, statement: &str) -> Command {
        let mut command = Command::new(self.programs.path("psql"));
        command.args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--set=ON_ERROR_STOP=1",
            "--dbname",
        ]);
        command.arg(self.url(database)).args(["--command", statement]);
        command
    }

    pub(super) fn run(&self, database: &str, statement: &str) -> Result {
        succeed(&mut self.command(database, statement))
    }

    fn write_out(&self, table: &str, file: &Path) -> Result {
        let rows = format!("\\copy (SELECT * FROM landfall.{table}) TO '{}'", file.display());
        self.run(IMPORTED, &rows)
    }

    fn load(&self, table: &str, file: &Path) -> Result {
        self.run(
            LOADED,
            &format!("\\copy landfall.{table} FROM '{}'", file.display()),
        )
    }

    /// What the statement answers, as unaligned lines.
    pub(super) fn ask(&self, database: &str, statement: &str) -> Result<String> {
        output(self.command(database, statement).arg("--no-align"))
    }

    /// Runs the statements of a file, without what they answer.
    pub(super) fn run_file(&self, database: &str, file: &Path) -> Result {
        let mut command = self.command(database, "SET client_min_messages = warning");
        succeed(command.arg("--output=/dev/null").arg("--file").arg(file))
    }

    fn count(&self, table: &str) -> Result<u64> {
        let number = output(&mut self.command(IMPORTED, &format!("SELECT count(*) FROM landfall.{table}")))?;
        Ok(number.trim().parse()?)
    }
}
