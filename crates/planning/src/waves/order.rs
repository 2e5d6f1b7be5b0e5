//! What moves before what, and how urgently: the graph of groups, its levels and priorities.

use super::groups::Groups;
use super::links::Links;
use super::portfolio::{EnvironmentClass, Portfolio, environment_rank};
use super::rules::{RuleId, Severity};
use super::settings::WaveSettings;
use crate::graph::{Arc, feedback_arcs, price};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What links two groups. `from` has the links that need `to`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Connection {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Dependencies of `from` on `to`.
    pub(super) dependencies: u64,
    /// Penalty while the two are in different waves, beside 1 for each dependency.
    pub(super) apart: u64,
    /// `to` is the non-production part of the application whose production is `from`.
    pub(super) rehearses: bool,
}

/// The order of groups.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// Every connection, also those that had to be ignored to break cycles.
    pub(super) connections: Vec<Connection>,
    /// What each group waits for: no cycles.
    pub(super) needs: Vec<Vec<usize>>,
    /// Who waits for each group.
    pub(super) needed_by: Vec<Vec<usize>>,
    /// 0 to 100; greater ones move earlier.
    pub(super) priority: Vec<u64>,
    /// Least place of its environments in the usual order.
    pub(super) rank: Vec<u8>,
    /// Length of the longest chain of groups that it waits for.
    pub(super) level: Vec<u32>,
}

impl Order {
    pub(super) fn of(portfolio: &Portfolio, settings: &WaveSettings, groups: &Groups, links: &Links) -> Self {
        let (connections, prices) = connections(portfolio, settings, groups, links);
        let arcs: Vec<Arc> = connections
            .iter()
            .zip(prices)
            .map(|(connection, price)| Arc {
                from: connection.from,
                to: connection.to,
                price,
            })
            .collect();
        let count = groups.all.len();
        let mut cut = feedback_arcs(count, &arcs).into_iter().peekable();
        let (mut needs, mut needed_by) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (position, arc) in arcs.iter().enumerate() {
            if cut.next_if_eq(&position).is_none() {
                needs[arc.from].push(arc.to);
                needed_by[arc.to].push(arc.from);
            }
        }
        let rank = groups
            .all
            .iter()
            .map(|group| {
                let ranks = group
                    .members
                    .iter()
                    .map(|member| environment_rank(portfolio.workloads[*member].environment.as_deref()));
                ranks.max().unwrap_or(5)
            })
            .collect();
        let level = levels(&needs, &needed_by);
        Self {
            connections,
            needs,
            needed_by,
            priority: priorities(portfolio, settings, groups),
            rank,
            level,
        }
    }
}

fn connections(
    portfolio: &Portfolio,
    settings: &WaveSettings,
    groups: &Groups,
    links: &Links,
) -> (Vec<Connection>, Vec<i128>) {
    let mut found: BTreeMap<(usize, usize), (Connection, i128)> = BTreeMap::new();
    for (edge, tie) in portfolio.edges.iter().zip(&links.ties) {
        let (Some(from), Some(to)) = (groups.group_of[edge.from], groups.group_of[edge.to]) else {
            continue;
        };
        if from == to {
            continue;
        }
        let (connection, cost) = found.entry((from, to)).or_default();
        connection.dependencies += edge.count;
        connection.apart += tie.rule().map_or(0, |rule| settings.severity(rule).penalty()) * edge.count;
        *cost += price(edge.weight, edge.is_hard);
    }
    if settings.severity(RuleId::NonProductionFirst) != Severity::Off {
        for (production, rehearsal) in rehearsals(portfolio, groups) {
            let (connection, cost) = found.entry((production, rehearsal)).or_default();
            connection.rehearses = true;
            // The cheapest of all: dependencies have the higher priority.
            *cost += 1;
        }
    }
    found
        .into_iter()
        .map(|((from, to), (connection, cost))| {
            (
                Connection {
                    from,
                    to,
                    ..connection
                },
                cost,
            )
        })
        .unzip()
}

/// Groups with production of an application, and those with its non-production.
fn rehearsals(portfolio: &Portfolio, groups: &Groups) -> Vec<(usize, usize)> {
    let mut first: HashMap<(Uuid, EnvironmentClass), usize> = HashMap::new();
    let mut pairs = Vec::new();
    for unit in &portfolio.units {
        let (Some(application), Some(group)) = (unit.application, groups.group_of[unit.first]) else {
            continue;
        };
        first.insert((application, unit.class), group);
    }
    for ((application, class), production) in &first {
        if *class == EnvironmentClass::Production
            && let Some(rehearsal) = first.get(&(*application, EnvironmentClass::NonProduction))
            && rehearsal != production
        {
            pairs.push((*production, *rehearsal));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Longest chains, by Kahn's order.
fn levels(needs: &[Vec<usize>], needed_by: &[Vec<usize>]) -> Vec<u32> {
    let mut waiting: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut level = vec![0; needs.len()];
    let mut ready: Vec<usize> = (0..needs.len()).filter(|group| waiting[*group] == 0).collect();
    while let Some(group) = ready.pop() {
        for next in &needed_by[group] {
            level[*next] = level[*next].max(level[group] + 1);
            waiting[*next] -= 1;
            if waiting[*next] == 0 {
                ready.push(*next);
            }
        }
    }
    level
}

/// Weighted factors, each from 0 to 100 and averaged over the group; effort is relative to the largest group's.
fn priorities(portfolio: &Portfolio, settings: &WaveSettings, groups: &Groups) -> Vec<u64> {
    let weights = settings.priority;
    let total: u64 = [
        weights.readiness,
        weights.complexity,
        weights.criticality,
        weights.effort,
        weights.value,
    ]
    .map(u64::from)
    .iter()
    .sum();
    let most_effort = groups
        .all
        .iter()
        .map(|group| group.load.effort)
        .max()
        .unwrap_or(0)
        .max(1);
    groups
        .all
        .iter()
        .map(|group| {
            let mean = |of: &dyn Fn(&super::Workload) -> u64| {
                let sum: u64 = group
                    .members
                    .iter()
                    .map(|member| of(&portfolio.workloads[*member]))
                    .sum();
                sum / group.load.workloads.max(1)
            };
            let sum = mean(&|workload| percent(workload.readiness)) * u64::from(weights.readiness)
                + (100 - mean(&|workload| workload.complexity().percent())) * u64::from(weights.complexity)
                + (100 - mean(&|workload| workload.criticality().percent())) * u64::from(weights.criticality)
                + (100 - group.load.effort * 100 / most_effort) * u64::from(weights.effort)
                + mean(&|workload| percent(workload.value)) * u64::from(weights.value);
            sum / total.max(1)
        })
        .collect()
}

/// A share as a whole percentage; unknown is the middle.
fn percent(share: Option<f64>) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 100"
    )]
    let percent = (share.unwrap_or(0.5).clamp(0.0, 1.0) * 100.0).round() as u64;
    percent
}
