//! Many assets on the wire.

use super::dto::{AssetIn, AssetPatchIn};
use crate::bulk::{BulkOut, Outcomes, check_size};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use landfall_domain::AssetId;
use landfall_services::assets::{AssetBatch, AssetChange, AssetPatch};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Assets to be made, changed and deleted, up to 500 together. Deletions come first, then changes, then new assets.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "create": [{"hostname": "web07", "ip_address": "10.0.0.7", "environment": "Production"}],
    "update": [{"id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "version": 3, "values": {"memory_gb": 32}}],
    "delete": [{"id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b12"}]
}))]
pub(crate) struct AssetBulkIn {
    /// Assets to be made.
    #[serde(default)]
    #[schema(value_type = Vec<AssetIn>, required = false, max_items = 500)]
    create: Vec<Value>,
    /// Changes.
    #[serde(default)]
    #[schema(required = false, max_items = 500)]
    update: Vec<AssetChangeIn>,
    /// Assets to be deleted.
    #[serde(default)]
    #[schema(required = false, max_items = 500)]
    delete: Vec<AssetRefIn>,
    /// Does all or nothing.
    #[serde(default)]
    #[schema(required = false)]
    atomic: bool,
}

/// A change of one asset.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetChangeIn {
    /// Which asset.
    id: AssetId,
    /// The version that was read; any will do if absent.
    version: Option<i64>,
    /// Values to be changed; null takes one away.
    #[schema(value_type = AssetPatchIn)]
    values: Value,
}

/// One asset.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetRefIn {
    /// Which asset.
    id: AssetId,
    /// The version that was read; any will do if absent.
    version: Option<i64>,
}

impl Body for AssetBulkIn {}

/// The items of a request: those that can be tried, and those whose names are wrong, by their places.
pub(super) struct Items {
    /// What can be tried.
    pub(super) batch: AssetBatch,
    deletions: Vec<Uuid>,
    create_faults: BTreeMap<usize, ApiError>,
    update_faults: BTreeMap<usize, ApiError>,
}

impl AssetBulkIn {
    pub(super) fn into_items(self) -> ApiResult<Items> {
        check_size(self.create.len() + self.update.len() + self.delete.len())?;
        let mut items = Items {
            deletions: self.delete.iter().map(|asset| asset.id.into()).collect(),
            batch: AssetBatch {
                atomic: self.atomic,
                delete: self
                    .delete
                    .into_iter()
                    .map(|asset| (asset.id, asset.version))
                    .collect(),
                ..AssetBatch::default()
            },
            create_faults: BTreeMap::new(),
            update_faults: BTreeMap::new(),
        };
        for (place, values) in self.create.into_iter().enumerate() {
            if let Some(patch) = sorted(place, values, &mut items.create_faults) {
                items.batch.create.push(patch);
            }
        }
        for (place, change) in self.update.into_iter().enumerate() {
            if let Some(patch) = sorted(place, change.values, &mut items.update_faults) {
                items.batch.update.push(AssetChange {
                    id: change.id,
                    expected: change.version,
                    patch,
                });
            }
        }
        Ok(items)
    }
}

fn sorted(place: usize, values: Value, faults: &mut BTreeMap<usize, ApiError>) -> Option<AssetPatch> {
    match AssetPatchIn::read(values) {
        Ok(patch) => Some(patch),
        Err(fault) => {
            faults.insert(place, fault);
            None
        }
    }
}

impl Items {
    /// Whether some cannot be tried.
    pub(super) fn has_faults(&self) -> bool {
        !self.create_faults.is_empty() || !self.update_faults.is_empty()
    }

    /// The ids of what is to be deleted.
    pub(super) fn deletions(&self) -> Vec<Uuid> {
        self.deletions.clone()
    }

    /// The answer, with what became of the items that were tried.
    pub(super) fn answer(self, created: Outcomes, updated: Outcomes, deleted: Outcomes) -> BulkOut {
        BulkOut::of(
            woven(self.create_faults, created),
            woven(self.update_faults, updated),
            deleted,
        )
    }
}

/// Puts what was not tried back to its place.
fn woven(mut faults: BTreeMap<usize, ApiError>, done: Outcomes) -> Outcomes {
    let number = faults.len() + done.len();
    let last = faults.keys().next_back().map_or(0, |last| last + 1);
    let mut done = done.into_iter();
    (0..number.max(last))
        .filter_map(|place| faults.remove(&place).map(Err).or_else(|| done.next()))
        .collect()
}
