//! An asset's row, written by the names of the registry's fields.

use chrono::{DateTime, Utc};
use landfall_domain::fields::{FIELDS, Field, FieldValue, Storage};
use landfall_domain::{AssetId, AssetStatus, AssetType, DiscoveryFlowId, ImportId, MasterFlowId, Scope};
use landfall_entities::assets;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ColumnType, IdenStatic, IntoActiveModel, Iterable, Set, Value,
};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The column of each field that has one, and how its values are bound. Looked up by the field's address in the registry.
static COLUMNS: LazyLock<HashMap<&'static str, (assets::Column, ColumnType)>> = LazyLock::new(|| {
    let columns: HashMap<&str, assets::Column> = assets::Column::iter()
        .map(|column| (column.as_str(), column))
        .collect();
    FIELDS
        .iter()
        .filter(|field| field.storage == Storage::Column)
        .filter_map(|field| {
            let column = *columns.get(field.name)?;
            Some((field.name, (column, column.def().get_column_type().clone())))
        })
        .collect()
});

/// Where a new asset comes from.
#[derive(Clone, Debug)]
pub struct AssetOrigin {
    /// The flow's master flow.
    pub master_flow_id: MasterFlowId,
    /// The discovery flow.
    pub discovery_flow_id: DiscoveryFlowId,
    /// The import.
    pub data_import_id: ImportId,
    /// How the import was made known: format or source system.
    pub discovery_source: String,
    /// Name of the file.
    pub filename: String,
}

/// One row of `assets` being made or changed.
#[derive(Clone, Debug)]
pub struct AssetRow {
    row: assets::ActiveModel,
    custom_attributes: Map<String, Json>,
    version: i64,
}

