//! Old SQL clients read and write through the old names, each only what is its own.

use crate::content::{self, number, text, texts};
use crate::program::Program;
use landfall_testkit::{LegacyDatabase, Role, TestDatabase, legacy_tables};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::collections::BTreeSet;

/// An ordinary user of the server, who knows the old names only.
pub(crate) struct OldClient {
    connection: DatabaseConnection,
    superuser: DatabaseConnection,
    tenant: String,
    engagement: String,
    stranger: String,
}

const USER: &str = "predecessors_client";
/// Logs to which the new schema lets a client only add.
const LOGS: [&str; 2] = ["access_audit_log", "security_audit_logs"];

/// Makes the user, once for all tests of the server.
async fn user(connection: &DatabaseConnection) {
    content::run(
        connection,
        &format!(
            "DO $$ BEGIN CREATE ROLE {USER} LOGIN NOSUPERUSER NOBYPASSRLS; EXCEPTION \
             WHEN duplicate_object OR unique_violation THEN NULL; END $$; \
             DO $$ BEGIN CREATE ROLE landfall_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        ),
    )
    .await;
    let grant = format!("GRANT landfall_app TO {USER}");
    // Another test may do it at the same moment.
    for _ in 0..5 {
        if connection.execute_unprepared(&grant).await.is_ok() {
            return;
        }
    }
    content::run(connection, &grant).await;
}

async fn connect(database: &TestDatabase) -> DatabaseConnection {
    let url = database
        .url_as(Role::Superuser)
        .replacen("postgres@", &format!("{USER}@"), 1);
    let mut options = ConnectOptions::new(url);
    // One connection, since the tenant is set for it.
    options
        .max_connections(1)
        .set_schema_search_path("migration")
        .sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

impl OldClient {
    pub(crate) async fn of(database: &TestDatabase) -> Self {
        let superuser = content::connection(database).await;
        user(&superuser).await;
        content::run(
            &superuser,
            &format!(
                "GRANT USAGE ON SCHEMA migration TO {USER}; \
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA migration TO {USER}"
            ),
        )
        .await;
        let id = async |question: &str| text(&superuser, question).await;
        let tenant = id("SELECT id::text FROM landfall.client_accounts WHERE slug = 'northwind'").await;
        let engagement =
            id("SELECT id::text FROM landfall.engagements WHERE slug = 'engagement-1' ORDER BY created_at LIMIT 1").await;
        let stranger = id("SELECT id::text FROM landfall.client_accounts WHERE slug = 'contoso'").await;
        Self {
            connection: connect(database).await,
            superuser,
            tenant,
            engagement,
            stranger,
        }
    }

    async fn run(&self, statement: &str) {
        content::run(&self.connection, statement).await;
    }

    async fn number(&self, question: &str) -> i64 {
        number(&self.connection, question).await
    }

    /// Every old name answers, writes arrive, and other tenants' rows are out of reach.
    pub(crate) async fn reads_and_writes_everything(&self) {
        self.run("RESET app.client_account_id").await;
        for table in [
            "data_imports",
            "v3_data_imports",
            "assets",
            "raw_import_records",
            "v3_field_mappings",
        ] {
            assert_eq!(
                self.number(&format!("SELECT count(*) FROM {table}")).await,
                0,
                "{table} without a tenant"
            );
        }
        self.run(&format!("SET app.client_account_id = '{}'", self.tenant))
            .await;
        for table in legacy_tables() {
            let columns: Vec<String> = table
                .columns
                .iter()
                .map(|column| format!("\"{}\"", column.name))
                .collect();
            let all = format!(
                "SELECT count(*) FROM (SELECT {} FROM {}) AS t",
                columns.join(", "),
                table.name
            );
            if LOGS.contains(&table.name) {
                let refused = self.connection.execute_unprepared(&all).await.unwrap_err();
                assert!(refused.to_string().contains("permission denied"), "{refused}");
            } else {
                self.number(&all).await;
            }
        }
        self.writes_logs().await;
        for table in ["data_imports", "v3_data_imports", "assets"] {
            assert_ne!(
                self.number(&format!("SELECT count(*) FROM {table}")).await,
                0,
                "{table}"
            );
            let foreign = format!(
                "SELECT count(*) FROM {table} WHERE client_account_id <> '{}'",
                self.tenant
            );
            assert_eq!(self.number(&foreign).await, 0, "rows of other tenants in {table}");
        }
        self.writes_imports().await;
        self.writes_inventory().await;
        self.is_kept_from_other_tenants().await;
    }

    /// What they tell the logs arrives, and nobody changes it.
    async fn writes_logs(&self) {
        let told =
            "SELECT count(*) FROM landfall.access_audit_log WHERE action_type = 'asked by an old client'";
        let before = number(&self.superuser, told).await;
        self.run(
            "INSERT INTO access_audit_log (id, user_id, action_type, result, created_at) \
             VALUES (gen_random_uuid(), gen_random_uuid(), 'asked by an old client', 'allowed', now()); \
             INSERT INTO security_audit_logs (id, event_type, event_category, severity, description, created_at, actor_user_id, \
                 is_suspicious, requires_review, is_blocked) \
             VALUES (gen_random_uuid(), 'login', 'access', 'info', 'by an old client', now(), 'somebody', false, false, false)",
        )
        .await;
        assert_eq!(number(&self.superuser, told).await, before + 1);
        for change in [
            "DELETE FROM access_audit_log",
            "UPDATE security_audit_logs SET description = 'nothing'",
        ] {
            let refused = self.connection.execute_unprepared(change).await.unwrap_err();
            assert!(
                refused.to_string().contains("permission denied"),
                "{change}: {refused}"
            );
        }
        // As if it had not been, for what is compared afterwards.
        content::run(
            &self.superuser,
            "DELETE FROM landfall.access_audit_log WHERE action_type = 'asked by an old client'; \
             DELETE FROM landfall.security_audit_logs WHERE description = 'by an old client'",
        )
        .await;
    }

    async fn writes_imports(&self) {
        let (tenant, engagement) = (&self.tenant, &self.engagement);
        self.run(&format!(
            "INSERT INTO data_imports (id, status, client_account_id, engagement_id, import_name, import_type, \
                 source_filename, file_size_bytes, file_type, imported_by, is_mock) \
             SELECT 'c0000000-0000-4000-8000-000000000001', 'processing', '{tenant}', '{engagement}', 'Old import', 'cmdb', \
                 'old.csv', 123, 'text/csv', imported_by, false FROM data_imports WHERE imported_by IS NOT NULL LIMIT 1"
        ))
        .await;
        let told = "SELECT concat_ws('|', source_filename, file_size_bytes, file_type, status) FROM data_imports \
                    WHERE id = 'c0000000-0000-4000-8000-000000000001'";
        assert_eq!(
            text(&self.connection, told).await,
            "old.csv|123|text/csv|processing"
        );
        // The same import under its other old name.
        let told = "SELECT concat_ws('|', filename, file_size, mime_type, status) FROM v3_data_imports \
                    WHERE id = 'c0000000-0000-4000-8000-000000000001'";
        assert_eq!(
            texts(&self.connection, told).await,
            ["old.csv|123|text/csv|processing"]
        );
        let updated = "UPDATE data_imports SET status = 'completed', source_filename = 'renamed.csv' \
                       WHERE id = 'c0000000-0000-4000-8000-000000000001' RETURNING source_filename::text";
        assert_eq!(texts(&self.connection, updated).await, ["renamed.csv"]);

        self.run(&format!(
            "INSERT INTO v3_data_imports (id, client_account_id, engagement_id, filename, file_size, status) \
             VALUES ('c0000000-0000-4000-8000-000000000002', '{tenant}', '{engagement}', 'pilot.csv', 7, 'pending'); \
             INSERT INTO v3_discovery_flows (id, client_account_id, engagement_id, flow_name, data_import_id, status, current_phase) \
             VALUES ('c0000000-0000-4000-8000-000000000003', '{tenant}', '{engagement}', 'Pilot', \
                 'c0000000-0000-4000-8000-000000000002', 'running', 'field_mapping'); \
             INSERT INTO v3_field_mappings (id, data_import_id, client_account_id, source_field, target_field, match_type, status) \
             VALUES ('c0000000-0000-4000-8000-000000000004', 'c0000000-0000-4000-8000-000000000002', '{tenant}', \
                 'Host', 'hostname', 'exact', 'suggested'); \
             INSERT INTO v3_raw_import_records (id, data_import_id, record_index, raw_data) \
             VALUES ('c0000000-0000-4000-8000-000000000005', 'c0000000-0000-4000-8000-000000000002', 0, '{{\"Host\": \"a\"}}')"
        ))
        .await;
        let told = "SELECT concat_ws('|', i.filename, f.flow_name, f.status, f.current_phase, m.target_field, r.record_index, \
                        r.raw_data ->> 'Host') \
                    FROM v3_data_imports i JOIN v3_discovery_flows f ON f.data_import_id = i.id \
                    JOIN v3_field_mappings m ON m.data_import_id = i.id JOIN v3_raw_import_records r ON r.data_import_id = i.id \
                    WHERE i.id = 'c0000000-0000-4000-8000-000000000002'";
        assert_eq!(
            texts(&self.connection, told).await,
            ["pilot.csv|Pilot|running|field_mapping|hostname|0|a"]
        );
        self.run(
            "UPDATE v3_field_mappings SET status = 'approved', confidence_score = 0.5 \
                 WHERE id = 'c0000000-0000-4000-8000-000000000004'; \
             UPDATE v3_discovery_flows SET status = 'completed' WHERE id = 'c0000000-0000-4000-8000-000000000003'; \
             UPDATE v3_raw_import_records SET is_valid = false WHERE id = 'c0000000-0000-4000-8000-000000000005'",
        )
        .await;
        let told =
            "SELECT status::text FROM v3_field_mappings WHERE id = 'c0000000-0000-4000-8000-000000000004'";
        assert_eq!(texts(&self.connection, told).await, ["approved"]);
        for (table, id) in [
            ("v3_raw_import_records", 5),
            ("v3_field_mappings", 4),
            ("v3_discovery_flows", 3),
            ("v3_data_imports", 2),
            ("data_imports", 1),
        ] {
            let delete = format!(
                "DELETE FROM {table} WHERE id = 'c0000000-0000-4000-8000-00000000000{id}' RETURNING id::text"
            );
            assert_eq!(texts(&self.connection, &delete).await.len(), 1, "{delete}");
        }
        let left = "SELECT count(*) FROM data_imports WHERE id::text LIKE 'c0000000-0000-4000-8000-%'";
        assert_eq!(self.number(left).await, 0);
    }

    async fn writes_inventory(&self) {
        let (tenant, engagement) = (&self.tenant, &self.engagement);
        self.run(&format!(
            "INSERT INTO assets (id, name, asset_type, client_account_id, engagement_id, hostname, memory_gb, \
                 custom_attributes, six_r_strategy, current_monthly_cost, is_mock) \
             VALUES ('c0000000-0000-4000-8000-000000000011', 'old-srv', 'VIRTUAL_MACHINE', '{tenant}', '{engagement}', \
                 'old-srv.example', 4.5, '{{\"rack\": \"R1\"}}', 'REHOST', 12.5, false), \
                 ('c0000000-0000-4000-8000-000000000012', 'old-db', 'DATABASE', '{tenant}', '{engagement}', NULL, NULL, \
                 NULL, NULL, NULL, false); \
             INSERT INTO asset_dependencies (id, asset_id, depends_on_asset_id, dependency_type, is_mock) \
             VALUES ('c0000000-0000-4000-8000-000000000013', 'c0000000-0000-4000-8000-000000000011', \
                 'c0000000-0000-4000-8000-000000000012', 'database', false)"
        ))
        .await;
        let told = "SELECT concat_ws('|', a.name, a.asset_type, a.memory_gb, a.custom_attributes ->> 'rack', a.six_r_strategy, \
                        a.current_monthly_cost, b.name, d.dependency_type) \
                    FROM assets a JOIN asset_dependencies d ON d.asset_id = a.id JOIN assets b ON b.id = d.depends_on_asset_id \
                    WHERE a.id = 'c0000000-0000-4000-8000-000000000011'";
        assert_eq!(
            texts(&self.connection, told).await,
            ["old-srv|VIRTUAL_MACHINE|4.5|R1|REHOST|12.5|old-db|database"]
        );
        self.run("UPDATE assets SET memory_gb = 8 WHERE id = 'c0000000-0000-4000-8000-000000000011'")
            .await;
        self.run(
            "DELETE FROM asset_dependencies WHERE id = 'c0000000-0000-4000-8000-000000000013'; \
             DELETE FROM assets WHERE id::text LIKE 'c0000000-0000-4000-8000-00000000001%'",
        )
        .await;
    }

    async fn is_kept_from_other_tenants(&self) {
        let stranger = &self.stranger;
        let refused = self
            .connection
            .execute_unprepared(&format!(
                "INSERT INTO v3_data_imports (id, client_account_id, engagement_id, filename) \
                 SELECT 'c0000000-0000-4000-8000-000000000021', '{stranger}', '{}', 'theirs.csv'",
                self.engagement
            ))
            .await;
        assert!(refused.is_err(), "a row for another tenant");
        let changed = format!(
            "UPDATE assets SET name = 'taken' WHERE client_account_id = '{stranger}' RETURNING id::text"
        );
        assert_eq!(texts(&self.connection, &changed).await, Vec::<String>::new());
        let deleted = "DELETE FROM v3_data_imports WHERE client_account_id <> current_setting('app.client_account_id')::uuid \
                       RETURNING id::text";
        assert_eq!(texts(&self.connection, deleted).await, Vec::<String>::new());
    }
}

/// Rows of a table or a view as texts.
async fn rows(connection: &DatabaseConnection, table: &str, columns: &str) -> BTreeSet<String> {
    let rows = texts(connection, &format!("SELECT ROW({columns})::text FROM {table}")).await;
    rows.into_iter().collect()
}

/// What a JSON text says: white space and the order of keys say nothing. Where a document does not hold all of the text (keys
/// that are there twice, characters that no document has), only the text itself will do.
const TOLD: &str = r"CREATE FUNCTION public.told(t text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE document text;
    BEGIN
        document := t::jsonb::text;
        RETURN CASE WHEN length(translate(document, ' ', '')) = length(translate(t, E' \t\n\r', '')) THEN document ELSE t END;
    EXCEPTION WHEN OTHERS THEN RETURN t;
    END $$";

#[tokio::test]
async fn the_views_show_each_row_as_the_old_table_had_it() {
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    Program::on(&database)
        .consolidate(&["run", "--mock-rows", "keep"])
        .exits(0);
    let connection = content::connection(&database).await;
    content::run(&connection, TOLD).await;
    for table in legacy_tables() {
        // Of two rows that are one now, both names show what won; and so do the ids that it has for them.
        if table.name.starts_with("v3_") {
            continue;
        }
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| match column.data_type {
                "json" => format!("public.told(\"{}\"::text)", column.name),
                _ => format!("\"{}\"::text", column.name),
            })
            .collect();
        let columns = columns.join(", ");
        let own = |schema: &str| {
            format!(
                "(SELECT * FROM {schema}.{1} AS t WHERE \"{0}\"::text NOT IN (SELECT source_key FROM landfall.consolidation_map \
                  WHERE source_table IN ('{1}', 'v3_{1}') AND outcome IN ('merged', 'rejected'))) AS t",
                table.key(),
                table.name
            )
        };
        let old = rows(&connection, &own("legacy_retired"), &columns).await;
        // The views may show more: rows that were made for others.
        let shown = rows(&connection, &own("migration"), &columns).await;
        for row in &old {
            assert!(
                shown.contains(row),
                "{} does not show\n{row}\nbut\n{}",
                table.name,
                shown.difference(&old).cloned().collect::<Vec<_>>().join("\n")
            );
        }
    }
}

#[tokio::test]
async fn rights_that_were_given_on_the_old_tables_hold_for_the_views() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let superuser = content::connection(&database).await;
    user(&superuser).await;
    content::run(
        &superuser,
        &format!("GRANT USAGE ON SCHEMA migration TO {USER}; GRANT SELECT ON migration.assets, migration.v3_data_imports TO {USER}"),
    )
    .await;
    Program::on(&database).consolidate(&["run"]).exits(0);
    let client = connect(&database).await;
    content::run(
        &client,
        "SELECT set_config('app.client_account_id', (SELECT md5('client_accounts:1')::uuid::text), false)",
    )
    .await;
    assert_ne!(number(&client, "SELECT count(*) FROM assets").await, 0);
    assert_ne!(number(&client, "SELECT count(*) FROM v3_data_imports").await, 0);
    let refused = client.execute_unprepared("DELETE FROM assets").await.unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");
}
