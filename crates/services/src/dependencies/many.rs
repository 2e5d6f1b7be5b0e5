//! Many dependencies at once: stated, changed and removed in one unit of work, with what became of each.

use super::{Dependency, DependencyError, NewDependency, change, facts};
use crate::Services;
use landfall_domain::{AssetId, Scope};
use landfall_repositories::{Change, StoreError, Uow, retry};
pub use landfall_repositories::{DependencyChange, DependencyPatch};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What is to be done. Removals come first, then changes, then new dependencies.
#[derive(Clone, Debug, Default)]
pub struct DependencyBatch {
    /// Dependencies to be stated.
    pub create: Vec<NewDependency>,
    /// Changes.
    pub update: Vec<DependencyChange>,
    /// Dependencies to be removed, with the version that the person saw where he names one.
    pub delete: Vec<(Uuid, Option<i64>)>,
    /// Does all or nothing.
    pub atomic: bool,
}

/// What became of a batch, item by item in the order given.
#[derive(Debug, Default)]
pub struct DependencyBatchReport {
    /// The stated dependencies.
    pub created: Vec<Result<Dependency, DependencyError>>,
    /// The changed ones.
    pub updated: Vec<Result<Dependency, DependencyError>>,
    /// The removed ones.
    pub deleted: Vec<Result<(), DependencyError>>,
    /// Whether what succeeded was kept.
    pub kept: bool,
}

impl DependencyBatchReport {
    fn has_failures(&self) -> bool {
        let failed = |items: &[Result<Dependency, DependencyError>]| items.iter().any(Result::is_err);
        failed(&self.created) || failed(&self.updated) || self.deleted.iter().any(Result::is_err)
    }
}

impl Services {
    /// States, changes and removes dependencies. An item that is refused keeps no other from being done, unless the batch
    /// is atomic. Cost: a few statements for up to a thousand items.
    pub async fn write_dependencies(
        &self,
        scope: &Scope,
        batch: DependencyBatch,
    ) -> Result<DependencyBatchReport, DependencyError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let mut log = Vec::new();
            let mut report = DependencyBatchReport {
                deleted: deleted(&uow, &batch.delete, &mut log).await?,
                updated: updated(&uow, &batch.update, &mut log).await?,
                created: created(&uow, &batch.create, &mut log).await?,
                kept: false,
            };
            if batch.atomic && report.has_failures() {
                uow.rollback().await?;
                return Ok(report);
            }
            uow.change_log().record_all(log).await?;
            uow.commit().await?;
            report.kept = true;
            Ok(report)
        })
        .await
    }

    /// Changes what a person may change about a dependency.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for another version than the expected one.
    pub async fn change_dependency(
        &self,
        scope: &Scope,
        change: DependencyChange,
    ) -> Result<Dependency, DependencyError> {
        let id = change.id;
        let batch = DependencyBatch {
            update: vec![change],
            ..DependencyBatch::default()
        };
        let mut report = self.write_dependencies(scope, batch).await?;
        report
            .updated
            .pop()
            .unwrap_or_else(|| Err(StoreError::not_found("dependency", id).into()))
    }
}

async fn deleted(
    uow: &Uow,
    wanted: &[(Uuid, Option<i64>)],
    log: &mut Vec<Change<'static>>,
) -> Result<Vec<Result<(), DependencyError>>, DependencyError> {
    let results = uow.dependencies().delete_all(wanted).await?;
    let results = results.into_iter().map(|result| {
        let gone = result?;
        log.push(change("removed", &gone, Some(facts(&gone)), None));
        Ok(())
    });
    Ok(results.collect())
}

async fn updated(
    uow: &Uow,
    changes: &[DependencyChange],
    log: &mut Vec<Change<'static>>,
) -> Result<Vec<Result<Dependency, DependencyError>>, DependencyError> {
    let results = uow.dependencies().update_all(changes).await?;
    let results = results.into_iter().map(|result| {
        let (before, after) = result?;
        log.push(change(
            "updated",
            &after,
            Some(facts(&before)),
            Some(facts(&after)),
        ));
        Ok(after)
    });
    Ok(results.collect())
}

async fn created(
    uow: &Uow,
    wanted: &[NewDependency],
    log: &mut Vec<Change<'static>>,
) -> Result<Vec<Result<Dependency, DependencyError>>, DependencyError> {
    let ends: BTreeSet<AssetId> = wanted
        .iter()
        .flat_map(|new| [new.asset_id, new.depends_on_asset_id])
        .collect();
    let ends: Vec<AssetId> = ends.into_iter().collect();
    let known = uow.inventory().asset_types(&ends).await?;
    let mut refused = HashMap::new();
    let mut accepted = Vec::new();
    for (place, new) in wanted.iter().enumerate() {
        let ends = [new.asset_id, new.depends_on_asset_id];
        if new.asset_id == new.depends_on_asset_id {
            refused.insert(place, DependencyError::Itself(new.asset_id));
        } else if let Some(missing) = ends.into_iter().find(|end| !known.contains_key(end)) {
            refused.insert(place, StoreError::not_found("asset", missing).into());
        } else {
            accepted.push(new.clone());
        }
    }
    let mut stated = uow.dependencies().state_all(accepted).await?.into_iter();
    let results = (0..wanted.len()).filter_map(|place| {
        if let Some(error) = refused.remove(&place) {
            Some(Err(error))
        } else {
            let stated = stated.next()?;
            log.push(change("stated", &stated, None, Some(facts(&stated))));
            Some(Ok(stated))
        }
    });
    Ok(results.collect())
}
