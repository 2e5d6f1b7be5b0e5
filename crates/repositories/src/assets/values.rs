//! An asset's values by the names of the registry's fields.

use super::AssetColumn;
use landfall_domain::fields::{FIELDS, Field, FieldValue, Storage};
use landfall_entities::assets;
use sea_orm::{ModelTrait, Value};
use std::sync::LazyLock;

/// Each field that is a column, with its column.
static FIELD_COLUMNS: LazyLock<Vec<(&'static Field, AssetColumn)>> = LazyLock::new(|| {
    FIELDS
        .iter()
        .filter(|field| field.storage == Storage::Column)
        .filter_map(|field| Some((field, AssetColumn::named(field.name).ok()?)))
        .collect()
});

/// The values of an asset, in the order of the registry. A field without a value is left out.
pub fn field_values(asset: &assets::Model) -> impl Iterator<Item = (&'static Field, FieldValue)> + '_ {
    FIELD_COLUMNS
        .iter()
        .filter_map(|(field, column)| Some((*field, value_of(asset.get(column.column()))?)))
}

fn value_of(value: Value) -> Option<FieldValue> {
    Some(match value {
        Value::String(Some(text)) => FieldValue::Text(text),
        Value::Int(Some(number)) => FieldValue::Integer(number.into()),
        Value::BigInt(Some(number)) => FieldValue::Integer(number),
        Value::Double(Some(number)) => FieldValue::Number(number),
        Value::Bool(Some(yes)) => FieldValue::Boolean(yes),
        Value::ChronoDateTimeUtc(Some(time)) => FieldValue::Timestamp(time),
        _ => return None,
    })
}
