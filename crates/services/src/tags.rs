//! Tags, and which asset bears which. Archetypes and questionnaires ask for them.

use crate::Services;
use landfall_domain::{AssetId, Page, PageRequest, Scope};
pub use landfall_repositories::entities::asset_tags::Model as TagMark;
pub use landfall_repositories::entities::tags::Model as Tag;
use landfall_repositories::{Change, StoreError, StoreResult, Uow, retry};
use serde_json::json;
use uuid::Uuid;

/// A tag by its words, as persons and questionnaires name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagName {
    /// Category.
    pub category: String,
    /// Name within the category.
    pub name: String,
}

impl TagName {
    /// The tag with these words, made if there is none.
    pub(crate) async fn obtain(&self, uow: &Uow) -> StoreResult<Tag> {
        uow.tags()
            .obtain(self.category.trim(), self.name.trim(), None)
            .await
    }
}

impl Services {
    /// Every tag, by category and name.
    pub async fn tags(&self, scope: &Scope) -> StoreResult<Vec<Tag>> {
        self.store().begin_read(scope).await?.tags().list().await
    }

    /// One tag.
    pub async fn tag(&self, scope: &Scope, id: Uuid) -> StoreResult<Tag> {
        self.store().begin_read(scope).await?.tags().get(id).await
    }

    /// Makes a tag.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if there is one with this category and name.
    pub async fn create_tag(
        &self,
        scope: &Scope,
        name: &TagName,
        description: Option<&str>,
    ) -> StoreResult<Tag> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let made = uow
                .tags()
                .create(name.category.trim(), name.name.trim(), description)
                .await?;
            uow.commit().await?;
            Ok(made)
        })
        .await
    }

    /// Deletes a tag and takes it off everything that bears it.
    pub async fn delete_tag(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let tag = uow.tags().get(id).await?;
            uow.tags().delete(id).await?;
            let before = json!({ "category": tag.category, "name": tag.name });
            uow.change_log()
                .record(Change {
                    entity_type: "tag",
                    entity_id: id.to_string(),
                    action: "deleted",
                    before: Some(before),
                    after: None,
                })
                .await?;
            uow.commit().await
        })
        .await
    }

    /// The tags of an asset, by category and name.
    pub async fn asset_tags(&self, scope: &Scope, asset: AssetId) -> StoreResult<Vec<Tag>> {
        let uow = self.store().begin_read(scope).await?;
        uow.assets().get(asset).await?;
        let borne = uow.tags().of_assets(&[asset]).await?;
        let mut tags: Vec<Tag> = borne.into_iter().map(|(_, tag)| tag).collect();
        tags.sort_by(|one, other| (&one.category, &one.name).cmp(&(&other.category, &other.name)));
        Ok(tags)
    }

    /// Puts a tag on an asset, made if there is none. One that bears it already goes on bearing it.
    pub async fn tag_asset(&self, scope: &Scope, asset: AssetId, name: &TagName) -> StoreResult<Tag> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.assets().get(asset).await?;
            let tag = name.obtain(&uow).await?;
            uow.tags().assign(asset, tag.id).await?;
            uow.commit().await?;
            Ok(tag)
        })
        .await
    }

    /// Takes a tag off an asset.
    pub async fn untag_asset(&self, scope: &Scope, asset: AssetId, tag: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.tags().unassign(asset, tag).await?;
            uow.commit().await
        })
        .await
    }

    /// Which assets bear a tag, in the order in which they were given it.
    pub async fn tagged_assets(
        &self,
        scope: &Scope,
        tag: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<TagMark>> {
        let uow = self.store().begin_read(scope).await?;
        uow.tags().get(tag).await?;
        uow.tags().assets(tag, page).await
    }

    /// Puts a tag on many assets, up to a thousand. Gives how many did not bear it before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an asset that does not exist here; none is given the tag then.
    pub async fn tag_assets(&self, scope: &Scope, tag: Uuid, assets: &[AssetId]) -> StoreResult<u64> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.tags().get(tag).await?;
            check_assets(&uow, assets).await?;
            let new = uow.tags().assign_all(assets, tag).await?;
            uow.commit().await?;
            Ok(new)
        })
        .await
    }
}

/// That all of these assets exist here.
pub(crate) async fn check_assets(uow: &Uow, assets: &[AssetId]) -> StoreResult<()> {
    let known = uow.inventory().asset_types(assets).await?;
    match assets.iter().find(|asset| !known.contains_key(asset)) {
        Some(missing) => Err(StoreError::not_found("asset", missing)),
        None => Ok(()),
    }
}
