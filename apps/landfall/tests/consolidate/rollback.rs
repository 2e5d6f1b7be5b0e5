//! There is a way back from each step.

use crate::content::{self, assert_same_dump, dump, number};
use crate::program::Program;
use crate::whole_way::legacy_rows;
use landfall_testkit::{LegacyDatabase, TestDatabase};

const STEPS: [&str; 9] = [
    "backup", "expand", "copy", "place", "load", "catch-up", "index", "verify", "cut-over",
];

#[tokio::test]
async fn after_each_step_a_rollback_leaves_the_database_as_it_was() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    let before = dump(&database);
    for step in STEPS {
        program.consolidate(&["run", "--until", step]).exits(0);
        program.consolidate(&["rollback"]).exits(0);
        assert_same_dump(&before, &dump(&database), step);
    }
    // And from there it can be run to its end.
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
}

#[tokio::test]
async fn a_database_that_landfall_uses_already_keeps_its_rows_whatever_happens() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    let landfall = |arguments: &[&str]| {
        let output = program.command(program.path()).args(arguments).output().unwrap();
        crate::program::Answer::of(output).exits(0)
    };
    landfall(&["migrate", "up"]);
    landfall(&["tenant", "create", "Acme"]);
    landfall(&["engagement", "create", "Exit", "--client-account", "Acme"]);
    let before = dump(&database);
    for step in ["load", "cut-over"] {
        program.consolidate(&["run", "--until", step]).exits(0);
        program.consolidate(&["rollback"]).exits(0);
        assert_same_dump(&before, &dump(&database), step);
    }
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
    landfall(&["engagement", "list", "--client-account", "Acme"]).says("Exit");
}

#[tokio::test]
async fn rows_written_since_the_cut_over_are_kept_in_the_legacy_tables_or_refuse_the_rollback() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    let rows = legacy_rows(&database).await;
    program.consolidate(&["run"]).exits(0);
    let connection = content::connection(&database).await;
    let assets = "SELECT count(*) FROM landfall.assets";
    let taken_over = number(&connection, assets).await;
    content::run(
        &connection,
        "UPDATE migration.assets SET hostname = 'renamed.example' WHERE name = 'srv-0000005'; \
         DELETE FROM migration.assets WHERE name = 'srv-0000011' AND NOT EXISTS \
             (SELECT FROM migration.asset_dependencies d WHERE d.asset_id = assets.id OR d.depends_on_asset_id = assets.id)",
    )
    .await;
    content::run(
        &connection,
        "INSERT INTO migration.assets (id, name, asset_type, client_account_id, engagement_id, is_mock) \
         SELECT 'aaaaaaaa-0000-4000-8000-000000000001', 'written since', 'SERVER', client_account_id, id, false \
         FROM migration.engagements WHERE name = 'Engagement 1' LIMIT 1",
    )
    .await;
    assert!(
        number(&connection, assets).await >= taken_over,
        "one more, perhaps one less"
    );
    program.consolidate(&["rollback"]).exits(6).says("assets");
    program
        .consolidate(&["rollback", "--keep-writes"])
        .exits(0)
        .says("assets");
    let kept = "SELECT count(*) FROM migration.assets WHERE (name = 'srv-0000005' AND hostname = 'renamed.example') \
                OR (id = 'aaaaaaaa-0000-4000-8000-000000000001' AND name = 'written since' AND asset_type = 'SERVER')";
    assert_eq!(number(&connection, kept).await, 2);
    let before: Vec<_> = rows.iter().filter(|(table, _)| table != "assets").collect();
    let after = legacy_rows(&database).await;
    let after: Vec<_> = after.iter().filter(|(table, _)| table != "assets").collect();
    assert_eq!(after, before);
    let connection = content::connection(&database).await;
    let landfall =
        "SELECT count(*) FROM pg_namespace WHERE nspname IN ('landfall', 'legacy_retired', 'consolidation')";
    assert_eq!(
        number(&connection, landfall).await,
        0,
        "schemas that were not there before"
    );
}

#[tokio::test]
async fn rows_written_since_the_cut_over_are_lost_where_that_is_said() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let program = Program::on(&database);
    let before = dump(&database);
    program.consolidate(&["run"]).exits(0);
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "UPDATE migration.assets SET description = 'since' WHERE name = 'srv-0000005'",
    )
    .await;
    program.consolidate(&["rollback", "--discard-writes"]).exits(0);
    assert_same_dump(&before, &dump(&database), "after writes that were discarded");
}
