//! Which asset field each column of a source means, and how sure that is.

mod assignment;
mod candidates;

#[cfg(test)]
mod tests;

use landfall_domain::{MappingStatus, MatchType};
use serde::Serialize;

use super::{
    column::ColumnProfile,
    header::Header,
    profile::{MappingProfile, match_profile},
};
use crate::cleansing::{ColumnMapping, SourceUnit, TransformationRules};
use candidates::Candidate;

/// Confidence from which a suggestion may be approved without a person: names and known other names whose values do not
/// speak against them, columns of recognised formats and of approved profiles. What is only similar or only guessed from
/// values stays below.
pub const APPROVAL_THRESHOLD: f64 = 0.85;

/// Confidence below which a column is left unmapped.
pub const LEAST_CONFIDENCE: f64 = 0.4;

/// Most alternatives that a suggestion lists.
const MOST_ALTERNATIVES: usize = 5;

/// What a recognised format says about one of its columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownColumn<'a> {
    /// Header, in any writing.
    pub header: &'a str,
    /// The asset field; `None` says that the column is known and is no asset field.
    pub field: Option<&'a str>,
    /// What the format knows about reading it. What is stated here goes before what the values show; of several columns for
    /// one field, those without a priority go first; if none has one, the order of the list counts.
    pub rules: TransformationRules,
}

impl<'a> From<(&'a str, &'a str, Option<SourceUnit>)> for KnownColumn<'a> {
    /// Header, field (empty for none) and unit.
    fn from((header, field, unit): (&'a str, &'a str, Option<SourceUnit>)) -> Self {
        Self {
            header,
            field: (!field.is_empty()).then_some(field),
            rules: TransformationRules {
                unit,
                ..TransformationRules::default()
            },
        }
    }
}

/// What a column probably means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// Header of the column.
    pub source_field: String,
    /// The asset field; none leaves the column among the custom attributes.
    pub target_field: Option<&'static str>,
    /// How sure that is, 0–1; 0 without a target.
    pub confidence: f64,
    /// How it was found.
    pub match_type: MatchType,
    /// Why, for a person.
    pub reason: String,
    /// How the values are read.
    pub rules: TransformationRules,
    /// What else it could mean, the likelier first, five at most.
    pub alternatives: Vec<Alternative>,
}

/// Another field that a column could mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// The asset field.
    pub target_field: &'static str,
    /// How sure that would be, 0–1.
    pub confidence: f64,
    /// Why, for a person.
    pub reason: String,
}

impl Suggestion {
    /// What becomes of the suggestion without a person: approved from the threshold on, else suggested.
    pub fn status(&self, threshold: f64) -> MappingStatus {
        if self.target_field.is_some() && self.confidence >= threshold {
            MappingStatus::Approved
        } else {
            MappingStatus::Suggested
        }
    }

    /// The mapping by which a [`crate::cleansing::Cleanser`] reads the column, as suggested.
    pub fn to_mapping(&self) -> ColumnMapping {
        ColumnMapping {
            source_field: self.source_field.clone(),
            target: self.target_field.map(str::to_owned),
            rules: self.rules.clone(),
        }
    }
}

/// One suggestion for each column, in the order given.
///
/// Signals, strongest first: an approved profile of the same columns, the recognised format, the field's name, a known
/// other name, a similar name, the values. Values raise or lower what names say. No field is suggested for two columns,
/// except lists, which are joined, and where the format or a person maps several columns to it in order of preference. The result does not depend on the order of
/// columns, formats' columns apart, nor of profiles.
pub fn suggest(
    columns: &[ColumnProfile],
    known: &[KnownColumn<'_>],
    profiles: &[MappingProfile],
) -> Vec<Suggestion> {
    let headers: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let read: Vec<Header> = headers.iter().map(|header| Header::of(header)).collect();
    let profile = match_profile(&headers, profiles);
    let forms: std::collections::HashSet<&str> = read.iter().map(|header| header.compact.as_str()).collect();
    let candidates: Vec<Vec<Candidate>> = columns
        .iter()
        .zip(&read)
        .map(|(column, header)| {
            candidates::of(
                column,
                header,
                &|other| forms.contains(other),
                known,
                profile.as_ref(),
            )
        })
        .collect();
    let chosen = assignment::assign(columns, &candidates);
    columns
        .iter()
        .zip(candidates)
        .zip(chosen)
        .map(|((column, candidates), choice)| suggestion(column, candidates, choice))
        .collect()
}

fn suggestion(
    column: &ColumnProfile,
    mut candidates: Vec<Candidate>,
    choice: assignment::Choice,
) -> Suggestion {
    let chosen = choice.candidate.map(|place| candidates.swap_remove(place));
    candidates.sort_by(candidates::better);
    let alternatives = candidates
        .into_iter()
        .filter_map(|candidate| {
            Some(Alternative {
                target_field: candidate.field?.name,
                confidence: rounded(candidate.confidence),
                reason: candidate.reason,
            })
        })
        .filter(|alternative| alternative.confidence > 0.0)
        .take(MOST_ALTERNATIVES)
        .collect();
    match chosen {
        Some(chosen) => Suggestion {
            source_field: column.name.clone(),
            target_field: chosen.field.map(|field| field.name),
            confidence: if chosen.field.is_some() {
                rounded(chosen.confidence)
            } else {
                0.0
            },
            match_type: chosen.kind,
            reason: chosen.reason,
            rules: chosen.rules,
            alternatives,
        },
        None => Suggestion {
            source_field: column.name.clone(),
            target_field: None,
            confidence: 0.0,
            match_type: MatchType::Fuzzy,
            reason: choice.reason,
            rules: TransformationRules::default(),
            alternatives,
        },
    }
}

/// Two decimals less than noise.
fn rounded(confidence: f64) -> f64 {
    (confidence * 1e4).round() / 1e4
}
