//! The inventory: finding assets, changing one, saying where its values come from, and exporting.

mod change;
pub(crate) mod edges;
mod export;
mod many;
mod table;

pub use change::ValueFault;
pub use edges::{Edge, EdgeFault};
pub use export::{ExportFormat, Pieces};
pub use landfall_repositories::entities::assets::Model as Asset;
pub use landfall_repositories::{
    AssetColumn, AssetFilter, AssetPatch, AssetSort, FieldProvenance, Operator, Statement, field_values,
};
pub use many::{AssetBatch, AssetBatchReport, AssetChange};
pub(crate) use table::ATTRIBUTE_PREFIX;
pub use table::{DEPENDENCIES_COLUMN, ID_COLUMN, TAGS_COLUMN};

use crate::Services;
use landfall_domain::{AssetId, Page, PageRequest, Scope};
use landfall_repositories::{StoreError, StoreResult, Transient, retry};

/// Why an asset was not changed or exported.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// Values that the fields do not take, all of them.
    #[error("{} of the values cannot be taken: {}", faults.len(), faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; "))]
    Values {
        /// What is wrong with each.
        faults: Vec<ValueFault>,
    },
    /// The inventory has this asset already.
    #[error("{} has the {} '{value}' already", known_as(*.id), kind.replace('_', " "))]
    Known {
        /// The asset; absent if it is another new one of the same batch.
        id: Option<AssetId>,
        /// The kind of key by which it is recognised.
        kind: &'static str,
        /// The key.
        value: String,
    },
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The export could not be written.
    #[error("the export could not be written: {0}")]
    Write(String),
}

fn known_as(id: Option<AssetId>) -> String {
    id.map_or_else(
        || "another asset of the batch".to_owned(),
        |id| format!("asset {id}"),
    )
}

impl AssetError {
    /// Nothing says what the asset is called.
    fn nameless() -> Self {
        let message = "an asset needs a name: give name, hostname, fqdn or application_name";
        Self::Values {
            faults: vec![ValueFault {
                field: "name".to_owned(),
                rule: "required",
                message: message.to_owned(),
            }],
        }
    }
}

impl Transient for AssetError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// An asset with what is kept beside its row.
#[derive(Clone, Debug)]
pub struct AssetDetail {
    /// The row.
    pub asset: Asset,
    /// Its tags as `category=name`; a bare word where there is no category.
    pub tags: Vec<String>,
}

/// Category of tags that came as a bare word.
pub(crate) const BARE_TAG: &str = "tag";

impl Services {
    /// The page of assets that the filter finds.
    pub async fn assets(
        &self,
        scope: &Scope,
        filter: &AssetFilter,
        sort: AssetSort,
        page: &PageRequest,
    ) -> StoreResult<Page<Asset>> {
        self.store()
            .begin_read(scope)
            .await?
            .assets()
            .list(filter, sort, page)
            .await
    }

    /// One asset.
    pub async fn asset(&self, scope: &Scope, id: AssetId) -> StoreResult<AssetDetail> {
        let uow = self.store().begin_read(scope).await?;
        let asset = uow.assets().get(id).await?;
        let tags = uow.tags().of_assets(&[id]).await?;
        let mut tags: Vec<String> = tags
            .into_iter()
            .map(|(_, tag)| tag_text(&tag.category, &tag.name))
            .collect();
        tags.sort_unstable();
        Ok(AssetDetail { asset, tags })
    }

    /// Changes values of an asset. What a person sets is not overwritten by imports. `expected` is the version that the
    /// person saw; `None` changes it whatever the version.
    ///
    /// # Errors
    /// [`AssetError::Values`] with every value that its field does not take; nothing is changed then.
    pub async fn change_asset(
        &self,
        scope: &Scope,
        id: AssetId,
        expected: Option<i64>,
        patch: AssetPatch,
    ) -> Result<AssetDetail, AssetError> {
        let patch = change::checked(patch)?;
        let changed = retry(|| async {
            let uow = self.store().begin(scope).await?;
            let expected = match expected {
                Some(expected) => expected,
                None => uow.assets().get(id).await?.version,
            };
            uow.assets().update(id, expected, &patch).await?;
            uow.commit().await
        });
        changed.await?;
        Ok(self.asset(scope, id).await?)
    }

    /// Deletes an asset with its dependencies, tags, identities and findings.
    /// `expected` is the version that the person saw; `None` deletes it whatever the version.
    pub async fn delete_asset(&self, scope: &Scope, id: AssetId, expected: Option<i64>) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let version = uow.assets().get(id).await?.version;
            StoreError::check_version("asset", id, expected, version)?;
            uow.assets().delete(id).await?;
            uow.commit().await
        })
        .await
    }

    /// Per field of an asset, who said what and whose word counts.
    pub async fn asset_provenance(&self, scope: &Scope, id: AssetId) -> StoreResult<Vec<FieldProvenance>> {
        self.store()
            .begin_read(scope)
            .await?
            .assets()
            .provenance(id)
            .await
    }
}

/// A tag as a person writes it.
fn tag_text(category: &str, name: &str) -> String {
    if category == BARE_TAG {
        name.to_owned()
    } else {
        format!("{category}={name}")
    }
}
