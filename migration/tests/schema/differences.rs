//! A comparison finds each kind of change that somebody may make to a database.

use crate::rows::run;
use landfall_testkit::{Backend, Role, TestDatabase};
use migration::validate::{Report, validate};

/// Changes the database as superuser and compares.
async fn after(database: &TestDatabase, statements: &[&str]) -> Report {
    let connection = database.connect_as(Role::Superuser).await;
    for statement in statements {
        run(&connection, statement).await.unwrap();
    }
    validate(&database.url()).await.unwrap()
}

/// Asserts that the change is reported as this one difference: object, expected, found.
async fn reports(database: &TestDatabase, statement: &str, object: &str, expected: &str, found: &str) {
    let report = after(database, &[statement]).await;
    let [difference] = report.differences.as_slice() else {
        panic!("{statement}: {report}")
    };
    assert_eq!(
        (
            difference.object.as_str(),
            difference.expected.as_str(),
            difference.found.as_str()
        ),
        (object, expected, found),
        "{statement}"
    );
    assert!(!difference.remedy.is_empty());
}

landfall_testkit::both_backends! {
    async fn a_migrated_database_is_as_expected(database: TestDatabase) {
        let report = after(&database, &[]).await;
        assert!(report.is_ok(), "{report}");
        assert!(report.to_string().contains(&format!("{} tables, all as expected.", migration::expected_tables().len())), "{report}");
    }

    async fn a_missing_table_is_reported(database: TestDatabase) {
        reports(&database, "DROP TABLE asset_metrics", "table asset_metrics", "present", "absent").await;
    }

    async fn a_table_of_the_predecessor_is_reported_with_the_way_to_get_rid_of_it(database: TestDatabase) {
        let report = after(&database, &["CREATE TABLE v3_discovery_flows (id integer)", "CREATE TABLE workflow_states (id integer)"]).await;
        let objects: Vec<_> = report.differences.iter().map(|difference| difference.object.as_str()).collect();
        assert_eq!(objects, ["table v3_discovery_flows", "table workflow_states"]);
        assert!(report.differences.iter().all(|difference| difference.remedy.contains("landfall consolidate")));
    }

    async fn a_table_of_somebody_else_is_reported(database: TestDatabase) {
        reports(&database, "CREATE TABLE notes (id integer)", "table notes", "absent", "present").await;
    }

    async fn a_mark_of_test_data_is_reported_with_its_own_advice(database: TestDatabase) {
        let report = after(&database, &["ALTER TABLE assets ADD COLUMN is_mock integer"]).await;
        let [difference] = report.differences.as_slice() else { panic!("{report}") };
        assert_eq!(difference.object, "column assets.is_mock");
        assert!(difference.remedy.contains("test tenant"), "{}", difference.remedy);
    }

    async fn a_missing_column_is_reported(database: TestDatabase) {
        let kind = if database.backend() == Backend::Sqlite { "TEXT" } else { "text COLLATE \"C\"" };
        reports(&database, "ALTER TABLE assets DROP COLUMN rack_location", "column assets.rack_location", kind, "absent").await;
    }

    async fn a_missing_index_is_reported(database: TestDatabase) {
        reports(
            &database,
            "DROP INDEX ix_assets_engagement_id_hostname",
            "index of assets (client_account_id, engagement_id, hostname)",
            "not unique, all rows",
            "absent",
        )
        .await;
    }

    async fn an_index_that_lost_its_condition_is_reported(database: TestDatabase) {
        let report = after(&database, &["DROP INDEX uq_jobs_dedup_key_part; CREATE UNIQUE INDEX uq_jobs_dedup_key_part ON jobs (dedup_key)"]).await;
        let found: Vec<_> = report.differences.iter().map(|difference| difference.found.as_str()).collect();
        assert_eq!(found, ["absent", "unique, all rows"], "{report}");
    }

    async fn an_index_that_is_unique_no_more_is_reported(database: TestDatabase) {
        let report = after(&database, &["DROP INDEX uq_users_email; CREATE INDEX uq_users_email ON users (email)"]).await;
        assert_eq!(report.differences.len(), 2, "{report}");
    }

    async fn a_report_reads_as_text_and_as_json(database: TestDatabase) {
        let report = after(&database, &["DROP TABLE asset_metrics"]).await;
        assert!(report.to_string().contains("1 difference.\n\ntable asset_metrics\n  expected: present\n  found:    absent"), "{report}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["differences"][0]["object"], "table asset_metrics");
        assert_eq!(json["tables"], migration::expected_tables().len() - 1);
    }

    async fn an_empty_database_lacks_its_migrations(like: TestDatabase) {
        let database = TestDatabase::empty(like.backend()).await;
        let report = validate(&database.url_as(Role::Superuser)).await.unwrap();
        assert!(report.differences[0].object.starts_with("migration m2026"), "{report}");
        assert!(report.differences.len() > migration::expected_tables().len());
    }
}

#[tokio::test]
async fn on_sqlite_a_table_that_checks_nothing_is_reported() {
    let database = TestDatabase::sqlite().await;
    let report = after(
        &database,
        &[
            "DROP TABLE consolidation_map",
            "CREATE TABLE consolidation_map (run_id BLOB NOT NULL, source_table TEXT NOT NULL, source_key TEXT NOT NULL, \
             client_account_id BLOB, target_table TEXT, target_key TEXT, outcome TEXT NOT NULL, rule TEXT, \
             PRIMARY KEY (run_id, source_key, source_table))",
        ],
    )
    .await;
    let text = report.to_string();
    for part in [
        "primary key of consolidation_map",
        "foreign key of consolidation_map (run_id)",
        "condition of consolidation_map\n  expected: length(\"run_id\") = 16",
        "table consolidation_map\n  expected: STRICT",
        "index of consolidation_map (target_table, target_key)",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[tokio::test]
async fn on_postgres_each_change_of_keys_and_conditions_is_reported() {
    for (statement, object, expected, found) in [
        (
            "ALTER TABLE assets ALTER COLUMN name DROP NOT NULL",
            "column assets.name",
            "text COLLATE \"C\" NOT NULL",
            "text COLLATE \"C\"",
        ),
        (
            "ALTER TABLE assets ALTER COLUMN location TYPE text COLLATE \"default\"",
            "column assets.location",
            "text COLLATE \"C\"",
            "text",
        ),
        (
            "ALTER TABLE data_imports ALTER COLUMN total_records TYPE integer",
            "column data_imports.total_records",
            "bigint",
            "integer",
        ),
        (
            "ALTER TABLE assets ALTER COLUMN status TYPE varchar(20)",
            "column assets.status",
            "text COLLATE \"C\"",
            "character varying(20)",
        ),
        (
            "ALTER TABLE assets DROP CONSTRAINT fk_assets_engagement_id",
            "foreign key of assets (client_account_id, engagement_id)",
            "refers to engagements (client_account_id, id)",
            "absent",
        ),
        (
            "ALTER TABLE tags ADD FOREIGN KEY (id) REFERENCES users ON DELETE CASCADE",
            "foreign key of tags (id)",
            "absent",
            "refers to users (id), deleted with it",
        ),
        (
            "ALTER TABLE wave_plan_assets DROP CONSTRAINT pk_wave_plan_assets",
            "primary key of wave_plan_assets",
            "client_account_id, id",
            "",
        ),
        (
            "ALTER TABLE assets DROP CONSTRAINT assets_cpu_cores_check",
            "conditions of assets",
            "3 conditions",
            "2 conditions",
        ),
        (
            "ALTER DOMAIN risk_level DROP CONSTRAINT risk_level_check; \
             ALTER DOMAIN risk_level ADD CHECK (VALUE IN ('low', 'high', 'severe'))",
            "named type risk_level",
            "critical, high, low, medium",
            "high, low, severe",
        ),
        (
            "CREATE DOMAIN mood AS text CHECK (VALUE IN ('good'))",
            "named type mood",
            "absent",
            "good",
        ),
    ] {
        reports(
            &TestDatabase::postgres().await,
            statement,
            object,
            expected,
            found,
        )
        .await;
    }
}

#[tokio::test]
async fn on_postgres_each_hole_in_the_security_is_reported() {
    let rule = "permissive, for *, using (client_account_id = app_client_account()), with check (client_account_id = app_client_account())";
    for (statement, object, expected, found) in [
        (
            "ALTER TABLE assets NO FORCE ROW LEVEL SECURITY",
            "row-level security of assets",
            "forced",
            "enabled, not forced",
        ),
        (
            "ALTER TABLE assets DISABLE ROW LEVEL SECURITY",
            "row-level security of assets",
            "forced",
            "off",
        ),
        (
            "DROP POLICY tenant ON assets",
            "policy tenant of assets",
            rule,
            "absent",
        ),
        (
            "CREATE POLICY open ON assets FOR SELECT USING (true)",
            "policy open of assets",
            "absent",
            "permissive, for r, using true, with check none",
        ),
        (
            "GRANT SELECT ON access_audit_log TO landfall_app",
            "grants on access_audit_log to landfall_app",
            "INSERT",
            "INSERT, SELECT",
        ),
        (
            "REVOKE DELETE ON assets FROM landfall_app",
            "grants on assets to landfall_app",
            "DELETE, INSERT, SELECT, UPDATE",
            "INSERT, SELECT, UPDATE",
        ),
        (
            "GRANT SELECT ON users TO PUBLIC",
            "grants on users to PUBLIC",
            "absent",
            "SELECT",
        ),
    ] {
        reports(
            &TestDatabase::postgres().await,
            statement,
            object,
            expected,
            found,
        )
        .await;
    }
}
