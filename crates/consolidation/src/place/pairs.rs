//! Original and v3 rows that are the same thing, and where v3 rows go.

use super::{Placing, indexed};
use crate::map::legacy_table;
use crate::options::ConflictRule;
use crate::statement::Site;

/// Which original and which v3 row are the same: `o`, `v`, by which rule, whether the v3 row wins, and whether its status does.
pub(super) fn pair(table: &str) -> String {
    let (candidates, natural) = match table {
        "data_imports" => (
            "SELECT o.id AS o, v.id AS v, 'same_id' AS rule, 1 AS place FROM {s}.data_imports o JOIN {s}.v3_data_imports v \
             ON v.id = o.id WHERE COALESCE(o.client_account_id, v.client_account_id) = v.client_account_id",
            " UNION ALL SELECT o.id, v.id, 'same_file', 3 FROM {s}.data_imports o JOIN {s}.v3_data_imports v \
             ON v.client_account_id = o.client_account_id AND v.engagement_id = o.engagement_id \
             AND lower(v.filename) = lower(o.source_filename) AND v.file_size IS NOT DISTINCT FROM o.file_size_bytes \
             AND abs(extract(epoch FROM v.created_at AT TIME ZONE 'UTC' - o.created_at)) <= 2 WHERE {natural}",
        ),
        _ => (
            "SELECT o.id AS o, v.id AS v, 'same_id' AS rule, 1 AS place FROM {s}.discovery_flows o \
             JOIN {s}.v3_discovery_flows v ON v.id = o.id AND v.client_account_id = o.client_account_id \
             UNION ALL SELECT o.id, v.id, 'same_flow_id', 2 FROM {s}.discovery_flows o \
             JOIN {s}.v3_discovery_flows v ON v.id = o.flow_id AND v.client_account_id = o.client_account_id",
            "",
        ),
    };
    format!(
        "CREATE TABLE {{w}}.pair_{table} AS WITH candidates AS ({candidates}{natural}), \
         by_v AS (SELECT DISTINCT ON (v) * FROM candidates ORDER BY v, place, o), \
         one_to_one AS (SELECT DISTINCT ON (o) * FROM by_v ORDER BY o, place, v) \
         SELECT w.o, w.v, w.rule, w.v3_wins, \
         {{status:w.v_done:w.o_done:w.v3_wins}} AS v3_status FROM (\
         SELECT m.o, m.v, m.rule, {{wins:v.updated_at AT TIME ZONE 'UTC':o.updated_at}} AS v3_wins, \
         v.completed_at IS NOT NULL AS v_done, o.completed_at IS NOT NULL AS o_done \
         FROM one_to_one m JOIN {{s}}.{table} o ON o.id = m.o JOIN {{s}}.v3_{table} v ON v.id = m.v \
         WHERE NOT ({{apart:{table}}})) w"
    )
}

/// As the operator wants it: who wins, `{wins:time of v3:time of original}`; whose status does, `{status:whether v3 is
/// completed:whether the original is:who wins}`; which rows are two although they have the same id, `{apart:table}`.
fn decided(placing: &Placing, template: &str) -> String {
    let text = template.replace("{natural}", if placing.natural { "true" } else { "false" });
    let text = filled(&text, "{wins:", &|inside| {
        let (v3, original) = inside.rsplit_once(':').unwrap_or((inside, "NULL"));
        match placing.conflicts {
            ConflictRule::PreferOriginal => "false".to_owned(),
            ConflictRule::PreferV3 => "true".to_owned(),
            ConflictRule::Newest | ConflictRule::KeepBoth | ConflictRule::Fail => {
                format!("COALESCE({v3}, '-infinity') >= COALESCE({original}, '-infinity')")
            }
        }
    });
    let text = filled(&text, "{status:", &|inside| {
        let mut parts = inside.split(':');
        let (v3, original, wins) = (
            parts.next().unwrap_or("false"),
            parts.next().unwrap_or("false"),
            parts.next().unwrap_or("false"),
        );
        match placing.conflicts {
            ConflictRule::PreferOriginal | ConflictRule::PreferV3 => wins.to_owned(),
            ConflictRule::Newest | ConflictRule::KeepBoth | ConflictRule::Fail => {
                format!("CASE WHEN {v3} = {original} THEN {wins} ELSE {v3} END")
            }
        }
    });
    filled(
        &text,
        "{apart:",
        &|table| match (placing.conflicts, legacy_table(table)) {
            (ConflictRule::KeepBoth, Some(table)) => Site {
                source: placing.source.clone(),
                work: placing.work.clone(),
                words: placing.words.clone(),
            }
            .differ(table),
            _ => "false".to_owned(),
        },
    )
}

