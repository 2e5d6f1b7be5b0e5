//! Files that were exported from here name assets by Landfall's own ids.

use super::identity::Key;
use crate::imports::formats::LANDFALL;
use landfall_domain::AssetId;
use landfall_repositories::{StoreResult, Uow};
use std::collections::BTreeSet;

/// The assets that records of an exported file are, if the file comes back to where it was exported from. One look-up, and
/// none for files of other formats.
pub(crate) async fn exported(uow: &Uow, wanted: &[(&str, &str)]) -> StoreResult<Vec<(Key, AssetId)>> {
    let named: Vec<(Key, AssetId)> = wanted
        .iter()
        .filter(|(kind, _)| *kind == "source_id")
        .filter_map(|(_, value)| {
            let id = value.strip_prefix(LANDFALL)?.strip_prefix('|')?.parse().ok()?;
            Some((
                Key {
                    kind: "source_id",
                    value: (*value).to_owned(),
                },
                id,
            ))
        })
        .collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<AssetId> = named.iter().map(|(_, id)| *id).collect();
    let here: BTreeSet<AssetId> = uow
        .inventory()
        .assets(&ids)
        .await?
        .into_iter()
        .map(|asset| asset.id)
        .collect();
    Ok(named.into_iter().filter(|(_, id)| here.contains(id)).collect())
}
