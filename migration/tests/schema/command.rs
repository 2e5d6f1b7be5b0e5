//! The command line: what it prints, what it refuses and with which exit code.

use crate::rows::one_row_in_every_table;
use landfall_testkit::{Backend, Role, TestDatabase};
use std::process::{Command, Output, Stdio};

/// Runs the program on a database.
fn migration(database: &TestDatabase, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_migration"))
        .args(arguments)
        .env("LANDFALL_DATABASE_URL", database.url_as(Role::Superuser))
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

landfall_testkit::both_backends! {
    async fn each_command_says_what_it_did(like: TestDatabase) {
        let database = TestDatabase::empty(like.backend()).await;
        for (arguments, text) in [
            (&["status"][..], "pending  m20261123_000001_consolidated_schema\n"),
            (&["up"], "Applied m20261123_000001_consolidated_schema\n"),
            (&["up", "-n", "1"], "Nothing to do.\n"),
            (&["status"], "applied  m20261123_000001_consolidated_schema\n"),
            (&["down", "-n", "1"], "Reverted m20261123_000001_consolidated_schema\n"),
            (&["fresh"], "Applied m20261123_000001_consolidated_schema\n"),
            (&["reset"], "Reverted m20261123_000001_consolidated_schema\n"),
        ] {
            let output = migration(&database, arguments);
            assert!(output.status.success(), "{arguments:?}: {}", printed(&output));
            assert!(String::from_utf8_lossy(&output.stdout).ends_with(text), "{arguments:?}: {}", printed(&output));
        }
    }

    async fn data_is_not_thrown_away_without_a_yes(database: TestDatabase) {
        one_row_in_every_table(&database).await;
        for command in ["fresh", "refresh", "reset", "down"] {
            let output = migration(&database, &[command]);
            assert_eq!(output.status.code(), Some(1), "{command}");
            assert!(printed(&output).contains(&format!("{} tables hold rows", migration::expected_tables().len())), "{command}: {}", printed(&output));
        }
        let output = migration(&database, &["fresh", "--yes"]);
        assert!(output.status.success(), "{}", printed(&output));
        assert!(printed(&output).starts_with("Dropped 76 tables\n"), "{}", printed(&output));
    }

    async fn a_schema_that_differs_ends_with_an_error(database: TestDatabase) {
        assert!(migration(&database, &["validate"]).status.success());
        let connection = database.connect_as(Role::Superuser).await;
        crate::rows::run(&connection, "DROP TABLE asset_metrics").await.unwrap();
        let output = migration(&database, &["validate"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(printed(&output).contains("table asset_metrics"), "{}", printed(&output));
    }
}

#[tokio::test]
async fn a_password_is_never_printed() {
    let database = TestDatabase::empty(Backend::Sqlite).await;
    let unreachable = "postgres://ann:s3cret@127.0.0.1:1/landfall?password=s3cret";
    for arguments in [&["up"][..], &["status"], &["fresh"], &["--help"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_migration"))
            .args(arguments)
            .env("LANDFALL_DATABASE_URL", unreachable)
            .env("RUST_LOG", "trace")
            .output()
            .unwrap();
        assert!(!printed(&output).contains("s3cret"), "{}", printed(&output));
    }
    assert_eq!(migration(&database, &["sideways"]).status.code(), Some(2));
}
