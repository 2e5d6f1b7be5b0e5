//! Moving a batch: rows, archive and count in one statement.

use super::{Rows, Site, archived, literal, name, targets};
use crate::map::{LegacyTable, target_tables};

/// The columns that a load inserts, and the values that it inserts into them.
fn insert_columns(table: &'static LegacyTable) -> (String, String) {
    let targets = targets(table);
    let columns: Vec<_> = targets.iter().map(|target| name(target)).collect();
    let values: Vec<_> = targets.iter().map(|target| format!("f_{target}")).collect();
    (columns.join(", "), values.join(", "))
}

/// Moves rows of a table and answers with what became of them: rows read, kept, merged, archived, rejected.
///
/// `run` and `at` are the run and the time that the archive names.
pub(crate) fn load(site: &Site, table: &'static LegacyTable, rows: Rows, run: &str, at: &str) -> String {
    let (values, raw) = archived(table);
    let given = targets(table);
    let columns: Vec<_> = given.iter().map(|target| format!("x.f_{target}")).collect();
    let columns = if columns.is_empty() {
        String::new()
    } else {
        format!(", {}", columns.join(", "))
    };
    let insert = table.target.map_or_else(String::new, |target| {
        let (names, values) = insert_columns(table);
        let again = if rows == Rows::Keys { on_conflict(target, &given) } else { String::new() };
        format!(
            ", moved AS (INSERT INTO landfall.{target} ({names}) SELECT {values} FROM batch WHERE outcome = 'kept'{again})"
        )
    });
    let archive_again = if rows == Rows::Keys {
        " ON CONFLICT (client_account_id, id) DO UPDATE SET columns = EXCLUDED.columns, raw_text = EXCLUDED.raw_text, \
         row_sha256 = EXCLUDED.row_sha256, reason = EXCLUDED.reason"
    } else {
        ""
    };
    format!(
        "WITH batch AS MATERIALIZED (SELECT x.row_key, x.client, x.target_id, x.outcome, x.rule, x.whole, \
         {values} AS archived, {raw} AS raw{columns}\nFROM (\n{}\n) x)\
         {insert}, kept_values AS (\
         INSERT INTO landfall.legacy_archive (client_account_id, id, run_id, source_table, source_key, columns, raw_text, \
         row_sha256, reason, archived_at) SELECT client, id, {run}, {table}, key, columns, raw_text, \
         encode(sha256(convert_to(columns::text || COALESCE(raw_text, ''), 'UTF8')), 'hex'), reason, {at} FROM (\
         SELECT client, consolidation.archive_id({table}, CASE WHEN whole THEN row_key::text ELSE target_id::text END) AS id, \
         jsonb_build_object({key}, row_key) AS key, ('{{' || archived || '}}')::jsonb AS columns, \
         CASE WHEN raw <> '' THEN '{{' || raw || '}}' END AS raw_text, CASE WHEN whole THEN rule ELSE 'no_column' END AS reason \
         FROM batch WHERE whole OR archived <> '' OR raw <> '' OFFSET 0) rows{archive_again}) \
         SELECT count(DISTINCT row_key), count(DISTINCT row_key) FILTER (WHERE outcome = 'kept'), \
         count(DISTINCT row_key) FILTER (WHERE outcome = 'merged'), count(DISTINCT row_key) FILTER (WHERE outcome = 'archived'), \
         count(DISTINCT row_key) FILTER (WHERE outcome = 'rejected') FROM batch",
        site.rows(table, rows),
        run = literal(run),
        at = literal(at),
        table = literal(table.name),
        key = literal(table.key),
    )
}

/// Rows that are moved again replace what was moved before.
fn on_conflict(target: &str, given: &[&str]) -> String {
    let key = target_tables()
        .iter()
        .find(|table| table.name == target)
        .map(|table| table.primary_key.clone())
        .unwrap_or_default();
    let set: Vec<_> = given
        .iter()
        .filter(|column| !key.contains(*column))
        .map(|column| format!("{0} = EXCLUDED.{0}", name(column)))
        .collect();
    format!(
        " ON CONFLICT ({}) DO UPDATE SET {}",
        key.join(", "),
        set.join(", ")
    )
}
