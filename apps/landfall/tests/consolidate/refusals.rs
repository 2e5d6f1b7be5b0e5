//! What is not understood stops the plan, and what cannot be done is refused before anything is changed.

use crate::content::{self, assert_same_dump, dump, number, text};
use crate::program::{Answer, Program};
use landfall_testkit::{Backend, LegacyDatabase, Role, ServerPrograms, TestDatabase};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

async fn legacy() -> (TestDatabase, Program) {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let program = Program::on(&database);
    (database, program)
}

#[tokio::test]
async fn a_column_that_nobody_knows_stops_the_plan_with_its_name_until_it_may_be_archived() {
    let (database, program) = legacy().await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "ALTER TABLE migration.assets ADD COLUMN rack_unit text; UPDATE migration.assets SET rack_unit = 'U' || cpu_cores",
    )
    .await;
    let before = dump(&database);
    program
        .consolidate(&["plan"])
        .exits(4)
        .says("assets")
        .says("rack_unit");
    program.consolidate(&["run"]).exits(4).says("rack_unit");
    assert_same_dump(
        &before,
        &dump(&database),
        "nothing is changed by a run that is refused",
    );
    program.consolidate(&["run", "--archive-unknown"]).exits(0);
    program.json(&["verify"]);
    let archived = "SELECT count(*) FROM landfall.legacy_archive WHERE source_table = 'assets' AND columns ? 'rack_unit'";
    assert_eq!(number(&connection, archived).await, 240);
}

#[tokio::test]
async fn a_table_that_nobody_knows_stops_the_plan_with_its_name_until_it_may_be_archived() {
    let (database, program) = legacy().await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "CREATE TABLE migration.spare_parts (id uuid PRIMARY KEY, name text, price numeric); \
         INSERT INTO migration.spare_parts SELECT gen_random_uuid(), 'part ' || n, n / 7.0 FROM generate_series(1, 20) AS n",
    )
    .await;
    program.consolidate(&["plan"]).exits(4).says("spare_parts");
    program.consolidate(&["run", "--archive-unknown"]).exits(0);
    program.json(&["verify"]);
    let archived = "SELECT count(*) FROM landfall.legacy_archive WHERE source_table = 'spare_parts'";
    assert_eq!(number(&connection, archived).await, 20);
}

#[tokio::test]
async fn a_word_that_nobody_knows_stops_the_plan_until_the_operator_says_what_it_means() {
    let (database, program) = legacy().await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "UPDATE migration.data_imports SET status = 'half done' WHERE id = md5('data_imports:50')::uuid; \
         UPDATE migration.discovery_flows SET status = '' WHERE id = md5('discovery_flows:50')::uuid",
    )
    .await;
    program
        .consolidate(&["plan"])
        .exits(4)
        .says("half done")
        .says("data_imports")
        .says("discovery_flows");
    program.consolidate(&["run"]).exits(4);
    let words = [
        "--map",
        "data_imports.status=half done:failed",
        "--map",
        "discovery_flows.status=:cancelled",
    ];
    program.consolidate(&[&["plan"], &words[..]].concat()).exits(0);
    program.consolidate(&[&["run"], &words[..]].concat()).exits(0);
    program.json(&["verify"]);
    let became = "SELECT status::text FROM landfall.data_imports WHERE id = md5('data_imports:50')::uuid";
    assert_eq!(text(&connection, became).await, "failed");
    let shown = "SELECT status::text FROM migration.data_imports WHERE id = md5('data_imports:50')::uuid";
    assert_eq!(
        text(&connection, shown).await,
        "half done",
        "old clients read the old word"
    );
    program
        .consolidate(&["plan", "--map", "nonsense"])
        .exits(2)
        .says("nonsense");
}

#[tokio::test]
async fn a_run_is_not_taken_up_with_other_options_than_it_was_begun_with() {
    let (_database, program) = legacy().await;
    program.consolidate(&["run", "--until", "load"]).exits(0);
    program.consolidate(&["run", "--mock-rows", "keep"]).exits(6);
    program.consolidate(&["run"]).exits(0);
    // And once more does nothing.
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
}

#[tokio::test]
async fn a_database_that_is_not_the_predecessors_is_not_touched() {
    let empty = TestDatabase::empty(Backend::Postgres).await;
    let before = dump(&empty);
    let program = Program::on(&empty);
    assert_ne!(program.consolidate(&["plan"]).code, 0);
    assert_ne!(program.consolidate(&["run"]).code, 0);
    assert_same_dump(&before, &dump(&empty), "an empty database");
    program.consolidate(&["status"]).exits(0).says("No consolidation");
    assert_ne!(program.consolidate(&["verify"]).code, 0);
    assert_ne!(program.consolidate(&["rollback"]).code, 0);
    assert_ne!(program.consolidate(&["finish"]).code, 0);
}

