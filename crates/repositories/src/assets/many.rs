//! Many assets at once, as persons state, change and delete them: a few statements for all of them.

use super::create::{Origin, row_of};
use super::update::{Changes, stated_by_a_person};
use super::{AssetPatch, AssetRepository, NewAsset};
use crate::scoped::{ScopedWrites, conflict, insert_rows};
use crate::{Change, StoreError, StoreResult};
use assets::{ActiveModel, Column, Model};
use landfall_domain::AssetId;
use landfall_entities::{
    TenantScoped, assessments, asset_identities, assets, raw_import_records, sixr_analyses,
};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, IdenStatic, IntoActiveModel, Iterable, QueryFilter, QuerySelect, Set,
    TryIntoModel,
};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// An asset that a person states, with the keys by which imports will recognise it.
#[derive(Clone, Debug, Default)]
pub struct StatedAsset {
    /// Its values.
    pub new: NewAsset,
    /// Kind and value of each key.
    pub identities: Vec<(&'static str, String)>,
    /// Share of the fields a planner needs that have a value, 0 to 1.
    pub completeness_score: f64,
}

/// A change of one asset among many.
#[derive(Clone, Debug)]
pub struct AssetChange {
    /// Which asset.
    pub id: AssetId,
    /// The version that the person saw; any will do if absent.
    pub expected: Option<i64>,
    /// What is changed.
    pub patch: AssetPatch,
}

impl AssetRepository<'_> {
    /// Makes assets as a person states them, up to a thousand, in their order. What they state is not overwritten by
    /// imports.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an asset without any name, or a value that its field does not take: none is made then.
    pub async fn state_all(&self, stated: Vec<StatedAsset>) -> StoreResult<Vec<Model>> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let (mut rows, mut sources, mut identities) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = HashMap::new();
        for asset in stated {
            let (mut row, said) = row_of(scope, now, asset.new, &Origin::default())?;
            let id = AssetId::new();
            row.id = Set(id);
            row.completeness_score = Set(Some(asset.completeness_score));
            sources.push(stated_by_a_person(scope, now, id, said.clone()));
            let keys = asset.identities.into_iter();
            identities.extend(keys.map(|(kind, value)| asset_identities::Model {
                client_account_id: scope.client_account_id,
                engagement_id: scope.engagement_id,
                asset_id: id,
                kind: kind.to_owned(),
                value,
                source: "person".to_owned(),
                data_import_id: None,
                created_at: now,
            }));
            values.insert(id, said);
            rows.push((id, row));
        }
        let ids: Vec<AssetId> = rows.iter().map(|(id, _)| *id).collect();
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        insert_rows::<ActiveModel, _, _>(&self.uow.connection, rows, None).await?;
        insert_rows(&self.uow.connection, sources, None).await?;
        insert_rows(&self.uow.connection, identities, None).await?;
        let log = ids
            .iter()
            .map(|id| logged(*id, "created", None, values.remove(id).map(Value::Object)));
        self.uow.change_log().record_all(log.collect()).await?;
        let mut made = self.by_id(&ids).await?;
        Ok(ids.iter().filter_map(|id| made.remove(id)).collect())
    }

    /// Changes assets, up to a thousand: each as [`AssetRepository::update`] does, and each for itself, so that one that is
    /// refused keeps no other from being changed. Gives what became of each, in their order.
    pub async fn update_all(&self, changes: &[AssetChange]) -> StoreResult<Vec<StoreResult<Model>>> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let ids: Vec<AssetId> = changes.iter().map(|change| change.id).collect();
        let locked = assets::Entity::of(scope)
            .filter(Column::Id.is_in(ids))
            .lock_exclusive()
            .all(&self.uow.connection)
            .await?;
        let mut current: HashMap<AssetId, Model> =
            locked.into_iter().map(|asset| (asset.id, asset)).collect();
        let (mut results, mut sources, mut log) = (Vec::new(), Vec::new(), Vec::new());
        let mut changed = HashSet::new();
        for change in changes {
            let outcome = current
                .get(&change.id)
                .ok_or_else(|| StoreError::not_found("asset", change.id))
                .and_then(|asset| changed_row(asset, change));
            let outcome = match outcome {
                Ok(Some((mut row, what))) => {
                    row.version += 1;
                    row.updated_at = now;
                    row.updated_by = scope.actor.user_id;
                    sources.push(stated_by_a_person(scope, now, row.id, what.after.clone()));
                    let (before, after) = (Value::Object(what.before), Value::Object(what.after));
                    log.push(logged(row.id, "updated", Some(before), Some(after)));
                    changed.insert(row.id);
                    current.insert(row.id, row.clone());
                    Ok(row)
                }
                Ok(None) => current
                    .get(&change.id)
                    .cloned()
                    .ok_or_else(|| StoreError::not_found("asset", change.id)),
                Err(error) => Err(error),
            };
            results.push(outcome);
        }
        let rows = current.into_values().filter(|row| changed.contains(&row.id));
        let rows: Vec<ActiveModel> = rows.map(|row| row.into_active_model().reset_all()).collect();
        insert_rows::<ActiveModel, _, _>(&self.uow.connection, rows, Some(replace())).await?;
        insert_rows(&self.uow.connection, sources, None).await?;
        self.uow.change_log().record_all(log).await?;
        Ok(results)
    }

    /// Deletes assets, up to a thousand, each as [`AssetRepository::delete`] does. Gives what became of each.
    pub async fn delete_all(&self, ids: &[(AssetId, Option<i64>)]) -> StoreResult<Vec<StoreResult<()>>> {
        let scope = self.uow.scope();
        let wanted: Vec<AssetId> = ids.iter().map(|(id, _)| *id).collect();
        let mut known = self.by_id(&wanted).await?;
        let held = self.referred_to(&wanted).await?;
        let (mut results, mut gone, mut log) = (Vec::new(), Vec::new(), Vec::new());
        for (id, expected) in ids {
            let Some(asset) = known.remove(id) else {
                results.push(Err(StoreError::not_found("asset", id)));
                continue;
            };
            if let Err(error) = StoreError::check_version("asset", id, *expected, asset.version) {
                results.push(Err(error));
            } else if held.contains(id) {
                let constraint = format!("an analysis or a plan refers to asset {id}");
                results.push(Err(StoreError::MissingReference { constraint }));
            } else {
                let before =
                    json!({ "name": asset.name, "asset_type": asset.asset_type, "hostname": asset.hostname });
                log.push(logged(*id, "deleted", Some(before), None));
                gone.push(*id);
                results.push(Ok(()));
            }
        }
        raw_import_records::Entity::update_of(scope)
            .filter(raw_import_records::Column::AssetId.is_in(gone.clone()))
            .col_expr(
                raw_import_records::Column::AssetId,
                Expr::val(Option::<AssetId>::None),
            )
            .exec(&self.uow.connection)
            .await?;
        assets::Entity::delete_of(scope)
            .filter(Column::Id.is_in(gone))
            .exec(&self.uow.connection)
            .await?;
        self.uow.change_log().record_all(log).await?;
        Ok(results)
    }

    /// Assets by their ids; those that do not exist here are left out.
    async fn by_id(&self, ids: &[AssetId]) -> StoreResult<HashMap<AssetId, Model>> {
        let found = assets::Entity::of(self.uow.scope())
            .filter(Column::Id.is_in(ids.iter().copied()))
            .all(&self.uow.connection)
            .await?;
        Ok(found.into_iter().map(|asset| (asset.id, asset)).collect())
    }
}

