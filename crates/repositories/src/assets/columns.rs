//! Columns of `assets` by name, and values for them.

use crate::{StoreError, StoreResult};
use assets::Column;
use chrono::{DateTime, Utc};
use landfall_domain::{AssetStatus, AssetType, SixrStrategy};
use landfall_entities::assets;
use sea_orm::{ColumnTrait, ColumnType, IdenStatic, Iterable, Value};
use serde_json::Value as Json;
use std::str::FromStr;

/// A column of the inventory by which assets may be filtered and sorted: every one that holds a single value.
#[derive(Clone, Copy, Debug)]
pub struct AssetColumn(Column);

impl PartialEq for AssetColumn {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl AssetColumn {
    /// The column with this name.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with all names, if there is none.
    pub fn named(name: &str) -> StoreResult<Self> {
        Self::all().find(|column| column.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::all().map(Self::name).collect();
            StoreError::invalid(format!(
                "assets cannot be filtered or sorted by '{name}'; known: {}",
                names.join(", ")
            ))
        })
    }

    /// Every such column.
    pub fn all() -> impl Iterator<Item = Self> {
        Column::iter().filter(|column| is_plain(*column)).map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.as_str()
    }

    pub(super) fn column(self) -> Column {
        self.0
    }

    pub(super) fn is_text(self) -> bool {
        is_text(self.0)
    }

    /// A value to compare the column with. Numbers, booleans and times may be given as text.
    pub(super) fn value(self, json: &Json) -> StoreResult<Value> {
        value(self.0, json)
    }
}

/// The column with this name, whatever it holds, unless it is Landfall's own to write.
pub(super) fn writable(name: &str) -> Option<Column> {
    Column::iter().find(|column| column.as_str() == name && !is_kept_by_landfall(*column))
}

/// Whether an asset must have a value there.
pub(super) fn is_required(column: Column) -> bool {
    !column.def().is_null()
}

/// JSON as a value of the column; null becomes NULL.
///
/// # Errors
/// [`StoreError::Invalid`] that names the column and what it takes.
pub(super) fn value(column: Column, json: &Json) -> StoreResult<Value> {
    let definition = column.def();
    let kind = definition.get_column_type();
    if json.is_null() {
        return Ok(null(kind));
    }
    let refused = |takes: &str| StoreError::invalid(format!("'{}' takes {takes}", column.as_str()));
    Ok(match kind {
        ColumnType::Json | ColumnType::JsonBinary => json.clone().into(),
        ColumnType::Uuid => parsed::<uuid::Uuid>(json)
            .ok_or_else(|| refused("a UUID"))?
            .into(),
        ColumnType::Integer => parsed::<i32>(json)
            .ok_or_else(|| refused("a whole number below 2^31"))?
            .into(),
        ColumnType::BigInteger => parsed::<i64>(json)
            .ok_or_else(|| refused("a whole number"))?
            .into(),
        ColumnType::Double => {
            let number = parsed::<f64>(json).filter(|number| number.is_finite());
            number.ok_or_else(|| refused("a number"))?.into()
        }
        ColumnType::Boolean => parsed::<bool>(json)
            .ok_or_else(|| refused("true or false"))?
            .into(),
        ColumnType::TimestampWithTimeZone => parsed::<DateTime<Utc>>(json)
            .ok_or_else(|| refused("a point in time such as 2026-01-31T12:00:00Z"))?
            .into(),
        _ => {
            let text = json.as_str().ok_or_else(|| refused("a text"))?;
            label(column, text)?;
            text.into()
        }
    })
}

/// Refuses a word that is no label of the column's type.
fn label(column: Column, word: &str) -> StoreResult<()> {
    match column {
        Column::AssetType => word.parse::<AssetType>().map(|_| ())?,
        Column::SixRStrategy => word.parse::<SixrStrategy>().map(|_| ())?,
        Column::MigrationStatus => word.parse::<AssetStatus>().map(|_| ())?,
        _ => {}
    }
    Ok(())
}

/// A value of a type that reads from the text of the JSON value, quoted or not.
fn parsed<T: FromStr>(json: &Json) -> Option<T> {
    match json {
        Json::String(text) => text.trim().parse().ok(),
        Json::Number(_) | Json::Bool(_) => json.to_string().parse().ok(),
        _ => None,
    }
}

fn null(kind: &ColumnType) -> Value {
    match kind {
        ColumnType::Json | ColumnType::JsonBinary => Value::Json(None),
        ColumnType::Uuid => Value::Uuid(None),
        ColumnType::Integer => Value::Int(None),
        ColumnType::BigInteger => Value::BigInt(None),
        ColumnType::Double => Value::Double(None),
        ColumnType::Boolean => Value::Bool(None),
        ColumnType::TimestampWithTimeZone => Value::ChronoDateTimeUtc(None),
        _ => Value::String(None),
    }
}

fn is_plain(column: Column) -> bool {
    let is_scope = matches!(column, Column::ClientAccountId | Column::EngagementId);
    !is_scope
        && !matches!(
            column.def().get_column_type(),
            ColumnType::Json | ColumnType::JsonBinary
        )
}

fn is_text(column: Column) -> bool {
    matches!(
        column.def().get_column_type(),
        ColumnType::Text | ColumnType::String(_)
    )
}

fn is_kept_by_landfall(column: Column) -> bool {
    matches!(
        column,
        Column::ClientAccountId
            | Column::EngagementId
            | Column::Id
            | Column::Version
            | Column::CreatedAt
            | Column::UpdatedAt
            | Column::CreatedBy
            | Column::UpdatedBy
            | Column::MasterFlowId
            | Column::DiscoveryFlowId
            | Column::CreatedByImportId
            | Column::CustomAttributes
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfall_domain::fields::{FIELDS, Storage};
    use serde_json::json;

    #[test]
    fn every_field_of_the_registry_that_is_a_column_can_be_filtered_sorted_and_written() {
        for field in FIELDS.iter().filter(|field| field.storage == Storage::Column) {
            assert!(AssetColumn::named(field.name).is_ok(), "{}", field.name);
            assert!(writable(field.name).is_some(), "{}", field.name);
        }
        assert!(AssetColumn::named("custom_attributes").is_err());
        assert!(AssetColumn::named("client_account_id").is_err());
        assert!(writable("version").is_none());
    }

    #[test]
    fn values_are_taken_as_json_or_as_text_and_refused_with_the_columns_name() {
        let cores = AssetColumn::named("cpu_cores").unwrap();
        assert_eq!(cores.value(&json!(4)).unwrap(), Value::Int(Some(4)));
        assert_eq!(cores.value(&json!("4")).unwrap(), Value::Int(Some(4)));
        assert_eq!(cores.value(&Json::Null).unwrap(), Value::Int(None));
        for wrong in [json!("four"), json!(4.5), json!(3_000_000_000_i64), json!([4])] {
            assert!(
                cores
                    .value(&wrong)
                    .unwrap_err()
                    .to_string()
                    .contains("'cpu_cores'"),
                "{wrong}"
            );
        }
        let strategy = AssetColumn::named("six_r_strategy").unwrap();
        assert!(strategy.value(&json!("rehost")).is_ok());
        assert!(
            strategy
                .value(&json!("relocate"))
                .unwrap_err()
                .to_string()
                .contains("rehost")
        );
    }
}
