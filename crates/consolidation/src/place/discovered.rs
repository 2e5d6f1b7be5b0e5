//! What discovery found and nobody had promoted yet becomes an asset, as the predecessor's own promotion would have made it; what
//! it found of assets that are there is kept as one of their sources. The rows themselves stay whole in the archive.
//!
//! Types and defaults are the predecessor's; which asset it is, `recognized` says. Rows that a person rejected, and invented ones
//! of a real client account, are archived only.

use super::{indexed, recognized};

/// Fields that are taken from what was normalized, and the SQL of each.
const FIELDS: [(&str, &str); 14] = [
    ("hostname", "TEXT"),
    ("ip_address", "TEXT"),
    ("fqdn", "TEXT"),
    ("environment", "TEXT"),
    ("location", "TEXT"),
    ("datacenter", "TEXT"),
    ("operating_system", "TEXT"),
    ("os_version", "TEXT"),
    ("business_owner", "TEXT"),
    ("department", "TEXT"),
    ("application_name", "TEXT"),
    ("cpu_cores", "COUNT"),
    ("memory_gb", "AMOUNT"),
    ("storage_gb", "AMOUNT"),
];

/// The kind of an asset from the word that discovery used.
const KIND: &str = "CASE WHEN w.word IN ('server', 'web_server', 'app_server', 'application_server') THEN 'server' \
    WHEN w.word IN ('database', 'database_server', 'db_server') THEN 'database' \
    WHEN w.word IN ('application', 'app', 'web_application') THEN 'application' \
    WHEN w.word IN ('network', 'network_device') THEN 'network' WHEN w.word IN ('storage', 'storage_device') THEN 'storage' \
    WHEN w.word IN ('virtual_machine', 'vm') THEN 'virtual_machine' \
    WHEN w.word IN ('load_balancer', 'container', 'security_group') THEN w.word ELSE 'other' END";

/// What discovery said beside fields, and where all of it is: the row in the archive.
const ATTRIBUTES: &str = "jsonb_strip_nulls(d.rest) || jsonb_strip_nulls(jsonb_build_object('discovery_flow_id', d.flow, \
    'discovery_asset_id', d.key, 'discovered_in_phase', d.discovered_in_phase, 'discovery_method', d.discovery_method, \
    'confidence_score', d.confidence_score, 'validation_status', d.validation_status, 'migration_ready', d.migration_ready, \
    'migration_complexity', d.migration_complexity, 'migration_priority', d.migration_priority))";

/// The rule by which an asset is made of what discovery found.
pub(crate) const DISCOVERED: &str = "discovered_only";

/// The same, though an asset of another type has the name.
const SAME_NAME_ONLY: &str = "same_name_only";

/// A field of what was normalized; none where it is no number and should be one.
fn field(name: &str, kind: &str) -> String {
    let text = format!("NULLIF(btrim(n.found ->> '{name}'), '')");
    let number = r"'^[0-9]{1,9}(\.[0-9]{1,9})?$'";
    match kind {
        "COUNT" => format!("CASE WHEN {text} ~ {number} THEN floor({text}::numeric)::bigint END"),
        "AMOUNT" => format!("CASE WHEN {text} ~ {number} THEN {text}::float8 END"),
        _ => text,
    }
}

