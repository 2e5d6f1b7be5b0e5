//! Imports on the wire.

use crate::extract::{Body, Change};
use chrono::{DateTime, Utc};
use landfall_compat::Resource;
use landfall_domain::{DiscoveryFlowId, ImportId, ImportStatus, MasterFlowId};
use landfall_services::imports::{
    Import, ImportDetail, ImportFilter, ImportPatch, ImportReceipt, RecordCounts,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which imports are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// In this state.
    #[param(inline)]
    status: Option<ImportStatus>,
    /// From this system.
    source_system: Option<String>,
    /// Of this format.
    source_format: Option<String>,
    /// Of this master flow.
    master_flow_id: Option<MasterFlowId>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
    /// Which fields of each row are sent, comma separated; all if absent. `id` is always sent.
    #[param(example = "name,status")]
    pub(super) fields: Option<String>,
}

impl ImportQuery {
    pub(super) fn filter(&self) -> ImportFilter {
        ImportFilter {
            statuses: self.status.into_iter().collect(),
            source_system: self.source_system.clone(),
            source_format: self.source_format.clone(),
            master_flow_id: self.master_flow_id,
            ..ImportFilter::default()
        }
    }
}

/// What is to be changed about an import.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "vCenter Frankfurt, July", "description": null}))]
pub(crate) struct ImportPatchIn {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it is about.
    #[serde(default)]
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    #[schema(value_type = Option<String>, max_length = 4000)]
    description: Change<String>,
}

impl Body for ImportPatchIn {
    const RESOURCE: Option<Resource> = Some(Resource::DataImports);
}

impl ImportPatchIn {
    pub(super) fn into_patch(self) -> ImportPatch {
        ImportPatch {
            name: self.name,
            description: match self.description {
                Change::Absent => None,
                Change::Null => Some(None),
                Change::To(text) => Some(Some(text)),
            },
        }
    }
}

/// How an import is deleted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteQuery {
    /// Undoes the import first, which takes its assets away.
    #[param(required = false)]
    pub(super) cascade: bool,
}

/// What became of an accepted file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceiptOut {
    /// The import.
    import_id: ImportId,
    /// The programme of work that it belongs to.
    master_flow_id: MasterFlowId,
    /// The flow that works on it.
    discovery_flow_id: DiscoveryFlowId,
    /// The job that drives the flow.
    job_id: Uuid,
    /// What the file is: format, encoding, columns, number of records, remarks.
    #[schema(value_type = Object)]
    inspection: Value,
}

impl From<ImportReceipt> for ReceiptOut {
    fn from(receipt: ImportReceipt) -> Self {
        let ImportReceipt {
            import_id,
            master_flow_id,
            discovery_flow_id,
            job_id,
            inspection,
        } = receipt;
        Self {
            import_id,
            master_flow_id,
            discovery_flow_id,
            job_id,
            inspection: json(inspection),
        }
    }
}

/// Reports of the services are plain data: writing them as JSON does not fail.
pub(super) fn json(report: impl Serialize) -> Value {
    serde_json::to_value(report).unwrap_or_default()
}

/// A data import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataImport)]
pub(crate) struct ImportOut {
    /// Its id.
    id: ImportId,
    /// Its name.
    #[schema(example = "vCenter Frankfurt, July")]
    name: String,
    /// What it is about.
    description: Option<String>,
    /// Kind of data.
    #[schema(example = "infrastructure")]
    import_type: String,
    /// Name of the file.
    #[schema(example = "rvtools.xlsx")]
    filename: String,
    /// Its size in bytes.
    file_size: Option<i64>,
    /// What its sender said it is.
    mime_type: Option<String>,
    /// System that it comes from.
    source_system: Option<String>,
    /// Format that was recognised.
    #[schema(example = "rvtools")]
    source_format: Option<String>,
    /// Headers of its columns.
    #[schema(value_type = Vec<String>)]
    source_columns: Value,
    /// Its state.
    status: ImportStatus,
    /// 0 to 100.
    progress_percentage: f64,
    /// Records in the file.
    total_records: Option<i64>,
    /// Records dealt with.
    processed_records: i64,
    /// Records with something wrong.
    failed_records: i64,
    /// What it did, once it is completed.
    #[schema(value_type = Object)]
    summary: Value,
    /// How it is treated.
    #[schema(value_type = Object)]
    options: Value,
    /// Why it failed, if it did.
    error_message: Option<String>,
    /// The flow that it belongs to.
    master_flow_id: Option<MasterFlowId>,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When work on it began.
    started_at: Option<DateTime<Utc>>,
    /// When it was completed.
    completed_at: Option<DateTime<Utc>>,
    /// When it came.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Import> for ImportOut {
    fn from(row: Import) -> Self {
        let Import {
            id,
            import_name,
            description,
            import_type,
            filename,
            file_size,
            mime_type,
            source_system,
            source_format,
            source_columns,
            status,
            progress_percentage,
            total_records,
            processed_records,
            failed_records,
            summary,
            options,
            error_message,
            master_flow_id,
            version,
            started_at,
            completed_at,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            name: import_name,
            description,
            import_type,
            filename,
            file_size,
            mime_type,
            source_system,
            source_format,
            source_columns,
            status,
            progress_percentage,
            total_records,
            processed_records,
            failed_records,
            summary,
            options,
            error_message,
            master_flow_id,
            version,
            started_at,
            completed_at,
            created_at,
            updated_at,
        }
    }
}

/// How far an import is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusOut {
    /// The import.
    id: ImportId,
    /// Its state.
    status: ImportStatus,
    /// 0 to 100.
    progress_percentage: f64,
    /// Its records by what became of them.
    records: RecordsOut,
    /// Why it failed, if it did.
    error_message: Option<String>,
    /// Facts about the failure.
    #[schema(value_type = Option<Object>)]
    error_details: Option<Value>,
    /// The flow that works on it.
    master_flow_id: Option<MasterFlowId>,
    /// When work on it began.
    started_at: Option<DateTime<Utc>>,
    /// When it was completed.
    completed_at: Option<DateTime<Utc>>,
}

/// Records by what became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordsOut {
    /// All that are kept so far.
    total: i64,
    /// Those with nothing wrong.
    valid: i64,
    /// Those with something wrong.
    invalid: i64,
    /// Those that were dealt with.
    processed: i64,
    /// Those that became or joined an asset.
    linked: i64,
}

impl From<ImportDetail> for StatusOut {
    fn from(detail: ImportDetail) -> Self {
        let ImportDetail { import, records } = detail;
        let RecordCounts {
            total,
            valid,
            invalid,
            processed,
            linked,
        } = records;
        Self {
            id: import.id,
            status: import.status,
            progress_percentage: import.progress_percentage,
            records: RecordsOut {
                total,
                valid,
                invalid,
                processed,
                linked,
            },
            error_message: import.error_message,
            error_details: import.error_details,
            master_flow_id: import.master_flow_id,
            started_at: import.started_at,
            completed_at: import.completed_at,
        }
    }
}
