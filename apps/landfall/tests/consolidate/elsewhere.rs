//! The legacy database is on another server, or a look at it is taken on a laptop.

use crate::content::{self, assert_same_dump, dump, number};
use crate::program::Program;
use crate::whole_way::{assert_accounted_for, legacy_rows};
use landfall_testkit::{Backend, Home, LegacyDatabase, Role, ServerPrograms, TestDatabase};
use std::process::Command;
use std::time::Duration;

#[tokio::test]
async fn a_legacy_database_is_taken_over_into_another_one() {
    let source = TestDatabase::legacy(LegacyDatabase::small()).await;
    let rows = legacy_rows(&source).await;
    let before = dump(&source);
    let target = TestDatabase::empty(Backend::Postgres).await;
    let program = Program::on(&target);
    let from = source.url_as(Role::Superuser);
    program.consolidate(&["plan", "--source", &from]).exits(0);
    program.consolidate(&["run", "--source", &from]).exits(0);
    let proof = program.json(&["verify", "--source", &from]);
    assert_accounted_for(&proof, &rows).await;
    // The same as where both are in one database.
    let beside = TestDatabase::legacy(LegacyDatabase::small()).await;
    Program::on(&beside).consolidate(&["run"]).exits(0);
    let expected = content::checksums(&content::connection(&beside).await).await;
    let found = content::checksums(&content::connection(&target).await).await;
    for (table, checksum) in expected {
        assert_eq!(found.get(&table), Some(&checksum), "{table}");
    }
    program.consolidate(&["rollback", "--source", &from]).exits(0);
    assert_same_dump(&before, &dump(&source), "the source");
    let left =
        "SELECT count(*) FROM pg_namespace WHERE nspname IN ('landfall', 'migration', 'legacy_retired')";
    assert_eq!(
        number(&content::connection(&target).await, left).await,
        0,
        "schemas of the target"
    );
}

#[tokio::test]
async fn a_legacy_database_is_taken_over_from_another_server() {
    let folder = tempfile::tempdir().unwrap();
    Command::new("chmod")
        .arg("711")
        .arg(folder.path())
        .status()
        .unwrap();
    let home = Home::at(&folder.path().join("server"), Duration::from_secs(5)).unwrap();
    let server = home.cluster().unwrap();
    let from = server.url("postgres", "postgres");
    let script = folder.path().join("legacy.sql");
    std::fs::write(&script, LegacyDatabase::small().script()).unwrap();
    let psql = ServerPrograms::find().unwrap().path("psql");
    let loaded = Command::new(psql)
        .args([
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
            "--dbname",
            &from,
            "--file",
        ])
        .arg(&script)
        .status()
        .unwrap();
    assert!(loaded.success());

    let target = TestDatabase::empty(Backend::Postgres).await;
    let program = Program::on(&target);
    program.consolidate(&["run", "--source", &from]).exits(0);
    let proof = program.json(&["verify", "--source", &from]);
    assert_accounted_for(
        &proof,
        &[("raw_import_records".to_owned(), 742), ("users".to_owned(), 13)],
    )
    .await;
    home.release().unwrap();
}

#[tokio::test]
async fn a_legacy_database_is_looked_at_on_a_laptop() {
    let source = TestDatabase::legacy(LegacyDatabase::small()).await;
    let rows = legacy_rows(&source).await;
    let before = dump(&source);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("look.db");
    let program = Program::at(format!("sqlite://{}?mode=rwc", file.display()));
    let from = source.url_as(Role::Superuser);
    program.consolidate(&["run", "--source", &from]).exits(0);
    let proof = program.json(&["verify", "--source", &from]);
    assert_accounted_for(&proof, &rows).await;
    assert_same_dump(&before, &dump(&source), "the source");
    let output = program
        .command(program.path())
        .args([
            "assets",
            "list",
            "--client-account",
            "Northwind Manufacturing",
            "--engagement",
            "Engagement 1",
            "--json",
        ])
        .output()
        .unwrap();
    let assets = crate::program::Answer::of(output).exits(0).json();
    assert!(assets["total"].as_u64().unwrap() > 30, "{assets}");
    program
        .consolidate(&["status", "--source", &from])
        .exits(0)
        .says("of 3");
    let report = program.json(&["report", "--source", &from]);
    assert_eq!(report["tables"].as_array().unwrap().len(), 53);

    // A single value that is changed is found there, too.
    let connection = sea_orm::Database::connect(format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    content::run(
        &connection,
        "UPDATE assets SET description = 'x' WHERE name = 'srv-0000007'",
    )
    .await;
    connection.close().await.unwrap();
    program
        .consolidate(&["verify", "--source", &from])
        .exits(5)
        .says("assets")
        .says("description");

    // And it can be taken back, and brought again.
    program.consolidate(&["rollback", "--source", &from]).exits(0);
    program
        .consolidate(&["status", "--source", &from])
        .exits(0)
        .says("No consolidation");
    program.consolidate(&["run", "--source", &from]).exits(0);
    program.json(&["verify", "--source", &from]);
    program.consolidate(&["finish", "--source", &from]).exits(0);
    assert_same_dump(&before, &dump(&source), "the source in the end");
}

#[tokio::test]
async fn a_file_with_rows_of_its_own_is_not_replaced() {
    let source = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.db");
    let program = Program::at(format!("sqlite://{}?mode=rwc", file.display()));
    for arguments in [&["migrate", "up"][..], &["tenant", "create", "Acme"]] {
        let output = program.command(program.path()).args(arguments).output().unwrap();
        crate::program::Answer::of(output).exits(0);
    }
    let from = source.url_as(Role::Superuser);
    program
        .consolidate(&["run", "--source", &from])
        .exits(6)
        .says("client accounts of its own");
    let output = program
        .command(program.path())
        .args(["tenant", "list"])
        .output()
        .unwrap();
    crate::program::Answer::of(output).exits(0).says("Acme");
}
