//! Asset inventory: records become assets, or join those that are known.

use super::batches::{ReadRecord, RecordBatches};
use super::executor::{DiscoveryError, PhaseContext, PhaseExecutor, PhaseOutcome};
use super::exported::exported;
use super::facts::{ReadRow, RecordReader, source_of};
use super::identity::keys_of;
use super::progress::{INVENTORY_PROGRESS, progress, signed};
use super::resolve::{Incoming, InventoryCounts, Known, Resolver};
use super::rows::{Details, write_batch};
use async_trait::async_trait;
use landfall_domain::{AssetId, Phase};
use landfall_repositories::{AssetOrigin, ImportProgress, RawRow, Uow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Makes and merges assets. Cost per batch: one look-up of all keys, one read of the assets they belong to, one write per table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AssetInventory;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Position {
    last_index: Option<i64>,
    records: u64,
    counts: InventoryCounts,
}

#[async_trait]
impl PhaseExecutor for AssetInventory {
    fn phase(&self) -> Phase {
        Phase::AssetInventory
    }

    async fn execute(&self, context: &mut PhaseContext) -> Result<PhaseOutcome, DiscoveryError> {
        let mut position: Position = context.cursor(self.phase());
        let reader = context.record_reader(self.phase()).await?;
        let origin = origin_of(context);
        let mut batches = RecordBatches::after(context, reader, position.last_index.unwrap_or(-1));
        loop {
            let batch = batches.next().await?;
            if batch.is_empty() {
                return Ok(PhaseOutcome::Completed(json!(position.counts)));
            }
            work_in(context, batches.reader(), &origin, batch, &mut position).await?;
        }
    }

    async fn accept(
        &self,
        context: &mut PhaseContext,
        output: Value,
    ) -> Result<PhaseOutcome, DiscoveryError> {
        // Assets are handed in as the records that they are made from; identity and merging stay Landfall's.
        super::quality::DataCleansing
            .accept(context, output)
            .await
            .map_err(|error| match error {
                DiscoveryError::NotAResult { reason, .. } => DiscoveryError::NotAResult {
                    phase: self.phase(),
                    reason,
                },
                other => other,
            })?;
        self.execute(context).await
    }
}

fn origin_of(context: &PhaseContext) -> AssetOrigin {
    AssetOrigin {
        master_flow_id: context.flow.master_flow_id,
        discovery_flow_id: context.flow.flow_id,
        data_import_id: context.import.id,
        discovery_source: context
            .import
            .source_system
            .clone()
            .unwrap_or_else(|| "import".to_owned()),
        filename: context.import.filename.clone(),
    }
}

async fn work_in(
    context: &mut PhaseContext,
    reader: &RecordReader,
    origin: &AssetOrigin,
    batch: Vec<ReadRecord>,
    position: &mut Position,
) -> Result<(), DiscoveryError> {
    let source = source_of(&context.import);
    let (rows, read): (Vec<RawRow>, Vec<ReadRow>) = batch.into_iter().unzip();
    // Opened first: until it is committed nobody else changes this engagement's inventory, so what is read stays true.
    let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
    let uow = context.services.store().begin_read(&context.scope).await?;
    let known = known_to(&uow, &read, &source).await?;
    let format = reader.format().id();
    let now = context.services.now();
    let mut resolver = Resolver::new(&context.scope, origin, format, source, known, now);
    for (row, what) in rows.iter().zip(read) {
        match what {
            ReadRow::Asset {
                record,
                asset_type,
                is_supplement,
            } => resolver.add(Incoming {
                record_index: row.record_index,
                record,
                fallback_type: asset_type,
                is_supplement,
            }),
            ReadRow::NoAsset { reason_code, reason } => resolver.skip(row.record_index, reason_code, &reason),
        }
    }
    let (resolved, counts) = resolver.finish();
    let details = Details::of(reader.format(), &rows, &resolved.outcomes);
    write_batch(&mut bulk, &uow, &context.import, resolved, details, now).await?;
    drop(uow);
    position.counts.add(&counts);
    position.records += rows.len() as u64;
    position.last_index = rows.last().map(|row| row.record_index);
    let progress = ImportProgress {
        total_records: context
            .import
            .total_records
            .unwrap_or(0)
            .max(signed(position.records)),
        processed_records: signed(position.records),
        failed_records: context.import.failed_records,
        progress_percentage: progress(INVENTORY_PROGRESS, position.records, context.import.total_records),
    };
    bulk.advance_import(context.import.id, progress, now).await?;
    context.commit(bulk, Phase::AssetInventory, position).await
}

/// What the inventory knows about the assets that share a key with these rows.
async fn known_to(uow: &Uow, read: &[ReadRow], source: &str) -> Result<Known, DiscoveryError> {
    let keys: Vec<_> = read
        .iter()
        .filter_map(|row| match row {
            ReadRow::Asset { record, .. } => Some(keys_of(record, source)),
            ReadRow::NoAsset { .. } => None,
        })
        .flatten()
        .collect();
    let wanted: BTreeSet<(&str, &str)> = keys.iter().map(|key| (key.kind, key.value.as_str())).collect();
    let wanted: Vec<_> = wanted.into_iter().collect();
    let inventory = uow.inventory();
    let found = inventory.find_identities(&wanted).await?;
    let exported = exported(uow, &wanted).await?;
    let by_id = exported.iter().map(|(_, id)| *id);
    let ids: BTreeSet<AssetId> = found
        .iter()
        .map(|identity| identity.asset_id)
        .chain(by_id)
        .collect();
    let ids: Vec<AssetId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Known::default());
    }
    Ok(Known {
        assets: inventory.assets(&ids).await?,
        identities: inventory.identities_of(&ids).await?,
        person_sources: inventory.person_sources_of(&ids).await?,
        exported,
    })
}
