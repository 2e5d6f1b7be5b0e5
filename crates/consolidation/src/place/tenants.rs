//! Client accounts, engagements, and rows with tenant columns of their own.

use super::indexed;

/// A table whose rows name their tenant.
struct Own {
    table: &'static str,
    /// The column that names the client account; NULL if there is none.
    client: &'static str,
    /// The column that names the engagement; NULL if there is none.
    engagement: &'static str,
    /// Whether rows say that they are invented.
    mock: bool,
    /// The key in the target.
    target: &'static str,
}

const fn own(table: &'static str, mock: bool) -> Own {
    Own {
        table,
        client: "s.client_account_id",
        engagement: "s.engagement_id",
        mock,
        target: "s.id",
    }
}

/// Tables with both tenant columns, each before those that refer to it.
const OWN: [Own; 8] = [
    Own {
        target: "s.flow_id",
        ..own("crewai_flow_state_extensions", false)
    },
    own("data_import_sessions", true),
    own("assets", true),
    own("assessments", false),
    own("cmdb_sixr_analyses", true),
    own("sixr_analyses", false),
    own("migration_waves", true),
    own("wave_plans", false),
];

pub(super) fn statements() -> Vec<String> {
    let mut statements = vec![
        CLIENTS.to_owned(),
        indexed("placed_client_accounts"),
        ENGAGEMENTS.to_owned(),
    ];
    statements.push(indexed("placed_engagements"));
    statements.push(FIRST_ENGAGEMENT.to_owned());
    for table in &OWN {
        statements.push(placed(table, ""));
        statements.push(indexed(&format!("placed_{}", table.table)));
    }
    statements.push(MASTER_KEYS.to_owned());
    statements.push(indexed("master_keys"));
    // Whether an original and a v3 row are the same decides whose tenant counts: see `pairs`.
    for (table, mock) in [("data_imports", true), ("discovery_flows", true)] {
        let table = Own {
            client: "COALESCE(s.client_account_id, v.client_account_id, m.client)",
            engagement: "COALESCE(s.engagement_id, v.engagement_id, m.engagement)",
            ..own(table, mock)
        };
        statements.push(super::pairs::pair(table.table));
        statements.push(format!(
            "CREATE INDEX ON {{w}}.pair_{0} (o); CREATE INDEX ON {{w}}.pair_{0} (v); ANALYZE {{w}}.pair_{0}",
            table.table
        ));
        let beside = format!(
            "LEFT JOIN {{w}}.pair_{0} pr ON pr.o = s.id LEFT JOIN {{s}}.v3_{0} v ON v.id = pr.v \
             LEFT JOIN (SELECT key, min(client::text)::uuid AS client, min(engagement::text)::uuid AS engagement \
             FROM {{w}}.master_keys GROUP BY key HAVING count(*) = 1) m ON m.key = s.master_flow_id ",
            table.table
        );
        statements.push(placed(&table, &beside));
        statements.push(indexed(&format!("placed_{}", table.table)));
    }
    for (table, same) in [
        ("tags", "s.category, s.name"),
        ("custom_target_fields", "s.field_name"),
    ] {
        statements.push(of_client(table, same));
        statements.push(indexed(&format!("placed_{table}")));
    }
    statements
}

/// The mock client account itself becomes the test tenant.
const CLIENTS: &str = "CREATE TABLE {w}.placed_client_accounts AS SELECT id AS key, \
    CASE WHEN {mock} AND is_mock THEN {test} ELSE id END AS target, CASE WHEN {mock} AND is_mock THEN {test} ELSE id END AS client, \
    NULL::uuid AS engagement, CASE WHEN {mock} AND is_mock THEN 'merged' ELSE 'kept' END AS outcome, \
    CASE WHEN {mock} AND is_mock THEN 'mock_tenant' END AS rule, {mock} AND is_mock AS whole, false AS mock \
    FROM {s}.client_accounts";