impl AssetRepository<'_> {
    /// Those of the assets that an assessment or an analysis refers to.
    async fn referred_to(&self, ids: &[AssetId]) -> StoreResult<HashSet<AssetId>> {
        let scope = self.uow.scope();
        let ids = || ids.iter().copied();
        let assessed: Vec<Option<AssetId>> = assessments::Entity::of(scope)
            .filter(assessments::Column::AssetId.is_in(ids()))
            .select_only()
            .column(assessments::Column::AssetId)
            .distinct()
            .into_tuple()
            .all(&self.uow.connection)
            .await?;
        let analysed: Vec<Option<AssetId>> = sixr_analyses::Entity::of(scope)
            .filter(sixr_analyses::Column::AssetId.is_in(ids()))
            .select_only()
            .column(sixr_analyses::Column::AssetId)
            .distinct()
            .into_tuple()
            .all(&self.uow.connection)
            .await?;
        Ok(assessed.into_iter().chain(analysed).flatten().collect())
    }
}

/// The asset as it is after the change, and what changes; nothing if it is so already.
fn changed_row(asset: &Model, change: &AssetChange) -> StoreResult<Option<(Model, Changes)>> {
    if let Some(expected) = change.expected
        && expected != asset.version
    {
        return Err(conflict("asset", change.id, expected, asset.version));
    }
    let changes = Changes::of(asset, &change.patch)?;
    if changes.values.is_empty() {
        return Ok(None);
    }
    let mut row = asset.clone().into_active_model();
    for (column, value) in &changes.values {
        row.try_set(*column, value.clone())?;
    }
    Ok(Some((row.try_into_model()?, changes)))
}

/// Writes a changed asset over the one that is there.
fn replace() -> OnConflict {
    let kept = [
        Column::ClientAccountId,
        Column::Id,
        Column::EngagementId,
        Column::CreatedAt,
        Column::CreatedBy,
    ];
    let written = Column::iter().filter(|column| {
        let name = column.as_str();
        kept.iter().all(|kept| kept.as_str() != name)
    });
    OnConflict::columns([Column::ClientAccountId, Column::Id])
        .update_columns(written)
        .to_owned()
}

fn logged(id: AssetId, action: &'static str, before: Option<Value>, after: Option<Value>) -> Change<'static> {
    Change {
        entity_type: "asset",
        entity_id: id.to_string(),
        action,
        before,
        after,
    }
}
