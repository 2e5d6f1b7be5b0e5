//! The chain of units that need each other with the most effort: what the plan cannot be shorter than.

use super::evaluate::Sight;
use super::portfolio::Portfolio;
use crate::graph::components;
use serde::{Deserialize, Serialize};

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
    for (position, unit) in portfolio.unit_of.iter().enumerate() {
        if sight.wave[position] > 0 {
            effort[*unit] += portfolio.workloads[position].effort_points();
            wave[*unit] = wave[*unit].min(sight.wave[position]);
        }
    }
    let arcs: Vec<(usize, usize)> = portfolio
        .edges
        .iter()
        .filter(|edge| sight.wave[edge.from] > 0 && sight.wave[edge.to] > 0)
        .map(|edge| (portfolio.unit_of[edge.from], portfolio.unit_of[edge.to]))
        .filter(|(from, to)| from != to)
        .collect();
    // What is needed comes before what needs it.
    let steps = components(units, arcs.iter().copied());
    let mut step_of = vec![0; units];
    for (number, step) in steps.iter().enumerate() {
        for unit in step {
            step_of[*unit] = number;
        }
    }
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (from, to) in arcs {
        if step_of[from] != step_of[to] {
            needs[step_of[from]].push(step_of[to]);
        }
    }
    let own: Vec<u64> = steps
        .iter()
        .map(|step| step.iter().map(|unit| effort[*unit]).sum())
        .collect();
    // Effort of the heaviest chain that ends with the step, and the step before it. Names break ties as positions do,
    // which follow the ids.
    let mut chain: Vec<(u64, Option<usize>)> = vec![(0, None); steps.len()];
    for step in 0..steps.len() {
        let before = needs[step]
            .iter()
            .map(|needed| (chain[*needed].0, std::cmp::Reverse(steps[*needed][0]), *needed))
            .max();
        chain[step] = before.map_or((own[step], None), |(sum, _, needed)| {
            (sum + own[step], Some(needed))
        });
    }
    let Some(last) = (0..steps.len()).max_by_key(|step| (chain[*step].0, std::cmp::Reverse(steps[*step][0])))
    else {
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
            name: portfolio.unit_name(steps[step][0]),
            units: steps[step].len(),
            wave: steps[step].iter().map(|unit| wave[*unit]).min().unwrap_or(0),
            effort_points: own[step],
        });
        at = chain[step].1;
    }
    path.steps.reverse();
    path
}
