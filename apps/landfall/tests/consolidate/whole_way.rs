//! From the plan to the end of the legacy tables, as an operator goes it.

use crate::clients::OldClient;
use crate::content::{self, assert_same_dump, checksums, dump, number, tables};
use crate::program::Program;
use landfall_testkit::{LegacyDatabase, TestDatabase, legacy_tables};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every table and column of the predecessor, each once.
fn assert_whole(tables: &Value, columns: impl Fn(&Value) -> usize) {
    let named: BTreeSet<&str> = tables
        .as_array()
        .unwrap()
        .iter()
        .map(|table| table["table"].as_str().unwrap())
        .collect();
    let expected: BTreeSet<&str> = legacy_tables().iter().map(|table| table.name).collect();
    assert_eq!(named, expected);
    let count: usize = tables.as_array().unwrap().iter().map(columns).sum();
    assert_eq!(count, 999);
}

/// Rows of each legacy table as the predecessor had them, accounted for.
pub(crate) async fn assert_accounted_for(proof: &Value, rows: &[(String, i64)]) {
    for (table, expected) in rows {
        let outcome = proof["tables"]
            .as_array()
            .unwrap()
            .iter()
            .find(|outcome| outcome["table"] == table.as_str())
            .unwrap_or_else(|| panic!("no outcome of {table}"));
        let of = |name: &str| outcome[name].as_i64().unwrap();
        assert_eq!(of("rows"), *expected, "{table}");
        assert_eq!(
            of("kept") + of("merged") + of("archived") + of("rejected"),
            *expected,
            "{table}: {outcome}"
        );
    }
}

/// The number of rows of each legacy table.
pub(crate) async fn legacy_rows(database: &TestDatabase) -> Vec<(String, i64)> {
    let connection = content::connection(database).await;
    let mut rows = Vec::new();
    for table in legacy_tables() {
        let count = number(
            &connection,
            &format!("SELECT count(*) FROM migration.{}", table.name),
        )
        .await;
        rows.push((table.name.to_owned(), count));
    }
    rows
}

#[tokio::test]
async fn a_legacy_database_goes_the_whole_way_and_back_and_again() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    let rows = legacy_rows(&database).await;
    let before = dump(&database);

    let plan = program.json(&["plan"]);
    assert_whole(&plan["tables"], |table| {
        table["columns"].as_array().unwrap().len()
    });
    assert_same_dump(&before, &dump(&database), "a plan changes nothing");

    program.consolidate(&["run", "--backup-dir", "backup"]).exits(0);
    let proof = program.json(&["verify"]);
    assert_accounted_for(&proof, &rows).await;
    assert_eq!(proof["differences"], serde_json::json!([]));
    let first = checksums(&content::connection(&database).await).await;
    OldClient::of(&database).await.reads_and_writes_everything().await;
    // What the client wrote is gone again, by its own hand.
    program.json(&["verify"]);

    program.consolidate(&["rollback", "--keep-writes"]).exits(0);
    assert_eq!(legacy_rows(&database).await, rows);
    program.consolidate(&["run"]).exits(0);
    let again = checksums(&content::connection(&database).await).await;
    for (table, checksum) in &first {
        assert_eq!(again.get(table), Some(checksum), "{table} after the second run");
    }

    let html = program.folder().join("report.html");
    program
        .consolidate(&["report", "--html", html.to_str().unwrap()])
        .exits(0);
    let page = std::fs::read_to_string(html).unwrap();
    assert!(legacy_tables().iter().all(|table| page.contains(table.name)));
    assert!(
        !page.contains("src=\"http") && !page.contains("href=\"http"),
        "the page needs nothing else"
    );

    program.consolidate(&["finish"]).exits(0);
    let connection = content::connection(&database).await;
    assert_eq!(tables(&connection, "legacy_retired").await, Vec::<String>::new());
    OldClient::of(&database).await.reads_and_writes_everything().await;
    program.consolidate(&["rollback"]).exits(6).says("finish");
    program.consolidate(&["finish", "--drop-views"]).exits(0);
    let left = number(
        &connection,
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'migration' AND c.relkind IN ('r', 'v')",
    );
    assert_eq!(left.await, 0, "old names");
    Program::on(&database)
        .consolidate(&["status"])
        .exits(0)
        .says("Finished");
}

#[tokio::test]
async fn an_import_of_two_shapes_is_one_import_and_the_lost_values_are_named() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    program.consolidate(&["run"]).exits(0);
    let connection = content::connection(&database).await;
    let merged = "SELECT count(*) FROM landfall.data_imports t \
                  WHERE id IN (SELECT id FROM legacy_retired.data_imports) AND id IN (SELECT id FROM legacy_retired.v3_data_imports)";
    assert_ne!(number(&connection, merged).await, 0);
    let report = program.json(&["report"]);
    assert_whole_ledger(&report["ledger"]);
    let conflicts = report["conflicts"].as_array().unwrap();
    assert!(
        conflicts
            .iter()
            .any(|conflict| conflict["table"] == "data_imports" || conflict["table"] == "v3_data_imports"),
        "{conflicts:?}"
    );
    let rules: BTreeSet<&str> = report["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["rule"].as_str().unwrap())
        .collect();
    for rule in ["naive_time_is_utc", "confidence_0_to_1", "import_status"] {
        assert!(rules.contains(rule), "{rule} in {rules:?}");
    }
    let quarantine = report["quarantine"].as_array().unwrap();
    assert!(!quarantine.is_empty(), "rows without a tenant");
}

/// A line for each column of each table.
fn assert_whole_ledger(ledger: &Value) {
    let columns: BTreeSet<(&str, &str)> = ledger
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["table"].as_str().unwrap(), line["column"].as_str().unwrap()))
        .collect();
    assert_eq!(columns.len(), 999);
}

#[tokio::test]
async fn a_database_without_foreign_keys_is_taken_over_with_its_orphans_in_the_archive() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_foreign_keys()).await;
    let program = Program::on(&database);
    let rows = legacy_rows(&database).await;
    program.consolidate(&["run"]).exits(0);
    let proof = program.json(&["verify"]);
    assert_accounted_for(&proof, &rows).await;
    let rejected: i64 = proof["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| table["rejected"].as_i64().unwrap())
        .sum();
    assert_ne!(rejected, 0, "rows that refer to nothing");
    let connection = content::connection(&database).await;
    let unvalidated = "SELECT count(*) FROM pg_constraint WHERE connamespace = 'landfall'::regnamespace AND NOT convalidated";
    assert_eq!(number(&connection, unvalidated).await, 0);
}

#[tokio::test]
async fn an_empty_legacy_database_and_one_of_exactly_one_batch_are_taken_over() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let connection = content::connection(&database).await;
    let names: Vec<String> = legacy_tables()
        .iter()
        .map(|table| format!("migration.{}", table.name))
        .collect();
    content::run(&connection, &format!("TRUNCATE {}", names.join(", "))).await;
    let program = Program::on(&database);
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);

    for batch in ["239", "240", "241", "1000000"] {
        let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
        let program = Program::on(&database);
        program.consolidate(&["run", "--batch", batch]).exits(0);
        assert_accounted_for(&program.json(&["verify"]), &[("assets".to_owned(), 240)]).await;
    }
}
