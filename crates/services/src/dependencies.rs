//! Dependencies between assets, as persons see and state them. Finding them in imports is the work of discovery.

mod graph;
mod many;

pub use graph::{BlastRadius, Cycle, DependencyGraph, Direction, GraphFormat, GraphSummary};

use crate::Services;
use landfall_domain::{AssetId, Page, PageRequest, Scope};
pub use landfall_repositories::entities::asset_dependencies::Model as Dependency;
use landfall_repositories::{Change, StoreError, StoreResult, Transient, retry};
pub use landfall_repositories::{DependencyFilter, NewDependency};
pub use many::{DependencyBatch, DependencyBatchReport, DependencyChange, DependencyPatch};
use serde_json::{Value, json};
use uuid::Uuid;

/// Why a dependency was not stated.
#[derive(Debug, thiserror::Error)]
pub enum DependencyError {
    /// An asset cannot need itself.
    #[error("asset {0} cannot depend on itself")]
    Itself(AssetId),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Transient for DependencyError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// What an asset needs, and what needs it: one page of each.
#[derive(Clone, Debug)]
pub struct Neighbours {
    /// What the asset needs.
    pub needs: Page<Dependency>,
    /// What needs the asset.
    pub needed_by: Page<Dependency>,
}

impl Services {
    /// Dependencies in the order in which they were found.
    pub async fn dependencies(
        &self,
        scope: &Scope,
        filter: DependencyFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<Dependency>> {
        self.store()
            .begin_read(scope)
            .await?
            .dependencies()
            .list(filter, page)
            .await
    }

    /// What an asset needs, and what needs it.
    pub async fn neighbours(
        &self,
        scope: &Scope,
        asset: AssetId,
        page: &PageRequest,
    ) -> StoreResult<Neighbours> {
        let uow = self.store().begin_read(scope).await?;
        uow.assets().get(asset).await?;
        let needs = uow
            .dependencies()
            .list(DependencyFilter::NeededBy(asset), page)
            .await?;
        let needed_by = uow
            .dependencies()
            .list(DependencyFilter::Needing(asset), page)
            .await?;
        Ok(Neighbours { needs, needed_by })
    }

    /// One dependency.
    pub async fn dependency(&self, scope: &Scope, id: Uuid) -> StoreResult<Dependency> {
        self.store().begin_read(scope).await?.dependencies().get(id).await
    }

    /// States a dependency. One that is known gains the weight.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an asset that does not exist here.
    pub async fn state_dependency(
        &self,
        scope: &Scope,
        new: NewDependency,
    ) -> Result<Dependency, DependencyError> {
        if new.asset_id == new.depends_on_asset_id {
            return Err(DependencyError::Itself(new.asset_id));
        }
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            for asset in [new.asset_id, new.depends_on_asset_id] {
                uow.assets().get(asset).await?;
            }
            let stated = uow.dependencies().add(new.clone()).await?;
            uow.change_log()
                .record(change("stated", &stated, None, Some(facts(&stated))))
                .await?;
            uow.commit().await?;
            Ok(stated)
        })
        .await
    }

    /// Removes a dependency. `expected` is the version that the person saw; `None` removes it whatever the version.
    pub async fn remove_dependency(&self, scope: &Scope, id: Uuid, expected: Option<i64>) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.dependencies().get(id).await?;
            StoreError::check_version("dependency", id, expected, known.version)?;
            uow.dependencies().delete(id).await?;
            uow.change_log()
                .record(change("removed", &known, Some(facts(&known)), None))
                .await?;
            uow.commit().await
        })
        .await
    }
}

fn change(
    action: &'static str,
    of: &Dependency,
    before: Option<Value>,
    after: Option<Value>,
) -> Change<'static> {
    Change {
        entity_type: "dependency",
        entity_id: of.id.to_string(),
        action,
        before,
        after,
    }
}

fn facts(of: &Dependency) -> Value {
    json!({
        "asset_id": of.asset_id, "depends_on_asset_id": of.depends_on_asset_id, "type": of.dependency_type,
        "port": of.port, "protocol": of.protocol, "weight": of.weight, "is_hard": of.is_hard,
    })
}
