//! Dependencies of several assets at once.

use super::DependencyRepository;
use crate::StoreResult;
use asset_dependencies::Column;
use landfall_domain::AssetId;
use landfall_entities::{TenantScoped, asset_dependencies};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

impl DependencyRepository<'_> {
    /// What each of the assets needs, in one query: for a batch of assets, at most a few thousand.
    pub async fn of_assets(&self, assets: &[AssetId]) -> StoreResult<Vec<asset_dependencies::Model>> {
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
}
