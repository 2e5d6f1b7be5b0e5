//! How sure each mapping of a flow is, and why: five factors from 0 to 1, each by its formula.

use super::check::{fit, rounded};
use super::decisions::{DecisionError, Mapping};
use super::flow_mappings::{FlowMappingError, FlowMappings};
use super::header::{Header, words};
use super::similarity::similarity;
use super::{ColumnProfile, suggest};
use crate::Services;
use crate::discovery::FlowKey;
use crate::imports::ImportColumns;
use landfall_domain::fields::header::compact;
use landfall_domain::fields::{Field, field};
use landfall_domain::{MappingStatus, Scope};
use landfall_repositories::MappingDecisions;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a factor of which nothing is known counts as: neither for nor against.
const UNKNOWN: f64 = 0.5;
/// Suggestions for a column.
const MOST_SUGGESTIONS: usize = 5;

/// Why a mapping is as sure as it is, each number 0–1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ConfidenceFactors {
    /// How alike the header and a name of the field are: Dice coefficient over words, 1 for the same name.
    pub name_similarity: f64,
    /// Part of the column's samples that the field takes.
    pub data_type_match: f64,
    /// Part of the column's samples that have the shape most of them have.
    pub pattern_match: f64,
    /// Part of the import's other mapped columns that belong to the field's group or to the identity of assets.
    pub context_similarity: f64,
    /// Part of the decisions on columns with this header that were for this field; 0.5 if there are none.
    pub historical_accuracy: f64,
}

/// How sure one mapping is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappingConfidence {
    /// 0–1: 1 once a person has decided, else what the suggestion says.
    pub confidence_score: f64,
    /// Why.
    pub confidence_factors: ConfidenceFactors,
    /// `low` from 0.85, `medium` from 0.6, else `high`.
    pub risk_level: &'static str,
    /// What to do, sentences.
    pub recommendations: Vec<String>,
}

/// A field that a column could be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldSuggestion {
    /// The field.
    pub target: String,
    /// How sure that is, 0–1.
    pub confidence: f64,
    /// Why.
    pub reason: String,
}

impl Services {
    /// How sure each mapped column of a flow is. Cost: its columns, and one aggregate over earlier decisions.
    pub async fn mapping_confidence(
        &self,
        scope: &Scope,
        key: FlowKey,
    ) -> Result<BTreeMap<String, MappingConfidence>, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let import = known.import()?;
        let columns = self.import_columns(scope, import).await?;
        let headers: Vec<String> = known.mappings.iter().map(|m| m.source_field.clone()).collect();
        let uow = self.store().begin_read(scope).await?;
        let history = uow.mappings().decisions(&headers).await?;
        drop(uow);
        Ok(known
            .mapped()
            .filter_map(|(mapping, target)| {
                let field = field(target)?;
                let confidence = of_mapping(mapping, field, &known, &columns, &history);
                Some((mapping.source_field.clone(), confidence))
            })
            .collect())
    }

    /// What each of these columns could be, the likeliest first, five at most. A column that the import does not have is
    /// judged by its name alone.
    pub async fn mapping_suggestions(
        &self,
        scope: &Scope,
        key: FlowKey,
        source_fields: &[String],
    ) -> Result<BTreeMap<String, Vec<FieldSuggestion>>, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let uow = self.store().begin_read(scope).await?;
        let profiles = crate::discovery::suggestions::stored_profiles(&uow)
            .await
            .map_err(DecisionError::from)?;
        drop(uow);
        Ok(source_fields
            .iter()
            .map(|name| {
                let mapping = known
                    .mappings
                    .iter()
                    .find(|mapping| mapping.source_field == *name);
                let suggestions = match mapping {
                    Some(mapping) => kept(mapping),
                    None => by_name(name, &profiles),
                };
                (name.clone(), suggestions)
            })
            .collect())
    }
}

fn kept(mapping: &Mapping) -> Vec<FieldSuggestion> {
    let own = mapping.target_field.as_ref().map(|target| FieldSuggestion {
        target: target.clone(),
        confidence: mapping.confidence_score.unwrap_or(0.0),
        reason: mapping.reason.clone().unwrap_or_default(),
    });
    let others: Vec<FieldSuggestion> = mapping
        .alternatives
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|other| {
            Some(FieldSuggestion {
                target: other.get("target")?.as_str()?.to_owned(),
                confidence: other.get("confidence")?.as_f64()?,
                reason: other
                    .get("reason")
                    .and_then(|reason| reason.as_str())
                    .unwrap_or_default()
                    .to_owned(),
            })
        })
        .collect();
    own.into_iter().chain(others).take(MOST_SUGGESTIONS).collect()
}

