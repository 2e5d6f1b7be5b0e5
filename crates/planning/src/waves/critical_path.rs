//! The chain of units that need each other with the most effort: what the plan cannot be shorter than.

use super::edges::Edge;
use super::portfolio::Portfolio;
use super::sight::Sight;
use crate::graph::Components;
use crate::rows::{Rows, narrow};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The chain with the most effort.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriticalPath {
    /// Effort points of all steps.
    pub effort_points: u64,
    /// The steps, what is needed first.
    pub steps: Vec<CriticalStep>,
}

/// A step of the critical path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriticalStep {
    /// Application or workload. Units that need each other are one step, named after the first of them.
    pub name: String,
    /// Units in the step.
    pub units: usize,
    /// First wave of the step.
    pub wave: u32,
    /// Effort points.
    pub effort_points: u64,
}

/// Linear in workloads and dependencies.
pub(super) fn critical_path(portfolio: &Portfolio, sight: &Sight<'_>) -> CriticalPath {
    let units = portfolio.units.len();
    let (mut effort, mut wave) = (vec![0_u64; units], vec![u32::MAX; units]);
    for (unit, members) in portfolio.members.rows().enumerate() {
        let members = members.iter().map(|member| *member as usize);
        for member in members.filter(|member| sight.wave[*member] > 0) {
            effort[unit] += portfolio.traits[member].load.effort;
            wave[unit] = wave[unit].min(sight.wave[member]);
        }
    }
    let arcs: Vec<(usize, usize)> = portfolio
        .edges
        .items()
        .iter()
        .map(Edge::ends)
        .filter(|(from, to)| sight.wave[*from] > 0 && sight.wave[*to] > 0)
        .map(|(from, to)| (portfolio.unit_of(from), portfolio.unit_of(to)))
        .filter(|(from, to)| from != to)
        .collect();
    let needed = arcs.iter().map(|(from, to)| (*from, narrow(*to)));
    let components = Components::of(&Rows::of(units, needed));
    // What is needed comes before what needs it.
    let steps = components.members();
    let between = arcs.iter().filter_map(|(from, to)| {
        let (from, to) = (components.of_node[*from], components.of_node[*to]);
        (from != to).then_some((from as usize, to))
    });
    let needs = Rows::of(components.count, between);
    let own: Vec<u64> = steps
        .rows()
        .map(|step| step.iter().map(|unit| effort[*unit as usize]).sum())
        .collect();
    let first = |step: usize| steps.row(step)[0];
    // Effort of the heaviest chain that ends with the step, and the step before it. Names break ties as positions do,
    // which follow the ids.
    let mut chain: Vec<(u64, Option<usize>)> = vec![(0, None); components.count];
    for step in 0..components.count {
        let before = needs
            .row(step)
            .iter()
            .map(|needed| *needed as usize)
            .map(|needed| (chain[needed].0, Reverse(first(needed)), needed))
            .max();
        chain[step] = before.map_or((own[step], None), |(sum, _, needed)| {
            (sum + own[step], Some(needed))
        });
    }
    let Some(last) = (0..components.count).max_by_key(|step| (chain[*step].0, Reverse(first(*step)))) else {
        return CriticalPath::default();
    };
    if chain[last].0 == 0 {
        return CriticalPath::default();
    }
    let mut path = CriticalPath {
        effort_points: chain[last].0,
        steps: Vec::new(),
    };
    let mut at = Some(last);
    while let Some(step) = at {
        path.steps.push(CriticalStep {
            name: portfolio.unit_name(first(step) as usize).to_owned(),
            units: steps.row(step).len(),
            wave: steps
                .row(step)
                .iter()
                .map(|unit| wave[*unit as usize])
                .min()
                .unwrap_or(0),
            effort_points: own[step],
        });
        at = chain[step].1;
    }
    path.steps.reverse();
    path
}
