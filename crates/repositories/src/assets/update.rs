//! A person changes an asset.

use super::{AssetRepository, columns};
use crate::scoped::{ScopedWrites, conflict, insert};
use crate::{Change, StoreError, StoreResult};
use assets::Column;
use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, Scope, ids};
use landfall_entities::{TenantScoped, asset_field_sources, assets};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, IdenStatic, ModelTrait, QueryFilter, QuerySelect};
use serde_json::{Map, Value};

/// What a person says about an asset's values outweighs every import.
const PERSON_PRECEDENCE: i32 = 100;

/// Which values are to be changed, in the form in which they are stored. A value of null takes it away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssetPatch {
    /// Column name → value.
    pub fields: Map<String, Value>,
    /// Name → value of attributes that are no field.
    pub custom_attributes: Map<String, Value>,
}

impl AssetRepository<'_> {
    /// Changes an asset, if it still has the version that the person saw. The change is written to the change log with the
    /// values before and after, and to the asset's sources as the word of a person, which imports do not overwrite.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for another version, [`StoreError::Invalid`] for a name that is no field or a value that the
    /// field does not take.
    pub async fn update(&self, id: AssetId, expected: i64, patch: &AssetPatch) -> StoreResult<assets::Model> {
        let asset = assets::Entity::of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .lock_exclusive()
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("asset", id))?;
        if asset.version != expected {
            return Err(conflict("asset", id, expected, asset.version));
        }
        let changes = Changes::of(&asset, patch)?;
        if changes.values.is_empty() {
            return Ok(asset);
        }
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let mut update = assets::Entity::update_of(scope)
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .col_expr(Column::UpdatedBy, Expr::val(scope.actor.user_id));
        for (column, value) in changes.values {
            update = update.col_expr(column, Expr::val(value));
        }
        let Some(changed) = update.exec_with_returning(&self.uow.connection).await?.pop() else {
            return Err(conflict("asset", id, expected, self.get(id).await?.version));
        };
        let source = stated_by_a_person(scope, now, id, changes.after.clone());
        insert(&self.uow.connection, source).await?;
        let change = Change {
            entity_type: "asset",
            entity_id: id.to_string(),
            action: "updated",
            before: Some(Value::Object(changes.before)),
            after: Some(Value::Object(changes.after)),
        };
        self.uow.change_log().record(change).await?;
        Ok(changed)
    }
}

/// What a person says about an asset, as it is kept beside it.
pub(super) fn stated_by_a_person(
    scope: &Scope,
    now: DateTime<Utc>,
    asset_id: AssetId,
    values: Map<String, Value>,
) -> asset_field_sources::Model {
    asset_field_sources::Model {
        client_account_id: scope.client_account_id,
        id: ids::new_uuid(),
        engagement_id: scope.engagement_id,
        asset_id,
        data_import_id: None,
        record_index: None,
        source: "person".to_owned(),
        precedence: PERSON_PRECEDENCE,
        field_values: Value::Object(values),
        recorded_at: now,
    }
}

/// What a patch does to an asset.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) values: Vec<(Column, sea_orm::Value)>,
    pub(super) before: Map<String, Value>,
    pub(super) after: Map<String, Value>,
}

impl Changes {
    pub(super) fn of(asset: &assets::Model, patch: &AssetPatch) -> StoreResult<Self> {
        let mut changes = Self::default();
        for (name, value) in &patch.fields {
            changes.field(asset, name, value)?;
        }
        changes.custom_attributes(asset, &patch.custom_attributes);
        Ok(changes)
    }

    fn field(&mut self, asset: &assets::Model, name: &str, json: &Value) -> StoreResult<()> {
        let column = columns::writable(name).ok_or_else(|| {
            StoreError::invalid(format!("'{name}' is no field of an asset that can be changed"))
        })?;
        if json.is_null() && columns::is_required(column) {
            return Err(StoreError::invalid(format!(
                "'{name}' cannot be taken away: every asset has one"
            )));
        }
        let value = columns::value(column, json)?;
        let old = asset.get(column);
        if old != value {
            self.before.insert(
                column.as_str().to_owned(),
                sea_orm::sea_query::sea_value_to_json_value(&old),
            );
            self.after.insert(column.as_str().to_owned(), json.clone());
            self.values.push((column, value));
        }
        Ok(())
    }

    fn custom_attributes(&mut self, asset: &assets::Model, patch: &Map<String, Value>) {
        let old = asset.custom_attributes.as_object().cloned().unwrap_or_default();
        let mut new = old.clone();
        for (name, value) in patch {
            if value.is_null() {
                new.remove(name);
            } else {
                new.insert(name.clone(), value.clone());
            }
        }
        if new != old {
            let touched = |all: &Map<String, Value>| {
                let of_patch = patch
                    .keys()
                    .map(|name| (name.clone(), all.get(name).cloned().unwrap_or(Value::Null)));
                Value::Object(of_patch.collect())
            };
            self.before.insert("custom_attributes".to_owned(), touched(&old));
            self.after.insert("custom_attributes".to_owned(), touched(&new));
            self.values
                .push((Column::CustomAttributes, Value::Object(new).into()));
        }
    }
}
