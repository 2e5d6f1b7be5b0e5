//! What of a legacy row goes to the archive, as the text of two JSON objects: values, and JSON text that a document cannot hold.

use super::{is_paired, known_columns, name};
use crate::map::{Column, LegacyColumn, LegacyTable, LegacyType, Rule, target_column};

/// The inside of the two objects, from the rows of [`super::Site::rows`] under the name `x`; empty if nothing is archived.
pub(crate) fn archived(table: &'static LegacyTable) -> (String, String) {
    let (part, whole) = (archived_part(table), archived_whole(table));
    let chosen = |part: String, whole: String| format!("CASE WHEN x.whole THEN {whole} ELSE {part} END");
    (chosen(part.0, whole.0), chosen(part.1, whole.1))
}

/// What the target does not tell of a row that is in it.
pub(crate) fn archived_part(table: &'static LegacyTable) -> (String, String) {
    let (mut part, mut raw) = (Vec::new(), Vec::new());
    for (column, known) in known_columns(table) {
        let source = format!("x.{}", name(known.name));
        if let Some(changed) = changed(table, column, known) {
            let pieces = pieces(known, &source, &changed);
            part.push(pieces.0);
            raw.extend(pieces.1);
        } else if known.kind() == LegacyType::Json {
            raw.push(lossy_text(table, column, known, &source));
        }
    }
    (joined(&part), joined(&raw))
}

/// A row that is not in the target: every column that has a value.
pub(crate) fn archived_whole(table: &'static LegacyTable) -> (String, String) {
    let (mut whole, mut raw) = (Vec::new(), Vec::new());
    for (_, known) in known_columns(table) {
        let source = format!("x.{}", name(known.name));
        let pieces = pieces(known, &source, &format!("{source} IS NOT NULL"));
        whole.push(pieces.0);
        raw.extend(pieces.1);
    }
    (joined(&whole), joined(&raw))
}

/// Pieces without those that are NULL, in groups: a call takes a hundred arguments at most.
fn joined(pieces: &[String]) -> String {
    if pieces.is_empty() {
        return "''".to_owned();
    }
    let groups: Vec<_> = pieces
        .chunks(80)
        .map(|group| format!("NULLIF(concat_ws(',', {}), '')", group.join(", ")))
        .collect();
    format!("concat_ws(',', {})", groups.join(", "))
}

/// Whether the archive can have a value of the column while the row itself is in the target.
pub(crate) fn archives(table: &'static LegacyTable, column: &Column, known: &LegacyColumn) -> bool {
    known.kind() == LegacyType::Json || changed(table, column, known).is_some()
}

/// The condition under which the target does not tell the value; none if it always does.
fn changed(table: &'static LegacyTable, column: &Column, known: &LegacyColumn) -> Option<String> {
    let kind = known.kind();
    let source = format!("x.{}", name(known.name));
    let forward = |target: &str| format!("x.f_{target}");
    let inverse = column.rule.inverse(column.target, kind, &forward);
    match (column.rule, column.target) {
        (Rule::Archive { implied }, _) if implied != "NULL" => {
            Some(format!("{source} IS DISTINCT FROM {inverse}"))
        }
        (Rule::Archive { .. } | Rule::Cents, _) | (_, None) => Some(format!("{source} IS NOT NULL")),
        (Rule::Keep, Some(target)) => {
            let filled = table
                .target
                .and_then(|into| target_column(into, target))
                .is_some_and(|into| !into.nullable && known.nullable);
            match (is_paired(table), filled) {
                (true, _) if kind == LegacyType::Json => Some(format!(
                    "x.f_{target} IS DISTINCT FROM consolidation.json_in({source})"
                )),
                (true, _) => Some(format!("{source} IS DISTINCT FROM {inverse}")),
                (false, _) if kind == LegacyType::Float => {
                    Some(format!("{source} IS DISTINCT FROM {inverse}"))
                }
                (false, true) => Some(format!("{source} IS NULL")),
                (false, false) => None,
            }
        }
        (Rule::Reference { required: true, .. }, Some(_)) if !is_paired(table) => None,
        (_, Some(_)) => Some(format!("{source} IS DISTINCT FROM {inverse}")),
    }
}

/// `"name":value` where the condition holds; for JSON also the text where a document would lose something of it.
fn pieces(known: &LegacyColumn, source: &str, condition: &str) -> (String, Option<String>) {
    let key = format!("'\"{}\":'", known.name);
    let text = format!("{source}::text");
    match known.kind() {
        LegacyType::Json => {
            let loses = format!(
                "NOT consolidation.keeps({source}, consolidation.json_in({source})) OR {text} = 'null'"
            );
            (
                format!(
                    "CASE WHEN ({condition}) THEN CASE WHEN {source} IS NULL THEN {key} || 'null' WHEN {loses} THEN NULL \
                     ELSE {key} || {text} END END"
                ),
                Some(format!(
                    "CASE WHEN {source} IS NULL THEN NULL WHEN NOT consolidation.keeps({source}, consolidation.json_in({source})) \
                     OR ({text} = 'null' AND ({condition})) THEN {key} || to_json({text})::text END"
                )),
            )
        }
        LegacyType::JsonBinary => (
            format!(
                "CASE WHEN ({condition}) AND {text} IS DISTINCT FROM 'null' THEN {key} || COALESCE({text}, 'null') END"
            ),
            Some(format!(
                "CASE WHEN ({condition}) AND {text} = 'null' THEN {key} || '\"null\"' END"
            )),
        ),
        LegacyType::Other => (
            format!("CASE WHEN {condition} THEN {key} || COALESCE(to_json({text})::text, 'null') END"),
            None,
        ),
        _ => (
            format!("CASE WHEN {condition} THEN {key} || COALESCE(to_json({source})::text, 'null') END"),
            None,
        ),
    }
}

/// The text of JSON that is kept, where the kept document does not hold all of it.
fn lossy_text(table: &LegacyTable, column: &Column, known: &LegacyColumn, source: &str) -> String {
    let document = match (table.target, column.target) {
        (Some(_), Some(target)) => format!("x.f_{target}"),
        _ => format!("consolidation.json_in({source})"),
    };
    format!(
        "CASE WHEN NOT consolidation.keeps({source}, {document}) THEN '\"{}\":' || to_json({source}::text)::text END",
        known.name
    )
}
