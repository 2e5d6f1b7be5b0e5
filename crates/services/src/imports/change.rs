//! Renaming imports, and deleting them.

use super::{Import, ImportError};
use crate::services::Services;
use landfall_domain::{ImportId, ImportStatus, Scope};
use landfall_repositories::{Change, StoreError, StoreResult, retry};
use serde_json::{Value, json};

/// What a person may change about an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPatch {
    /// Its name.
    pub name: Option<String>,
    /// What it is about; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
}

impl Services {
    /// Changes an import. `expected` is the version that the person saw; `None` changes it whatever the version.
    ///
    /// # Errors
    /// [`landfall_repositories::StoreError::Conflict`] for another version.
    pub async fn change_import(
        &self,
        scope: &Scope,
        id: ImportId,
        expected: Option<i64>,
        patch: ImportPatch,
    ) -> StoreResult<Import> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.imports().get(id).await?;
            let ImportPatch { name, description } = patch.clone();
            let after = uow
                .imports()
                .describe(id, expected.unwrap_or(before.version), name, description)
                .await?;
            let change = Change {
                entity_type: "import",
                entity_id: id.to_string(),
                action: "updated",
                before: Some(described(&before)),
                after: Some(described(&after)),
            };
            uow.change_log().record(change).await?;
            uow.commit().await?;
            Ok(after)
        })
        .await
    }

    /// Deletes an import: its raw records, its mappings and its file. The assets that it made stay, unless `cascade` asks
    /// for the import to be undone first; its flows stay as history. Cost: its raw records, in one transaction.
    ///
    /// # Errors
    /// [`ImportError::Busy`] while it is worked on; cancel its flow first.
    pub async fn delete_import(
        &self,
        scope: &Scope,
        id: ImportId,
        expected: Option<i64>,
        cascade: bool,
    ) -> Result<(), ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(id).await?;
        drop(uow);
        StoreError::check_version("import", id, expected, import.version)?;
        if matches!(import.status, ImportStatus::Pending | ImportStatus::Processing) {
            return Err(ImportError::Busy(id));
        }
        if cascade && import.summary.get("undone").is_none() {
            self.undo(scope, id).await?;
        }
        let file = import.object_key.clone();
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.discovery().forget_import(id).await?;
            uow.imports().delete(id).await?;
            let change = Change {
                entity_type: "import",
                entity_id: id.to_string(),
                action: "deleted",
                before: Some(facts(&import)),
                after: None,
            };
            uow.change_log().record(change).await?;
            uow.commit().await
        })
        .await?;
        if let Some(file) = file {
            self.files().delete(&file).await?;
        }
        Ok(())
    }
}

fn described(import: &Import) -> Value {
    json!({ "name": import.import_name, "description": import.description })
}

fn facts(import: &Import) -> Value {
    json!({
        "name": import.import_name, "filename": import.filename, "status": import.status,
        "total_records": import.total_records, "master_flow_id": import.master_flow_id,
    })
}
