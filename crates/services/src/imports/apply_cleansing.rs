//! Applying cleansing rules to an import: they are kept with it, and its rows are read again under them.

use super::cleansing_rules::{CleansingRule, apply_rules};
use super::{ImportError, ImportOptions};
use crate::services::Services;
use landfall_domain::{ImportId, Phase, Scope};
use landfall_repositories::{Change, StoreError};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashSet;

/// What applying rules did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CleansingReport {
    /// Rules that were applied.
    pub applied_rules: u64,
    /// Rows that they change.
    pub records_affected: u64,
    /// Faults and gaps in the columns of rows that they change.
    pub issues_resolved: u64,
    /// Whether the rows are being read again; else that happens when the flow comes to them.
    pub reads_again: bool,
}

impl Services {
    /// Keeps rules for the texts of an import's columns and, if its rows were read as values already, has them read again:
    /// what the import brought into the inventory is taken back and made anew. Cost: one pass over its rows, and one more to
    /// take back; a worker does the rest.
    ///
    /// # Errors
    /// [`ImportError::Rules`] if a rule names a column that the import does not have: nothing is changed then.
    pub async fn apply_cleansing(
        &self,
        scope: &Scope,
        id: ImportId,
        rules: Vec<CleansingRule>,
    ) -> Result<CleansingReport, ImportError> {
        let import = self.import(scope, id).await?;
        let known: Vec<String> = serde_json::from_value(import.source_columns.clone()).unwrap_or_default();
        let unknown: Vec<&str> = rules
            .iter()
            .filter(|rule| !known.contains(&rule.field))
            .map(|rule| rule.field.as_str())
            .collect();
        if !unknown.is_empty() {
            let names = super::statistics::listed(&unknown);
            return Err(ImportError::Rules(format!("the import has no column {names}")));
        }
        let mut options: ImportOptions = serde_json::from_value(import.options.clone()).unwrap_or_default();
        let (records_affected, issues_resolved) =
            self.count_changes(scope, &import, &options, &rules).await?;
        let applied_rules = rules.len() as u64;
        options.cleansing.extend(rules.iter().cloned());
        let uow = self.store().begin(scope).await?;
        uow.imports().set_options(id, json!(options)).await?;
        let change = Change {
            entity_type: "import",
            entity_id: id.to_string(),
            action: "cleansing rules applied",
            before: None,
            after: Some(json!({ "rules": rules, "records_affected": records_affected })),
        };
        uow.change_log().record(change).await?;
        let flow = match uow.discovery().get_by_import(id).await {
            Ok(flow) => Some(flow),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        uow.commit().await?;
        let read_already = flow.filter(|flow| {
            flow.field_mapping_completed && !flow.status.is_final()
                || flow.status == landfall_domain::FlowStatus::Completed
        });
        if let Some(flow) = &read_already {
            self.redo(scope, flow, Phase::DataCleansing).await?;
        }
        Ok(CleansingReport {
            applied_rules,
            records_affected,
            issues_resolved,
            reads_again: read_already.is_some(),
        })
    }

    /// How many rows the rules change beside those that apply already, and how many faults and gaps those cells had.
    async fn count_changes(
        &self,
        scope: &Scope,
        import: &super::Import,
        options: &ImportOptions,
        rules: &[CleansingRule],
    ) -> Result<(u64, u64), ImportError> {
        let (mut records, mut issues) = (0, 0);
        let mut rows = self.import_rows(scope, import).await?;
        loop {
            let batch = rows.next().await?;
            if batch.is_empty() {
                return Ok((records, issues));
            }
            for row in batch {
                let Value::Object(mut before) = row.raw_data else {
                    continue;
                };
                apply_rules(&options.cleansing, &mut before);
                let mut after = before.clone();
                if apply_rules(rules, &mut after) == 0 {
                    continue;
                }
                records += 1;
                let changed: HashSet<&str> = rules
                    .iter()
                    .map(|rule| rule.field.as_str())
                    .filter(|field| before.get(*field) != after.get(*field))
                    .collect();
                let faulty = row
                    .validation_errors
                    .as_ref()
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(|error| error.get("column")?.as_str())
                    .filter(|column| changed.contains(column))
                    .count();
                let gaps = changed.iter().filter(|field| is_gap(before.get(**field))).count();
                issues += (faulty + gaps) as u64;
            }
        }
    }
}

fn is_gap(value: Option<&Value>) -> bool {
    value
        .and_then(crate::cleansing::cell_text)
        .is_none_or(|text| crate::cleansing::is_absent(&text))
}
