//! Legacy rows as target and archive tell them: what the views under the old names show, and what the proof compares with the
//! legacy tables.
//!
//! Names in the expressions: `t` is the row of the target, `a` its part of the archive; of whole rows in the archive there is
//! only `a`.

use crate::map::{Column, LegacyColumn, LegacyTable, LegacyType, Tenant, target_column};
use crate::statement::{archives, known_columns, name};
use landfall_domain::ids::fixed;

/// The legacy column from the target and the part of the archive.
pub(crate) fn value(table: &'static LegacyTable, column: &Column, known: &LegacyColumn) -> String {
    let inverse = column.rule.inverse(column.target, known.kind(), &|target| {
        format!("t.{}", name(target))
    });
    if !archives(table, column, known) {
        return inverse;
    }
    let inverse = match (known.kind(), column.target) {
        (LegacyType::Json, _) => format!("({inverse})::json"),
        (LegacyType::JsonBinary, _) => format!("({inverse})::jsonb"),
        (LegacyType::Uuid, _) => format!("({inverse})::uuid"),
        _ => inverse,
    };
    format!(
        "CASE WHEN {} THEN {} ELSE {inverse} END",
        is_archived(known),
        archived(known)
    )
}

/// Whether the archive has the column.
pub(crate) fn is_archived(known: &LegacyColumn) -> String {
    if known.kind().is_json() {
        format!("(a.columns ? '{0}' OR a.raw_text::jsonb ? '{0}')", known.name)
    } else {
        format!("a.columns ? '{}'", known.name)
    }
}

/// The legacy column from the archive alone.
pub(crate) fn archived(known: &LegacyColumn) -> String {
    let key = known.name;
    match known.kind() {
        LegacyType::Json | LegacyType::JsonBinary => format!(
            "COALESCE(a.raw_text::jsonb ->> '{key}', NULLIF(a.columns -> '{key}', 'null')::text)::{}",
            known.sql_type
        ),
        LegacyType::Enum | LegacyType::Other | LegacyType::Text => format!("(a.columns ->> '{key}')"),
        _ => format!("(a.columns ->> '{key}')::{}", known.sql_type),
    }
}

/// The legacy key of the row.
pub(crate) fn key(table: &'static LegacyTable) -> String {
    known_columns(table)
        .find(|(_, known)| known.name == table.key)
        .map(|(column, known)| value(table, column, known))
        .unwrap_or_default()
}

/// The client account under which the archive keeps what belongs to the row `t`.
pub(crate) fn archive_client(table: &LegacyTable) -> String {
    match (table.tenant, table.target) {
        (Tenant::None, _) | (_, None) => format!("'{}'::uuid", fixed::QUARANTINE_CLIENT_ACCOUNT),
        (_, Some("client_accounts")) => "t.id".to_owned(),
        _ => "t.client_account_id".to_owned(),
    }
}

/// The rows `t` of the target and `a` of the archive from which legacy rows are told.
///
/// `rows` is the relation of `t`.
pub(crate) fn joined(table: &'static LegacyTable, rows: &str) -> String {
    format!(
        "{rows} t LEFT JOIN landfall.legacy_archive a ON a.client_account_id = {} AND a.source_table = '{}' \
         AND a.id = consolidation.archive_id('{}', t.{}::text)",
        archive_client(table),
        table.name,
        table.name,
        name(table.target_key)
    )
}

/// Rows of the target, one for each legacy row: copies for several client accounts count once.
pub(crate) fn target_rows(table: &'static LegacyTable) -> String {
    let target = table.target.unwrap_or_default();
    if table.is_copied() {
        format!(
            "(SELECT DISTINCT ON ({key}) * FROM landfall.{target} ORDER BY {key}, client_account_id)",
            key = name(table.target_key)
        )
    } else {
        format!("landfall.{target}")
    }
}

/// The condition and the joins that tell which rows of the target come from this legacy table.
pub(crate) fn membership(table: &'static LegacyTable) -> (String, String) {
    let Some(target) = table.target else {
        return (String::new(), "true".to_owned());
    };
    let client = if target == "client_accounts" {
        "id"
    } else {
        "client_account_id"
    };
    if target_column(target, client).is_none() {
        return (String::new(), "true".to_owned());
    }
    let same = format!(
        "m.target_table = '{target}' AND m.target_key = t.{}::text AND m.client_account_id = t.{client}",
        name(table.target_key)
    );
    if table.original.is_some() {
        let join = format!(
            " JOIN landfall.consolidation_map m ON {same} AND m.source_table = '{}' AND m.outcome IN ('kept', 'merged') \
             AND m.rule NOT LIKE 'repeated%'",
            table.name
        );
        return (join, "true".to_owned());
    }
    let join = format!(
        " LEFT JOIN landfall.consolidation_map m ON {same} AND m.source_table <> '{}' AND m.outcome IN ('kept', 'made')",
        table.name
    );
    (join, "m.source_key IS NULL".to_owned())
}
