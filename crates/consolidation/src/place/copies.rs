//! Rows without a tenant that the target keeps per tenant: each client account that uses them gets a copy.

use super::indexed;
use crate::map::{Tenant, legacy_tables};

pub(super) fn statements() -> Vec<String> {
    let mut statements = rights();
    for table in legacy_tables()
        .iter()
        .filter(|table| table.tenant == Tenant::Placed)
    {
        statements.extend(table.person().map(|column| without_user(table.name, column)));
    }
    statements.push(PROGRAMMES.to_owned());
    statements.push(indexed("placed_migrations"));
    for table in ["sixr_parameters", "sixr_questions"] {
        statements.push(for_everybody(table));
        statements.push(indexed(&format!("placed_{table}")));
    }
    statements
}

/// Rights name a client account or an engagement; two of the same person in the same client account are one.
fn rights() -> Vec<String> {
    let of_client = |table: &str, key: &str| {
        format!(
            "CREATE TABLE {{w}}.placed_{table} AS SELECT key, target, client, engagement, \
             CASE WHEN target = key THEN 'kept' ELSE 'merged' END AS outcome, \
             CASE WHEN target <> key THEN 'repeated_membership' ELSE rule END AS rule, target <> key AS whole, false AS mock FROM (\
             SELECT s.id AS key, first_value(s.id) OVER (PARTITION BY {key}, COALESCE(c.target, {{quarantine}}) ORDER BY s.id) AS target, \
             COALESCE(c.target, {{quarantine}}) AS client, NULL::uuid AS engagement, \
             CASE WHEN c.target <> c.key THEN 'mock_tenant' WHEN c.key IS NULL THEN 'unknown_tenant' END AS rule \
             FROM {{s}}.{table} s LEFT JOIN {{w}}.placed_client_accounts c ON c.key = s.client_account_id) named"
        )
    };
    vec![
        of_client("user_account_associations", "s.user_id"),
        indexed("placed_user_account_associations"),
        of_client("client_access", "s.id"),
        indexed("placed_client_access"),
        "CREATE TABLE {w}.placed_engagement_access AS SELECT s.id AS key, s.id AS target, \
         COALESCE(e.client, {quarantine}) AS client, \
         COALESCE(e.engagement, consolidation.without_engagement({quarantine})) AS engagement, 'kept'::text AS outcome, \
         CASE WHEN e.key IS NULL THEN 'engagement_missing' ELSE e.rule END AS rule, false AS whole, false AS mock \
         FROM {s}.engagement_access s LEFT JOIN {w}.placed_engagements e ON e.key = s.engagement_id"
            .to_owned(),
        indexed("placed_engagement_access"),
    ]
}

/// A right of nobody is no right.
fn without_user(table: &str, column: &str) -> String {
    format!(
        "UPDATE {{w}}.placed_{table} p SET outcome = 'rejected', rule = 'user_missing', whole = true FROM {{s}}.{table} s \
         WHERE s.id = p.key AND NOT EXISTS (SELECT FROM {{s}}.users u WHERE u.id = s.{column})"
    )
}

/// A programme goes to every client account whose rows refer to it, else into quarantine.
const PROGRAMMES: &str = "CREATE TABLE {w}.placed_migrations AS WITH used AS (\
    SELECT r.migration_id AS key, p.client, min(p.engagement::text)::uuid AS engagement FROM (\
    SELECT migration_id, id, 'assets' AS of FROM {s}.assets WHERE migration_id IS NOT NULL UNION ALL \
    SELECT migration_id, id, 'assessments' FROM {s}.assessments WHERE migration_id IS NOT NULL UNION ALL \
    SELECT migration_id, id, 'wave_plans' FROM {s}.wave_plans WHERE migration_id IS NOT NULL UNION ALL \
    SELECT migration_id, id, 'sixr_analyses' FROM {s}.sixr_analyses WHERE migration_id IS NOT NULL) r \
    JOIN (SELECT 'assets' AS of, key, client, engagement FROM {w}.placed_assets UNION ALL \
    SELECT 'assessments', key, client, engagement FROM {w}.placed_assessments UNION ALL \
    SELECT 'wave_plans', key, client, engagement FROM {w}.placed_wave_plans UNION ALL \
    SELECT 'sixr_analyses', key, client, engagement FROM {w}.placed_sixr_analyses) p ON p.of = r.of AND p.key = r.id \
    GROUP BY r.migration_id, p.client) \
    SELECT s.id AS key, s.id AS target, COALESCE(u.client, {quarantine}) AS client, \
    COALESCE(u.engagement, consolidation.without_engagement({quarantine})) AS engagement, 'kept'::text AS outcome, \
    CASE WHEN u.key IS NULL THEN 'no_tenant' ELSE 'copy_per_tenant' END AS rule, false AS whole, false AS mock \
    FROM {s}.migrations s LEFT JOIN used u ON u.key = s.id";

fn for_everybody(table: &str) -> String {
    format!(
        "CREATE TABLE {{w}}.placed_{table} AS SELECT s.id AS key, s.id AS target, c.client, \
         COALESCE(f.engagement, consolidation.without_engagement(c.client)) AS engagement, 'kept'::text AS outcome, \
         'copy_per_tenant'::text AS rule, false AS whole, false AS mock FROM {{s}}.{table} s \
         CROSS JOIN (SELECT target AS client FROM {{w}}.placed_client_accounts UNION SELECT client FROM {{w}}.placed_sixr_analyses \
         UNION SELECT {{quarantine}}) c LEFT JOIN {{w}}.first_engagement f ON f.client = c.client"
    )
}