#[tokio::test]
async fn a_role_that_may_not_see_or_make_everything_is_refused_before_anything_is_changed() {
    let (database, _) = legacy().await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "DO $$ BEGIN CREATE ROLE half_allowed LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; \
         GRANT USAGE ON SCHEMA migration TO half_allowed; GRANT SELECT ON ALL TABLES IN SCHEMA migration TO half_allowed",
    )
    .await;
    let before = dump(&database);
    let url = database
        .url_as(Role::Superuser)
        .replacen("postgres@", "half_allowed@", 1);
    let program = Program::at(url);
    let answer = program.consolidate(&["run"]);
    assert_ne!(answer.code, 0, "{}", answer.stdout);
    assert!(
        answer.stderr.contains("half_allowed"),
        "it says who may not: {}",
        answer.stderr
    );
    assert_same_dump(&before, &dump(&database), "a refused run");

    // One that sees only some rows must not take them for all.
    content::run(
        &connection,
        "ALTER TABLE migration.assets ENABLE ROW LEVEL SECURITY; \
         CREATE POLICY few ON migration.assets USING (cpu_cores < 10)",
    )
    .await;
    let answer = program.consolidate(&["plan"]);
    assert_ne!(
        answer.code, 0,
        "it sees some of the assets only: {}",
        answer.stdout
    );
    assert!(answer.stderr.contains("row-level security"), "{}", answer.stderr);
    // Nor from there into another database.
    let target = TestDatabase::empty(Backend::Postgres).await;
    let from = database
        .url_as(Role::Superuser)
        .replacen("postgres@", "half_allowed@", 1);
    Program::on(&target)
        .consolidate(&["run", "--source", &from])
        .exits(6)
        .says("row-level security");
}

#[tokio::test]
async fn a_database_that_is_read_only_is_refused_with_that_reason() {
    let (database, program) = legacy().await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$",
    )
    .await;
    let answer = program.consolidate(&["run"]);
    assert_ne!(answer.code, 0);
    assert!(
        answer.stderr.contains("read-only") || answer.stderr.contains("read only"),
        "{}",
        answer.stderr
    );
}

/// A directory with PostgreSQL's client programs, of which one is followed by a command on the file that it wrote.
fn programs(folder: &Path, spoil: &str) -> String {
    let directory = folder.join("programs");
    fs::create_dir(&directory).unwrap();
    let real = ServerPrograms::find().unwrap();
    for program in ["pg_dump", "pg_restore", "psql"] {
        let mut script = format!("#!/bin/sh\n{} \"$@\" || exit $?\n", real.path(program).display());
        if program == "pg_dump" {
            script.push_str(
                "for argument; do case $argument in --file=*) target=${argument#--file=};; esac; \
                 if [ \"$last\" = -f ] || [ \"$last\" = --file ]; then target=$argument; fi; last=$argument; done\n\
                 if [ -d \"$target\" ]; then target=$(ls -S \"$target\"/*.dat* | head -n 1); fi\n",
            );
            script.push_str(spoil);
        }
        let file = directory.join(program);
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    directory.to_string_lossy().into_owned()
}

#[tokio::test]
async fn a_backup_that_is_not_whole_stops_a_run_before_anything_is_changed() {
    for (what, spoil) in [
        ("truncated", "truncate -s -100 \"$target\"\n"),
        (
            "with a flipped byte",
            "size=$(stat -c %s \"$target\"); printf '\\377' | dd of=\"$target\" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null\n",
        ),
        ("missing", "rm \"$target\"\n"),
    ] {
        let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
        let before = dump(&database);
        let program = Program::on(&database);
        let directory = programs(program.folder(), spoil);
        let program = program.with("LANDFALL_PG_BIN_DIR", &directory);
        let answer = program.consolidate(&["run", "--backup-dir", "backup"]);
        assert_ne!(
            answer.code, 0,
            "a backup {what}: {}\n{}",
            answer.stdout, answer.stderr
        );
        let connection = content::connection(&database).await;
        let changed = "SELECT count(*) FROM pg_namespace WHERE nspname = 'legacy_retired'";
        assert_eq!(number(&connection, changed).await, 0, "a backup {what}");
        program.consolidate(&["rollback"]);
        assert_same_dump(&before, &dump(&database), what);
    }
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
async fn a_finish_needs_a_dump_that_can_be_read_back() {
    let (database, program) = legacy().await;
    program.consolidate(&["run"]).exits(0);
    let directory = programs(program.folder(), "truncate -s -100 \"$target\"\n");
    let spoiled = Program::on(&database).with("LANDFALL_PG_BIN_DIR", &directory);
    let answer = spoiled.consolidate(&["finish", "--backup-dir", "retired"]);
    assert_ne!(answer.code, 0, "{}", answer.stdout);
    let connection = content::connection(&database).await;
    let retired = "SELECT count(*) FROM pg_tables WHERE schemaname = 'legacy_retired'";
    assert_eq!(number(&connection, retired).await, 53);
    program
        .consolidate(&["finish", "--backup-dir", "retired"])
        .exits(0);
    assert_eq!(number(&connection, retired).await, 0);
    let listed = Command::new(ServerPrograms::find().unwrap().path("pg_restore"))
        .arg("--list")
        .arg(newest(&program.folder().join("retired")))
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).contains("TABLE DATA legacy_retired assets"));
}

/// The newest entry of a folder.
fn newest(folder: &Path) -> std::path::PathBuf {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let newest = entries.max_by_key(|entry| entry.metadata().unwrap().modified().unwrap());
    newest.unwrap().path()
}
