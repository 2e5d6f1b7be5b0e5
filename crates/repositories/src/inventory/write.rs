//! What an import writes, batch by batch.

use super::AssetRow;
use crate::StoreResult;
use crate::bulk::{Bulk, Conflict, TableShape};
use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, ImportId};
use landfall_entities::{
    application_assets, applications, asset_disks, asset_field_sources, asset_identities, asset_metrics,
    asset_networks, asset_tags, raw_import_records, tags, tech_debt_findings,
};
use sea_orm::{EntityTrait, IntoActiveModel, ModelTrait, Value};
use serde_json::Value as Json;

/// Ids of one `IN` list.
pub(super) const IDS_PER_STATEMENT: usize = 500;
const ASSET_KEY: &[&str] = &["client_account_id", "id"];

/// What became of a raw record.
#[derive(Clone, Debug)]
pub struct RecordOutcome {
    /// Position in the import.
    pub record_index: i64,
    /// The values after cleansing.
    pub cleansed_data: Json,
    /// A sentence on what was done with it, where that is not obvious.
    pub processing_notes: Option<String>,
    /// The asset it became or was merged into.
    pub asset_id: Option<AssetId>,
}

/// What cleansing found wrong with a record.
#[derive(Clone, Debug)]
pub struct RecordFault {
    /// Position in the import.
    pub record_index: i64,
    /// All that is wrong with it.
    pub validation_errors: Json,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ImportProgress {
    /// Records read from the source.
    pub total_records: i64,
    /// Records dealt with.
    pub processed_records: i64,
    /// Records with something wrong.
    pub failed_records: i64,
    /// 0–100.
    pub progress_percentage: f64,
}

impl Bulk {
    /// Keeps raw records. A record that is there already is left alone, so that a repeated batch is harmless.
    pub async fn add_raw_records(&mut self, rows: Vec<raw_import_records::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Writes new assets.
    pub async fn add_assets(&mut self, rows: Vec<AssetRow>) -> StoreResult<u64> {
        self.insert(rows.into_iter().map(AssetRow::into_row), &Conflict::Keep)
            .await
    }

    /// Writes changed assets whole; they must have been read under this transaction's lock.
    pub async fn replace_assets(&mut self, rows: Vec<AssetRow>) -> StoreResult<u64> {
        self.insert(
            rows.into_iter().map(AssetRow::into_row),
            &Conflict::Replace { key: ASSET_KEY },
        )
        .await
    }

    /// Adds identities; one that the asset is known by already is left alone.
    pub async fn add_identities(&mut self, rows: Vec<asset_identities::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Adds what a source said about assets.
    pub async fn add_field_sources(&mut self, rows: Vec<asset_field_sources::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Writes disks; the later statement about the same disk wins.
    pub async fn put_disks(&mut self, rows: Vec<asset_disks::Model>) -> StoreResult<u64> {
        let conflict = Conflict::Set {
            key: &["client_account_id", "asset_id", "kind", "label"],
            assignments: "data_import_id = excluded.data_import_id, \
                          size_gb = COALESCE(excluded.size_gb, asset_disks.size_gb), \
                          used_gb = COALESCE(excluded.used_gb, asset_disks.used_gb), \
                          storage_type = COALESCE(excluded.storage_type, asset_disks.storage_type), \
                          is_thin = COALESCE(excluded.is_thin, asset_disks.is_thin), \
                          controller = COALESCE(excluded.controller, asset_disks.controller), \
                          path = COALESCE(excluded.path, asset_disks.path), \
                          attributes = excluded.attributes, updated_at = excluded.updated_at"
                .to_owned(),
        };
        self.insert(active(rows), &conflict).await
    }

    /// Writes network adapters; the later statement about the same adapter wins.
    pub async fn put_networks(&mut self, rows: Vec<asset_networks::Model>) -> StoreResult<u64> {
        let conflict = Conflict::Set {
            key: &["client_account_id", "asset_id", "label"],
            assignments: "data_import_id = excluded.data_import_id, \
                          mac_address = COALESCE(excluded.mac_address, asset_networks.mac_address), \
                          ipv4_address = COALESCE(excluded.ipv4_address, asset_networks.ipv4_address), \
                          ipv6_address = COALESCE(excluded.ipv6_address, asset_networks.ipv6_address), \
                          network = COALESCE(excluded.network, asset_networks.network), \
                          switch_name = COALESCE(excluded.switch_name, asset_networks.switch_name), \
                          is_connected = COALESCE(excluded.is_connected, asset_networks.is_connected), \
                          attributes = excluded.attributes, updated_at = excluded.updated_at"
                .to_owned(),
        };
        self.insert(active(rows), &conflict).await
    }

    /// Writes measurements; a repeated one of the same import is left alone.
    pub async fn add_metrics(&mut self, rows: Vec<asset_metrics::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Adds applications; one with the same name is left alone.
    pub async fn add_applications(&mut self, rows: Vec<applications::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Adds assets to applications.
    pub async fn add_application_assets(&mut self, rows: Vec<application_assets::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Adds tags; one with the same name is left alone.
    pub async fn add_tags(&mut self, rows: Vec<tags::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Puts tags on assets.
    pub async fn add_asset_tags(&mut self, rows: Vec<asset_tags::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Writes findings; the newer finding of the same kind and product replaces the older.
    pub async fn put_findings(&mut self, rows: Vec<tech_debt_findings::Model>) -> StoreResult<u64> {
        let conflict = Conflict::Set {
            key: &["client_account_id", "asset_id", "kind", "product"],
            assignments: "discovery_flow_id = excluded.discovery_flow_id, severity = excluded.severity, \
                          product_version = excluded.product_version, end_of_support = excluded.end_of_support, \
                          explanation = excluded.explanation, catalogue_source = excluded.catalogue_source, \
                          catalogue_date = excluded.catalogue_date, updated_at = excluded.updated_at".to_owned(),
        };
        self.insert(active(rows), &conflict).await
    }

    /// Removes the findings of assets, before they are assessed again.
    pub async fn clear_findings(&mut self, ids: &[AssetId]) -> StoreResult<()> {
        for chunk in ids.chunks(IDS_PER_STATEMENT) {
            let list: Vec<String> = (2..chunk.len() + 2).map(|number| format!("${number}")).collect();
            let sql = format!(
                "DELETE FROM tech_debt_findings WHERE client_account_id = $1 AND asset_id IN ({})",
                list.join(", ")
            );
            let client = Value::from(self.scope().client_account_id);
            let values = std::iter::once(client)
                .chain(chunk.iter().map(|id| Value::from(*id)))
                .collect();
            self.execute(&sql, values).await?;
        }
        Ok(())
    }

    /// Writes what became of records.
    pub async fn settle_records(
        &mut self,
        import: ImportId,
        outcomes: Vec<RecordOutcome>,
        now: DateTime<Utc>,
    ) -> StoreResult<u64> {
        use raw_import_records::Column;
        let shape = TableShape::with::<raw_import_records::Entity>([
            Column::ClientAccountId,
            Column::DataImportId,
            Column::RecordIndex,
            Column::CleansedData,
            Column::IsProcessed,
            Column::ProcessingNotes,
            Column::AssetId,
            Column::ProcessedAt,
        ]);
        let client = self.scope().client_account_id;
        let mut values = Vec::with_capacity(outcomes.len() * shape.width());
        for outcome in outcomes {
            values.extend([
                client.into(),
                import.into(),
                outcome.record_index.into(),
                Value::from(outcome.cleansed_data),
                true.into(),
                outcome.processing_notes.into(),
                outcome.asset_id.into(),
                now.into(),
            ]);
        }
        self.update(&shape, 3, values).await
    }

    /// Writes what cleansing found wrong with records.
    pub async fn fault_records(&mut self, import: ImportId, faults: Vec<RecordFault>) -> StoreResult<u64> {
        use raw_import_records::Column;
        let shape = TableShape::with::<raw_import_records::Entity>([
            Column::ClientAccountId,
            Column::DataImportId,
            Column::RecordIndex,
            Column::ValidationErrors,
            Column::IsValid,
        ]);
        let client = self.scope().client_account_id;
        let mut values = Vec::with_capacity(faults.len() * shape.width());
        for fault in faults {
            values.extend([
                client.into(),
                import.into(),
                fault.record_index.into(),
                Value::from(fault.validation_errors),
                false.into(),
            ]);
        }
        self.update(&shape, 3, values).await
    }

    /// Keeps the cleansed rows that an outside executor handed in.
    pub async fn put_cleansed(&mut self, import: ImportId, rows: Vec<(i64, Json)>) -> StoreResult<u64> {
        use raw_import_records::Column;
        let shape = TableShape::with::<raw_import_records::Entity>([
            Column::ClientAccountId,
            Column::DataImportId,
            Column::RecordIndex,
            Column::CleansedData,
        ]);
        let client = self.scope().client_account_id;
        let values = rows
            .into_iter()
            .flat_map(|(index, row)| [client.into(), import.into(), index.into(), Value::from(row)])
            .collect();
        self.update(&shape, 3, values).await
    }

    /// Writes how far an import has come.
    pub async fn advance_import(
        &mut self,
        import: ImportId,
        progress: ImportProgress,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let sql = "UPDATE data_imports SET total_records = $1, processed_records = $2, failed_records = $3, \
                   progress_percentage = $4, updated_at = $5 WHERE client_account_id = $6 AND id = $7";
        let values = vec![
            progress.total_records.into(),
            progress.processed_records.into(),
            progress.failed_records.into(),
            progress.progress_percentage.into(),
            now.into(),
            self.scope().client_account_id.into(),
            import.into(),
        ];
        self.execute(sql, values).await.map(|_| ())
    }
}

/// Whole rows as the bulk writer takes them.
pub(crate) fn active<M>(rows: Vec<M>) -> impl Iterator<Item = <M::Entity as EntityTrait>::ActiveModel>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    rows.into_iter().map(IntoActiveModel::into_active_model)
}
