//! Stopping the work on an import, what is kept beside it, and a look at its first rows.

use super::ImportError;
use crate::services::Services;
use landfall_domain::{FlowStatus, ImportId, Scope};
use landfall_repositories::{Change, StoreError};
use serde_json::{Map, Value, json};

use super::ImportOptions;

/// The first rows of an import as they came.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportSample {
    /// The rows.
    pub rows: Vec<Value>,
    /// Records in the import.
    pub total: u64,
    /// Headers in the order of the file.
    pub columns: Vec<String>,
}

impl Services {
    /// The first rows of an import, whether they are records already or still in its file. Cost: those rows.
    pub async fn import_sample(
        &self,
        scope: &Scope,
        id: ImportId,
        rows: usize,
    ) -> Result<ImportSample, ImportError> {
        let import = self.import(scope, id).await?;
        let first = self.import_rows(scope, &import).await?.first(rows).await?;
        let total = import.total_records.and_then(|total| u64::try_from(total).ok());
        Ok(ImportSample {
            total: total.unwrap_or(first.len() as u64),
            rows: first.into_iter().map(|row| row.raw_data).collect(),
            columns: serde_json::from_value(import.source_columns).unwrap_or_default(),
        })
    }

    /// Stops the work on an import for good, whether it has begun or not.
    pub async fn stop_import(&self, scope: &Scope, id: ImportId) -> Result<(), ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(id).await?;
        let flow = match uow.discovery().get_by_import(id).await {
            Ok(flow) => Some(flow),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        drop(uow);
        let reason = Some("the import was stopped".to_owned());
        match flow {
            Some(flow) if !matches!(flow.status, FlowStatus::Completed | FlowStatus::Cancelled) => {
                Ok(self.cancel(scope, flow.flow_id, reason).await?)
            }
            _ => {
                let uow = self.store().begin(scope).await?;
                uow.imports().cancel(import.id).await?;
                Ok(uow.commit().await?)
            }
        }
    }

    /// Adds to what is kept beside an import for its sender.
    pub async fn add_import_metadata(
        &self,
        scope: &Scope,
        id: ImportId,
        metadata: Map<String, Value>,
    ) -> Result<(), ImportError> {
        let uow = self.store().begin(scope).await?;
        let import = uow.imports().get(id).await?;
        let mut options: ImportOptions = serde_json::from_value(import.options).unwrap_or_default();
        let before = json!({ "metadata": options.metadata });
        options.metadata.extend(metadata);
        uow.imports().set_options(id, json!(options)).await?;
        let change = Change {
            entity_type: "import",
            entity_id: id.to_string(),
            action: "updated",
            before: Some(before),
            after: Some(json!({ "metadata": options.metadata })),
        };
        uow.change_log().record(change).await?;
        Ok(uow.commit().await?)
    }
}
