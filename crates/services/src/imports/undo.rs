//! Undoing an import: what only it said goes, what others said as well stays.

use super::ImportError;
use crate::discovery::facts::format_of;
use crate::discovery::merge::{PERSON_PRECEDENCE, refold, stated_names};
use crate::discovery::{Details, record, restate};
use crate::services::Services;
use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, ImportId, ImportStatus, Scope};
use landfall_repositories::entities::{asset_field_sources, assets, data_imports};
use landfall_repositories::{AssetRow, Bulk, Change, FlowChange, Uow};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What undoing an import did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UndoReport {
    /// Assets that only this import had stated, and that are gone.
    pub removed: u64,
    /// Assets that other sources state as well; they say again what those say.
    pub restored: u64,
    /// Assets that only this import had stated but that a person has worked on since; they stay as they are.
    pub kept: Vec<AssetId>,
    /// Dependencies that are gone.
    pub dependencies_removed: u64,
}

impl Services {
    /// Takes away what an import brought into the inventory. The raw records stay, and the import is cancelled. May be called
    /// again after an interruption. Cost: one pass over the import's records, a batch at a time.
    ///
    /// # Errors
    /// The import is being worked on, or was undone already.
    pub async fn undo(&self, scope: &Scope, import: ImportId) -> Result<UndoReport, ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(import).await?;
        drop(uow);
        match import.status {
            ImportStatus::Pending | ImportStatus::Processing => return Err(ImportError::Busy(import.id)),
            ImportStatus::Cancelled if import.summary.get("undone").is_some() => {
                return Err(ImportError::Gone(import.id));
            }
            ImportStatus::Completed | ImportStatus::Failed | ImportStatus::Cancelled => {}
        }
        let report = self.withdraw(scope, &import).await?;
        self.finish_undo(scope, &import, &report).await?;
        Ok(report)
    }

    /// Takes away what an import brought into the inventory; the import and its flow stay as they are. May be called again
    /// after an interruption.
    pub(crate) async fn withdraw(
        &self,
        scope: &Scope,
        import: &data_imports::Model,
    ) -> Result<UndoReport, ImportError> {
        let mut report = UndoReport::default();
        // Before the assets, with which they would go uncounted.
        let mut bulk = self.store().begin_bulk(scope.clone()).await?;
        report.dependencies_removed = bulk.withdraw_dependencies(import.id).await?;
        bulk.forget_unresolved_of(import.id).await?;
        bulk.commit().await?;
        let mut after = -1;
        loop {
            let uow = self.store().begin_read(scope).await?;
            let limit = self.settings().batch_rows as u64;
            let linked = uow
                .inventory()
                .linked_records_after(import.id, after, limit)
                .await?;
            drop(uow);
            let Some((last, _)) = linked.last() else { break };
            after = *last;
            let ids: BTreeSet<AssetId> = linked.iter().map(|(_, id)| *id).collect();
            self.undo_batch(scope, import, ids.into_iter().collect(), &mut report)
                .await?;
        }
        let mut bulk: Bulk = self.store().begin_bulk(scope.clone()).await?;
        bulk.forget_import(import.id, &report.kept).await?;
        bulk.commit().await?;
        Ok(report)
    }

    async fn undo_batch(
        &self,
        scope: &Scope,
        import: &data_imports::Model,
        ids: Vec<AssetId>,
        report: &mut UndoReport,
    ) -> Result<(), ImportError> {
        let mut bulk = self.store().begin_bulk(scope.clone()).await?;
        let uow = self.store().begin_read(scope).await?;
        let touched = uow.inventory().assets(&ids).await?;
        let sources = uow.inventory().sources_of(&ids).await?;
        let linked: HashSet<AssetId> = uow
            .inventory()
            .assets_with_manual_links(&ids)
            .await?
            .into_iter()
            .collect();
        let mut by_asset: HashMap<AssetId, Vec<asset_field_sources::Model>> = HashMap::new();
        for source in sources {
            by_asset.entry(source.asset_id).or_default().push(source);
        }
        let (mut gone, mut restored, mut remaining) = (Vec::new(), Vec::new(), Vec::new());
        let now = self.now();
        for asset in touched {
            let sources = by_asset.remove(&asset.id).unwrap_or_default();
            let (ours, others): (Vec<_>, Vec<_>) = sources
                .into_iter()
                .partition(|source| source.data_import_id == Some(import.id));
            let others_are_imports = others.iter().any(|source| source.precedence < PERSON_PRECEDENCE);
            if others_are_imports {
                restored.push(restore(asset, &ours, &others, now));
                remaining.extend(others);
            } else if others.is_empty() && !linked.contains(&asset.id) {
                gone.push(asset.id);
            } else {
                report.kept.push(asset.id);
            }
        }
        report.removed += gone.len() as u64;
        report.restored += restored.len() as u64;
        let restored_ids: Vec<AssetId> = restored.iter().map(AssetRow::id).collect();
        bulk.delete_assets(&gone).await?;
        bulk.forget_details(import.id, &restored_ids).await?;
        bulk.replace_assets(restored).await?;
        restate_remaining(&mut bulk, &uow, &remaining, now).await?;
        drop(uow);
        Ok(bulk.commit().await?)
    }

    async fn finish_undo(
        &self,
        scope: &Scope,
        import: &data_imports::Model,
        report: &UndoReport,
    ) -> Result<(), ImportError> {
        let uow = self.store().begin(scope).await?;
        uow.imports().mark_undone(import.id, json!(report)).await?;
        if let Ok(flow) = uow.discovery().get_by_import(import.id).await {
            let reason = Some("the import was undone".to_owned());
            uow.discovery()
                .set_status(flow.flow_id, &FlowChange::Cancelled { reason })
                .await?;
        }
        let change = Change {
            entity_type: "import",
            entity_id: import.id.to_string(),
            action: "undone",
            before: Some(json!({ "status": import.status, "summary": import.summary })),
            after: Some(json!(report)),
        };
        uow.change_log().record(change).await?;
        Ok(uow.commit().await?)
    }
}

fn restore(
    asset: assets::Model,
    ours: &[asset_field_sources::Model],
    others: &[asset_field_sources::Model],
    now: DateTime<Utc>,
) -> AssetRow {
    let stated: HashSet<String> = ours
        .iter()
        .flat_map(|source| stated_names(&source.field_values))
        .collect();
    let mut row = AssetRow::change(asset, now);
    refold(&mut row, others, &stated);
    row
}

/// What the remaining imports said about the assets beside their fields, import by import, the oldest first.
async fn restate_remaining(
    bulk: &mut Bulk,
    uow: &Uow,
    remaining: &[asset_field_sources::Model],
    now: DateTime<Utc>,
) -> Result<(), ImportError> {
    let mut by_import: BTreeMap<ImportId, Vec<&asset_field_sources::Model>> = BTreeMap::new();
    for source in remaining {
        if let Some(import) = source.data_import_id {
            by_import.entry(import).or_default().push(source);
        }
    }
    for (import, sources) in by_import {
        let import = uow.imports().get(import).await?;
        let positions: Vec<i64> = sources.iter().filter_map(|source| source.record_index).collect();
        let rows = uow.inventory().records_at(import.id, &positions).await?;
        let details = Details::of_linked(format_of(&import), rows.iter().map(|row| (row, row.asset_id)));
        let statements: Vec<_> = sources
            .iter()
            .map(|source| (source.asset_id, record::from_json(&source.field_values)))
            .collect();
        restate(bulk, uow, &import, &statements, details, now).await?;
    }
    Ok(())
}
