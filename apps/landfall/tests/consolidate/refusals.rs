//! What is not understood stops the plan, and what cannot be done is refused before anything is changed.

use crate::content::{self, assert_same_dump, dump, number, text};
use crate::program::Program;
use landfall_testkit::{Backend, LegacyDatabase, Role, TestDatabase};

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

#[tokio::test]
async fn what_appears_after_the_plan_and_is_not_known_stops_the_cut_over_with_its_name() {
    let (database, program) = legacy().await;
    let connection = content::connection(&database).await;
    program.consolidate(&["run", "--until", "verify"]).exits(0);
    content::run(
        &connection,
        "ALTER TABLE migration.assets ADD COLUMN shelf text; CREATE TABLE migration.racks (id integer); \
         INSERT INTO migration.racks VALUES (1)",
    )
    .await;
    let answer = program.consolidate(&["run"]).exits(4);
    for name in ["the column assets.shelf", "the table racks", "--archive-unknown"] {
        assert!(answer.stderr.contains(name), "{}", answer.stderr);
    }
    let moved = "SELECT count(*) FROM pg_namespace WHERE nspname = 'legacy_retired'";
    assert_eq!(number(&connection, moved).await, 0, "nothing is cut over");
    let proof = program.consolidate(&["verify", "--json"]).exits(5).json();
    let differences = proof["differences"].to_string();
    for named in ["assets.shelf", "the table racks"] {
        assert!(differences.contains(named), "{differences}");
    }
    assert!(
        differences.contains("has appeared since the plan"),
        "{differences}"
    );
    content::run(
        &connection,
        "ALTER TABLE migration.assets DROP COLUMN shelf; DROP TABLE migration.racks",
    )
    .await;
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
}

#[tokio::test]
async fn what_appears_after_the_plan_is_archived_as_it_is_at_the_cut_over_where_that_was_said() {
    let (database, program) = legacy().await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "CREATE TABLE migration.racks (id integer, place text)",
    )
    .await;
    let run = ["run", "--archive-unknown"];
    program
        .consolidate(&[&run[..], &["--until", "verify"]].concat())
        .exits(0);
    content::run(
        &connection,
        "INSERT INTO migration.racks VALUES (1, 'left'), (2, 'right'); ALTER TABLE migration.assets ADD COLUMN shelf text; \
         UPDATE migration.assets SET shelf = 'S-' || cpu_cores",
    )
    .await;
    program.consolidate(&run).exits(0);
    program.json(&["verify"]);
    let archived =
        "SELECT count(*) FROM landfall.legacy_archive WHERE columns ? 'shelf' OR source_table = 'racks'";
    assert_eq!(number(&connection, archived).await, 242);
    let forced = "SET session_replication_role = replica; DELETE FROM landfall.legacy_archive WHERE source_table = 'racks' \
                  AND columns ->> 'place' = 'left'; RESET session_replication_role";
    content::run(&connection, forced).await;
    program
        .consolidate(&["verify"])
        .exits(5)
        .says("the table racks, which the map does not know: the archive does not hold what it holds");
}
