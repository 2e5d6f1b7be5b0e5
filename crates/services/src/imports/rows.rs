//! The rows of an import in batches: its kept records, or those of its file while it has none.

use super::readers::{FileFault, OpenOptions};
use super::{Import, ImportError, ImportOptions, RecordBatch, read_in_background};
use crate::discovery::signed;
use crate::files::ReadableFile;
use crate::services::Services;
use landfall_domain::{ImportId, Scope};
use landfall_repositories::RawRow;
use serde_json::Value;
use tokio::sync::mpsc;

/// Reads batch after batch in the order of the file. Memory: two batches.
pub(crate) struct ImportRows {
    source: RowSource,
}

enum RowSource {
    Records {
        services: Services,
        scope: Scope,
        import: ImportId,
        after: i64,
    },
    File {
        batches: mpsc::Receiver<Result<RecordBatch, FileFault>>,
        /// Kept until the last row was read: dropping a copy deletes it.
        _file: ReadableFile,
    },
    Nothing,
}

impl Services {
    /// The rows of an import from its first one on.
    pub(crate) async fn import_rows(
        &self,
        scope: &Scope,
        import: &Import,
    ) -> Result<ImportRows, ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let kept = uow.records().counts(import.id).await?.total;
        drop(uow);
        // While the file is being read into records, only the file is whole.
        let is_whole = import.total_records.is_none_or(|total| kept >= total);
        let source = match &import.object_key {
            Some(key) if !is_whole => {
                let file = self.files().open(key).await?;
                let options: ImportOptions =
                    serde_json::from_value(import.options.clone()).unwrap_or_default();
                let open = OpenOptions {
                    include: options.include,
                    ..OpenOptions::default()
                };
                let path = file.path().to_owned();
                let rows = self.settings().batch_rows;
                RowSource::File {
                    batches: read_in_background(path, import.filename.clone(), open, 0, rows),
                    _file: file,
                }
            }
            _ => RowSource::Records {
                services: self.clone(),
                scope: scope.clone(),
                import: import.id,
                after: -1,
            },
        };
        Ok(ImportRows { source })
    }
}

impl ImportRows {
    /// The next rows; none after the last.
    pub(crate) async fn next(&mut self) -> Result<Vec<RawRow>, ImportError> {
        match &mut self.source {
            RowSource::Records {
                services,
                scope,
                import,
                after,
            } => {
                let limit = services.settings().batch_rows as u64;
                let uow = services.store().begin_read(scope).await?;
                let rows = uow.inventory().records_after(*import, *after, limit).await?;
                if let Some(last) = rows.last() {
                    *after = last.record_index;
                }
                Ok(rows)
            }
            RowSource::File { batches, .. } => {
                if let Some(batch) = batches.recv().await {
                    Ok(batch?.into_iter().map(row).collect())
                } else {
                    self.source = RowSource::Nothing;
                    Ok(Vec::new())
                }
            }
            RowSource::Nothing => Ok(Vec::new()),
        }
    }

    /// The first rows, at most `limit`.
    pub(crate) async fn first(mut self, limit: usize) -> Result<Vec<RawRow>, ImportError> {
        let mut first = Vec::new();
        while first.len() < limit {
            let batch = self.next().await?;
            if batch.is_empty() {
                break;
            }
            first.extend(batch);
        }
        first.truncate(limit);
        Ok(first)
    }
}

fn row(record: super::readers::RawRecord) -> RawRow {
    let errors: Vec<_> = record.faults.iter().map(crate::discovery::issue).collect();
    RawRow {
        record_index: signed(record.index),
        row_number: Some(signed(record.row_number)),
        raw_data: Value::Object(record.data),
        cleansed_data: None,
        validation_errors: (!errors.is_empty()).then(|| serde_json::json!(errors)),
        asset_id: None,
    }
}
