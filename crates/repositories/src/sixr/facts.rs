//! What a batch of subjects is judged by, in a few statements each.

use super::SixrRepository;
use crate::StoreResult;
use landfall_domain::AssetId;
use landfall_entities::{
    TenantScoped, application_assets, applications, asset_dependencies, asset_metrics, sixr_analyses,
    tech_debt_findings,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Ids of one `IN` list.
const IDS_PER_QUERY: usize = 5_000;

impl SixrRepository<'_> {
    /// Findings of the assets.
    pub async fn findings_of(&self, assets: &[AssetId]) -> StoreResult<Vec<tech_debt_findings::Model>> {
        use tech_debt_findings::Column;
        let mut found = Vec::new();
        for chunk in assets.chunks(IDS_PER_QUERY) {
            let rows = tech_debt_findings::Entity::of(self.uow.scope())
                .filter(Column::AssetId.is_in(chunk.iter().copied()))
                .order_by_asc(Column::Id);
            found.extend(rows.all(&self.uow.connection).await?);
        }
        Ok(found)
    }

    /// Measured loads of the assets.
    pub async fn metrics_of(
        &self,
        assets: &[AssetId],
        names: &[&str],
    ) -> StoreResult<Vec<asset_metrics::Model>> {
        use asset_metrics::Column;
        let mut found = Vec::new();
        for chunk in assets.chunks(IDS_PER_QUERY) {
            let rows = asset_metrics::Entity::of(self.uow.scope())
                .filter(Column::AssetId.is_in(chunk.iter().copied()))
                .filter(Column::Metric.is_in(names.iter().copied()))
                .order_by_asc(Column::Id);
            found.extend(rows.all(&self.uow.connection).await?);
        }
        Ok(found)
    }

    /// The other assets that each asset needs or is needed by, as (asset, other), each pair once.
    pub async fn neighbours_of(&self, assets: &[AssetId]) -> StoreResult<Vec<(AssetId, AssetId)>> {
        use asset_dependencies::Column;
        let mut pairs: Vec<(AssetId, AssetId)> = Vec::new();
        for chunk in assets.chunks(IDS_PER_QUERY) {
            for (end, other) in [
                (Column::AssetId, Column::DependsOnAssetId),
                (Column::DependsOnAssetId, Column::AssetId),
            ] {
                let found: Vec<(AssetId, AssetId)> = asset_dependencies::Entity::of(self.uow.scope())
                    .filter(end.is_in(chunk.iter().copied()))
                    .select_only()
                    .columns([end, other])
                    .distinct()
                    .into_tuple()
                    .all(&self.uow.connection)
                    .await?;
                pairs.extend(found);
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        Ok(pairs)
    }

    /// Whether the engagement has any dependency: without one, nobody has looked.
    pub async fn has_dependencies(&self) -> StoreResult<bool> {
        let any: Option<Uuid> = asset_dependencies::Entity::of(self.uow.scope())
            .select_only()
            .column(asset_dependencies::Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.uow.connection)
            .await?;
        Ok(any.is_some())
    }

    /// The analyses of the assets, oldest first.
    pub async fn analyses_of(&self, assets: &[AssetId]) -> StoreResult<Vec<sixr_analyses::Model>> {
        use sixr_analyses::Column;
        let mut found = Vec::new();
        for chunk in assets.chunks(IDS_PER_QUERY) {
            let rows = sixr_analyses::Entity::of(self.uow.scope())
                .filter(Column::AssetId.is_in(chunk.iter().copied()))
                .order_by_asc(Column::Id);
            found.extend(rows.all(&self.uow.connection).await?);
        }
        Ok(found)
    }

    /// The analyses of the applications, oldest first.
    pub async fn analyses_of_applications(
        &self,
        applications: &[Uuid],
    ) -> StoreResult<Vec<sixr_analyses::Model>> {
        use sixr_analyses::Column;
        let mut found = Vec::new();
        for chunk in applications.chunks(IDS_PER_QUERY) {
            let rows = sixr_analyses::Entity::of(self.uow.scope())
                .filter(Column::ApplicationId.is_in(chunk.iter().copied()))
                .order_by_asc(Column::Id);
            found.extend(rows.all(&self.uow.connection).await?);
        }
        Ok(found)
    }

    /// The next applications after `after` in order of their ids, at most `limit`.
    pub async fn applications_after(
        &self,
        after: Option<Uuid>,
        limit: u64,
    ) -> StoreResult<Vec<applications::Model>> {
        use applications::Column;
        let mut rows = applications::Entity::of(self.uow.scope())
            .order_by_asc(Column::Id)
            .limit(limit);
        if let Some(after) = after {
            rows = rows.filter(Column::Id.gt(after));
        }
        Ok(rows.all(&self.uow.connection).await?)
    }

    /// The members of the applications, as (application, asset).
    pub async fn members_of(&self, applications: &[Uuid]) -> StoreResult<Vec<(Uuid, AssetId)>> {
        use application_assets::Column;
        let mut found = Vec::new();
        for chunk in applications.chunks(IDS_PER_QUERY) {
            let rows: Vec<(Uuid, AssetId)> = application_assets::Entity::of(self.uow.scope())
                .filter(Column::ApplicationId.is_in(chunk.iter().copied()))
                .select_only()
                .columns([Column::ApplicationId, Column::AssetId])
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            found.extend(rows);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Those of the assets that are part of an application.
    pub async fn grouped_of(&self, assets: &[AssetId]) -> StoreResult<Vec<AssetId>> {
        use application_assets::Column;
        let mut found = Vec::new();
        for chunk in assets.chunks(IDS_PER_QUERY) {
            let rows: Vec<AssetId> = application_assets::Entity::of(self.uow.scope())
                .filter(Column::AssetId.is_in(chunk.iter().copied()))
                .select_only()
                .column(Column::AssetId)
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            found.extend(rows);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}
