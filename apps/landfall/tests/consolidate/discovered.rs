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
    SELECT pg_temp.found('d3', 'known-srv', 'Server', '{"datacenter": "DC-9", "shelf": "S-4"}', 'pending');
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
    let told = "SELECT a.name || ' ' || (s.field_values - 'custom_attributes')::text FROM landfall.asset_field_sources s \
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
    // What is no field is told too, with the key under which the whole row is in the archive.
    let beside = "SELECT concat_ws('|', v.value ->> 'shelf', v.value ->> 'migration_ready', v.value ->> 'confidence_score', \
                  a.columns ->> 'discovery_method') FROM landfall.asset_field_sources s \
                  CROSS JOIN LATERAL (SELECT s.field_values -> 'custom_attributes' AS value) v \
                  JOIN landfall.legacy_archive a ON a.source_table = 'discovery_assets' \
                  AND a.source_key ->> 'id' = v.value ->> 'discovery_asset_id' WHERE s.field_values ->> 'datacenter' = 'DC-9'";
    assert_eq!(texts(&connection, beside).await, ["S-4|true|0.9|scan"]);
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

/// Of the same flow, beside an asset that is known by host name and address: things of its name or its address, and things of the
/// name and the address of two assets.
const NEARLY_THE_SAME: &str = r#"
    SELECT pg_temp.found('e1', 'known-srv', 'application', '{"ip_address": "10.9.9.9"}', 'pending');
    SELECT pg_temp.found('e2', 'Known', 'storage', '{"fqdn": "KNOWN.example"}', 'pending');
    SELECT pg_temp.found('e3', 'known-srv', 'application', '{"ip_address": "10.9.9.9", "hostname": "other.example"}', 'pending');
    SELECT pg_temp.found('e4', 'known-srv', 'network', '{}', 'pending');
    SELECT pg_temp.found('e5', 'twin', 'storage', '{"ip_address": "10.8.8.8"}', 'pending');
    INSERT INTO migration.assets (id, name, asset_type, client_account_id, engagement_id, ip_address, is_mock)
        SELECT md5(key)::uuid, 'twin', 'SERVER', f.client_account_id, f.engagement_id, '10.8.8.8', false
        FROM migration.discovery_flows f, (VALUES ('twin 1'), ('twin 2')) t (key) WHERE f.id = md5('discovery_flows:7')::uuid"#;

#[tokio::test]
async fn a_thing_under_another_type_is_an_asset_that_is_there_if_its_address_says_so_and_nothing_speaks_against_it()
 {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let connection = content::connection(&database).await;
    content::run(&connection, &format!("{FOUND}; {NEARLY_THE_SAME}")).await;
    let program = Program::on(&database);
    let planned = program.json(&["plan"]);
    let finding = |kind: &str| {
        let found = planned["findings"].as_array().unwrap().iter();
        let mut found =
            found.filter(|finding| finding["kind"] == kind && finding["table"] == "discovery_assets");
        found.next().unwrap_or_else(|| panic!("no {kind}"))["rows"]
            .as_i64()
            .unwrap()
    };
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
    let ruled = "SELECT k.key || ' ' || m.rule FROM (VALUES ('d3'), ('d4'), ('d5'), ('e1'), ('e2'), ('e3'), ('e4'), ('e5')) k (key) \
                 JOIN landfall.consolidation_map m ON m.source_table = 'discovery_assets' AND m.source_key = md5(k.key)::uuid::text \
                 ORDER BY 1";
    assert_eq!(
        texts(&connection, ruled).await,
        [
            "d3 same_name_and_type",
            "d4 same_hostname_and_address",
            "d5 discovery_rejected",
            "e1 same_name_and_address",
            "e2 same_full_name",
            "e3 same_name_only",
            "e4 same_name_only",
            "e5 same_name_only",
        ]
    );
    let sources = "SELECT count(*) FROM landfall.asset_field_sources s WHERE s.asset_id = md5('known')::uuid";
    assert_eq!(number(&connection, sources).await, 4);
    // Plan and report count what was made, and by which rule.
    let made = number(
        &connection,
        "SELECT count(*) FROM landfall.assets WHERE discovery_source = 'discovery_assets'",
    )
    .await;
    assert_eq!(finding("assets_made"), made);
    let report = program.json(&["report"]);
    let reported = report["made"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["table"] == "assets");
    assert_eq!(reported.unwrap()["rows"], made);
    let rules = report["rules"].as_array().unwrap();
    for rule in [
        "same_name_and_address",
        "same_full_name",
        "same_name_only",
        "discovery_rejected",
    ] {
        let line = rules.iter().find(|line| line["rule"] == rule).unwrap();
        assert_eq!(line["rows"], finding(rule), "{rule}");
        assert_ne!(line["description"], "", "{rule}");
    }
    let all: i64 = rules
        .iter()
        .filter(|line| line["table"] == "discovery_assets" && line["column"].is_null())
        .map(|line| line["rows"].as_i64().unwrap())
        .sum();
    assert_eq!(
        all,
        number(
            &connection,
            "SELECT count(*) FROM legacy_retired.discovery_assets"
        )
        .await,
        "each row has a rule"
    );
}
