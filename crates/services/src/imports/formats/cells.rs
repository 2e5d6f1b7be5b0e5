//! Reading the cells of a kept row.

use std::borrow::Cow;

use serde_json::Value;

use super::Row;
use super::numbers::{number, percent, size_in_gib};
use crate::cleansing::{SourceUnit, is_absent};

/// The value as text without surrounding space; none if it says nothing.
pub(super) fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text.trim())).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
        _ => None,
    }
}

/// The first of these columns that holds something. Exact names are tried first, then any case of letters.
pub(super) fn cell<'a>(row: &'a Row, names: &[&str]) -> Option<Cow<'a, str>> {
    if let Some(text) = names.iter().find_map(|name| row.get(*name).and_then(text_of)) {
        return Some(text);
    }
    names.iter().find_map(|name| {
        row.iter()
            .find(|(key, _)| key.len() == name.len() && key.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| text_of(value))
    })
}

/// Like [`cell`], without the words that stand for nothing.
pub(super) fn said<'a>(row: &'a Row, names: &[&str]) -> Option<Cow<'a, str>> {
    cell(row, names).filter(|text| !is_absent(text))
}

/// A number.
pub(super) fn number_in(row: &Row, names: &[&str]) -> Option<f64> {
    cell(row, names).and_then(|text| number(&text))
}

/// A percentage, 0 to 100.
pub(super) fn percent_in(row: &Row, names: &[&str]) -> Option<f64> {
    cell(row, names).and_then(|text| percent(&text))
}

/// A size in GiB; `unit` is the one of values without their own.
pub(super) fn size_in(row: &Row, names: &[&str], unit: SourceUnit) -> Option<f64> {
    cell(row, names).and_then(|text| size_in_gib(&text, unit))
}

/// Yes or no.
pub(super) fn yes(row: &Row, names: &[&str]) -> Option<bool> {
    match cell(row, names)?.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "ja" | "wahr" | "oui" | "vrai" | "on" => Some(true),
        "false" | "no" | "n" | "0" | "nein" | "falsch" | "non" | "faux" | "off" => Some(false),
        _ => None,
    }
}

/// Several values in one cell.
pub(super) fn list(row: &Row, names: &[&str], separators: &[char]) -> Vec<String> {
    let parts = said(row, names);
    let parts = parts
        .iter()
        .flat_map(|text| text.split(separators))
        .map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The rows of a joined table.
pub(super) fn attached<'a>(row: &'a Row, table: &str) -> impl Iterator<Item = &'a Row> {
    row.get(table)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_found_in_any_case_and_empty_ones_are_passed_over() {
        let row = json!({"a": " ", "B": 4, "c": true, "d": "N/A", "e": "x; y;;"});
        let row = row.as_object().unwrap();
        assert_eq!(cell(row, &["a", "b"]).as_deref(), Some("4"));
        assert_eq!(yes(row, &["C"]), Some(true));
        assert_eq!(
            (cell(row, &["d"]).as_deref(), said(row, &["d"])),
            (Some("N/A"), None)
        );
        assert_eq!(list(row, &["e"], &[';']), ["x", "y"]);
    }
}
