//! Landfall's own exports. They import back to the same inventory: every field has a column of its name, the asset's id says
//! which is which, dependencies are written out in full, and what is no field comes under its own name.

use super::cells::{cell, said};
use super::columns::normal;
use super::{DependencyFact, Format, Headers, KnownColumn, Recognised, Row, RowRole};
use crate::assets::{ATTRIBUTE_PREFIX, BARE_TAG, DEPENDENCIES_COLUMN, Edge, ID_COLUMN, TAGS_COLUMN, edges};
use crate::cleansing::SourceUnit;
use crate::discovery::dependencies::DependencyType;
use crate::imports::readers::RowFault;
use landfall_domain::fields::{FIELDS, Storage, Unit};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Its id.
pub(crate) const LANDFALL: &str = "landfall";

/// An export of Landfall.
pub(super) struct Landfall;

static COLUMNS: LazyLock<Vec<KnownColumn>> = LazyLock::new(|| {
    let fields = FIELDS
        .iter()
        .filter(|field| field.storage == Storage::Column)
        .map(|field| {
            let column = KnownColumn::field(field.name, field.name);
            match field.unit.and_then(unit) {
                Some(unit) => column.unit(unit),
                None => column,
            }
        });
    let mut columns: Vec<KnownColumn> = fields.collect();
    columns.push(KnownColumn::field(ID_COLUMN, "source_id"));
    columns.push(KnownColumn::facts(TAGS_COLUMN, "tags"));
    columns.push(KnownColumn::facts(DEPENDENCIES_COLUMN, "dependencies"));
    columns
});

/// The unit in which values of the field are stored, and so exported. Money is exported in units of the currency.
const fn unit(unit: Unit) -> Option<SourceUnit> {
    match unit {
        Unit::Gibibytes => Some(SourceUnit::Gib),
        Unit::Percent => Some(SourceUnit::Percent),
        Unit::PerSecond => Some(SourceUnit::PerSecond),
        Unit::MegabitsPerSecond => Some(SourceUnit::MegabitsPerSecond),
        Unit::Count | Unit::MinorUnitsPerMonth => None,
    }
}

impl Format for Landfall {
    fn id(&self) -> &'static str {
        LANDFALL
    }

    fn label(&self) -> &'static str {
        "Landfall export"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        let own = [ID_COLUMN, "name", "asset_type"];
        own.iter().all(|header| headers.has(header)).then(|| Recognised {
            id: self.id(),
            label: self.label(),
            version: None,
            score: 1.0,
            evidence: own.map(str::to_owned).to_vec(),
        })
    }

    fn columns(&self) -> &'static [KnownColumn] {
        &COLUMNS
    }

    fn role(&self, _row: &Row, _include: &BTreeSet<String>) -> RowRole {
        RowRole::Asset { asset_type: None }
    }

    fn tags(&self, row: &Row) -> Vec<(String, String)> {
        let text = cell(row, &[TAGS_COLUMN]).unwrap_or_default();
        let tags = text.split(';').map(str::trim).filter(|tag| !tag.is_empty());
        tags.map(|tag| tag.split_once('=').unwrap_or((BARE_TAG, tag)))
            .map(|(category, name)| (category.trim().to_owned(), name.trim().to_owned()))
            .collect()
    }

    fn dependencies(&self, row: &Row) -> Vec<DependencyFact> {
        let from = said(row, &[ID_COLUMN]).unwrap_or_default();
        let cell = cell(row, &[DEPENDENCIES_COLUMN]).unwrap_or_default();
        edges::read(&cell)
            .unwrap_or_default()
            .iter()
            .map(|edge| fact(&from, edge))
            .collect()
    }

    fn check(&self, row_number: u64, row: &Row) -> Vec<RowFault> {
        let text = cell(row, &[DEPENDENCIES_COLUMN]).unwrap_or_default();
        let fault = edges::read(&text).err();
        fault
            .map(|fault| {
                let message = format!("row {row_number}: {fault}");
                RowFault::of_cell(
                    row_number,
                    DEPENDENCIES_COLUMN,
                    Some(fault.text),
                    "dependency",
                    message,
                )
            })
            .into_iter()
            .collect()
    }

    fn keep_attributes(&self, attributes: &mut Map<String, Value>) {
        let kept = std::mem::take(attributes)
            .into_iter()
            .filter_map(|(name, value)| match name.strip_prefix(ATTRIBUTE_PREFIX) {
                Some(own) => Some((own.to_owned(), value)),
                None => (![TAGS_COLUMN, DEPENDENCIES_COLUMN].contains(&normal(&name).as_str()))
                    .then_some((name, value)),
            });
        *attributes = kept.collect();
    }
}

fn fact(from: &str, edge: &Edge) -> DependencyFact {
    let kind = edge
        .kind
        .parse::<DependencyType>()
        .unwrap_or(DependencyType::Application);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range of the type"
    )]
    let weight = edge.weight.round().clamp(0.0, f64::from(u32::MAX)) as u32;
    DependencyFact {
        port: (edge.port != 0).then_some(edge.port),
        protocol: edge.protocol.clone(),
        weight,
        hard: edge.is_hard,
        ..DependencyFact::stated(from, edge.to.to_string(), kind.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(value: &Value) -> Row {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn an_export_is_recognised_before_any_other_format() {
        let columns: Vec<String> = COLUMNS.iter().map(|column| column.header.to_owned()).collect();
        assert_eq!(super::super::recognise(&columns).0.id(), LANDFALL);
    }

    #[test]
    fn tags_and_dependencies_are_read_as_they_were_written() {
        let id = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11";
        let row = row(&json!({
            "landfall_id": "x", "landfall_tags": "env=a:b, c; bare",
            "landfall_dependencies": format!("database:{id}:5432/tcp*12!")
        }));
        let tags = [
            ("env".to_owned(), "a:b, c".to_owned()),
            (BARE_TAG.to_owned(), "bare".to_owned()),
        ];
        assert_eq!(Landfall.tags(&row), tags);
        let facts = Landfall.dependencies(&row);
        assert_eq!(
            (facts[0].to.as_str(), facts[0].kind, facts[0].port),
            (id, "database", Some(5432))
        );
        assert_eq!(
            (facts[0].weight, facts[0].hard, facts[0].protocol.as_deref()),
            (12, true, Some("tcp"))
        );
        assert!(Landfall.check(1, &row).is_empty());
    }

    #[test]
    fn a_broken_dependency_is_a_fault_of_its_row() {
        let faults = Landfall.check(7, &row(&json!({"landfall_dependencies": "web01"})));
        assert_eq!(
            (faults[0].row_number, faults[0].value.as_deref()),
            (7, Some("web01"))
        );
    }

    #[test]
    fn attributes_get_their_own_names_back() {
        let mut attributes = row(&json!({"custom:hostname": "x", "Rack Unit": "U1", "landfall_tags": "a"}));
        Landfall.keep_attributes(&mut attributes);
        assert_eq!(
            Value::Object(attributes),
            json!({"hostname": "x", "Rack Unit": "U1"})
        );
    }
}
