//! Mappings as files: written as a table, and read back from one that a person has changed.

use super::decisions::DecisionError;
use super::flow_mappings::{FlowMappingError, FlowMappings, MappingStatement};
use crate::Services;
use crate::assets::ExportFormat;
use crate::discovery::FlowKey;
use crate::files::StagedFile;
use crate::imports::ImportError;
use crate::imports::readers::{OpenOptions, open};
use crate::table_writer::whole_table;
use landfall_compat::{Resource, modernize};
use landfall_domain::{MappingStatus, Scope};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Columns of the table.
const COLUMNS: [&str; 8] = [
    "source_field",
    "target_field",
    "confidence_score",
    "match_type",
    "status",
    "reason",
    "approved_by",
    "transformation_rules",
];
/// Rows of a table of mappings at most: as many as a table has columns.
const MOST_ROWS: usize = 16_384;

/// What a table of mappings said.
#[derive(Clone, Debug)]
pub struct ReadMappings {
    /// The mappings as they are now.
    pub mappings: FlowMappings,
    /// Old names of columns that the table used.
    pub old_names: Vec<&'static str>,
}

impl Services {
    /// The mappings of a flow as a file.
    pub async fn export_mappings(
        &self,
        scope: &Scope,
        key: FlowKey,
        format: ExportFormat,
    ) -> Result<Vec<u8>, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let written = tokio::task::spawn_blocking(move || {
            whole_table(format, "mappings", &COLUMNS, known.mappings.iter().map(cells))
        })
        .await
        .map_err(|error| ImportError::Interrupted(error.to_string()))?;
        Ok(written.map_err(ImportError::from)?)
    }

    /// Takes the mappings out of a file of any format that can be imported. It needs a column `source_field`; old names of
    /// columns are taken too. A row whose `status` is `rejected`, or that names no field, leaves the column a custom
    /// attribute; columns that the file does not name stay as they are.
    ///
    /// # Errors
    /// A file that is no such table; [`FlowMappingError::Faults`] with every unknown column and field.
    pub async fn import_mappings(
        &self,
        scope: &Scope,
        key: FlowKey,
        staged: StagedFile,
    ) -> Result<ReadMappings, FlowMappingError> {
        let rows = tokio::task::spawn_blocking(move || read(&staged))
            .await
            .map_err(|error| ImportError::Interrupted(error.to_string()))??;
        let mut statements = BTreeMap::new();
        let mut old_names: Vec<&'static str> = Vec::new();
        for mut row in rows {
            for name in modernize(Resource::ImportFieldMappings, &mut row).old_names() {
                if !old_names.contains(&name) {
                    old_names.push(name);
                }
            }
            if let Some((column, statement)) = statement(&row) {
                statements.insert(column, statement);
            }
        }
        if statements.is_empty() {
            let message = "the file has no row with a source_field".to_owned();
            return Err(FlowMappingError::Faults(vec![(
                "source_field".to_owned(),
                message,
            )]));
        }
        let known = self.flow_mappings(scope, key).await?;
        if known.flow.field_mapping_completed {
            let import = known.import()?;
            return Err(DecisionError::Applied { import }.into());
        }
        Ok(ReadMappings {
            mappings: self.state_mappings(scope, key, statements).await?,
            old_names,
        })
    }
}

fn cells(mapping: &super::decisions::Mapping) -> Vec<Value> {
    vec![
        json!(mapping.source_field),
        json!(mapping.target_field),
        json!(mapping.confidence_score),
        json!(mapping.match_type),
        json!(mapping.status),
        json!(mapping.reason),
        json!(mapping.approved_by),
        match &mapping.transformation_rules {
            Value::Object(rules) if rules.is_empty() => Value::Null,
            rules => json!(rules.to_string()),
        },
    ]
}

fn read(staged: &StagedFile) -> Result<Vec<Map<String, Value>>, ImportError> {
    let source = open(staged.path(), &staged.filename, &OpenOptions::default())?;
    source.take(MOST_ROWS).map(|record| Ok(record?.data)).collect()
}

fn statement(row: &Map<String, Value>) -> Option<(String, MappingStatement)> {
    let text = |name: &str| {
        let text = row.get(name).and_then(crate::cleansing::cell_text)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let is_rejected = text("status")
        .is_some_and(|word| landfall_compat::words::mapping_status(&word) == Some(MappingStatus::Rejected));
    let target = text("target_field").filter(|_| !is_rejected).unwrap_or_default();
    let statement = MappingStatement {
        target,
        confidence: text("confidence_score").and_then(|text| text.parse().ok()),
        note: text("reason"),
    };
    let confidence = statement.confidence.filter(|score| (0.0..=1.0).contains(score));
    Some((
        text("source_field")?,
        MappingStatement {
            confidence,
            ..statement
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_its_column_is() {
        let row = |value: Value| value.as_object().cloned().unwrap();
        let (column, said) = statement(&row(
            json!({"source_field": "RAM", "target_field": " memory_gb ", "confidence_score": "0.7"}),
        ))
        .unwrap();
        assert_eq!(
            (column.as_str(), said.target.as_str(), said.confidence),
            ("RAM", "memory_gb", Some(0.7))
        );
        let (_, said) = statement(&row(
            json!({"source_field": "x", "target_field": "name", "status": "REJECTED"}),
        ))
        .unwrap();
        assert_eq!(said.target, "");
        assert!(statement(&row(json!({"target_field": "name"}))).is_none());
    }
}
