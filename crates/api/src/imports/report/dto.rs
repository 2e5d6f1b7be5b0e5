//! What came of an import, on the wire.

use super::super::dto::json;
use landfall_domain::AssetId;
use landfall_services::imports::{DryRunReport, ImportRowErrors, Preview, UndoReport};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// Which page of faulty rows.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ErrorsQuery {
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(in super::super) limit: Option<u32>,
    /// `next` of the page before.
    pub(in super::super) cursor: Option<String>,
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
    pub(in super::super) fn rows(&self) -> u32 {
        self.limit.unwrap_or(10)
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
