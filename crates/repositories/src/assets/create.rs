//! One asset made of what discovery found, outside of an import's batches.

use super::{AssetRepository, columns};
use crate::scoped::insert;
use crate::{StoreError, StoreResult};
use assets::{ActiveModel, Column};
use chrono::{DateTime, Utc};
use landfall_compat::{Report, Resource, modernize};
use landfall_domain::{AssetId, AssetStatus, AssetType, DiscoveryFlowId, ImportId, MasterFlowId, Scope, ids};
use landfall_entities::{asset_field_sources, assets};
use sea_orm::{ActiveModelTrait, IdenStatic, Insert, Set};
use serde_json::{Map, Value};

/// An asset to be made. Values are in the form in which they are stored.
#[derive(Clone, Debug, Default)]
pub struct NewAsset {
    /// Column name → value. A name that is no column becomes a custom attribute, so that nothing is lost.
    pub fields: Map<String, Value>,
    /// Values that are no field, by their names in the source.
    pub custom_attributes: Map<String, Value>,
    /// The import that found it.
    pub data_import_id: Option<ImportId>,
    /// Where it was found: format, source system or `manual`.
    pub source: String,
}

impl NewAsset {
    /// Reads a JSON object that may use old field names; the report says which ones it used.
    pub fn from_object(mut object: Map<String, Value>, source: &str) -> (Self, Report) {
        let report = modernize(Resource::Assets, &mut object);
        let custom_attributes = match object.remove("custom_attributes") {
            Some(Value::Object(map)) => map,
            _ => Map::new(),
        };
        let new = Self {
            fields: object,
            custom_attributes,
            data_import_id: None,
            source: source.to_owned(),
        };
        (new, report)
    }
}

impl AssetRepository<'_> {
    /// Makes an asset and hangs it on both flows. Every infrastructure field that is given is kept. Its name is the first
    /// given of `name`, `asset_name`, `hostname`, `fqdn`, `application_name`.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an asset without any name, or a value that its field does not take.
    pub async fn create_from_discovery(
        &self,
        new: NewAsset,
        discovery_flow_id: DiscoveryFlowId,
        master_flow_id: MasterFlowId,
    ) -> StoreResult<assets::Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let origin = Origin {
            discovery_flow_id: Some(discovery_flow_id),
            master_flow_id: Some(master_flow_id),
        };
        let (source, data_import_id) = (new.source.clone(), new.data_import_id);
        let (row, stated) = row_of(scope, now, new, &origin)?;
        let asset = Insert::one(row).exec_with_returning(&self.uow.connection).await?;
        let source = asset_field_sources::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            asset_id: asset.id,
            data_import_id,
            record_index: None,
            source,
            precedence: 0,
            field_values: Value::Object(stated),
            recorded_at: now,
        };
        insert(&self.uow.connection, source).await?;
        Ok(asset)
    }
}

/// The flows that an asset comes from; none if a person states it.
#[derive(Debug, Default)]
pub(super) struct Origin {
    pub(super) discovery_flow_id: Option<DiscoveryFlowId>,
    pub(super) master_flow_id: Option<MasterFlowId>,
}

/// The row of a new asset, and what was stated about it.
pub(super) fn row_of(
    scope: &Scope,
    now: DateTime<Utc>,
    new: NewAsset,
    origin: &Origin,
) -> StoreResult<(ActiveModel, Map<String, Value>)> {
    let name = name_of(&new.fields)?;
    let found = origin.discovery_flow_id.map(|_| "discovery".to_owned());
    let mut row = ActiveModel {
        client_account_id: Set(scope.client_account_id),
        id: Set(AssetId::new()),
        engagement_id: Set(scope.engagement_id),
        name: Set(name),
        asset_type: Set(AssetType::Unknown),
        migration_status: Set(Some(AssetStatus::Discovered)),
        master_flow_id: Set(origin.master_flow_id),
        discovery_flow_id: Set(origin.discovery_flow_id),
        created_by_import_id: Set(new.data_import_id),
        source_phase: Set(found.clone()),
        current_phase: Set(found),
        discovery_source: Set(Some(new.source.clone())),
        discovery_timestamp: Set(Some(now)),
        created_by: Set(scope.actor.user_id),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let mut custom_attributes = new.custom_attributes;
    let mut stated = Map::new();
    for (name, json) in new.fields {
        match columns::writable(&name) {
            Some(_) if json.is_null() => {}
            Some(column) => {
                set(&mut row, column, &json)?;
                stated.insert(name, json);
            }
            None => {
                custom_attributes.entry(name).or_insert(json);
            }
        }
    }
    if !custom_attributes.is_empty() {
        stated.insert(
            "custom_attributes".to_owned(),
            Value::Object(custom_attributes.clone()),
        );
    }
    row.custom_attributes = Set(Value::Object(custom_attributes));
    Ok((row, stated))
}

fn set(row: &mut ActiveModel, column: Column, json: &Value) -> StoreResult<()> {
    let value = columns::value(column, json)?;
    row.try_set(column, value)
        .map_err(|_| StoreError::invalid(format!("'{}' does not take this value", column.as_str())))
}

fn name_of(fields: &Map<String, Value>) -> StoreResult<String> {
    ["name", "asset_name", "hostname", "fqdn", "application_name"]
        .into_iter()
        .find_map(|field| {
            fields
                .get(field)?
                .as_str()
                .map(str::trim)
                .filter(|name| !name.is_empty())
        })
        .map(str::to_owned)
        .ok_or_else(|| {
            StoreError::invalid(
                "an asset needs a name: give 'name', 'hostname', 'fqdn' or 'application_name'",
            )
        })
}
