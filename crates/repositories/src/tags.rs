//! Tags, and which asset bears which.

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, delete, insert, insert_rows, one};
use crate::{StoreError, StoreResult, Uow};
use landfall_domain::{AssetId, Page, PageRequest, ids};
use landfall_entities::{TenantScoped, asset_tags, tags};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Tags of the unit of work's scope.
#[derive(Debug)]
pub struct TagRepository<'u> {
    uow: &'u Uow,
}

impl Uow {
    /// Tags.
    pub fn tags(&self) -> TagRepository<'_> {
        TagRepository { uow: self }
    }
}

impl TagRepository<'_> {
    /// The tag with this category and name, made if there is none.
    pub async fn obtain(
        &self,
        category: &str,
        name: &str,
        description: Option<&str>,
    ) -> StoreResult<tags::Model> {
        if category.trim().is_empty() || name.trim().is_empty() {
            return Err(StoreError::invalid("a tag needs a category and a name"));
        }
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = tags::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name: name.to_owned(),
            category: category.to_owned(),
            description: description.map(str::to_owned),
            confidence_threshold: None,
            is_active: true,
            usage_count: None,
            last_used: None,
            created_at: now,
            updated_at: now,
        };
        let keep = OnConflict::new().do_nothing().to_owned();
        insert_rows(&self.uow.connection, vec![row], Some(keep)).await?;
        self.find(category, name)
            .await?
            .ok_or_else(|| StoreError::not_found("tag", format!("{category}={name}")))
    }

    /// Makes a tag.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if there is one with this category and name.
    pub async fn create(
        &self,
        category: &str,
        name: &str,
        description: Option<&str>,
    ) -> StoreResult<tags::Model> {
        if self.find(category, name).await?.is_some() {
            return Err(StoreError::Duplicate {
                constraint: "category and name of a tag".to_owned(),
            });
        }
        self.obtain(category, name, description).await
    }

    /// The tag with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<tags::Model> {
        one::<tags::Entity>(self.uow, tags::Column::Id.eq(id), "tag", id).await
    }

    /// The tag with this category and name.
    pub async fn find(&self, category: &str, name: &str) -> StoreResult<Option<tags::Model>> {
        Ok(tags::Entity::of(self.uow.scope())
            .filter(tags::Column::Category.eq(category))
            .filter(tags::Column::Name.eq(name))
            .one(&self.uow.connection)
            .await?)
    }

    /// Which assets bear a tag, page by page.
    pub async fn assets(&self, tag: Uuid, request: &PageRequest) -> StoreResult<Page<asset_tags::Model>> {
        let rows = asset_tags::Entity::of(self.uow.scope()).filter(asset_tags::Column::TagId.eq(tag));
        let order = Sort::by_id(asset_tags::Column::Id, false);
        keyset::page(&self.uow.connection, rows, &order, request).await
    }

    /// Puts a tag on assets, up to a thousand at once; those that bear it go on bearing it. Gives how many are new.
    pub async fn assign_all(&self, assets: &[AssetId], tag: Uuid) -> StoreResult<u64> {
        let rows = assets.iter().map(|asset| self.mark(*asset, tag)).collect();
        let keep = OnConflict::new().do_nothing().to_owned();
        insert_rows(&self.uow.connection, rows, Some(keep)).await
    }

    /// Every tag, by category and name. An engagement has few: they are chosen from lists.
    pub async fn list(&self) -> StoreResult<Vec<tags::Model>> {
        Ok(tags::Entity::of(self.uow.scope())
            .order_by_asc(tags::Column::Category)
            .order_by_asc(tags::Column::Name)
            .all(&self.uow.connection)
            .await?)
    }

    /// Deletes a tag and takes it off all assets.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<tags::Entity>(self.uow, tags::Column::Id.eq(id), "tag", id).await
    }

    /// Puts a tag on an asset; one that bears it already goes on bearing it.
    pub async fn assign(&self, asset: AssetId, tag: Uuid) -> StoreResult<()> {
        use asset_tags::Column;
        let scope = self.uow.scope();
        let known = asset_tags::Entity::of(scope)
            .filter(Column::AssetId.eq(asset))
            .filter(Column::TagId.eq(tag))
            .one(&self.uow.connection)
            .await?;
        if known.is_some() {
            return Ok(());
        }
        insert(&self.uow.connection, self.mark(asset, tag)).await
    }

    fn mark(&self, asset: AssetId, tag: Uuid) -> asset_tags::Model {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        asset_tags::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            asset_id: asset,
            tag_id: tag,
            confidence_score: None,
            assigned_method: Some("manual".to_owned()),
            assigned_by: scope.actor.user_id,
            is_validated: true,
            validated_by: scope.actor.user_id,
            validated_at: Some(now),
            created_at: now,
            updated_at: now,
            data_import_id: None,
        }
    }

    /// Takes a tag off an asset.
    pub async fn unassign(&self, asset: AssetId, tag: Uuid) -> StoreResult<()> {
        let deleted = asset_tags::Entity::delete_of(self.uow.scope())
            .filter(asset_tags::Column::AssetId.eq(asset))
            .filter(asset_tags::Column::TagId.eq(tag))
            .exec(&self.uow.connection)
            .await?;
        if deleted.rows_affected == 0 {
            Err(StoreError::not_found("tag on this asset", tag))
        } else {
            Ok(())
        }
    }

    /// Which of the assets bears which tag, in one query: for a page or batch of assets.
    pub async fn of_assets(&self, assets: &[AssetId]) -> StoreResult<Vec<(AssetId, tags::Model)>> {
        let marks = asset_tags::Entity::of(self.uow.scope())
            .filter(asset_tags::Column::AssetId.is_in(assets.iter().copied()))
            .all(&self.uow.connection)
            .await?;
        let all = tags::Entity::of(self.uow.scope())
            .filter(tags::Column::Id.is_in(marks.iter().map(|mark| mark.tag_id)))
            .all(&self.uow.connection)
            .await?;
        let named = |mark: asset_tags::Model| {
            let tag = all.iter().find(|tag| tag.id == mark.tag_id)?;
            Some((mark.asset_id, tag.clone()))
        };
        Ok(marks.into_iter().filter_map(named).collect())
    }
}
