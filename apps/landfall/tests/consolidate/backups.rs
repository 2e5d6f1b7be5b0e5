//! A backup is one only if it brings everything back: that is tried before anything is changed, and what is none is refused.

use crate::content::{self, assert_same_dump, dump, number, text};
use crate::program::{Answer, Program};
use landfall_testkit::{Backend, LegacyDatabase, Role, ServerPrograms, TestDatabase};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

async fn legacy() -> (TestDatabase, Program) {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let program = Program::on(&database);
    (database, program)
}

/// A directory with PostgreSQL's client programs, of which one is followed by other commands: `$target` is the dump that
/// `pg_dump` wrote, `$database` the address of the database that `pg_restore` filled.
fn programs(folder: &Path, spoiled: &str, spoil: &str) -> String {
    let directory = folder.join("programs");
    fs::create_dir(&directory).unwrap();
    let real = ServerPrograms::find().unwrap();
    for program in ["pg_dump", "pg_restore", "psql"] {
        let mut script = format!("#!/bin/sh\n{} \"$@\" || exit $?\n", real.path(program).display());
        if program == spoiled {
            script.push_str(
                "for argument; do\n\
                 case $argument in --file=*) target=${argument#--file=};; esac\n\
                 [ \"$last\" != --dbname ] || database=$argument\n\
                 last=$argument\ndone\n",
            );
            script.push_str(&spoil.replace("PSQL", &real.path("psql").display().to_string()));
            script.push('\n');
        }
        let file = directory.join(program);
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    directory.to_string_lossy().into_owned()
}

/// The file with this ending in a folder.
fn with_ending(folder: &Path, ending: &str) -> PathBuf {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    assert_eq!(found.len(), 1, "{ending} in {}: {found:?}", folder.display());
    found.remove(0)
}

/// Restores a dump into an empty database, as the runbook says.
async fn restored(file: &Path) -> TestDatabase {
    let database = TestDatabase::empty(Backend::Postgres).await;
    let output = Command::new(ServerPrograms::find().unwrap().path("pg_restore"))
        .args(["--exit-on-error", "--dbname", &database.url_as(Role::Superuser)])
        .arg(file)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    database
}

#[tokio::test]
async fn a_backup_is_tried_before_a_run_and_its_manifest_says_what_is_in_it() {
    let (database, program) = legacy().await;
    let connection = content::connection(&database).await;
    let assets = number(&connection, "SELECT count(*) FROM migration.assets").await;
    program.consolidate(&["run", "--backup-dir", "backup"]).exits(0);
    let folder = program.folder().join("backup");
    let file = with_ending(&folder, ".dump");
    let manifest: Value =
        serde_json::from_slice(&fs::read(with_ending(&folder, ".manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["restored_and_compared"], true);
    assert_eq!(manifest["bytes"], fs::metadata(&file).unwrap().len());
    let tables = manifest["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 53);
    let of_assets = tables.iter().find(|table| table["table"] == "assets").unwrap();
    assert_eq!(of_assets["rows"], assets);
    assert_eq!(of_assets["checksums"].as_object().unwrap().len(), 71);
    let checked = Command::new("sha256sum")
        .args(["--check", "--status"])
        .arg(with_ending(&folder, ".dump.sha256"))
        .current_dir(&folder)
        .status()
        .unwrap();
    assert!(checked.success(), "the sum beside the dump is the dump's");
    let report = program.json(&["report"]);
    assert_eq!(report["run"]["backup"]["sha256"], manifest["sha256"]);
    program
        .consolidate(&["report"])
        .exits(0)
        .says("restored into a scratch database and equal");
    let restored = restored(&file).await;
    let again = content::connection(&restored).await;
    assert_eq!(
        number(&again, "SELECT count(*) FROM migration.assets").await,
        assets
    );
}

#[tokio::test]
async fn a_backup_that_was_only_read_says_so_in_the_report() {
    let (_database, program) = legacy().await;
    program.consolidate(&["run", "--skip-test-restore"]).exits(0);
    assert_eq!(program.json(&["report"])["run"]["backup"]["restored"], false);
    program
        .consolidate(&["report"])
        .exits(0)
        .says("NOT restored as a test (--skip-test-restore)");
    program.consolidate(&["report", "--html", "report.html"]).exits(0);
    let page = fs::read_to_string(program.folder().join("report.html")).unwrap();
    assert!(page.contains("NOT restored as a test"));
}

#[tokio::test]
async fn a_backup_that_is_not_whole_stops_a_run_before_anything_is_changed_and_says_why() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let before = dump(&database);
    let flipped = "size=$(stat -c %s \"$target\"); printf '\\377' | dd of=\"$target\" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null";
    let other_values = "case $database in *landfall_restore_*) PSQL --no-psqlrc --quiet --dbname \"$database\" \
                        --command \"UPDATE migration.tags SET category = 'x' WHERE id = (SELECT min(id::text)::uuid FROM migration.tags)\";; esac";
    let no_index = "case $database in *landfall_restore_*) PSQL --no-psqlrc --quiet --dbname \"$database\" \
                    --command \"ALTER TABLE migration.asset_tags DROP CONSTRAINT asset_tags_pkey\";; esac";
    for (what, program, spoil, reason) in [
        (
            "truncated",
            "pg_dump",
            "truncate -s -100 \"$target\"",
            "end of file",
        ),
        ("with a flipped byte", "pg_dump", flipped, "is no backup"),
        ("missing", "pg_dump", "rm \"$target\"", "cannot be read"),
        (
            "of other values",
            "pg_restore",
            other_values,
            "other values in tags.category",
        ),
        (
            "without a key",
            "pg_restore",
            no_index,
            "no constraint asset_tags.asset_tags_pkey",
        ),
    ] {
        for skip in [false, true] {
            if skip && program == "pg_restore" {
                continue;
            }
            let with = Program::on(&database);
            let directory = programs(with.folder(), program, spoil);
            let with = with.with("LANDFALL_PG_BIN_DIR", &directory);
            let mut arguments = vec!["run", "--backup-dir", "backup"];
            arguments.extend(skip.then_some("--skip-test-restore"));
            let answer = with.consolidate(&arguments).exits(1);
            assert!(
                answer.stderr.contains("nothing was changed"),
                "{what}: {}",
                answer.stderr
            );
            assert!(answer.stderr.contains(reason), "{what}: {}", answer.stderr);
            assert_same_dump(&before, &dump(&database), what);
        }
    }
}

#[tokio::test]
async fn a_run_does_not_go_on_without_the_backup_that_it_was_begun_with_unless_told() {
    let (database, program) = legacy().await;
    program
        .consolidate(&["run", "--backup-dir", "backup", "--until", "place"])
        .exits(0);
    let file = with_ending(&program.folder().join("backup"), ".dump");
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for (content, reason) in [
        (Some(&flipped[..]), "was changed since it was made"),
        (Some(&whole[..whole.len() - 1]), "bytes, but had"),
        (None, "cannot be read"),
    ] {
        match content {
            Some(content) => fs::write(&file, content).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        program
            .consolidate(&["run"])
            .exits(6)
            .says(reason)
            .says("--skip-backup");
    }
    let connection = content::connection(&database).await;
    let moved = number(&connection, "SELECT count(*) FROM landfall.assets").await;
    assert_eq!(moved, 0, "nothing is moved without a backup");
    program.consolidate(&["run", "--skip-backup"]).exits(0);
    program.json(&["verify"]);
}

#[tokio::test]
async fn a_role_that_may_not_make_the_scratch_database_is_told_before_a_dump_is_waited_for() {
    let (database, _) = legacy().await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "DO $$ BEGIN CREATE ROLE without_scratch LOGIN BYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; \
         DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO without_scratch', current_database()); END $$; \
         GRANT USAGE ON SCHEMA migration TO without_scratch; GRANT SELECT ON ALL TABLES IN SCHEMA migration TO without_scratch",
    )
    .await;
    let before = dump(&database);
    let url = database
        .url_as(Role::Superuser)
        .replacen("postgres@", "without_scratch@", 1);
    let program = Program::at(url);
    program
        .consolidate(&["run", "--backup-dir", "backup"])
        .exits(6)
        .says("CREATEDB")
        .says("--skip-test-restore");
    assert!(!program.folder().join("backup").exists(), "no dump was begun");
    assert_same_dump(&before, &dump(&database), "a refused run");
}

#[tokio::test]
async fn a_backup_that_finds_no_room_stops_a_run_and_it_goes_on_when_there_is() {
    let (_database, program) = legacy().await;
    // The program may write no file of more than some kilobytes.
    let limited = format!(
        "ulimit -f 16; exec {} consolidate run --backup-dir backup",
        program.path().display()
    );
    let output = program
        .command(Path::new("bash"))
        .args(["-c", &limited])
        .output()
        .unwrap();
    let answer = Answer::of(output);
    assert_ne!(answer.code, 0, "{}", answer.stdout);
    program.consolidate(&["run", "--backup-dir", "backup"]).exits(0);
    program.json(&["verify"]);
}

#[tokio::test]
async fn a_finish_needs_a_dump_that_brings_the_retired_tables_back() {
    let (database, program) = legacy().await;
    program.consolidate(&["run"]).exits(0);
    let spoiled = Program::on(&database);
    let directory = programs(spoiled.folder(), "pg_dump", "truncate -s -100 \"$target\"");
    let spoiled = spoiled.with("LANDFALL_PG_BIN_DIR", &directory);
    spoiled
        .consolidate(&["finish", "--backup-dir", "retired"])
        .exits(1)
        .says("nothing was changed");
    let connection = content::connection(&database).await;
    let retired = "SELECT count(*) FROM pg_tables WHERE schemaname = 'legacy_retired'";
    assert_eq!(number(&connection, retired).await, 53);
    let held = "SELECT sum(hashtextextended(a::text, 0))::text FROM legacy_retired.assets a";
    let before = text(&connection, held).await;
    program
        .consolidate(&["finish", "--backup-dir", "retired"])
        .exits(0)
        .says("restored into a scratch database and equal");
    assert_eq!(number(&connection, retired).await, 0);
    let file = with_ending(&program.folder().join("retired"), ".dump");
    let restored = restored(&file).await;
    let again = content::connection(&restored).await;
    assert_eq!(number(&again, retired).await, 53);
    assert_eq!(text(&again, held).await, before);
}
