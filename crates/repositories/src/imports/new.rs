//! An import to be registered.

use crate::{StoreError, StoreResult};
use chrono::{DateTime, Utc};
use landfall_domain::{ImportId, ImportStatus, MasterFlowId, Scope, UserId};
use landfall_entities::data_imports;
use serde::Deserialize;
use serde_json::{Map, Value};

/// An import to be registered. Only the file's name is required.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewImport {
    /// Name of the file or record set.
    pub filename: String,
    /// A name for a person; the file's name if absent.
    pub import_name: Option<String>,
    /// Kind of data; `cmdb` if absent.
    pub import_type: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Bytes.
    pub file_size: Option<i64>,
    /// Media type.
    pub mime_type: Option<String>,
    /// System that the data was exported from.
    pub source_system: Option<String>,
    /// Format of the export.
    pub source_format: Option<String>,
    /// Master flow that it hangs on.
    pub master_flow_id: Option<MasterFlowId>,
    /// Where the file is kept.
    pub object_key: Option<String>,
    /// Settings, a JSON object.
    pub options: Option<Value>,
    /// Records in the source, where known beforehand.
    pub total_records: Option<i64>,
    /// Who handed it in; the scope's actor if absent.
    pub imported_by: Option<UserId>,
}

impl NewImport {
    pub(super) fn into_model(self, scope: &Scope, now: DateTime<Utc>) -> StoreResult<data_imports::Model> {
        if self.filename.trim().is_empty() {
            return Err(StoreError::invalid(
                "the import cannot be registered: 'filename' is missing or empty",
            ));
        }
        Ok(data_imports::Model {
            client_account_id: scope.client_account_id,
            id: ImportId::new(),
            engagement_id: scope.engagement_id,
            master_flow_id: self.master_flow_id,
            import_name: self.import_name.unwrap_or_else(|| self.filename.clone()),
            import_type: self.import_type.unwrap_or_else(|| "cmdb".to_owned()),
            description: self.description,
            filename: self.filename,
            file_size: self.file_size,
            mime_type: self.mime_type,
            source_system: self.source_system,
            source_format: self.source_format,
            source_columns: Value::Array(Vec::new()),
            header_fingerprint: None,
            object_key: self.object_key,
            options: self.options.unwrap_or_else(|| Value::Object(Map::new())),
            summary: Value::Object(Map::new()),
            status: ImportStatus::Pending,
            progress_percentage: 0.0,
            total_records: self.total_records,
            processed_records: 0,
            failed_records: 0,
            error_message: None,
            error_details: None,
            imported_by: self.imported_by.or(scope.actor.user_id),
            started_at: None,
            completed_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }
}
