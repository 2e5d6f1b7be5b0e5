//! Dependencies whose assets came with a later import: what earlier imports said is looked up again.

use super::dependencies::{AssetRef, DependencyHint, resolve};
use super::dependency_analysis::{edge_row, find};
use super::executor::{DiscoveryError, PhaseContext};
use landfall_domain::ids::new_uuid;
use landfall_domain::{AssetId, ImportId, Phase};
use landfall_repositories::Uow;
use landfall_repositories::entities::unresolved_dependencies;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Dependencies of one import that are kept until their assets come; all of them are counted.
const KEPT: u64 = 20_000;

/// How far the second look has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Later {
    /// Dependencies of this import that wait for their assets.
    pub(super) waiting: u64,
    /// Dependencies of earlier imports whose assets have come.
    pub(super) resolved: u64,
    after: Option<Uuid>,
}

/// The hints whose asset is not there yet, as rows to be kept.
pub(super) fn waiting(
    context: &PhaseContext,
    hints: &[DependencyHint],
    open: &[usize],
    source: &str,
    later: &mut Later,
) -> Vec<unresolved_dependencies::Model> {
    let room = usize::try_from(KEPT.saturating_sub(later.waiting)).unwrap_or(usize::MAX);
    let now = context.services.now();
    let rows: Vec<_> = open
        .iter()
        .filter_map(|place| hints.get(*place))
        .take(room)
        .map(|hint| unresolved_dependencies::Model {
            client_account_id: context.scope.client_account_id,
            id: new_uuid(),
            engagement_id: context.scope.engagement_id,
            data_import_id: context.import.id,
            source: source.to_owned(),
            hint: json!(hint),
            created_at: now,
        })
        .collect();
    later.waiting += rows.len() as u64;
    rows
}

/// Looks up again what waits for assets, a batch at a time, and makes the edges of what is found; they belong to the imports
/// that stated them. Returns whether there may be more. Cost: one look-up of names per batch and source.
pub(super) async fn look_again(
    context: &mut PhaseContext,
    limit: u64,
    later: &mut Later,
) -> Result<Batch, DiscoveryError> {
    let uow = context.services.store().begin_read(&context.scope).await?;
    let rows = uow.inventory().unresolved_after(later.after, limit).await?;
    let Some(last) = rows.last() else {
        return Ok(Batch::default());
    };
    later.after = Some(last.id);
    let mut batch = Batch {
        is_last: false,
        ..Batch::default()
    };
    let mut groups: BTreeMap<(ImportId, String), Vec<(Uuid, DependencyHint)>> = BTreeMap::new();
    for row in rows {
        if row.data_import_id == context.import.id {
            continue;
        }
        match serde_json::from_value(row.hint) {
            Ok(hint) => {
                let group = (row.data_import_id, row.source);
                groups.entry(group).or_default().push((row.id, hint));
            }
            Err(_) => batch.settled.push(row.id),
        }
    }
    for ((import, source), waiting) in groups {
        let (ids, hints): (Vec<Uuid>, Vec<DependencyHint>) = waiting.into_iter().unzip();
        let (ids, hints) = existing(&uow, ids, hints, &mut batch.settled).await?;
        let resolution = resolve(&hints, &find(&uow, &hints, &source).await?);
        let open: HashSet<usize> = resolution.open.into_iter().collect();
        let found = ids
            .into_iter()
            .enumerate()
            .filter(|(place, _)| !open.contains(place));
        batch.settled.extend(found.map(|(_, id)| id));
        later.resolved += resolution.edges.len() as u64;
        let edges = resolution.edges.into_iter();
        batch.edges.push((
            import,
            edges.map(|edge| edge_row(context, import, edge)).collect(),
        ));
    }
    Ok(batch)
}

/// What a second look found.
#[derive(Debug)]
pub(super) struct Batch {
    /// Edges by the import that stated them.
    edges: Vec<(
        ImportId,
        Vec<landfall_repositories::entities::asset_dependencies::Model>,
    )>,
    /// What waits no longer.
    settled: Vec<Uuid>,
    /// Whether nothing is left to be looked up.
    pub(super) is_last: bool,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            edges: Vec::new(),
            settled: Vec::new(),
            is_last: true,
        }
    }
}

impl Batch {
    /// Writes edges and position together.
    pub(super) async fn write<T: Serialize + Sync>(
        self,
        context: &mut PhaseContext,
        position: &T,
    ) -> Result<(), DiscoveryError> {
        let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
        for (import, edges) in self.edges {
            bulk.observe_dependencies(import, edges).await?;
        }
        bulk.forget_unresolved(&self.settled).await?;
        context.commit(bulk, Phase::DependencyAnalysis, position).await
    }
}

/// The hints whose known ends are still there; the others wait for nothing.
async fn existing(
    uow: &Uow,
    ids: Vec<Uuid>,
    hints: Vec<DependencyHint>,
    settled: &mut Vec<Uuid>,
) -> Result<(Vec<Uuid>, Vec<DependencyHint>), DiscoveryError> {
    let known = |hint: &DependencyHint| -> Vec<AssetId> {
        let ends = [&hint.from, &hint.to].into_iter();
        ends.filter_map(|end| match end {
            AssetRef::Known(id, _) => Some(*id),
            AssetRef::Named(_) => None,
        })
        .collect()
    };
    let wanted: Vec<AssetId> = hints.iter().flat_map(known).collect();
    let there = uow.inventory().asset_types(&wanted).await?;
    let (mut kept_ids, mut kept) = (Vec::new(), Vec::new());
    for (id, hint) in ids.into_iter().zip(hints) {
        if known(&hint).iter().all(|asset| there.contains_key(asset)) {
            kept_ids.push(id);
            kept.push(hint);
        } else {
            settled.push(id);
        }
    }
    Ok((kept_ids, kept))
}
