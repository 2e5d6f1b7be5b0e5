//! Archetypes: kinds of applications that are assessed once for all of their members.
//!
//! Source of the rule: Konveyor hub (2023). An application is a member of each archetype whose criteria tags it bears;
//! where the criteria of one archetype are part of those of another that matches too, only the more specific one counts.

use super::{Risk, Tag, score};
use std::collections::BTreeSet;

/// The archetypes, by position, that something with these tags is a member of. An archetype without criteria has no members.
/// Cost: the square of the number of archetypes that match.
pub fn memberships(criteria: &[BTreeSet<Tag>], tags: &BTreeSet<Tag>) -> Vec<usize> {
    let matching: Vec<(usize, &BTreeSet<Tag>)> = criteria
        .iter()
        .enumerate()
        .filter(|(_, wanted)| !wanted.is_empty() && wanted.is_subset(tags))
        .collect();
    let is_dominated = |one: &BTreeSet<Tag>| {
        matching
            .iter()
            .any(|(_, other)| other.len() > one.len() && one.is_subset(other))
    };
    matching
        .iter()
        .filter(|(_, one)| !is_dominated(one))
        .map(|(position, _)| *position)
        .collect()
}

/// Where an assessment of an application comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// Its risk.
    pub risk: Risk,
    /// Its confidence, 0 to 100.
    pub confidence: u8,
    /// Whether all of its questions are answered.
    pub is_complete: bool,
}

/// How an application stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// `None` where nobody has assessed it.
    pub risk: Option<Risk>,
    /// 0 to 100; `None` where nobody has assessed it.
    pub confidence: Option<u8>,
    /// Whether the assessments are its archetypes'.
    pub is_inherited: bool,
    /// Whether every assessment that counts is complete, and there is one.
    pub is_assessed: bool,
}

/// The standing of an application with these assessments of its own, and these of its archetypes. Those of the archetypes
/// count where it has none of its own.
pub fn standing(own: &[Assessed], of_archetypes: &[Assessed]) -> Standing {
    let is_inherited = own.is_empty() && !of_archetypes.is_empty();
    let counting = if own.is_empty() { of_archetypes } else { own };
    let confidences: Vec<u8> = counting.iter().map(|assessed| assessed.confidence).collect();
    Standing {
        risk: score::combined_risk(counting.iter().map(|assessed| assessed.risk)),
        confidence: score::combined_confidence(&confidences),
        is_inherited,
        is_assessed: !counting.is_empty() && counting.iter().all(|assessed| assessed.is_complete),
    }
}
