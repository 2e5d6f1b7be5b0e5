//! Any table that no tool is known to write. Its columns are mapped by their names and values.

use std::collections::BTreeSet;

use landfall_domain::fields::FIELDS;

use super::columns::normal;
use super::{FREE_FORM, Format, Headers, KnownColumn, Recognised, Row, RowRole};

/// The fallback.
pub(super) struct FreeForm;

impl Format for FreeForm {
    fn id(&self) -> &'static str {
        FREE_FORM
    }

    fn label(&self) -> &'static str {
        "Table"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        Some(recognised(headers))
    }

    fn columns(&self) -> &'static [KnownColumn] {
        &[]
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if row.values().all(|value| super::cells::text_of(value).is_none()) {
            return RowRole::skipped("empty_row", "the row holds no value");
        }
        RowRole::Asset { asset_type: None }
    }
}

/// Scored by the share of headers that are names of asset fields, at most 0.5: below every known format.
#[expect(clippy::cast_precision_loss, reason = "counts of columns")]
pub(super) fn recognised(headers: &Headers) -> Recognised {
    let evidence: Vec<String> = headers
        .iter()
        .filter(|header| names_a_field(header))
        .map(str::to_owned)
        .collect();
    Recognised {
        id: FREE_FORM,
        label: FreeForm.label(),
        version: None,
        score: evidence.len() as f64 / headers.len().max(1) as f64 / 2.0,
        evidence,
    }
}

fn names_a_field(header: &str) -> bool {
    let words = normal(header).replace(['_', '-', '.'], " ");
    let named = words.replace(' ', "_");
    FIELDS
        .iter()
        .any(|field| field.name == named || field.aliases.contains(&words.as_str()))
}