pub(super) fn statements() -> Vec<String> {
    let read: Vec<_> = FIELDS
        .iter()
        .map(|(name, kind)| format!("{} AS {name}", field(name, kind)))
        .collect();
    let names: Vec<_> = FIELDS.iter().map(|(name, _)| *name).collect();
    // A number that is none stays as it was written.
    let unread: Vec<_> = FIELDS
        .iter()
        .filter(|(_, kind)| *kind != "TEXT")
        .map(|(name, kind)| {
            let parsed = field(name, kind);
            format!(
                "'{name}', CASE WHEN ({parsed}) IS NULL THEN {} END",
                field(name, "TEXT")
            )
        })
        .collect();
    let told: Vec<_> = names.iter().map(|name| format!("'{name}', d.{name}")).collect();
    let mut statements = vec![
        format!(
            "CREATE TABLE {{w}}.discovered AS SELECT s.id AS key, p.client, p.engagement, s.asset_name AS name, {KIND} AS kind, \
             (SELECT k.target FROM {{w}}.flow_keys k WHERE k.key = s.discovery_flow_id AND k.client = p.client) AS flow, {}, \
             s.discovery_method, s.discovered_in_phase, s.confidence_score, s.migration_ready, s.migration_complexity, \
             s.migration_priority, s.validation_status, s.created_at, s.updated_at, n.found - ARRAY['{}', 'name', 'asset_type', 'row_index'] \
             || jsonb_strip_nulls(jsonb_build_object({})) AS rest \
             FROM {{s}}.discovery_assets s JOIN {{w}}.placed_discovery_flows p ON p.key = s.discovery_flow_id \
             CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(s.normalized_data) WHEN 'object' THEN s.normalized_data ELSE '{{{{}}}}' END AS found) n \
             CROSS JOIN LATERAL (SELECT replace(lower(btrim(COALESCE(s.asset_type, 'server'))), ' ', '_') AS word) w \
             WHERE lower(s.validation_status) <> 'rejected' AND btrim(s.asset_name) <> '' AND (NOT s.is_mock OR p.client IN ({{test}}, {{quarantine}}))",
            read.join(", "),
            names.join("', '"),
            unread.join(", "),
        )
        .replace("{{}}", "{}"),
        indexed("discovered"),
    ];
    statements.extend(recognized::statements());
    statements.extend([
        // The same thing found twice becomes one asset, that of the first.
        format!(
            "CREATE TABLE {{w}}.promoted AS SELECT d.key, d.client, r.known, COALESCE(r.engagement, d.engagement) AS engagement, \
             COALESCE(r.rule, CASE WHEN EXISTS (SELECT FROM {{w}}.known_assets k WHERE k.client = d.client \
             AND k.engagement = d.engagement AND k.name = d.name) THEN '{SAME_NAME_ONLY}' ELSE '{DISCOVERED}' END) AS rule, \
             consolidation.derived_id('discovery_assets ' || first_value(d.key) OVER same) AS made, row_number() OVER same AS place \
             FROM {{w}}.discovered d LEFT JOIN {{w}}.recognized r ON r.key = d.key \
             WINDOW same AS (PARTITION BY d.client, d.engagement, d.name, d.kind, r.key IS NULL ORDER BY d.created_at, d.key)"
        ),
        indexed("promoted"),
        format!(
            "CREATE TABLE {{w}}.made_assets AS SELECT d.client, d.engagement, p.made AS id, d.name, d.kind, d.flow, {}, \
             'Discovered' || COALESCE(' via ' || d.discovery_method, '') AS description, d.discovery_method, d.migration_complexity, \
             d.migration_priority, CASE WHEN d.migration_ready THEN 'assessed' ELSE 'discovered' END AS migration_status, \
             {ATTRIBUTES} AS custom_attributes, d.created_at, d.updated_at FROM {{w}}.promoted p JOIN {{w}}.discovered d ON d.key = p.key \
             WHERE p.known IS NULL AND p.place = 1",
            names.iter().map(|name| format!("d.{name}")).collect::<Vec<_>>().join(", "),
        ),
        format!(
            "CREATE TABLE {{w}}.made_sources AS SELECT d.client, p.engagement, consolidation.derived_id('source discovery_assets ' || d.key) AS id, \
             COALESCE(p.known, p.made) AS asset, jsonb_strip_nulls(jsonb_build_object('name', d.name, 'asset_type', d.kind, {}, \
             'custom_attributes', {ATTRIBUTES})) AS field_values, \
             d.updated_at FROM {{w}}.promoted p JOIN {{w}}.discovered d ON d.key = p.key",
            told.join(", "),
        ),
        // Why the others are in the archive only.
        "CREATE TABLE {w}.unpromoted AS SELECT s.id AS key, p.client, CASE WHEN p.key IS NULL THEN 'reference_missing' \
         WHEN lower(s.validation_status) = 'rejected' THEN 'discovery_rejected' WHEN btrim(s.asset_name) = '' THEN 'discovery_unnamed' \
         ELSE 'discovery_mock' END AS rule FROM {s}.discovery_assets s LEFT JOIN {w}.placed_discovery_flows p ON p.key = s.discovery_flow_id \
         WHERE NOT EXISTS (SELECT FROM {w}.promoted d WHERE d.key = s.id)"
            .to_owned(),
    ]);
    statements
}

/// The assets that are made, as rows of the target.
pub(super) const ASSETS: (&str, &str, &str) = (
    "assets",
    "client_account_id, engagement_id, id, name, asset_type, discovery_flow_id, hostname, ip_address, fqdn, environment, location, \
     datacenter, operating_system, os_version, business_owner, department, application_name, cpu_cores, memory_gb, storage_gb, \
     description, discovery_method, discovery_source, discovery_timestamp, migration_complexity, migration_priority, migration_status, \
     custom_attributes, created_at, updated_at",
    "SELECT client AS client_account_id, engagement AS engagement_id, id, name, kind AS asset_type, flow AS discovery_flow_id, hostname, \
     ip_address, fqdn, environment, location, datacenter, operating_system, os_version, business_owner, department, application_name, \
     cpu_cores, memory_gb, storage_gb, description, discovery_method, 'discovery_assets' AS discovery_source, created_at AS discovery_timestamp, \
     migration_complexity, migration_priority, migration_status, custom_attributes, created_at, updated_at FROM {w}.made_assets",
);

/// What discovery said about assets, as rows of the target.
pub(super) const SOURCES: (&str, &str, &str) = (
    "asset_field_sources",
    "client_account_id, engagement_id, asset_id, id, source, precedence, field_values, recorded_at",
    "SELECT client AS client_account_id, engagement AS engagement_id, asset AS asset_id, id, 'discovery_assets' AS source, 0 AS precedence, field_values, \
     updated_at AS recorded_at FROM {w}.made_sources",
);
