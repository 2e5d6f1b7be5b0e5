//! Original and v3 rows that are the same and say different things: which wins is the operator's to say.

use crate::content::{self, number};
use crate::program::Program;
use landfall_testkit::{LegacyDatabase, TestDatabase};
use serde_json::Value;
use std::collections::BTreeSet;

fn rules(report: &Value) -> BTreeSet<&str> {
    report["conflicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|conflict| conflict["rule"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn rows_that_differ_stop_the_plan_where_the_operator_wants_to_decide() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    program
        .consolidate(&["plan", "--conflicts", "fail"])
        .exits(4)
        .says("data_imports")
        .says("say with --conflicts");
    program.consolidate(&["run", "--conflicts", "fail"]).exits(4);
    program
        .consolidate(&["plan", "--conflicts", "prefer-original"])
        .exits(0);
    program
        .consolidate(&["plan", "--conflicts", "whatever"])
        .exits(2)
        .says("keep-both");
}

#[tokio::test]
async fn the_side_that_the_operator_prefers_wins_whatever_the_times_say() {
    for (rule, named, side) in [
        ("prefer-original", "prefer_original", "data_imports"),
        ("prefer-v3", "prefer_v3", "v3_data_imports"),
    ] {
        let database = TestDatabase::legacy(LegacyDatabase::small()).await;
        let program = Program::on(&database);
        program.consolidate(&["run", "--conflicts", rule]).exits(0);
        program.json(&["verify"]);
        assert_eq!(rules(&program.json(&["report"])), BTreeSet::from([named]));
        let connection = content::connection(&database).await;
        let won = "SELECT count(*) FROM landfall.consolidation_conflicts WHERE other_table LIKE '%data_imports' AND other_table ";
        assert_eq!(
            number(&connection, &format!("{won} <> '{side}'")).await,
            0,
            "{rule}"
        );
        assert_ne!(
            number(&connection, &format!("{won} = '{side}'")).await,
            0,
            "{rule}"
        );
    }
}

#[tokio::test]
async fn imports_that_differ_stay_two_where_both_are_to_be_kept_and_equal_ones_are_one() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    program.consolidate(&["run", "--conflicts", "keep-both"]).exits(0);
    program.json(&["verify"]);
    let connection = content::connection(&database).await;
    let outcomes = |rule: &str| {
        format!(
            "SELECT count(*) FROM landfall.consolidation_map WHERE source_table = 'v3_data_imports' AND rule = '{rule}'"
        )
    };
    assert_ne!(
        number(&connection, &outcomes("same_id")).await,
        0,
        "equal imports"
    );
    let kept = number(&connection, &outcomes("kept_both")).await;
    assert_ne!(kept, 0, "imports that differ");
    // Both are there under ids of their own, and an old client still finds the v3 one under the old id.
    let shown = "SELECT count(*) FROM landfall.consolidation_map m JOIN legacy_retired.v3_data_imports old ON old.id::text = m.source_key \
                 JOIN landfall.data_imports v3 ON v3.id::text = m.target_key AND v3.id <> old.id AND v3.filename = old.filename \
                 JOIN landfall.data_imports original ON original.id = old.id \
                 WHERE m.source_table = 'v3_data_imports' AND m.rule = 'kept_both' AND EXISTS (SELECT FROM migration.v3_data_imports shown \
                 WHERE shown.id = old.id AND shown.filename = old.filename AND shown.file_size IS NOT DISTINCT FROM old.file_size)";
    assert_eq!(number(&connection, shown).await, kept);
}
