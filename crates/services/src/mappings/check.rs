//! Whether a proposed mapping makes sense.

use super::flow_mappings::{FlowMappingError, FlowMappings};
use super::{ColumnProfile, ColumnType};
use crate::Services;
use crate::cleansing::{TransformationRules, cell_text, is_absent, read};
use crate::discovery::FlowKey;
use crate::imports::ImportColumns;
use crate::imports::data_rules::{DataRule, RuleOutcome};
use landfall_domain::Scope;
use landfall_domain::fields::{Field, field};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Fields by which assets are recognised; a mapping without any of them makes none.
const IDENTITY: [&str; 7] = [
    "name",
    "asset_name",
    "hostname",
    "fqdn",
    "source_id",
    "serial_number",
    "system_uuid",
];
/// What an error costs.
const ERROR: f64 = 0.5;
/// What a warning costs.
const WARNING: f64 = 0.2;
/// Samples that a column is judged by.
const SAMPLES: usize = 100;

/// What was found about a mapping.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappingCheck {
    /// No errors.
    pub is_valid: bool,
    /// max(0, 1 − (0.5 · errors + 0.2 · warnings) / (columns + sample rows)).
    pub validation_score: f64,
    /// Each fault.
    pub issues: Vec<MappingIssue>,
    /// What to do, sentences.
    pub recommendations: Vec<String>,
    /// `total_fields`, `mapped_fields`, `coverage` (0–1), `identity_fields`.
    pub field_coverage: Value,
    /// Columns whose values are not what their field holds.
    pub data_type_conflicts: Vec<TypeConflict>,
}

/// Something wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappingIssue {
    /// One word.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// A sentence.
    pub message: String,
    /// The columns it is about.
    pub fields: Vec<String>,
}

/// A column whose values are not what its field holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TypeConflict {
    /// The column.
    pub source_field: String,
    /// The field.
    pub target_field: String,
    /// Part of the samples that the field takes, 0–1.
    pub fitting: f64,
    /// A value that it does not take.
    pub example: String,
}

impl Services {
    /// Whether one of these headers looks like a name or id of an asset.
    pub fn names_assets<'h>(&self, headers: impl Iterator<Item = &'h str>) -> bool {
        let columns: Vec<ColumnProfile> = headers
            .map(|header| ColumnProfile {
                name: header.to_owned(),
                ..ColumnProfile::default()
            })
            .collect();
        super::suggest(&columns, &[], &[])
            .iter()
            .filter_map(|suggestion| suggestion.target_field)
            .any(|target| IDENTITY.contains(&target))
    }

    /// What came of rules over the rows of a flow's import. Cost: one pass over the rows.
    pub async fn check_flow_rules(
        &self,
        scope: &Scope,
        key: FlowKey,
        rules: &mut [DataRule],
    ) -> Result<Vec<RuleOutcome>, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let columns = self.import_columns(scope, known.import()?).await?;
        Ok(self.check_rules(scope, &columns, rules).await?.0)
    }
}

/// Checks a mapping of columns to fields, on these rows, else on the samples of the import's columns.
pub fn check_mapping(
    proposed: &BTreeMap<String, String>,
    known: &FlowMappings,
    columns: Option<&ImportColumns>,
    rows: &[Map<String, Value>],
) -> MappingCheck {
    let mut issues = Vec::new();
    if proposed.is_empty() {
        issues.push(issue(
            "EMPTY_MAPPINGS",
            "error",
            "no column is mapped",
            Vec::new(),
        ));
    }
    duplicates(proposed, &mut issues);
    unknown(proposed, known, rows, &mut issues);
    let mapped: BTreeSet<&str> = proposed.values().map(String::as_str).collect();
    let identity: Vec<&str> = IDENTITY
        .into_iter()
        .filter(|name| mapped.contains(name))
        .collect();
    if identity.is_empty() && !proposed.is_empty() {
        let message = "no column names the asset: rows without a name or id make none";
        issues.push(issue("NO_IDENTITY", "warning", message, Vec::new()));
    }
    let conflicts = conflicts(proposed, columns, rows);
    let count = |severity: &str| issues.iter().filter(|issue| issue.severity == severity).count();
    #[expect(clippy::cast_precision_loss, reason = "few columns and rows")]
    let cost = |errors: usize, warnings: usize| {
        (ERROR * errors as f64 + WARNING * warnings as f64) / (proposed.len() + rows.len()).max(1) as f64
    };
    let (errors, warnings) = (count("error"), count("warning"));
    let total = known.mappings.len().max(proposed.len());
    #[expect(clippy::cast_precision_loss, reason = "few columns")]
    let coverage = if total == 0 {
        0.0
    } else {
        proposed.len() as f64 / total as f64
    };
    MappingCheck {
        is_valid: errors == 0,
        validation_score: rounded((1.0 - cost(errors, warnings)).max(0.0)),
        recommendations: issues
            .iter()
            .map(|issue| issue.message.clone())
            .chain(conflicts.iter().map(|conflict| {
                format!(
                    "'{}' holds values such as '{}', which {} does not take: choose another field",
                    conflict.source_field, conflict.example, conflict.target_field
                )
            }))
            .collect(),
        issues,
        field_coverage: json!({
            "total_fields": total, "mapped_fields": proposed.len(), "coverage": rounded(coverage),
            "identity_fields": identity,
        }),
        data_type_conflicts: conflicts,
    }
}

