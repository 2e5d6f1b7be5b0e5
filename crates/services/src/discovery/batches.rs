//! The records of an import in batches, each read while the one before it is being written.

use super::executor::{DiscoveryError, PhaseContext};
use super::facts::{ReadRow, RecordReader};
use crate::services::Services;
use landfall_domain::{ImportId, Scope};
use landfall_repositories::RawRow;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// A raw row, and what it is.
pub(super) type ReadRecord = (RawRow, ReadRow);

/// Reads batch after batch in the order of the records. Memory: two batches.
pub(super) struct RecordBatches {
    source: Arc<BatchSource>,
    /// The batch that is being read; none after the last.
    ahead: Option<JoinHandle<Result<Vec<ReadRecord>, DiscoveryError>>>,
}

struct BatchSource {
    services: Services,
    scope: Scope,
    import: ImportId,
    reader: RecordReader,
}

impl RecordBatches {
    /// Batches of the context's import from the record after `after` on (-1 to begin).
    pub(super) fn after(context: &PhaseContext, reader: RecordReader, after: i64) -> Self {
        let source = Arc::new(BatchSource {
            services: context.services.clone(),
            scope: context.scope.clone(),
            import: context.import.id,
            reader,
        });
        Self {
            ahead: Some(source.read(after)),
            source,
        }
    }

    /// What the records are read by.
    pub(super) fn reader(&self) -> &RecordReader {
        &self.source.reader
    }

    /// The next batch; empty after the last one.
    pub(super) async fn next(&mut self) -> Result<Vec<ReadRecord>, DiscoveryError> {
        let Some(ahead) = self.ahead.take() else {
            return Ok(Vec::new());
        };
        let batch = ahead
            .await
            .map_err(|error| DiscoveryError::Interrupted(error.to_string()))??;
        self.ahead = batch.last().map(|(row, _)| self.source.read(row.record_index));
        Ok(batch)
    }
}

impl BatchSource {
    fn read(self: &Arc<Self>, after: i64) -> JoinHandle<Result<Vec<ReadRecord>, DiscoveryError>> {
        let source = Arc::clone(self);
        tokio::spawn(async move {
            let limit = source.services.settings().batch_rows as u64;
            let uow = source.services.store().begin_read(&source.scope).await?;
            let rows = uow.inventory().records_after(source.import, after, limit).await?;
            drop(uow);
            let cleansing = tokio::task::spawn_blocking(move || {
                rows.into_iter()
                    .map(|row| {
                        let what = source.reader.read_stored(&row);
                        (row, what)
                    })
                    .collect()
            });
            cleansing
                .await
                .map_err(|error| DiscoveryError::Interrupted(error.to_string()))
        })
    }
}
