//! From members to their application.

use super::{Source, Subject};
use crate::sixr::inputs::{INPUTS, Input, Merge};

/// Each input by its rule over the members that know it.
pub(super) fn members(members: &[Subject]) -> Subject {
    let mut application = Subject::default();
    for input in INPUTS.iter().copied().filter(|input| !input.is_parameter()) {
        let known: Vec<i64> = members
            .iter()
            .filter_map(|member| member.inputs.raw[input.index()])
            .collect();
        let merged = match input.definition().merge {
            Merge::Least => known.iter().min().copied(),
            Merge::Greatest => known.iter().max().copied(),
            Merge::Sum if known.is_empty() => None,
            Merge::Sum => Some(known.iter().sum()),
        };
        let Some(raw) = merged else { continue };
        let text = explanation(input, known.len(), members.len());
        application.give(input, input.value_of_raw(raw), Source::Members, text);
    }
    application
}

fn explanation(input: Input, known: usize, all: usize) -> String {
    let rule = match input.definition().merge {
        Merge::Least => "The least",
        Merge::Greatest => "The greatest",
        Merge::Sum => "The sum",
    };
    if known == all {
        format!("{rule} of its {all} members.")
    } else {
        format!("{rule} of the {known} of its {all} members of which it is known.")
    }
}
