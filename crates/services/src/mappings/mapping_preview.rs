//! What the first rows of an import become under the mappings of its flow, also those that nobody has approved yet.

use super::decisions::DecisionError;
use super::flow_mappings::{FlowMappingError, FlowMappings};
use crate::Services;
use crate::cleansing::{ColumnMapping, TransformationRules};
use crate::discovery::facts::{ReadRow, RecordReader, format_of};
use crate::discovery::{FlowKey, record};
use crate::imports::ImportOptions;
use landfall_domain::Scope;
use serde::Serialize;
use serde_json::Value;

/// Rows before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappingPreview {
    /// Each row.
    pub preview_records: Vec<PreviewRecord>,
    /// Counts.
    pub summary: PreviewSummary,
}

/// One row before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewRecord {
    /// As it came.
    pub source_record: Value,
    /// Its values by field, and what is no field under `custom_attributes`; nothing if it makes no asset.
    pub mapped_record: Value,
    /// What cannot be used.
    pub mapping_issues: Vec<PreviewIssue>,
}

/// A value that cannot be used, or a row that makes no asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PreviewIssue {
    /// The column.
    pub field: String,
    /// A sentence.
    pub issue: String,
    /// `error` or `info`.
    pub severity: &'static str,
}

/// Counts of a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PreviewSummary {
    /// Columns.
    pub total_fields: usize,
    /// Columns that are a field.
    pub mapped_fields: usize,
    /// Columns that are none.
    pub unmapped_fields: usize,
    /// Values of these rows that cannot be used.
    pub mapping_issues: usize,
}

impl Services {
    /// The first `rows` rows of a flow's import under its mappings. Cost: those rows.
    pub async fn preview_mappings(
        &self,
        scope: &Scope,
        key: FlowKey,
        rows: usize,
    ) -> Result<MappingPreview, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let import = known.import()?;
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(import).await?;
        let currency = uow.engagements().current().await?.currency;
        drop(uow);
        let options: ImportOptions = serde_json::from_value(import.options.clone()).unwrap_or_default();
        let reader = RecordReader::new(format_of(&import), &mappings(&known), options.include, &currency)
            .map_err(|unknown| DecisionError::unknown_field(&unknown.target))?
            .with_rules(options.cleansing);
        let first = self.import_rows(scope, &import).await?.first(rows).await?;
        let preview_records: Vec<PreviewRecord> = first
            .into_iter()
            .map(|mut row| {
                // What an earlier run has kept was read under the mappings of that time.
                row.cleansed_data = None;
                let (mapped_record, mapping_issues) = read(&reader, &row);
                PreviewRecord {
                    source_record: row.raw_data,
                    mapped_record,
                    mapping_issues,
                }
            })
            .collect();
        let mapped = known.mapped().count();
        Ok(MappingPreview {
            summary: PreviewSummary {
                total_fields: known.mappings.len(),
                mapped_fields: mapped,
                unmapped_fields: known.mappings.len() - mapped,
                mapping_issues: preview_records
                    .iter()
                    .map(|record| record.mapping_issues.len())
                    .sum(),
            },
            preview_records,
        })
    }
}

fn mappings(known: &FlowMappings) -> Vec<ColumnMapping> {
    known
        .mapped()
        .map(|(mapping, target)| ColumnMapping {
            source_field: mapping.source_field.clone(),
            target: Some(target.to_owned()),
            rules: TransformationRules::from_json(&mapping.transformation_rules).unwrap_or_default(),
        })
        .collect()
}

fn read(reader: &RecordReader, row: &landfall_repositories::RawRow) -> (Value, Vec<PreviewIssue>) {
    match reader.read_stored(row) {
        ReadRow::Asset { record, .. } => {
            let issues = record.issues.iter().map(|issue| PreviewIssue {
                field: issue.column.clone(),
                issue: issue.message.clone(),
                severity: "error",
            });
            (record::to_json(&record), issues.collect())
        }
        ReadRow::NoAsset { reason, .. } => {
            let issue = PreviewIssue {
                field: String::new(),
                issue: reason,
                severity: "info",
            };
            (Value::Object(serde_json::Map::new()), vec![issue])
        }
    }
}
