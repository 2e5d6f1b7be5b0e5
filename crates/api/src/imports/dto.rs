//! Imports on the wire.

use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, DiscoveryFlowId, ImportId, ImportStatus, MasterFlowId};
use landfall_services::imports::{
    DryRunReport, Import, ImportDetail, ImportFilter, ImportReceipt, ImportRowErrors, Preview, RecordCounts,
    UndoReport,
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
}

impl ImportQuery {
    pub(super) fn filter(&self) -> ImportFilter {
        ImportFilter {
            statuses: self.status.into_iter().collect(),
            source_system: self.source_system.clone(),
            source_format: self.source_format.clone(),
            master_flow_id: self.master_flow_id,
        }
    }
}

/// Which page of faulty rows.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ErrorsQuery {
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

/// How many rows are shown.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// Rows, 1 to 100; 10 if absent.
    #[validate(range(min = 1, max = 100, message = "must be from 1 to 100"))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl PreviewQuery {
    pub(super) fn rows(&self) -> u32 {
        self.limit.unwrap_or(10)
    }
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

/// What an import would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DryRunOut {
    /// What the file is.
    #[schema(value_type = Object)]
    inspection: Value,
    /// Which column would be which field, and which need a decision.
    #[schema(value_type = Vec<Object>)]
    mappings: Value,
    /// What would happen to the inventory.
    #[schema(value_type = Object)]
    inventory: Value,
    /// Rows with faults.
    faulty_rows: u64,
    /// All faults.
    faults: u64,
    /// The first faulty rows, with up to 1,000 faults.
    #[schema(value_type = Vec<Object>)]
    rows: Value,
}

impl From<DryRunReport> for DryRunOut {
    fn from(report: DryRunReport) -> Self {
        let DryRunReport {
            inspection,
            mappings,
            inventory,
            faulty_rows,
            faults,
            rows,
            ..
        } = report;
        Self {
            inspection: json(inspection),
            mappings: json(mappings),
            inventory: json(inventory),
            faulty_rows,
            faults,
            rows: json(rows),
        }
    }
}

/// Reports of the services are plain data: writing them as JSON does not fail.
fn json(report: impl Serialize) -> Value {
    serde_json::to_value(report).unwrap_or_default()
}

/// A data import.
#[derive(Debug, Serialize, ToSchema)]
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

/// Everything wrong with one row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowErrorsOut {
    /// Position in the import, from 0.
    record_index: i64,
    /// Row as a person sees it in the file.
    row_number: Option<i64>,
    /// The faults: `row_number`, `column`, `value`, `rule` and `message` of each.
    #[schema(value_type = Vec<Object>, example = json!([{
        "row_number": 7, "column": "IP Address", "value": "10.0.0.300", "rule": "ip_address",
        "message": "'10.0.0.300' is no IP address"
    }]))]
    errors: Vec<Value>,
    /// What was done with the row.
    notes: Option<String>,
}

impl From<ImportRowErrors> for RowErrorsOut {
    fn from(row: ImportRowErrors) -> Self {
        let ImportRowErrors {
            record_index,
            row_number,
            errors,
            notes,
        } = row;
        Self {
            record_index,
            row_number,
            errors,
            notes,
        }
    }
}

/// The first rows of an import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewOut {
    /// Headers in the order of the file.
    columns: Vec<String>,
    /// Records in the import.
    total_records: Option<i64>,
    /// The rows as they came.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Value>,
    /// The same rows after cleansing; null where the work has not come so far.
    #[schema(value_type = Vec<Object>)]
    cleansed: Vec<Option<Value>>,
}

impl From<Preview> for PreviewOut {
    fn from(preview: Preview) -> Self {
        let Preview {
            columns,
            total_records,
            rows,
            cleansed,
        } = preview;
        Self {
            columns,
            total_records,
            rows,
            cleansed,
        }
    }
}

/// What undoing an import did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UndoOut {
    /// Assets that only this import had stated, and that are gone.
    removed: u64,
    /// Assets that other sources state as well; they say again what those say.
    restored: u64,
    /// Assets that a person has worked on since; they stay as they are.
    kept: Vec<AssetId>,
    /// Dependencies that are gone.
    dependencies_removed: u64,
}

impl From<UndoReport> for UndoOut {
    fn from(report: UndoReport) -> Self {
        let UndoReport {
            removed,
            restored,
            kept,
            dependencies_removed,
        } = report;
        Self {
            removed,
            restored,
            kept,
            dependencies_removed,
        }
    }
}
