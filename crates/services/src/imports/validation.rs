//! Whether the data of an import is fit to be used, by its columns and by rules that a person gives.

use super::ImportError;
use super::columns::{ImportColumns, completeness, rounded, share, type_word};
use super::data_rules::{DataRule, RuleOutcome};
use super::quality::kinds;
use crate::mappings::ColumnProfile;
use crate::services::Services;
use landfall_domain::{ImportId, Scope};
use serde::Serialize;
use std::collections::BTreeMap;

/// Least score of an import that is fit to be used.
const FIT: f64 = 0.7;

/// What was found out about an import's data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportValidation {
    /// No errors, and a score of at least 0.7.
    pub is_valid: bool,
    /// Mean of the columns' scores, less 0.1 for each error and 0.05 for each warning, 0–1.
    pub validation_score: f64,
    /// Records.
    pub total_records: u64,
    /// Records with nothing wrong.
    pub valid_records: u64,
    /// Records with something wrong.
    pub invalid_records: u64,
    /// Each column.
    pub field_validation: BTreeMap<String, FieldValidation>,
    /// What kinds of values each column holds, the most frequent first.
    pub data_type_analysis: BTreeMap<String, Vec<&'static str>>,
    /// Part of the records in which each column says something, 0–1.
    pub completeness_analysis: BTreeMap<String, f64>,
    /// What must be put right.
    pub validation_errors: Vec<Finding>,
    /// What should be looked at.
    pub validation_warnings: Vec<Finding>,
    /// What to do, sentences.
    pub recommendations: Vec<String>,
}

/// What was found out about a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldValidation {
    /// Completeness, and 0.2 more if its values are of one kind; at most 1.
    pub score: f64,
    /// Part of the records in which it says something, 0–1.
    pub completeness: f64,
    /// What nearly all its values are.
    pub data_type: &'static str,
    /// Distinct values.
    pub unique_values: u64,
    /// `high` if more than 80 % of its values are distinct, `medium` if more than 10 %, else `low`.
    pub cardinality: &'static str,
    /// Values that cleansing could not use.
    pub invalid_values: u64,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The column.
    pub field: String,
    /// What, one word.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// Records that have it.
    pub affected_records: u64,
}

impl Services {
    /// Checks the data of an import. Cost: its columns, and one pass over its rows if there are rules.
    pub async fn validate_import(
        &self,
        scope: &Scope,
        id: ImportId,
        mut rules: Vec<DataRule>,
    ) -> Result<ImportValidation, ImportError> {
        let columns = self.import_columns(scope, id).await?;
        let (outcomes, broken) = self.check_rules(scope, &columns, &mut rules).await?;
        Ok(judge(&columns, &outcomes, broken))
    }

    /// What came of rules over the rows of an import, and how many rows break one that is an error. Cost: one pass over the
    /// rows.
    pub(crate) async fn check_rules(
        &self,
        scope: &Scope,
        columns: &ImportColumns,
        rules: &mut [DataRule],
    ) -> Result<(Vec<RuleOutcome>, u64), ImportError> {
        let mut affected = vec![0_u64; rules.len()];
        let mut broken = 0;
        if !rules.is_empty() {
            let mut rows = self.import_rows(scope, &columns.import).await?;
            loop {
                let batch = rows.next().await?;
                if batch.is_empty() {
                    break;
                }
                for row in &batch {
                    let mut is_broken = false;
                    for (rule, count) in rules.iter_mut().zip(&mut affected) {
                        if !rule.holds(&row.raw_data) {
                            *count += 1;
                            is_broken |= rule.is_error;
                        }
                    }
                    broken += u64::from(is_broken);
                }
            }
        }
        let outcomes = rules.iter().zip(affected);
        Ok((
            outcomes.map(|(rule, count)| rule.outcome(count)).collect(),
            broken,
        ))
    }
}

fn judge(columns: &ImportColumns, outcomes: &[RuleOutcome], broken: u64) -> ImportValidation {
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let mut fields = BTreeMap::new();
    let mut types = BTreeMap::new();
    let mut scores = 0.0;
    for profile in &columns.profiles {
        let (field, kinds) = column(columns, profile, &mut errors, &mut warnings);
        scores += field.score;
        fields.insert(profile.name.clone(), field);
        types.insert(profile.name.clone(), kinds);
    }
    for outcome in outcomes.iter().filter(|outcome| outcome.affected_records > 0) {
        let finding = Finding {
            field: outcome.field.clone(),
            code: outcome.rule_type.clone(),
            message: outcome.message.clone(),
            affected_records: outcome.affected_records,
        };
        if outcome.is_error {
            errors.push(finding);
        } else {
            warnings.push(finding);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "few columns and findings")]
    let score = if fields.is_empty() {
        0.0
    } else {
        scores / fields.len() as f64 - 0.1 * errors.len() as f64 - 0.05 * warnings.len() as f64
    };
    let score = rounded(score.clamp(0.0, 1.0));
    let failed = u64::try_from(columns.import.failed_records.max(0)).unwrap_or(0);
    let invalid = failed.max(broken).min(columns.records);
    ImportValidation {
        is_valid: errors.is_empty() && score >= FIT,
        validation_score: score,
        total_records: columns.records,
        valid_records: columns.records - invalid,
        invalid_records: invalid,
        completeness_analysis: fields
            .iter()
            .map(|(name, field)| (name.clone(), field.completeness))
            .collect(),
        recommendations: errors.iter().chain(&warnings).map(advice).collect(),
        field_validation: fields,
        data_type_analysis: types,
        validation_errors: errors,
        validation_warnings: warnings,
    }
}

fn column(
    columns: &ImportColumns,
    profile: &ColumnProfile,
    errors: &mut Vec<Finding>,
    warnings: &mut Vec<Finding>,
) -> (FieldValidation, Vec<&'static str>) {
    let filled = completeness(profile);
    let kinds = kinds(profile);
    let finding = |code: &str, affected_records: u64, message: String| Finding {
        field: profile.name.clone(),
        code: code.to_owned(),
        message,
        affected_records,
    };
    if filled < 0.5 {
        let missing = profile.total - profile.filled;
        let message = format!(
            "'{}' says nothing in {missing} of {} records",
            profile.name, profile.total
        );
        errors.push(finding("incomplete", missing, message));
    }
    if kinds.len() > 2 {
        let message = format!("'{}' mixes {}", profile.name, kinds.join(", "));
        warnings.push(finding("mixed_types", profile.filled, message));
    }
    let invalid_values = columns.faults_of(&profile.name);
    let bonus = if kinds.len() == 1 { 0.2 } else { 0.0 };
    let field = FieldValidation {
        score: rounded((filled + bonus).min(1.0)),
        completeness: filled,
        data_type: type_word(profile.column_type()),
        unique_values: profile.distinct,
        cardinality: match share(profile.distinct, profile.filled) {
            part if part > 0.8 => "high",
            part if part > 0.1 => "medium",
            _ => "low",
        },
        invalid_values,
    };
    (field, kinds)
}

fn advice(finding: &Finding) -> String {
    match finding.code.as_str() {
        "incomplete" => format!("fill '{}' in the source, or leave it unmapped", finding.field),
        "mixed_types" => format!("bring the values of '{}' into one form", finding.field),
        code => format!(
            "correct '{}' in the {} records that break {code}",
            finding.field, finding.affected_records
        ),
    }
}
