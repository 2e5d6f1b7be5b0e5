//! What can be asked about an import while it is worked on and afterwards.

use super::ImportError;
use crate::services::Services;
use landfall_domain::{ImportId, Page, PageRequest, Scope};
use serde::Serialize;
use serde_json::Value;

/// Everything wrong with one row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportRowErrors {
    /// Position in the import, from 0.
    pub record_index: i64,
    /// Row as a person sees it in the file.
    pub row_number: Option<i64>,
    /// The faults: row, column, value, rule and message of each.
    pub errors: Vec<Value>,
    /// What was done with the row.
    pub notes: Option<String>,
}

/// The first rows of an import, raw and cleansed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// Headers in the order of the file.
    pub columns: Vec<String>,
    /// Records in the import.
    pub total_records: Option<i64>,
    /// The rows as they came.
    pub rows: Vec<Value>,
    /// The rows after cleansing, as far as the work has come.
    pub cleansed: Vec<Option<Value>>,
}

impl Services {
    /// Rows with faults, in the order of the file. Cost: an index range of the faulty rows.
    pub async fn import_errors(
        &self,
        scope: &Scope,
        import: ImportId,
        request: &PageRequest,
    ) -> Result<Page<ImportRowErrors>, ImportError> {
        let uow = self.store().begin_read(scope).await?;
        uow.imports().get(import).await?;
        let page = uow.records().page_of_invalid(import, request).await?;
        Ok(page.map(|row| ImportRowErrors {
            record_index: row.record_index,
            row_number: row.row_number,
            errors: match row.validation_errors {
                Some(Value::Array(errors)) => errors,
                _ => Vec::new(),
            },
            notes: row.processing_notes,
        }))
    }

    /// The first rows of an import.
    pub async fn preview(&self, scope: &Scope, import: ImportId, rows: u32) -> Result<Preview, ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(import).await?;
        let page = uow.records().page(import.id, &PageRequest::first(rows)).await?;
        let columns = import.source_columns.as_array().cloned().unwrap_or_default();
        let (rows, cleansed) = page
            .items
            .into_iter()
            .map(|row| (row.raw_data, row.cleansed_data))
            .unzip();
        Ok(Preview {
            columns: columns
                .into_iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            total_records: import.total_records,
            rows,
            cleansed,
        })
    }
}
