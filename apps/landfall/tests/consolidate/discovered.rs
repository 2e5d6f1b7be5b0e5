//! What discovery had found and nobody had promoted is in the inventory afterwards.

use crate::content::{self, number, texts};
use crate::program::Program;
use landfall_testkit::{LegacyDatabase, TestDatabase};

/// Of a discovery flow of a real client account: a thing that no asset is, the same once more, one that an asset is by its name and
/// type, one that is by host name and address, and one that a person rejected.
const FOUND: &str = r#"
    CREATE FUNCTION pg_temp.found(key text, name text, kind text, fields jsonb, validity text) RETURNS void LANGUAGE sql AS $$
        INSERT INTO migration.discovery_assets (id, discovery_flow_id, client_account_id, engagement_id, asset_name, asset_type,
            raw_data, normalized_data, discovered_in_phase, discovery_method, confidence_score, migration_ready, asset_status,
            validation_status, is_mock, created_at)
        SELECT md5(key)::uuid, f.id, f.client_account_id, f.engagement_id, name, kind, '{}', fields, 'inventory', 'scan', 0.9, true,
            'discovered', validity, false, now()
        FROM migration.discovery_flows f WHERE f.id = md5('discovery_flows:7')::uuid $$;
    SELECT pg_temp.found('d1', 'lone-srv', 'db server',
        '{"hostname": "lone-srv.example", "cpu_cores": "8", "memory_gb": "many", "rack": "R7", "asset_type": "DB"}', 'pending');
    SELECT pg_temp.found('d2', 'lone-srv', 'DB_SERVER', '{"os_version": "12"}', 'validated');
    INSERT INTO migration.assets (id, name, asset_type, client_account_id, engagement_id, hostname, ip_address, is_mock)
        SELECT md5('known')::uuid, 'known-srv', 'SERVER', f.client_account_id, f.engagement_id, 'known.example', '10.9.9.9', false
        FROM migration.discovery_flows f WHERE f.id = md5('discovery_flows:7')::uuid;
    SELECT pg_temp.found('d3', 'known-srv', 'Server', '{"datacenter": "DC-9"}', 'pending');
    SELECT pg_temp.found('d4', 'another name', 'storage', '{"hostname": "known.example", "ip_address": "10.9.9.9"}', 'pending');
    SELECT pg_temp.found('d5', 'refused-srv', 'server', '{}', 'rejected')"#;

fn taken_over(database: &TestDatabase) -> Program {
    let program = Program::on(database);
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
    program
}

async fn legacy() -> TestDatabase {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    content::run(&content::connection(&database).await, FOUND).await;
    database
}

#[tokio::test]
async fn what_no_asset_was_is_one_and_what_was_found_of_others_is_one_of_their_sources() {
    let database = legacy().await;
    let program = taken_over(&database);
    let connection = content::connection(&database).await;
    let made = "SELECT concat_ws('|', name, asset_type, hostname, cpu_cores, memory_gb, migration_status, custom_attributes ->> 'rack', \
                    custom_attributes ->> 'memory_gb', custom_attributes ->> 'validation_status', discovery_flow_id IS NOT NULL) \
                FROM landfall.assets WHERE name IN ('lone-srv', 'another name', 'refused-srv')";
    assert_eq!(
        texts(&connection, made).await,
        ["lone-srv|database|lone-srv.example|8|assessed|R7|many|pending|t"]
    );
    let told = "SELECT a.name || ' ' || s.field_values::text FROM landfall.asset_field_sources s \
                JOIN landfall.assets a ON a.client_account_id = s.client_account_id AND a.id = s.asset_id \
                WHERE a.name IN ('lone-srv', 'known-srv') ORDER BY 1";
    assert_eq!(
        texts(&connection, told).await,
        [
            r#"known-srv {"name": "another name", "hostname": "known.example", "asset_type": "storage", "ip_address": "10.9.9.9"}"#,
            r#"known-srv {"name": "known-srv", "asset_type": "server", "datacenter": "DC-9"}"#,
            r#"lone-srv {"name": "lone-srv", "asset_type": "database", "os_version": "12"}"#,
            r#"lone-srv {"name": "lone-srv", "hostname": "lone-srv.example", "cpu_cores": 8, "asset_type": "database"}"#,
        ]
    );
    // All five are still found under the old name, as they were.
    let shown = "SELECT count(*) FROM migration.discovery_assets v JOIN legacy_retired.discovery_assets o ON o.id = v.id \
                 AND o.normalized_data IS NOT DISTINCT FROM v.normalized_data WHERE o.discovery_method = 'scan' AND o.migration_ready";
    assert!(number(&connection, shown).await >= 5);

    // A value of a made asset, or of a source, is watched like all others.
    for (change, table, column) in [
        (
            "UPDATE landfall.assets SET hostname = 'x' WHERE name = 'lone-srv'",
            "assets",
            "hostname",
        ),
        (
            "UPDATE landfall.asset_field_sources SET field_values = '{}' WHERE field_values ->> 'datacenter' = 'DC-9'",
            "asset_field_sources",
            "field_values",
        ),
    ] {
        let forced =
            format!("SET session_replication_role = replica; {change}; RESET session_replication_role");
        content::run(&connection, &forced).await;
        program.consolidate(&["verify"]).exits(5).says(table).says(column);
    }
}

#[tokio::test]
async fn an_old_client_s_change_of_such_an_asset_is_kept_by_a_rollback() {
    let database = legacy().await;
    let program = taken_over(&database);
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "UPDATE migration.assets SET hostname = 'changed.example' WHERE name = 'lone-srv'",
    )
    .await;
    program.consolidate(&["rollback", "--keep-writes"]).exits(0);
    let kept = "SELECT hostname::text FROM migration.assets WHERE name = 'lone-srv'";
    assert_eq!(texts(&connection, kept).await, ["changed.example"]);
    // Taken over once more, it is one asset and not two.
    taken_over(&database);
    let there = "SELECT hostname::text FROM landfall.assets WHERE name = 'lone-srv'";
    assert_eq!(texts(&connection, there).await, ["changed.example"]);
}
