//! Rows that no legacy row stands for: client accounts and engagements of the quarantine and the test tenant, engagements for
//! rows without one, and master flows.

pub(super) fn statements() -> Vec<String> {
    let used: Vec<_> = super::placed_tables()
        .filter(|table| table.name != "client_accounts")
        .map(|table| format!("SELECT client, engagement FROM {{w}}.placed_{}", table.name))
        .collect();
    vec![
        format!(
            "CREATE TABLE {{w}}.used AS SELECT DISTINCT client, engagement FROM ({}) placed UNION \
             SELECT {{quarantine}}, consolidation.without_engagement({{quarantine}})",
            used.join(" UNION ALL ")
        ),
        "CREATE TABLE {w}.made_client_accounts AS SELECT client AS id, \
         CASE client WHEN {quarantine} THEN 'Quarantine' ELSE 'Test' END AS name, \
         CASE client WHEN {quarantine} THEN 'Rows of a legacy database whose client account is missing or unknown, and rows that belong to nobody' \
         ELSE 'Test data' END AS description, CASE client WHEN {quarantine} THEN 'quarantine' ELSE 'test' END AS slug \
         FROM (SELECT DISTINCT client FROM {w}.used) u WHERE client NOT IN (SELECT target FROM {w}.placed_client_accounts WHERE NOT whole)"
            .to_owned(),
        "CREATE TABLE {w}.made_engagements AS SELECT client, engagement AS id, CASE client WHEN {quarantine} THEN 'Quarantine' \
         WHEN {test} THEN 'Test data of the predecessor' ELSE 'Without engagement' END AS name FROM {w}.used \
         WHERE engagement IS NOT NULL AND engagement NOT IN (SELECT key FROM {w}.placed_engagements)"
            .to_owned(),
        "CREATE TABLE {w}.made_flows AS SELECT DISTINCT ON (client, flow_id) flow_id, client, engagement, flow_type, flow_name FROM (\
         SELECT consolidation.derived_id('master flow of ' || o.flow_id) AS flow_id, p.client, p.engagement, 'discovery' AS flow_type, \
         o.flow_name || ' (made by the consolidation)' AS flow_name FROM {s}.discovery_flows o \
         JOIN {w}.placed_discovery_flows p ON p.key = o.id \
         LEFT JOIN {w}.master_keys m ON m.key = o.master_flow_id AND m.client = p.client WHERE m.key IS NULL UNION ALL \
         SELECT consolidation.derived_id('master flow of ' || p.target), p.client, p.engagement, 'discovery', \
         COALESCE(v.flow_name, 'Discovery flow') || ' (made by the consolidation)' FROM {s}.v3_discovery_flows v \
         JOIN {w}.placed_v3_discovery_flows p ON p.key = v.id WHERE p.outcome = 'kept' UNION ALL \
         SELECT consolidation.derived_id('assessment of ' || engagement), client, engagement, 'assessment', \
         'Assessment (made by the consolidation)' FROM (SELECT client, engagement FROM {w}.placed_assessments UNION \
         SELECT client, engagement FROM {w}.placed_sixr_analyses) a UNION ALL \
         SELECT consolidation.derived_id('planning of ' || engagement), client, engagement, 'planning', \
         'Planning (made by the consolidation)' FROM (SELECT client, engagement FROM {w}.placed_migration_waves UNION \
         SELECT client, engagement FROM {w}.placed_wave_plans) w) made ORDER BY client, flow_id, flow_type"
            .to_owned(),
    ]
}

/// What is made, as rows of the target: table, columns, and the query of their values. `{at}` is the time of the run.
pub(crate) const MADE: [(&str, &str, &str); 5] = [
    (
        "client_accounts",
        "id, name, description, is_active, created_at, updated_at, slug",
        "SELECT id, name, description, true AS is_active, {at} AS created_at, {at} AS updated_at, slug FROM {w}.made_client_accounts",
    ),
    (
        "engagements",
        "client_account_id, id, name, is_active, created_at, updated_at, slug",
        "SELECT client AS client_account_id, id, name, true AS is_active, {at} AS created_at, {at} AS updated_at, \
         'consolidation-' || left(id::text, 8) AS slug FROM {w}.made_engagements",
    ),
    (
        "crewai_flow_state_extensions",
        "client_account_id, engagement_id, flow_id, flow_type, flow_name, flow_status, created_at, updated_at",
        "SELECT client AS client_account_id, engagement AS engagement_id, flow_id, flow_type, flow_name, \
         'completed' AS flow_status, {at} AS created_at, {at} AS updated_at FROM {w}.made_flows",
    ),
    super::discovered::ASSETS,
    super::discovered::SOURCES,
];