/// Replaces what stands between `begin` and the next `}`.
fn filled(template: &str, begin: &str, by: &dyn Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(begin) {
        let Some((inside, after)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        text.push_str(&by(inside));
        rest = after;
    }
    text.push_str(rest);
    text
}

impl Placing {
    /// Puts the operator's choice of the winner into a statement.
    pub(super) fn with_winner(&self, template: &str) -> String {
        decided(self, template)
    }
}

pub(super) fn statements(placing: &Placing) -> Vec<String> {
    let mut statements = Vec::new();
    for table in ["data_imports", "discovery_flows"] {
        statements.push(v3_rows(table));
        statements.push(indexed(&format!("placed_v3_{table}")));
    }
    statements.push(FLOW_KEYS.to_owned());
    statements.push(indexed("flow_keys"));
    statements.extend(mappings());
    statements.extend(records());
    statements
        .into_iter()
        .map(|statement| decided(placing, &statement))
        .collect()
}

/// A v3 row goes where its original is. One that has none keeps its id unless an original row of another tenant has it.
fn v3_rows(table: &str) -> String {
    let taken = if table == "discovery_flows" {
        " OR x.flow_id = s.id"
    } else {
        ""
    };
    format!(
        "CREATE TABLE {{w}}.placed_v3_{table} AS SELECT s.id AS key, \
         COALESCE(pr.o, CASE WHEN EXISTS (SELECT FROM {{s}}.{table} x WHERE x.id = s.id{taken}) \
                             THEN consolidation.derived_id('v3_{table} ' || s.id) ELSE s.id END) AS target, \
         COALESCE(po.client, e.client, c.target, {{quarantine}}) AS client, \
         CASE WHEN po.key IS NOT NULL THEN po.engagement WHEN e.key IS NOT NULL THEN e.engagement \
              ELSE consolidation.without_engagement(COALESCE(c.target, {{quarantine}})) END AS engagement, \
         CASE WHEN pr.o IS NULL THEN 'kept' ELSE 'merged' END AS outcome, \
         CASE WHEN pr.o IS NOT NULL THEN pr.rule WHEN e.key IS NOT NULL AND e.client <> s.client_account_id THEN 'mock_tenant' \
              WHEN EXISTS (SELECT FROM {{s}}.{table} x WHERE (x.id = s.id{taken}) AND x.client_account_id = s.client_account_id) THEN 'kept_both' \
              WHEN e.key IS NOT NULL THEN 'v3_only' WHEN c.key IS NOT NULL THEN 'engagement_missing' \
              ELSE 'unknown_tenant' END AS rule, false AS whole, false AS mock \
         FROM {{s}}.v3_{table} s LEFT JOIN {{w}}.pair_{table} pr ON pr.v = s.id \
         LEFT JOIN {{w}}.placed_{table} po ON po.key = pr.o \
         LEFT JOIN {{w}}.placed_engagements e ON e.key = s.engagement_id AND e.legacy_client = s.client_account_id \
         LEFT JOIN {{w}}.placed_client_accounts c ON c.key = s.client_account_id"
    )
}

/// Every id under which a discovery flow was written, and its `flow_id` now.
const FLOW_KEYS: &str = "CREATE TABLE {w}.flow_keys AS SELECT DISTINCT ON (key, client) key, target, client FROM (\
    SELECT o.flow_id AS key, o.flow_id AS target, p.client, 1 AS place FROM {s}.discovery_flows o \
    JOIN {w}.placed_discovery_flows p ON p.key = o.id UNION ALL \
    SELECT o.id, o.flow_id, p.client, 2 FROM {s}.discovery_flows o JOIN {w}.placed_discovery_flows p ON p.key = o.id UNION ALL \
    SELECT p.key, COALESCE(o.flow_id, p.target), p.client, 3 FROM {w}.placed_v3_discovery_flows p \
    LEFT JOIN {w}.pair_discovery_flows pr ON pr.v = p.key LEFT JOIN {s}.discovery_flows o ON o.id = pr.o) keys \
    ORDER BY key, client, place";

/// An import has one mapping per column: a decided one before a suggestion, then the latest.
fn mappings() -> Vec<String> {
    let ranked = |table: &str, import: &str, status: &str, time: &str| {
        format!(
            "CREATE TABLE {{w}}.ranked_{table} AS SELECT s.id AS key, i.target AS import, s.source_field, i.client, i.engagement, \
             i.rule AS import_rule, first_value(s.id) OVER (PARTITION BY i.client, i.target, s.source_field \
             ORDER BY lower({status}) IN ('approved', 'implemented', 'modified', 'rejected') DESC NULLS LAST, {time} DESC NULLS LAST, s.id) AS first \
             FROM {{s}}.{table} s LEFT JOIN {{w}}.placed_{import} i ON i.key = s.data_import_id"
        )
    };
    vec![
        ranked("import_field_mappings", "data_imports", "s.status", "COALESCE(s.validated_at, s.created_at)"),
        ranked("v3_field_mappings", "v3_data_imports", "s.status", "COALESCE(s.updated_at, s.created_at)"),
        "CREATE TABLE {w}.pair_import_field_mappings AS SELECT o.key AS o, v.key AS v, 'same_column' AS rule, w.v3_wins, \
         w.v3_wins AS v3_status FROM {w}.ranked_import_field_mappings o JOIN {w}.ranked_v3_field_mappings v \
         ON v.client = o.client AND v.import = o.import AND v.source_field = o.source_field \
         JOIN {s}.import_field_mappings os ON os.id = o.key JOIN {s}.v3_field_mappings vs ON vs.id = v.key \
         CROSS JOIN LATERAL (SELECT {wins:COALESCE(vs.updated_at, vs.created_at) AT TIME ZONE 'UTC':COALESCE(os.validated_at, os.created_at)} AS v3_wins) w \
         WHERE o.first = o.key AND v.first = v.key"
            .to_owned(),
        "CREATE INDEX ON {w}.pair_import_field_mappings (o); CREATE INDEX ON {w}.pair_import_field_mappings (v); \
         ANALYZE {w}.pair_import_field_mappings"
            .to_owned(),
        "CREATE TABLE {w}.placed_import_field_mappings AS SELECT key, first AS target, COALESCE(client, {quarantine}) AS client, \
         engagement, CASE WHEN import IS NULL THEN 'rejected' WHEN first <> key THEN 'merged' ELSE 'kept' END AS outcome, \
         CASE WHEN import IS NULL THEN 'reference_missing' WHEN first <> key THEN 'repeated_column' END AS rule, \
         import IS NULL OR first <> key AS whole, false AS mock FROM {w}.ranked_import_field_mappings"
            .to_owned(),
        indexed("placed_import_field_mappings"),
        "CREATE TABLE {w}.placed_v3_field_mappings AS SELECT r.key, COALESCE(pr.o, CASE WHEN r.first <> r.key THEN COALESCE(pf.o, r.first) \
         WHEN EXISTS (SELECT FROM {s}.import_field_mappings x WHERE x.id = r.key) \
         THEN consolidation.derived_id('v3_field_mappings ' || r.key) ELSE r.key END) AS target, \
         COALESCE(r.client, {quarantine}) AS client, r.engagement, \
         CASE WHEN r.import IS NULL THEN 'rejected' WHEN r.first <> r.key OR pr.o IS NOT NULL THEN 'merged' ELSE 'kept' END AS outcome, \
         CASE WHEN r.import IS NULL THEN 'reference_missing' WHEN r.first <> r.key THEN 'repeated_column' \
         WHEN pr.o IS NOT NULL THEN 'same_column' ELSE 'v3_only' END AS rule, r.import IS NULL OR r.first <> r.key AS whole, false AS mock \
         FROM {w}.ranked_v3_field_mappings r LEFT JOIN {w}.pair_import_field_mappings pr ON pr.v = r.key \
         LEFT JOIN {w}.pair_import_field_mappings pf ON pf.v = r.first"
            .to_owned(),
        indexed("placed_v3_field_mappings"),
    ]
}

/// A record is known by its import and its place in it. Of two with the same place, the second gets the next free one.
fn records() -> Vec<String> {
    vec![
        "CREATE TABLE {w}.renumbered (source_table text NOT NULL, key uuid NOT NULL, record_index bigint NOT NULL, \
         PRIMARY KEY (source_table, key))"
            .to_owned(),
        "INSERT INTO {w}.renumbered SELECT 'raw_import_records', id, last.highest + row_number() OVER (PARTITION BY data_import_id ORDER BY id) \
         FROM (SELECT r.id, r.data_import_id, row_number() OVER (PARTITION BY r.data_import_id, r.row_number ORDER BY r.id) AS place \
         FROM {s}.raw_import_records r JOIN (SELECT data_import_id, row_number FROM {s}.raw_import_records \
         GROUP BY 1, 2 HAVING count(*) > 1) twice USING (data_import_id, row_number)) placed \
         CROSS JOIN LATERAL (SELECT GREATEST((SELECT max(r.row_number) FROM {s}.raw_import_records r WHERE r.data_import_id = placed.data_import_id), \
         (SELECT max(v.record_index) FROM {w}.placed_v3_data_imports i JOIN {s}.v3_raw_import_records v ON v.data_import_id = i.key \
         WHERE i.target = placed.data_import_id)) AS highest OFFSET 0) last WHERE place > 1"
            .to_owned(),
        "CREATE TABLE {w}.ranked_v3_raw_import_records AS SELECT s.id AS key, i.target AS import, i.client, i.engagement, s.record_index, \
         i.outcome AS import_outcome, row_number() OVER (PARTITION BY i.client, i.target, s.record_index ORDER BY s.id) AS place \
         FROM {s}.v3_raw_import_records s LEFT JOIN {w}.placed_v3_data_imports i ON i.key = s.data_import_id; \
         ANALYZE {w}.ranked_v3_raw_import_records"
            .to_owned(),
        "CREATE TABLE {w}.pair_raw_import_records AS SELECT o.id AS o, v.key AS v, 'same_record' AS rule, w.v3_wins, w.v3_wins AS v3_status \
         FROM {w}.ranked_v3_raw_import_records v JOIN {s}.raw_import_records o \
         ON o.data_import_id = v.import AND o.row_number - 1 = v.record_index JOIN {s}.v3_raw_import_records vs ON vs.id = v.key \
         CROSS JOIN LATERAL (SELECT {wins:COALESCE(vs.processed_at, vs.created_at) AT TIME ZONE 'UTC':COALESCE(o.processed_at, o.created_at)} AS v3_wins) w \
         WHERE v.place = 1 AND v.import_outcome = 'merged' AND NOT EXISTS (SELECT FROM {w}.renumbered n \
         WHERE n.source_table = 'raw_import_records' AND n.key = o.id)"
            .to_owned(),
        "CREATE INDEX ON {w}.pair_raw_import_records (o); CREATE INDEX ON {w}.pair_raw_import_records (v); \
         ANALYZE {w}.pair_raw_import_records"
            .to_owned(),
        "INSERT INTO {w}.renumbered SELECT 'v3_raw_import_records', r.key, GREATEST(\
         (SELECT max(v.record_index) FROM {w}.ranked_v3_raw_import_records v WHERE v.import = r.import), \
         (SELECT max(o.row_number) FROM {s}.raw_import_records o WHERE o.data_import_id = r.import), \
         (SELECT max(n.record_index) FROM {w}.renumbered n JOIN {s}.raw_import_records o ON o.id = n.key WHERE o.data_import_id = r.import)) \
         + row_number() OVER (PARTITION BY r.import ORDER BY r.key) FROM {w}.ranked_v3_raw_import_records r \
         WHERE r.place > 1; ANALYZE {w}.renumbered"
            .to_owned(),
        "CREATE TABLE {w}.placed_v3_raw_import_records AS SELECT r.key, COALESCE(pr.o, \
         CASE WHEN EXISTS (SELECT FROM {s}.raw_import_records x WHERE x.id = r.key) \
         THEN consolidation.derived_id('v3_raw_import_records ' || r.key) ELSE r.key END) AS target, \
         COALESCE(r.client, {quarantine}) AS client, r.engagement, \
         CASE WHEN r.import IS NULL THEN 'rejected' WHEN pr.o IS NOT NULL THEN 'merged' ELSE 'kept' END AS outcome, \
         CASE WHEN r.import IS NULL THEN 'reference_missing' WHEN pr.o IS NOT NULL THEN 'same_record' ELSE 'v3_only' END AS rule, \
         r.import IS NULL AS whole, false AS mock FROM {w}.ranked_v3_raw_import_records r \
         LEFT JOIN {w}.pair_raw_import_records pr ON pr.v = r.key"
            .to_owned(),
        indexed("placed_v3_raw_import_records"),
    ]
}