impl AssetRow {
    /// A new asset of unknown type without name.
    pub fn new(scope: &Scope, origin: &AssetOrigin, now: DateTime<Utc>) -> Self {
        let row = assets::ActiveModel {
            client_account_id: Set(scope.client_account_id),
            id: Set(AssetId::new()),
            engagement_id: Set(scope.engagement_id),
            name: Set(String::new()),
            asset_type: Set(AssetType::Unknown),
            migration_status: Set(Some(AssetStatus::Discovered)),
            master_flow_id: Set(Some(origin.master_flow_id)),
            discovery_flow_id: Set(Some(origin.discovery_flow_id)),
            created_by_import_id: Set(Some(origin.data_import_id)),
            source_phase: Set(Some("discovery".to_owned())),
            current_phase: Set(Some("discovery".to_owned())),
            discovery_method: Set(Some("import".to_owned())),
            discovery_source: Set(Some(origin.discovery_source.clone())),
            discovery_timestamp: Set(Some(now)),
            source_filename: Set(Some(origin.filename.clone())),
            imported_by: Set(scope.actor.user_id),
            imported_at: Set(Some(now)),
            created_by: Set(scope.actor.user_id),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        Self {
            row,
            custom_attributes: Map::new(),
            version: 1,
        }
    }

    /// A known asset, to be changed.
    pub fn change(model: assets::Model, now: DateTime<Utc>) -> Self {
        let custom_attributes = match &model.custom_attributes {
            Json::Object(map) => map.clone(),
            _ => Map::new(),
        };
        let version = model.version + 1;
        let mut row = model.into_active_model();
        row.updated_at = Set(now);
        Self {
            row,
            custom_attributes,
            version,
        }
    }

    /// Its id.
    pub fn id(&self) -> AssetId {
        *self.row.id.as_ref()
    }

    /// Sets a field. Fields that are no column are ignored: they are kept elsewhere.
    pub fn set(&mut self, field: &Field, value: &FieldValue) {
        let Some((column, kind)) = COLUMNS.get(field.name) else {
            return;
        };
        if let Some(value) = bound(value, kind) {
            // A label of another type cannot come out of the cleansing of this field; if it did, the text is no value.
            let _ = self.row.try_set(*column, value);
        }
    }

    /// Takes a field's value away.
    pub fn unset(&mut self, field: &Field) {
        if let Some((column, kind)) = COLUMNS.get(field.name)
            && !matches!(column, assets::Column::Name | assets::Column::AssetType)
        {
            let _ = self.row.try_set(*column, null_of(kind));
        }
    }

    /// The text in a text field.
    pub fn text(&self, field: &str) -> Option<String> {
        let (column, _) = COLUMNS.get(field)?;
        match self.row.get(*column) {
            ActiveValue::Set(Value::String(text)) | ActiveValue::Unchanged(Value::String(text)) => text,
            _ => None,
        }
    }

    /// Whether a field has a value.
    pub fn has(&self, field: &str) -> bool {
        let Some((column, kind)) = COLUMNS.get(field) else {
            return false;
        };
        match self.row.get(*column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value != null_of(kind),
            ActiveValue::NotSet => false,
        }
    }

    /// Sets the display name.
    pub fn set_name(&mut self, name: String) {
        self.row.name = Set(name);
    }

    /// Sets the type.
    pub fn set_asset_type(&mut self, asset_type: AssetType) {
        self.row.asset_type = Set(asset_type);
    }

    /// The type.
    pub fn asset_type(&self) -> AssetType {
        *self.row.asset_type.as_ref()
    }

    /// Columns of sources that are no field, under their own names.
    pub fn custom_attributes(&mut self) -> &mut Map<String, Json> {
        &mut self.custom_attributes
    }

    /// Share of the fields a planner needs that have a value, 0–1.
    pub fn set_completeness(&mut self, score: f64) {
        self.row.completeness_score = Set(Some(score));
    }

    /// The row as written.
    pub fn into_row(mut self) -> assets::ActiveModel {
        self.row.custom_attributes = Set(Json::Object(self.custom_attributes));
        self.row.version = Set(self.version);
        self.row
    }
}

/// A field's value as the column's type; `None` if it is of another kind.
fn bound(value: &FieldValue, kind: &ColumnType) -> Option<Value> {
    Some(match (kind, value) {
        (ColumnType::Integer, FieldValue::Integer(number)) => i32::try_from(*number).ok()?.into(),
        (ColumnType::BigInteger, FieldValue::Integer(number)) => (*number).into(),
        (ColumnType::Double, FieldValue::Number(number)) => (*number).into(),
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts in an inventory are far below 2^52"
        )]
        (ColumnType::Double, FieldValue::Integer(number)) => (*number as f64).into(),
        (ColumnType::Boolean, FieldValue::Boolean(yes)) => (*yes).into(),
        (ColumnType::TimestampWithTimeZone, FieldValue::Timestamp(time)) => (*time).into(),
        (ColumnType::Text | ColumnType::String(_), FieldValue::Text(text)) => text.clone().into(),
        (ColumnType::Text | ColumnType::String(_), FieldValue::List(texts)) => texts.join(", ").into(),
        _ => return None,
    })
}

fn null_of(kind: &ColumnType) -> Value {
    match kind {
        ColumnType::Integer => Value::Int(None),
        ColumnType::BigInteger => Value::BigInt(None),
        ColumnType::Double => Value::Double(None),
        ColumnType::Boolean => Value::Bool(None),
        ColumnType::TimestampWithTimeZone => Value::ChronoDateTimeUtc(None),
        _ => Value::String(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_a_column_has_a_column_that_can_hold_it() {
        use landfall_domain::fields::ValueType;
        for field in FIELDS.iter().filter(|field| field.storage == Storage::Column) {
            let (_, kind) = COLUMNS
                .get(field.name)
                .unwrap_or_else(|| panic!("{} has no column", field.name));
            let sample = match field.kind.value_type() {
                ValueType::Text => FieldValue::Text("x".to_owned()),
                ValueType::Integer => FieldValue::Integer(1),
                ValueType::Number => FieldValue::Number(1.5),
                ValueType::Boolean => FieldValue::Boolean(true),
                ValueType::Timestamp => FieldValue::Timestamp(DateTime::UNIX_EPOCH),
                ValueType::TextList => FieldValue::List(vec!["x".to_owned()]),
            };
            assert!(
                bound(&sample, kind).is_some(),
                "{} cannot be kept in a column of type {kind:?}",
                field.name
            );
        }
    }
}
