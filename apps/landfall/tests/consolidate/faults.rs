//! What fails around a run: the network, the disk, the memory, a pool in between. It ends with what was wrong, nothing is halfway,
//! and run again it comes to the same end.

use crate::content::{self, assert_same_dump, checksums, dump};
use crate::program::{Answer, Program};
use crate::proxy::{Behaviour, Proxy};
use landfall_testkit::{Home, LegacyDatabase, Role, ServerPrograms, TestDatabase};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

#[tokio::test]
async fn a_run_whose_network_is_cut_ends_and_goes_on_when_it_is_run_again() {
    let undisturbed = TestDatabase::legacy(LegacyDatabase::small()).await;
    Program::on(&undisturbed)
        .consolidate(&["run", "--skip-backup"])
        .exits(0);
    let expected = checksums(&content::connection(&undisturbed).await).await;
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let address = database.url_as(Role::Superuser);
    for bytes in [40_000, 80_000, 160_000] {
        let proxy = Proxy::before(&address, Behaviour::CutAfter(bytes));
        let answer = Program::at(proxy.url.clone())
            .consolidate(&["run", "--skip-backup", "--batch", "50"])
            .exits(1);
        assert!(
            answer.stderr.starts_with("error:") || answer.stderr.contains("\nerror:"),
            "{}",
            answer.stderr
        );
    }
    let program = Program::on(&database);
    program.consolidate(&["run", "--skip-backup"]).exits(0);
    program.json(&["verify"]);
    for (table, checksum) in checksums(&content::connection(&database).await).await {
        assert_eq!(expected.get(&table), Some(&checksum), "{table}");
    }
}

#[tokio::test]
async fn a_pool_that_sweeps_sessions_between_transactions_is_refused_before_anything_is_changed() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let before = dump(&database);
    let proxy = Proxy::before(
        &database.url_as(Role::Superuser),
        Behaviour::DiscardBetweenTransactions,
    );
    assert!(proxy.folder().is_dir());
    let pooled = Program::at(proxy.url.clone());
    for command in ["run", "finish", "rollback"] {
        pooled
            .consolidate(&[command])
            .exits(6)
            .says("through a pool that gives each transaction another session");
    }
    assert_same_dump(&before, &dump(&database), "a refused run");
    Program::on(&database).consolidate(&["run"]).exits(0);
}

/// A server of our own, whose processes may write no larger files after a word.
struct SmallServer {
    home: Home,
    url: String,
    postmaster: String,
    _folder: tempfile::TempDir,
}

impl SmallServer {
    fn with(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            Command::new("chmod")
                .arg("711")
                .arg(folder.path())
                .status()
                .unwrap()
                .success()
        );
        let home = Home::at(&folder.path().join("server"), Duration::from_secs(5)).unwrap();
        let server = home.cluster().unwrap();
        let url = server.url("postgres", "postgres");
        let file = folder.path().join("legacy.sql");
        fs::write(&file, script).unwrap();
        let loaded = Command::new(ServerPrograms::find().unwrap().path("psql"))
            .args([
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--output=/dev/null",
                "--dbname",
                &url,
                "--file",
            ])
            .arg(&file)
            .status()
            .unwrap();
        assert!(loaded.success());
        let written = fs::read_to_string(found(server.directory(), "postmaster.pid")).unwrap();
        let postmaster = written.lines().next().unwrap().to_owned();
        Self {
            home,
            url,
            postmaster,
            _folder: folder,
        }
    }

    /// From now on, connections have this limit of bytes for a file, or none.
    fn limit(&self, limit: &str) {
        // Root in a container may not; the server's own user may.
        let owner = fs::metadata(format!("/proc/{}", self.postmaster)).unwrap();
        let limited = Command::new("prlimit")
            .uid(owner.uid())
            .gid(owner.gid())
            .args([
                &format!("--pid={}", self.postmaster),
                &format!("--fsize={limit}:"),
            ])
            .status()
            .unwrap();
        assert!(limited.success());
    }
}

/// The file of this name below a directory.
fn found(directory: &Path, name: &str) -> PathBuf {
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten().map(Result::unwrap) {
            if entry.file_name() == name {
                return entry.path();
            }
            if entry.path().is_dir() {
                open.push(entry.path());
            }
        }
    }
    panic!("no {name} in {}", directory.display());
}

/// The small database with this many kilobytes in each raw record of the original tables, which no compression makes small.
fn wide(kilobytes: u32) -> String {
    format!(
        "{} UPDATE migration.raw_import_records r SET raw_data = json_build_object('wide', (SELECT string_agg(md5(r.id::text || n), '') \
         FROM generate_series(1, {}) n));",
        LegacyDatabase::small().script(),
        kilobytes * 32
    )
}

#[tokio::test]
async fn a_run_that_finds_the_disk_of_the_server_full_ends_and_goes_on_when_there_is_room() {
    let server = SmallServer::with(&wide(32));
    let program = Program::at(server.url.clone());
    // More than a file of the write-ahead log, less than the raw records.
    server.limit("17000000");
    let answer = program.consolidate(&["run", "--skip-backup"]).exits(1);
    assert!(
        answer.stderr.contains("could not extend file") && answer.stderr.contains("raw_import_records"),
        "{}",
        answer.stderr
    );
    program
        .consolidate(&["status"])
        .exits(0)
        .says("could not extend file");
    server.limit("unlimited");
    program.consolidate(&["run", "--skip-backup"]).exits(0);
    program.json(&["verify"]);
    server.home.release().unwrap();
}

#[tokio::test]
async fn a_run_that_is_given_little_memory_does_not_need_more() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let program = Program::on(&database);
    // Addresses, of which much is reserved and never used.
    let limited = format!(
        "ulimit -v 1000000; exec {} consolidate run --skip-backup",
        program.path().display()
    );
    let output = program
        .command(Path::new("bash"))
        .args(["-c", &limited])
        .output()
        .unwrap();
    Answer::of(output).exits(0);
    program.json(&["verify"]);
}
