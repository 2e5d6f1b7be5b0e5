//! What was decided, as it stays: where each row went that was not simply kept, conflicts, and rows in quarantine.

use super::{DISCOVERED, Placing, placed_tables};
use crate::map::{LegacyTable, legacy_table};
use crate::options::ConflictRule;
use crate::statement::{Site, literal, name};
use sqlx::{AssertSqlSafe, PgConnection};

/// Original tables whose rows v3 rows can be the same as.
pub(crate) const CONTESTED: [&str; 4] = [
    "data_imports",
    "discovery_flows",
    "import_field_mappings",
    "raw_import_records",
];

/// Writes the decisions of a run down, in place of those that were written before.
pub(crate) async fn record(
    connection: &mut PgConnection,
    placing: &Placing,
    site: &Site,
    run: &str,
) -> Result<(), sqlx::Error> {
    for statement in statements(placing, site, run) {
        sqlx::raw_sql(AssertSqlSafe(placing.sql(&statement)))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn statements(placing: &Placing, site: &Site, run: &str) -> Vec<String> {
    let run = literal(run);
    let mut statements: Vec<_> = [
        "consolidation_map",
        "consolidation_conflicts",
        "consolidation_quarantine",
    ]
    .into_iter()
    .map(|table| format!("DELETE FROM landfall.{table} WHERE run_id = {run}"))
    .collect();
    for table in placed_tables() {
        statements.push(mapped(table, &run));
        statements.push(quarantined(table, &run));
    }
    statements.push(format!(
        "INSERT INTO landfall.consolidation_map (run_id, source_table, source_key, target_table, target_key, outcome, rule) \
         SELECT {run}, source_table, key, CASE WHEN target IS NOT NULL THEN source_table END, target, outcome, rule FROM {{w}}.special"
    ));
    // The rows themselves are in the archive; the map says which asset they tell of.
    statements.push(format!(
        "INSERT INTO landfall.consolidation_map (run_id, source_table, source_key, client_account_id, target_table, target_key, outcome, rule) \
         SELECT {run}, 'discovery_assets', key::text, client, target_table, target::text, 'archived', rule FROM (\
         SELECT key, client, 'assets' AS target_table, COALESCE(known, made) AS target, rule FROM {{w}}.promoted UNION ALL \
         SELECT key, client, NULL, NULL, rule FROM {{w}}.unpromoted) found"
    ));
    for (table, rule, made) in [
        (
            "client_accounts",
            "id",
            "SELECT id, id AS client FROM {w}.made_client_accounts",
        ),
        ("engagements", "id", "SELECT id, client FROM {w}.made_engagements"),
        ("assets", DISCOVERED, "SELECT id, client FROM {w}.made_assets"),
        (
            "crewai_flow_state_extensions",
            "flow_id",
            "SELECT flow_id AS id, client FROM {w}.made_flows",
        ),
    ] {
        statements.push(format!(
            "INSERT INTO landfall.consolidation_map (run_id, source_table, source_key, client_account_id, target_table, target_key, outcome, rule) \
             SELECT {run}, '', '{table} ' || client || ' ' || id, client, '{table}', id::text, 'made', '{rule}' FROM ({made}) made"
        ));
    }
    for original in CONTESTED {
        if let Some(table) = legacy_table(original)
            && let Some(statement) = conflicts(site, table, placing.conflicts, &run)
        {
            statements.push(statement);
        }
    }
    statements.push("ANALYZE landfall.consolidation_map".to_owned());
    statements
}

/// A row of the map for each legacy row that was not simply kept. Copies have none: their key says all.
fn mapped(table: &LegacyTable, run: &str) -> String {
    let copied = if table.is_copied() { " AND false" } else { "" };
    format!(
        "INSERT INTO landfall.consolidation_map (run_id, source_table, source_key, client_account_id, target_table, target_key, outcome, rule) \
         SELECT {run}, '{name}', key::text, client, '{target}', target::text, outcome, rule FROM {{w}}.placed_{name} \
         WHERE (rule IS NOT NULL OR outcome <> 'kept'){copied}",
        name = table.name,
        target = table.target.unwrap_or_default(),
    )
}

fn quarantined(table: &LegacyTable, run: &str) -> String {
    if table.is_copied() {
        return "SELECT 1".to_owned();
    }
    format!(
        "INSERT INTO landfall.consolidation_quarantine (id, run_id, source_table, source_key, reason, client_account_id, engagement_id) \
         SELECT consolidation.derived_id('quarantine {name} ' || key), {run}, '{name}', key::text, COALESCE(rule, 'with_its_owner'), client, engagement \
         FROM {{w}}.placed_{name} WHERE client = {{quarantine}} AND outcome <> 'rejected'",
        name = table.name,
    )
}

/// Each column in which an original and a v3 row say different things: who won, and what was lost.
fn conflicts(site: &Site, table: &'static LegacyTable, rule: ConflictRule, run: &str) -> Option<String> {
    let (original, v3) = (table.name, table.successor()?.name);
    Some(format!(
        "INSERT INTO landfall.consolidation_conflicts (id, run_id, source_table, source_key, other_table, other_key, source_column, \
         kept_value, lost_value, rule) SELECT consolidation.derived_id('conflict {original} ' || o.id || ' ' || c.target), {run}, \
         CASE WHEN c.v3 THEN '{original}' ELSE '{v3}' END, CASE WHEN c.v3 THEN o.id ELSE v.id END::text, \
         CASE WHEN c.v3 THEN '{v3}' ELSE '{original}' END, CASE WHEN c.v3 THEN v.id ELSE o.id END::text, c.target, \
         CASE WHEN c.v3 THEN c.v_value ELSE c.o_value END, CASE WHEN c.v3 THEN c.o_value ELSE c.v_value END, \
         CASE WHEN c.target = 'status' THEN '{}' ELSE '{}' END {}",
        rule.status_rule(),
        rule.value_rule(),
        conflicting(site, table)?,
    ))
}

/// The original rows `o`, the v3 rows `v` and the values `c` in which they differ, as the end of a query.
pub(crate) fn conflicting(site: &Site, table: &'static LegacyTable) -> Option<String> {
    let values: Vec<_> = site
        .contested(table)
        .into_iter()
        .map(|(column, original, v3)| {
            let wins = if column == "status" {
                "pr.v3_status"
            } else {
                "pr.v3_wins"
            };
            format!("({}, ({original})::text, ({v3})::text, {wins})", literal(column))
        })
        .collect();
    if values.is_empty() {
        return None;
    }
    Some(format!(
        "FROM {source}.{original} o {joins} CROSS JOIN LATERAL (VALUES {values}) c (target, o_value, v_value, v3) \
         WHERE v.id IS NOT NULL AND c.o_value <> c.v_value",
        source = name(&site.source),
        original = name(table.name),
        joins = site.joins(table),
        values = values.join(", "),
    ))
}
