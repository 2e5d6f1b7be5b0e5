//! Who said what about an asset, and whose word counts.

use super::AssetRepository;
use crate::StoreResult;
use asset_field_sources::Column;
use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, ImportId};
use landfall_entities::{TenantScoped, asset_field_sources};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// All that was said about one field of an asset.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldProvenance {
    /// The field, or `custom_attributes.` with the name of an attribute.
    pub field: String,
    /// Who said what; the one that counts first, then by weight and newest first.
    pub statements: Vec<Statement>,
}

/// What one source said about one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    /// Format or system that the import came from, or `person`.
    pub source: String,
    /// The import; absent if a person said it.
    pub data_import_id: Option<ImportId>,
    /// The row of the import.
    pub record_index: Option<i64>,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// A greater one outweighs a smaller one; among equals the newest counts.
    pub precedence: i32,
    /// What was said.
    pub value: Value,
    /// Whether this is the value that counts.
    pub wins: bool,
}

impl AssetRepository<'_> {
    /// Per field, by name, who said what and whose word counts.
    pub async fn provenance(&self, id: AssetId) -> StoreResult<Vec<FieldProvenance>> {
        // An asset without any source has an empty provenance, a foreign one is not found.
        self.get(id).await?;
        let sources = asset_field_sources::Entity::of(self.uow.scope())
            .filter(Column::AssetId.eq(id))
            .order_by_desc(Column::Precedence)
            .order_by_desc(Column::RecordedAt)
            .order_by_desc(Column::Id)
            .all(&self.uow.connection)
            .await?;
        let mut fields: BTreeMap<String, Vec<Statement>> = BTreeMap::new();
        for source in sources {
            for (field, value) in statements_of(&source.field_values) {
                let statements = fields.entry(field).or_default();
                statements.push(Statement {
                    source: source.source.clone(),
                    data_import_id: source.data_import_id,
                    record_index: source.record_index,
                    recorded_at: source.recorded_at,
                    precedence: source.precedence,
                    value,
                    wins: statements.is_empty(),
                });
            }
        }
        Ok(fields
            .into_iter()
            .map(|(field, statements)| FieldProvenance { field, statements })
            .collect())
    }
}

fn statements_of(values: &Value) -> Vec<(String, Value)> {
    let mut statements = Vec::new();
    for (name, value) in values.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("custom_attributes", Value::Object(attributes)) => {
                statements.extend(
                    attributes
                        .iter()
                        .map(|(name, value)| (format!("custom_attributes.{name}"), value.clone())),
                );
            }
            _ => statements.push((name.clone(), value.clone())),
        }
    }
    statements
}