fn issue(
    code: &'static str,
    severity: &'static str,
    message: impl Into<String>,
    fields: Vec<String>,
) -> MappingIssue {
    MappingIssue {
        code,
        severity,
        message: message.into(),
        fields,
    }
}

fn duplicates(proposed: &BTreeMap<String, String>, issues: &mut Vec<MappingIssue>) {
    let mut by_target: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (column, target) in proposed {
        by_target.entry(target).or_default().push(column.clone());
    }
    for (target, columns) in by_target.into_iter().filter(|(_, columns)| columns.len() > 1) {
        let message = format!(
            "{} columns are mapped to {target}: the first with a value wins",
            columns.len()
        );
        issues.push(issue("DUPLICATE_TARGETS", "warning", message, columns));
    }
}

fn unknown(
    proposed: &BTreeMap<String, String>,
    known: &FlowMappings,
    rows: &[Map<String, Value>],
    issues: &mut Vec<MappingIssue>,
) {
    for (column, target) in proposed {
        let in_import = known
            .mappings
            .iter()
            .any(|mapping| mapping.source_field == *column);
        let in_rows = rows.iter().any(|row| row.contains_key(column));
        let has_columns = !known.mappings.is_empty() || !rows.is_empty();
        if has_columns && !in_import && !in_rows {
            let message = format!("there is no column '{column}'");
            issues.push(issue(
                "SOURCE_FIELD_NOT_FOUND",
                "error",
                message,
                vec![column.clone()],
            ));
        }
        if field(target).is_none() {
            let message = super::decisions::DecisionError::unknown_field(target).to_string();
            issues.push(issue(
                "UNKNOWN_TARGET_FIELD",
                "error",
                message,
                vec![column.clone()],
            ));
        }
    }
}

fn conflicts(
    proposed: &BTreeMap<String, String>,
    columns: Option<&ImportColumns>,
    rows: &[Map<String, Value>],
) -> Vec<TypeConflict> {
    proposed
        .iter()
        .filter_map(|(column, target)| {
            let field = field(target)?;
            let samples = samples(column, columns, rows);
            let (fitting, example) = fit(field, &samples);
            (fitting < 0.8 && !samples.is_empty()).then(|| TypeConflict {
                source_field: column.clone(),
                target_field: target.clone(),
                fitting,
                example: example.unwrap_or_default(),
            })
        })
        .collect()
}

fn samples(column: &str, columns: Option<&ImportColumns>, rows: &[Map<String, Value>]) -> Vec<String> {
    if rows.is_empty() {
        let profile = columns.and_then(|columns| columns.profile(column));
        return profile
            .map(|p| p.samples.iter().take(SAMPLES).cloned().collect())
            .unwrap_or_default();
    }
    let cells = rows.iter().filter_map(|row| cell_text(row.get(column)?));
    cells
        .filter(|text| !is_absent(text))
        .take(SAMPLES)
        .map(std::borrow::Cow::into_owned)
        .collect()
}

/// The part of the samples that a field takes, and the first that it does not.
pub(crate) fn fit(field: &'static Field, samples: &[String]) -> (f64, Option<String>) {
    let profile = ColumnProfile::from_samples(
        "",
        samples.iter().cloned(),
        samples.len() as u64,
        samples.len() as u64,
    );
    let rules = if profile.column_type() == ColumnType::Empty {
        TransformationRules::default()
    } else {
        super::rules_for(&profile, field).0
    };
    let bad: Vec<&String> = samples
        .iter()
        .filter(|text| read(field, &rules, text).is_err())
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "few samples")]
    let fitting = if samples.is_empty() {
        0.0
    } else {
        1.0 - bad.len() as f64 / samples.len() as f64
    };
    (rounded(fitting), bad.first().map(|text| (*text).clone()))
}

/// Four decimals: more is noise.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