/// A mock engagement moves with all that is in it.
const ENGAGEMENTS: &str = "CREATE TABLE {w}.placed_engagements AS SELECT key, key AS target, client, key AS engagement, \
    'kept'::text AS outcome, rule, false AS whole, false AS mock, legacy_client, created_at, \
    CASE WHEN row_number() OVER (PARTITION BY client, name ORDER BY created_at, key) > 1 \
         THEN name || ' (' || left(key::text, 8) || ')' END AS new_name \
    FROM (SELECT s.id AS key, s.name, s.created_at, s.client_account_id AS legacy_client, \
          CASE WHEN {mock} AND s.is_mock THEN {test} ELSE COALESCE(c.target, {quarantine}) END AS client, \
          CASE WHEN {mock} AND s.is_mock OR c.target <> c.key THEN 'mock_tenant' WHEN c.key IS NULL THEN 'unknown_tenant' END AS rule \
          FROM {s}.engagements s LEFT JOIN {w}.placed_client_accounts c ON c.key = s.client_account_id) e";

/// Where rows of a client account go that name no engagement.
const FIRST_ENGAGEMENT: &str = "CREATE TABLE {w}.first_engagement AS SELECT DISTINCT ON (client) client, engagement \
    FROM {w}.placed_engagements ORDER BY client, created_at, key";

/// Both ids under which a master flow was written.
const MASTER_KEYS: &str = "CREATE TABLE {w}.master_keys AS SELECT DISTINCT ON (key, client) key, target, client, engagement FROM (\
    SELECT target AS key, target, client, engagement, 1 AS place FROM {w}.placed_crewai_flow_state_extensions UNION ALL \
    SELECT key, target, client, engagement, 2 FROM {w}.placed_crewai_flow_state_extensions) keys ORDER BY key, client, place";

/// A row goes where its engagement is, if that is its client account's; else to the client account; else into quarantine.
fn placed(own: &Own, beside: &str) -> String {
    let Own {
        table,
        client,
        engagement,
        mock,
        target,
    } = own;
    let mock = if *mock {
        "COALESCE(s.is_mock, false)"
    } else {
        "false"
    };
    format!(
        "CREATE TABLE {{w}}.placed_{table} AS SELECT s.id AS key, {target} AS target, \
         COALESCE(e.client, c.target, {{quarantine}}) AS client, \
         CASE WHEN e.key IS NOT NULL THEN e.engagement \
              ELSE consolidation.without_engagement(COALESCE(c.target, {{quarantine}})) END AS engagement, \
         'kept'::text AS outcome, \
         CASE WHEN e.key IS NOT NULL AND s.client_account_id IS NULL THEN 'tenant_derived' \
              WHEN e.key IS NOT NULL AND e.client <> {client} THEN 'mock_tenant' WHEN e.key IS NOT NULL THEN NULL \
              WHEN c.key IS NOT NULL THEN 'engagement_missing' WHEN {client} IS NULL THEN 'no_tenant' \
              ELSE 'unknown_tenant' END AS rule, false AS whole, {mock} AS mock FROM {{s}}.{table} s {beside}\
         LEFT JOIN {{w}}.placed_engagements e ON e.key = {engagement} AND ({client} IS NULL OR e.legacy_client = {client}) \
         LEFT JOIN {{w}}.placed_client_accounts c ON c.key = {client}"
    )
}

/// Rows of a client account as a whole go to its first engagement; of rows that say the same, the first one stays.
fn of_client(table: &str, same: &str) -> String {
    let mock = if table == "tags" {
        "COALESCE(s.is_mock, false)"
    } else {
        "false"
    };
    format!(
        "CREATE TABLE {{w}}.placed_{table} AS SELECT key, target, client, engagement, \
         CASE WHEN target = key THEN 'kept' ELSE 'merged' END AS outcome, \
         CASE WHEN target <> key THEN 'repeated_name' ELSE rule END AS rule, target <> key AS whole, mock FROM (\
         SELECT s.id AS key, first_value(s.id) OVER (PARTITION BY COALESCE(c.target, {{quarantine}}), {same} ORDER BY s.id) AS target, \
         COALESCE(c.target, {{quarantine}}) AS client, \
         COALESCE(f.engagement, consolidation.without_engagement(COALESCE(c.target, {{quarantine}}))) AS engagement, \
         CASE WHEN c.target <> c.key THEN 'mock_tenant' WHEN c.key IS NULL THEN 'unknown_tenant' END AS rule, {mock} AS mock \
         FROM {{s}}.{table} s LEFT JOIN {{w}}.placed_client_accounts c ON c.key = s.client_account_id \
         LEFT JOIN {{w}}.first_engagement f ON f.client = COALESCE(c.target, {{quarantine}})) named"
    )
}
