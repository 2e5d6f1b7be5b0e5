//! What can be said about the data of an import as a whole and column by column, and what should be done about it.

use super::ImportError;
use super::columns::{ImportColumns, completeness, type_word};
use super::quality::{DataQuality, consistency, quality};
use crate::services::Services;
use landfall_domain::{ImportId, MappingStatus, Scope};
use landfall_repositories::entities::import_field_mappings;
use serde::Serialize;
use std::collections::BTreeMap;

/// Samples of a column that are shown.
const SHOWN: usize = 5;

/// Numbers about an import's data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportStatistics {
    /// How good the data is.
    pub data_quality: DataQuality,
    /// Each column.
    pub field_statistics: BTreeMap<String, FieldStatistics>,
    /// What should be done, the most urgent first.
    pub recommendations: Vec<Recommendation>,
}

/// Numbers about a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldStatistics {
    /// Part of the records in which it says something, 0–1.
    pub completeness_rate: f64,
    /// Distinct values; exact up to 256, else an estimate.
    pub unique_values: u64,
    /// What nearly all its values are.
    pub data_type: &'static str,
    /// Some of its values.
    pub sample_values: Vec<String>,
    /// What is wrong with it.
    pub issues: Vec<FieldIssue>,
}

/// Something wrong with the values of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldIssue {
    /// What, one word.
    #[serde(rename = "type")]
    pub kind: String,
    /// In how many records.
    pub count: u64,
    /// `low`, `medium` or `high`, by the part of the records: from 5 % medium, from 20 % high.
    pub severity: &'static str,
}

/// Something that should be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// `quality`, `mapping` or `processing`.
    pub category: &'static str,
    /// `low`, `medium` or `high`.
    pub priority: &'static str,
    /// What was found.
    pub message: String,
    /// What to do.
    pub action: String,
}

impl Services {
    /// Statistics of an import. Cost: its columns and mappings.
    pub async fn import_statistics(
        &self,
        scope: &Scope,
        id: ImportId,
    ) -> Result<ImportStatistics, ImportError> {
        let columns = self.import_columns(scope, id).await?;
        let uow = self.store().begin_read(scope).await?;
        let mappings = uow.mappings().list(id).await?;
        drop(uow);
        let field_statistics = columns
            .profiles
            .iter()
            .map(|profile| {
                let statistics = FieldStatistics {
                    completeness_rate: completeness(profile),
                    unique_values: profile.distinct,
                    data_type: type_word(profile.column_type()),
                    sample_values: profile.samples.iter().take(SHOWN).cloned().collect(),
                    issues: issues(&columns, profile),
                };
                (profile.name.clone(), statistics)
            })
            .collect();
        Ok(ImportStatistics {
            data_quality: quality(&columns),
            recommendations: recommendations(&columns, &field_statistics, &mappings),
            field_statistics,
        })
    }
}

/// How bad something is that so many of the records have.
pub(crate) fn severity(affected: u64, records: u64) -> &'static str {
    match super::columns::share(affected, records) {
        part if part >= 0.2 => "high",
        part if part >= 0.05 => "medium",
        _ => "low",
    }
}

fn issues(columns: &ImportColumns, profile: &crate::mappings::ColumnProfile) -> Vec<FieldIssue> {
    let mut issues = Vec::new();
    let mut add = |kind: String, count: u64| {
        if count > 0 {
            issues.push(FieldIssue {
                kind,
                count,
                severity: severity(count, columns.records),
            });
        }
    };
    add(
        "missing_values".to_owned(),
        profile.total.saturating_sub(profile.filled),
    );
    for (rule, count) in columns.faults.get(&profile.name).into_iter().flatten() {
        add(format!("invalid_{rule}"), *count);
    }
    let odd = 1.0 - consistency(profile);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of at most 200 samples"
    )]
    let odd = (odd * profile.samples.len() as f64).round() as u64;
    add("inconsistent_format".to_owned(), odd);
    issues
}

fn recommendations(
    columns: &ImportColumns,
    fields: &BTreeMap<String, FieldStatistics>,
    mappings: &[import_field_mappings::Model],
) -> Vec<Recommendation> {
    let mut found = Vec::new();
    let undecided: Vec<&str> = mappings
        .iter()
        .filter(|mapping| mapping.status == MappingStatus::Suggested && mapping.target_field.is_some())
        .map(|mapping| mapping.source_field.as_str())
        .collect();
    if !undecided.is_empty() {
        found.push(Recommendation {
            category: "mapping",
            priority: "high",
            message: format!(
                "{} columns have a suggestion that nobody has decided on",
                undecided.len()
            ),
            action: format!("approve, change or reject the mappings of {}", listed(&undecided)),
        });
    }
    for (name, statistics) in fields {
        for issue in statistics.issues.iter().filter(|issue| issue.severity != "low") {
            let (message, action) = if issue.kind == "missing_values" {
                (
                    format!(
                        "'{name}' says nothing in {} of {} records",
                        issue.count, columns.records
                    ),
                    format!("fill '{name}' in the source, or give a default with the rule fill_missing"),
                )
            } else {
                (
                    format!(
                        "'{name}': {} in {} records",
                        issue.kind.replace('_', " "),
                        issue.count
                    ),
                    format!("look at the cleansing suggestions for '{name}'"),
                )
            };
            found.push(Recommendation {
                category: "quality",
                priority: issue.severity,
                message,
                action,
            });
        }
    }
    if columns.import.master_flow_id.is_none() {
        found.push(Recommendation {
            category: "processing",
            priority: "medium",
            message: "the import is kept, but no work on it has begun".to_owned(),
            action: "process the import".to_owned(),
        });
    } else if let Some(error) = &columns.import.error_message {
        found.push(Recommendation {
            category: "processing",
            priority: "high",
            message: error.clone(),
            action: "retry the flow".to_owned(),
        });
    }
    found.sort_by_key(|each| ["high", "medium", "low"].iter().position(|p| *p == each.priority));
    found
}

/// Names for a sentence, five at most.
pub(crate) fn listed(names: &[&str]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("'{name}'")).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
