//! Dependencies of several assets at once, and several dependencies at once.

use super::{DependencyPatch, DependencyRepository, Key, NewDependency};
use crate::scoped::{ScopedWrites, conflict, insert_rows};
use crate::{StoreError, StoreResult};
use asset_dependencies::{ActiveModel, Column, Model};
use landfall_domain::AssetId;
use landfall_entities::{TenantScoped, asset_dependencies};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A change of one dependency among many.
#[derive(Clone, Debug)]
pub struct DependencyChange {
    /// Which dependency.
    pub id: Uuid,
    /// The version that the person saw; any will do if absent.
    pub expected: Option<i64>,
    /// What is changed.
    pub patch: DependencyPatch,
}

impl DependencyRepository<'_> {
    /// What each of the assets needs, in one query: for a batch of assets, at most a few thousand.
    pub async fn of_assets(&self, assets: &[AssetId]) -> StoreResult<Vec<Model>> {
        Ok(asset_dependencies::Entity::of(self.uow.scope())
            .filter(Column::AssetId.is_in(assets.iter().copied()))
            .order_by_asc(Column::Id)
            .all(&self.uow.connection)
            .await?)
    }

    /// The next dependencies after `after` in the order in which they were found, at most `limit`: for reading the whole
    /// graph batch by batch.
    pub async fn batch(
        &self,
        after: Option<Uuid>,
        limit: u64,
    ) -> StoreResult<Vec<asset_dependencies::Model>> {
        let mut rows = asset_dependencies::Entity::of(self.uow.scope())
            .order_by_asc(Column::Id)
            .limit(limit);
        if let Some(after) = after {
            rows = rows.filter(Column::Id.gt(after));
        }
        Ok(rows.all(&self.uow.connection).await?)
    }

    /// Adds many as [`DependencyRepository::add_all`] does, and gives each as it is then, in their order.
    pub async fn state_all(&self, new: Vec<NewDependency>) -> StoreResult<Vec<Model>> {
        let keys: Vec<Key> = new.iter().map(Key::of).collect();
        self.add_all(new).await?;
        let from: HashSet<AssetId> = keys.iter().map(|key| key.asset_id).collect();
        let to: HashSet<AssetId> = keys.iter().map(|key| key.depends_on_asset_id).collect();
        let rows = asset_dependencies::Entity::of(self.uow.scope())
            .filter(Column::AssetId.is_in(from))
            .filter(Column::DependsOnAssetId.is_in(to))
            .all(&self.uow.connection)
            .await?;
        let by_key: HashMap<Key, Model> = rows.into_iter().map(|row| (Key::of_row(&row), row)).collect();
        Ok(keys.iter().filter_map(|key| by_key.get(key).cloned()).collect())
    }

    /// Changes dependencies, up to a thousand, each for itself. Gives each as it was and as it is, or why it was refused,
    /// in their order.
    pub async fn update_all(
        &self,
        changes: &[DependencyChange],
    ) -> StoreResult<Vec<StoreResult<(Model, Model)>>> {
        let mut current = self.locked(changes.iter().map(|change| change.id)).await?;
        let now = self.uow.now();
        let mut changed = HashSet::new();
        let mut results = Vec::new();
        for change in changes {
            results.push(match current.get_mut(&change.id) {
                None => Err(StoreError::not_found("dependency", change.id)),
                Some(row) if change.expected.is_some_and(|expected| expected != row.version) => {
                    let expected = change.expected.unwrap_or_default();
                    Err(conflict("dependency", change.id, expected, row.version))
                }
                Some(row) => {
                    let before = row.clone();
                    apply(row, &change.patch);
                    row.version += 1;
                    row.updated_at = now;
                    changed.insert(row.id);
                    Ok((before, row.clone()))
                }
            });
        }
        let rows = current.into_values().filter(|row| changed.contains(&row.id));
        let rows: Vec<ActiveModel> = rows.map(IntoActiveModel::into_active_model).collect();
        let replace = OnConflict::columns([Column::ClientAccountId, Column::Id])
            .update_columns([
                Column::Description,
                Column::Weight,
                Column::IsHard,
                Column::Version,
                Column::UpdatedAt,
            ])
            .to_owned();
        insert_rows::<ActiveModel, _, _>(&self.uow.connection, rows, Some(replace)).await?;
        Ok(results)
    }

    /// Deletes dependencies, up to a thousand. Gives each as it was, or why it was refused.
    pub async fn delete_all(&self, ids: &[(Uuid, Option<i64>)]) -> StoreResult<Vec<StoreResult<Model>>> {
        let mut known = self.locked(ids.iter().map(|(id, _)| *id)).await?;
        let mut gone = Vec::new();
        let mut results = Vec::new();
        for (id, expected) in ids {
            let outcome = known
                .get(id)
                .ok_or_else(|| StoreError::not_found("dependency", id))
                .and_then(|row| StoreError::check_version("dependency", id, *expected, row.version));
            results.push(outcome.and_then(|()| {
                gone.push(*id);
                known
                    .remove(id)
                    .ok_or_else(|| StoreError::not_found("dependency", id))
            }));
        }
        asset_dependencies::Entity::delete_of(self.uow.scope())
            .filter(Column::Id.is_in(gone))
            .exec(&self.uow.connection)
            .await?;
        Ok(results)
    }

    async fn locked(&self, ids: impl Iterator<Item = Uuid>) -> StoreResult<HashMap<Uuid, Model>> {
        let rows = asset_dependencies::Entity::of(self.uow.scope())
            .filter(Column::Id.is_in(ids))
            .lock_exclusive()
            .all(&self.uow.connection)
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

fn apply(row: &mut Model, patch: &DependencyPatch) {
    if let Some(description) = &patch.description {
        row.description.clone_from(description);
    }
    if let Some(weight) = patch.weight {
        row.weight = weight;
    }
    if let Some(is_hard) = patch.is_hard {
        row.is_hard = is_hard;
    }
}
