//! Many assets at once: made, changed and deleted in one unit of work, with what became of each.

use super::{Asset, AssetError, AssetPatch, change};
use crate::Services;
use crate::cleansing::Cleansed;
use crate::discovery::identity::{Key, keys_of};
use crate::discovery::merge::completeness;
use crate::discovery::record;
use landfall_domain::{AssetId, AssetType, Scope};
pub use landfall_repositories::AssetChange;
use landfall_repositories::{NewAsset, StatedAsset, Uow, retry};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Whose ids persons state: within this name they are unique.
const SOURCE: &str = "person";

/// What is to be done. Deletions come first, then changes, then new assets.
#[derive(Clone, Debug, Default)]
pub struct AssetBatch {
    /// Assets to be made, with their values.
    pub create: Vec<AssetPatch>,
    /// Changes.
    pub update: Vec<AssetChange>,
    /// Assets to be deleted, with the version that the person saw where he names one.
    pub delete: Vec<(AssetId, Option<i64>)>,
    /// Does all or nothing.
    pub atomic: bool,
}

/// What became of a batch, item by item in the order given.
#[derive(Debug, Default)]
pub struct AssetBatchReport {
    /// The new assets.
    pub created: Vec<Result<Asset, AssetError>>,
    /// The changed assets.
    pub updated: Vec<Result<Asset, AssetError>>,
    /// The deleted ones.
    pub deleted: Vec<Result<(), AssetError>>,
    /// Whether what succeeded was kept.
    pub kept: bool,
}

impl AssetBatchReport {
    fn has_failures(&self) -> bool {
        let failed = |items: &[Result<Asset, AssetError>]| items.iter().any(Result::is_err);
        failed(&self.created) || failed(&self.updated) || self.deleted.iter().any(Result::is_err)
    }
}

impl Services {
    /// Makes, changes and deletes assets. An item that is refused keeps no other from being done, unless the batch is
    /// atomic. Cost: a few statements for up to a thousand items.
    pub async fn write_assets(
        &self,
        scope: &Scope,
        batch: AssetBatch,
    ) -> Result<AssetBatchReport, AssetError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let mut report = AssetBatchReport {
                deleted: deleted(&uow, &batch.delete).await?,
                updated: updated(&uow, &batch.update).await?,
                created: created(&uow, &batch.create).await?,
                kept: false,
            };
            if batch.atomic && report.has_failures() {
                uow.rollback().await?;
                return Ok(report);
            }
            uow.commit().await?;
            report.kept = true;
            Ok(report)
        })
        .await
    }

    /// Makes an asset of what a person states.
    ///
    /// # Errors
    /// [`AssetError::Values`] with every value that its field does not take, [`AssetError::Known`] if the inventory has it.
    pub async fn create_asset(&self, scope: &Scope, values: AssetPatch) -> Result<Asset, AssetError> {
        let batch = AssetBatch {
            create: vec![values],
            ..AssetBatch::default()
        };
        let mut report = self.write_assets(scope, batch).await?;
        report
            .created
            .pop()
            .unwrap_or_else(|| Err(AssetError::Write("nothing was made of the asset".to_owned())))
    }
}

async fn deleted(
    uow: &Uow,
    wanted: &[(AssetId, Option<i64>)],
) -> Result<Vec<Result<(), AssetError>>, AssetError> {
    let results = uow.assets().delete_all(wanted).await?;
    Ok(results
        .into_iter()
        .map(|result| result.map_err(Into::into))
        .collect())
}

async fn updated(uow: &Uow, changes: &[AssetChange]) -> Result<Vec<Result<Asset, AssetError>>, AssetError> {
    let mut refused = HashMap::new();
    let mut accepted = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        match change::checked(change.patch.clone()) {
            Ok(patch) => accepted.push(AssetChange {
                patch,
                ..change.clone()
            }),
            Err(error) => {
                refused.insert(place, error);
            }
        }
    }
    let done = uow.assets().update_all(&accepted).await?;
    Ok(woven(
        changes.len(),
        refused,
        done.into_iter().map(|result| result.map_err(Into::into)),
    ))
}

async fn created(uow: &Uow, wanted: &[AssetPatch]) -> Result<Vec<Result<Asset, AssetError>>, AssetError> {
    let mut refused = HashMap::new();
    let mut accepted = Vec::new();
    for (place, values) in wanted.iter().enumerate() {
        match stated(values.clone()) {
            Ok(asset) => accepted.push((place, asset)),
            Err(error) => {
                refused.insert(place, error);
            }
        }
    }
    let keys = accepted.iter().flat_map(|(_, (_, keys))| keys);
    let mut taken = known(uow, keys).await?;
    let mut new = Vec::new();
    for (place, (asset, keys)) in accepted {
        let twin = keys.iter().find_map(|key| Some((key, *taken.get(key)?)));
        if let Some((key, id)) = twin {
            let (kind, value) = (key.kind, key.value.clone());
            refused.insert(place, AssetError::Known { id, kind, value });
            continue;
        }
        // The second of two alike in one batch is refused as well.
        taken.extend(keys.into_iter().map(|key| (key, None)));
        new.push(asset);
    }
    let made = uow.assets().state_all(new).await?;
    Ok(woven(wanted.len(), refused, made.into_iter().map(Ok)))
}

/// Puts what was refused back to its place among what was done.
fn woven<T>(
    number: usize,
    mut refused: HashMap<usize, AssetError>,
    mut done: impl Iterator<Item = Result<T, AssetError>>,
) -> Vec<Result<T, AssetError>> {
    (0..number)
        .filter_map(|place| refused.remove(&place).map(Err).or_else(|| done.next()))
        .collect()
}

/// The asset as it is kept, with the keys by which it will be recognised.
fn stated(values: AssetPatch) -> Result<(StatedAsset, Vec<Key>), AssetError> {
    let AssetPatch {
        mut fields,
        custom_attributes,
    } = change::checked(values)?;
    let record: Cleansed = record::from_json(&Value::Object(fields.clone()));
    let has = |field: &str| record.get(field).is_some();
    if !["name", "asset_name", "hostname", "fqdn", "application_name"]
        .into_iter()
        .any(has)
    {
        return Err(AssetError::nameless());
    }
    if !fields.contains_key("asset_type") {
        let runs_something = ["operating_system", "cpu_cores", "memory_gb"]
            .into_iter()
            .any(has);
        let inferred = if runs_something {
            AssetType::Server
        } else {
            AssetType::Unknown
        };
        fields.insert("asset_type".to_owned(), json!(inferred));
    }
    let keys = keys_of(&record, SOURCE);
    let asset = StatedAsset {
        completeness_score: completeness(has),
        identities: keys.iter().map(|key| (key.kind, key.value.clone())).collect(),
        new: NewAsset {
            fields,
            custom_attributes,
            data_import_id: None,
            source: "manual".to_owned(),
        },
    };
    Ok((asset, keys))
}

/// The assets that have one of these keys already.
async fn known(
    uow: &Uow,
    keys: impl Iterator<Item = &Key>,
) -> Result<HashMap<Key, Option<AssetId>>, AssetError> {
    let keys: Vec<&Key> = keys.collect();
    let wanted: Vec<(&str, &str)> = keys.iter().map(|key| (key.kind, key.value.as_str())).collect();
    let found = uow.inventory().find_identities(&wanted).await?;
    let mut taken = HashMap::new();
    for identity in found {
        let key = keys
            .iter()
            .find(|key| key.kind == identity.kind && key.value == identity.value);
        if let Some(key) = key {
            taken.insert((*key).clone(), Some(identity.asset_id));
        }
    }
    Ok(taken)
}
