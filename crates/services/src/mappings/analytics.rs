//! How good the mappings of a flow are as a whole and column by column.

use super::check::rounded;
use super::flow_mappings::{FlowMappingError, FlowMappings};
use crate::Services;
use crate::discovery::FlowKey;
use crate::imports::ImportColumns;
use crate::imports::quality::kinds;
use landfall_domain::{MappingStatus, Scope};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers about the mappings of a flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappingAnalytics {
    /// As a whole.
    pub mapping_quality: MappingQuality,
    /// By column.
    pub field_analysis: BTreeMap<String, FieldAnalysis>,
    /// What to do, the most urgent first.
    pub recommendations: Vec<MappingAdvice>,
}

/// How good the mappings are, each number 0–1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct MappingQuality {
    /// Mean of the other three.
    pub overall_score: f64,
    /// Part of the columns that are a field.
    pub completeness: f64,
    /// Mean certainty of those.
    pub confidence: f64,
    /// Part of those whose field no other column has.
    pub consistency: f64,
}

/// Numbers about a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldAnalysis {
    /// Certainty of its mapping, 0–1; 0 if it is no field.
    pub mapping_confidence: f64,
    /// Part of its values that break no rule, 0–1.
    pub data_quality: f64,
    /// Part of the records in which it says something, 0–1.
    pub completeness_rate: f64,
    /// Distinct values.
    pub unique_values: u64,
    /// Kinds of values, the most frequent first.
    pub data_types: Vec<&'static str>,
}

/// Something that should be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappingAdvice {
    /// `mapping`, `quality` or `validation`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
    /// What was found.
    pub message: String,
    /// The column, if it is about one.
    pub field: Option<String>,
    /// What to do.
    pub action: String,
}

impl Services {
    /// Analyses the mappings of a flow. Cost: its columns and mappings.
    pub async fn mapping_analytics(
        &self,
        scope: &Scope,
        key: FlowKey,
    ) -> Result<MappingAnalytics, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let columns = self.import_columns(scope, known.import()?).await?;
        let field_analysis: BTreeMap<_, _> = columns
            .profiles
            .iter()
            .map(|profile| {
                let mapping = known
                    .mapped()
                    .find(|(mapping, _)| mapping.source_field == profile.name);
                let analysis = FieldAnalysis {
                    mapping_confidence: mapping.and_then(|(m, _)| m.confidence_score).unwrap_or(0.0),
                    data_quality: part(
                        profile.filled.saturating_sub(columns.faults_of(&profile.name)),
                        profile.filled,
                    ),
                    completeness_rate: part(profile.filled, profile.total),
                    unique_values: profile.distinct,
                    data_types: kinds(profile),
                };
                (profile.name.clone(), analysis)
            })
            .collect();
        Ok(MappingAnalytics {
            mapping_quality: quality(&known),
            recommendations: advice(&known, &columns, &field_analysis),
            field_analysis,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "shares for display")]
fn part(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        rounded(part as f64 / whole as f64)
    }
}

fn quality(known: &FlowMappings) -> MappingQuality {
    let mapped: Vec<_> = known.mapped().collect();
    if mapped.is_empty() {
        return MappingQuality::default();
    }
    let targets: BTreeSet<&str> = mapped.iter().map(|(_, target)| *target).collect();
    let sum: f64 = mapped
        .iter()
        .filter_map(|(mapping, _)| mapping.confidence_score)
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "few columns")]
    let confidence = sum / mapped.len() as f64;
    let completeness = part(mapped.len() as u64, known.mappings.len() as u64);
    let consistency = part(targets.len() as u64, mapped.len() as u64);
    MappingQuality {
        overall_score: rounded((completeness + confidence + consistency) / 3.0),
        completeness,
        confidence: rounded(confidence),
        consistency,
    }
}

fn advice(
    known: &FlowMappings,
    columns: &ImportColumns,
    fields: &BTreeMap<String, FieldAnalysis>,
) -> Vec<MappingAdvice> {
    let mut found = Vec::new();
    for (mapping, target) in known.mapped() {
        let name = &mapping.source_field;
        if mapping.status == MappingStatus::Suggested {
            found.push(MappingAdvice {
                kind: "mapping",
                priority: if mapping.confidence_score.unwrap_or(0.0) < 0.6 {
                    "high"
                } else {
                    "medium"
                },
                message: format!("nobody has decided whether '{name}' is {target}"),
                field: Some(name.clone()),
                action: "approve, change or reject it".to_owned(),
            });
        }
        let faults = columns.faults_of(name);
        if faults > 0 {
            found.push(MappingAdvice {
                kind: "validation",
                priority: crate::imports::statistics::severity(faults, columns.records),
                message: format!("{faults} values of '{name}' are no {target}"),
                field: Some(name.clone()),
                action: "look at the cleansing suggestions, or choose another field".to_owned(),
            });
        }
        if fields
            .get(name)
            .is_some_and(|field| field.completeness_rate < 0.5)
        {
            found.push(MappingAdvice {
                kind: "quality",
                priority: "medium",
                message: format!("'{name}' is empty in more than half of the records"),
                field: Some(name.clone()),
                action: "look for another column that states it".to_owned(),
            });
        }
    }
    found.sort_by_key(|each| ["high", "medium", "low"].iter().position(|p| *p == each.priority));
    found
}
