//! One column for each field.

use std::collections::HashMap;

use super::{
    super::column::ColumnProfile,
    LEAST_CONFIDENCE,
    candidates::{Candidate, better},
};

/// What was decided about a column.
pub(super) struct Choice {
    /// Place of the chosen one among its candidates.
    pub(super) candidate: Option<usize>,
    /// Why none was chosen.
    pub(super) reason: String,
}

/// Gives each field to the column with the best claim, best claims first; who loses takes the next of its candidates. Claims
/// are ordered by confidence, then by the place of the name met in the field's list, then by how many rows the column
/// fills, then by header, so that the order of columns does not matter.
pub(super) fn assign(columns: &[ColumnProfile], candidates: &[Vec<Candidate>]) -> Vec<Choice> {
    let mut claims: Vec<(usize, usize, &Candidate)> = candidates
        .iter()
        .enumerate()
        .flat_map(|(column, list)| {
            list.iter()
                .enumerate()
                .map(move |(place, candidate)| (column, place, candidate))
        })
        .filter(|(_, _, candidate)| candidate.confidence >= LEAST_CONFIDENCE)
        .collect();
    let filled = |column: usize| columns.get(column).map_or(0, |profile| profile.filled);
    let name = |column: usize| columns.get(column).map_or("", |profile| profile.name.as_str());
    claims.sort_by(|a, b| {
        b.2.confidence
            .total_cmp(&a.2.confidence)
            .then_with(|| a.2.rank.cmp(&b.2.rank))
            .then_with(|| filled(b.0).cmp(&filled(a.0)))
            .then_with(|| name(a.0).cmp(name(b.0)))
            .then_with(|| better(a.2, b.2))
    });
    let mut chosen: Vec<Option<usize>> = vec![None; candidates.len()];
    let mut taken: HashMap<&str, (usize, bool)> = HashMap::new();
    for (column, place, candidate) in claims {
        let Some(slot) = chosen.get_mut(column) else {
            continue;
        };
        if slot.is_some() {
            continue;
        }
        let Some(field) = candidate.field else {
            *slot = Some(place);
            continue;
        };
        match taken.get(field.name) {
            Some((_, shares)) if !(*shares && candidate.shares) => {}
            _ => {
                *slot = Some(place);
                taken.entry(field.name).or_insert((column, candidate.shares));
            }
        }
    }
    let winner = |candidate: &Candidate| {
        let (column, _) = taken.get(candidate.field?.name)?;
        Some((candidate.field?.name, name(*column)))
    };
    candidates
        .iter()
        .zip(chosen)
        .map(|(list, candidate)| Choice {
            reason: if candidate.is_none() {
                unmapped(list, &winner)
            } else {
                String::new()
            },
            candidate,
        })
        .collect()
}

fn unmapped<'a>(
    candidates: &[Candidate],
    winner: &dyn Fn(&Candidate) -> Option<(&'static str, &'a str)>,
) -> String {
    let Some(best) = candidates.iter().min_by(|a, b| better(a, b)) else {
        return "neither the header nor the values name an asset field; it stays a custom attribute"
            .to_owned();
    };
    match winner(best) {
        Some((field, column)) if best.confidence >= LEAST_CONFIDENCE => {
            format!("'{column}' is the better match for {field}; it stays a custom attribute")
        }
        _ => format!(
            "{}; that is too unlikely, so it stays a custom attribute",
            best.reason
        ),
    }
}