fn by_name(name: &str, profiles: &[super::MappingProfile]) -> Vec<FieldSuggestion> {
    let column = ColumnProfile {
        name: name.to_owned(),
        ..ColumnProfile::default()
    };
    let Some(found) = suggest(&[column], &[], profiles).pop() else {
        return Vec::new();
    };
    let own = found.target_field.map(|target| FieldSuggestion {
        target: target.to_owned(),
        confidence: found.confidence,
        reason: found.reason,
    });
    let others = found.alternatives.into_iter().map(|other| FieldSuggestion {
        target: other.target_field.to_owned(),
        confidence: other.confidence,
        reason: other.reason,
    });
    own.into_iter().chain(others).take(MOST_SUGGESTIONS).collect()
}

fn of_mapping(
    mapping: &Mapping,
    field: &'static Field,
    known: &FlowMappings,
    columns: &ImportColumns,
    history: &[MappingDecisions],
) -> MappingConfidence {
    let profile = columns.profile(&mapping.source_field);
    let samples = profile.map(|profile| profile.samples.clone()).unwrap_or_default();
    let (fitting, misfit) = fit(field, &samples);
    let factors = ConfidenceFactors {
        name_similarity: rounded(name_similarity(&mapping.source_field, field)),
        data_type_match: if samples.is_empty() { UNKNOWN } else { fitting },
        pattern_match: profile
            .filter(|profile| !profile.samples.is_empty())
            .map_or(UNKNOWN, |profile| {
                rounded(crate::imports::quality::consistency(profile))
            }),
        context_similarity: rounded(context(mapping, field, known)),
        historical_accuracy: rounded(accuracy(mapping, field, history)),
    };
    let score = rounded(mapping.confidence_score.unwrap_or(0.0));
    MappingConfidence {
        confidence_score: score,
        risk_level: match score {
            s if s >= 0.85 => "low",
            s if s >= 0.6 => "medium",
            _ => "high",
        },
        recommendations: recommendations(mapping, field, &factors, misfit.as_deref()),
        confidence_factors: factors,
    }
}

/// The likeness of a header to the name of a field that is most like it.
fn name_similarity(header: &str, field: &Field) -> f64 {
    let form = compact(header);
    let read = Header::of(header);
    std::iter::once(&field.name)
        .chain(field.aliases)
        .map(|name| {
            if compact(name) == form {
                return 1.0;
            }
            let bare = Header::of(name);
            similarity(&read.words, &words(name)).max(similarity(&read.words, &bare.words))
        })
        .fold(0.0, f64::max)
}

fn context(mapping: &Mapping, own: &Field, known: &FlowMappings) -> f64 {
    let (mut near, mut all) = (0.0, 0.0);
    for (other, target) in known.mapped() {
        let Some(other_field) = field(target).filter(|_| other.id != mapping.id) else {
            continue;
        };
        all += 1.0;
        if other_field.group == own.group
            || other_field.group == landfall_domain::fields::FieldGroup::Identity
        {
            near += 1.0;
        }
    }
    if all == 0.0 { UNKNOWN } else { near / all }
}

fn accuracy(mapping: &Mapping, field: &Field, history: &[MappingDecisions]) -> f64 {
    let (mut right, mut all) = (0.0, 0.0);
    for each in history
        .iter()
        .filter(|each| each.source_field == mapping.source_field)
    {
        #[expect(clippy::cast_precision_loss, reason = "few decisions")]
        let times = each.times as f64;
        all += times;
        if each.status.is_accepted() && each.target_field.as_deref() == Some(field.name) {
            right += times;
        }
    }
    if all == 0.0 { UNKNOWN } else { right / all }
}

fn recommendations(
    mapping: &Mapping,
    field: &Field,
    factors: &ConfidenceFactors,
    misfit: Option<&str>,
) -> Vec<String> {
    let mut found = Vec::new();
    if mapping.status == MappingStatus::Suggested {
        found.push(format!(
            "approve or change the mapping of '{}' to {}",
            mapping.source_field, field.name
        ));
    }
    if let Some(value) = misfit.filter(|_| factors.data_type_match < 0.8) {
        found.push(format!(
            "{} does not take values such as '{value}': check the field or its unit",
            field.name
        ));
    }
    if factors.historical_accuracy < UNKNOWN {
        found.push(format!(
            "'{}' was mostly mapped to another field before",
            mapping.source_field
        ));
    }
    found
}
