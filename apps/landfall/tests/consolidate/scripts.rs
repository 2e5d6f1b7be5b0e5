//! The scripts of a deployment, run for real.

use crate::content::{assert_same_dump, connection, dump, number, run};
use crate::program::{Answer, Program};
use landfall_testkit::{LegacyDatabase, ServerPrograms, TestDatabase};
use std::path::{Path, PathBuf};

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../scripts")
        .join(name)
}

/// Runs a script on the program's database, with PostgreSQL's programs on the `PATH`.
fn deploy(program: &Program, name: &str, arguments: &[&str]) -> Answer {
    let psql = ServerPrograms::find().unwrap().path("psql");
    let path = format!(
        "{}:/usr/local/bin:/usr/bin:/bin",
        psql.parent().unwrap().display()
    );
    let mut command = program.command(&script(name));
    command
        .env("PATH", path)
        .args(arguments)
        .arg("--landfall")
        .arg(program.path());
    Answer::of(command.output().unwrap())
}

async fn legacy() -> (TestDatabase, Program) {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    (database, program)
}

#[tokio::test]
async fn development_is_backed_up_consolidated_checked_and_seeded() {
    let (database, program) = legacy().await;
    let answer = deploy(
        &program,
        "deploy_db_consolidation.sh",
        &["--environment", "development", "--backup-dir", "deployment"],
    );
    let answer = answer.exits(0);
    let mut rest = answer.stdout.as_str();
    for step in [
        "plan: done",
        "backup: done",
        "run: done",
        "report: done",
        "validate-schema: done",
        "smoke tests: done",
        "seed: done",
    ] {
        let place = rest
            .find(step)
            .unwrap_or_else(|| panic!("no '{step}' in its place:\n{}", answer.stdout));
        rest = &rest[place..];
    }
    assert!(program.folder().join("deployment/report.html").is_file());
    let connection = connection(&database).await;
    let seeded = "SELECT count(*) FROM landfall.client_accounts WHERE name = 'Demo Retail'";
    assert_eq!(number(&connection, seeded).await, 1);
    // Run again, it has nothing left to do.
    deploy(
        &program,
        "deploy_db_consolidation.sh",
        &["--environment", "development", "--backup-dir", "deployment"],
    )
    .exits(0);
}

#[tokio::test]
async fn production_is_not_seeded_and_is_as_before_after_a_rollback() {
    let (database, program) = legacy().await;
    let before = dump(&database);
    let environment = ["--environment", "production"];
    deploy(&program, "deploy_db_consolidation.sh", &environment)
        .exits(2)
        .says("--yes");
    assert_same_dump(&before, &dump(&database), "without consent");
    let consent = ["--environment", "production", "--yes"];
    deploy(&program, "deploy_db_consolidation.sh", &consent)
        .exits(0)
        .says("no seed in production");
    let connection = connection(&database).await;
    assert_eq!(
        number(
            &connection,
            "SELECT count(*) FROM landfall.client_accounts WHERE name LIKE 'Demo%'"
        )
        .await,
        0
    );
    deploy(&program, "rollback_db_consolidation.sh", &environment)
        .exits(2)
        .says("--yes");
    deploy(&program, "rollback_db_consolidation.sh", &consent)
        .exits(0)
        .says("back in their place");
    assert_same_dump(&before, &dump(&database), "after the rollback");
}

#[tokio::test]
async fn a_dry_run_says_what_it_would_do_and_changes_nothing() {
    let (database, program) = legacy().await;
    let before = dump(&database);
    let answer = deploy(
        &program,
        "deploy_db_consolidation.sh",
        &["--environment", "production", "--dry-run"],
    )
    .exits(0);
    for step in ["backup", "run", "validate-schema", "smoke tests"] {
        assert!(
            answer.stdout.contains(&format!("would do: {step}")),
            "{}",
            answer.stdout
        );
    }
    assert_same_dump(&before, &dump(&database), "a dry run");
    assert!(!program.folder().join("consolidation-production").exists());
    deploy(
        &program,
        "rollback_db_consolidation.sh",
        &["--environment", "staging", "--dry-run"],
    )
    .exits(0)
    .says("nothing was changed");
}

#[tokio::test]
async fn it_stops_at_the_first_failure_and_says_how_to_go_back() {
    let (database, program) = legacy().await;
    let connection = connection(&database).await;
    run(&connection, "ALTER TABLE migration.tags ADD COLUMN colour text").await;
    let before = dump(&database);
    let answer = deploy(
        &program,
        "deploy_db_consolidation.sh",
        &["--environment", "staging"],
    )
    .exits(4);
    assert!(answer.stderr.contains("FAILED at: plan"), "{}", answer.stderr);
    assert!(answer.stderr.contains("Nothing was changed"), "{}", answer.stderr);
    assert_same_dump(&before, &dump(&database), "a plan with findings");

    run(&connection, "ALTER TABLE migration.tags DROP COLUMN colour").await;
    // The cut-over waits for this one, and gives up.
    let holder = sea_orm::TransactionTrait::begin(&connection).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&holder, "SELECT count(*) FROM migration.tags")
        .await
        .unwrap();
    let answer = deploy(
        &program,
        "deploy_db_consolidation.sh",
        &["--environment", "staging"],
    );
    assert_ne!(answer.code, 0);
    assert!(answer.stderr.contains("FAILED at: run"), "{}", answer.stderr);
    assert!(
        answer
            .stderr
            .contains("rollback_db_consolidation.sh --environment staging"),
        "{}",
        answer.stderr
    );
    assert!(!answer.stdout.contains("validate-schema"), "{}", answer.stdout);
    holder.rollback().await.unwrap();
    deploy(
        &program,
        "rollback_db_consolidation.sh",
        &["--environment", "staging"],
    )
    .exits(0);
}

#[tokio::test]
async fn wrong_arguments_are_told() {
    let (_database, program) = legacy().await;
    let name = "deploy_db_consolidation.sh";
    deploy(&program, name, &[]).exits(2).says("--environment");
    deploy(&program, name, &["--environment", "moon"])
        .exits(2)
        .says("moon");
    deploy(&program, name, &["--environment", "staging", "--fast"])
        .exits(2)
        .says("--fast");
    deploy(
        &program,
        "rollback_db_consolidation.sh",
        &["--environment", "staging", "--writes", "burn"],
    )
    .exits(2)
    .says("burn");
}
