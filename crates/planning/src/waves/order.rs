//! What moves before what, and how urgently: the graph of groups, its levels and priorities.

use super::groups::Groups;
use super::links::{Links, Tie};
use super::portfolio::Portfolio;
use super::rules::{RuleId, Severity};
use super::settings::WaveSettings;
use super::workload::{EnvironmentClass, Traits};
use crate::graph::{Arc, feedback_arcs, price};
use crate::rows::{Rows, narrow};
use std::collections::HashMap;
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
    pub(super) needs: Rows<u32>,
    /// Who waits for each group.
    pub(super) needed_by: Rows<u32>,
    /// 0 to 100; greater ones move earlier.
    pub(super) priority: Vec<u64>,
    /// Least place of its environments in the usual order.
    pub(super) rank: Vec<u8>,
    /// Length of the longest chain of groups that it waits for.
    pub(super) level: Vec<u32>,
}

impl Order {
    pub(super) fn of(portfolio: &Portfolio, settings: &WaveSettings, groups: &Groups, links: &Links) -> Self {
        let (connections, arcs) = connections(portfolio, settings, groups, links);
        let count = groups.all.len();
        let mut cut = feedback_arcs(count, &arcs).into_iter().peekable();
        let kept: Vec<&Arc> = arcs
            .iter()
            .enumerate()
            .filter(|(place, _)| cut.next_if_eq(place).is_none())
            .map(|(_, arc)| arc)
            .collect();
        let needs = Rows::of(count, kept.iter().map(|arc| (arc.from, narrow(arc.to))));
        let needed_by = Rows::of(count, kept.iter().map(|arc| (arc.to, narrow(arc.from))));
        let rank = groups
            .members
            .rows()
            .map(|members| {
                let ranks = members
                    .iter()
                    .map(|member| portfolio.traits[*member as usize].rank);
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
) -> (Vec<Connection>, Vec<Arc>) {
    // Places of edges, by the groups that they link; no edge for a rehearsal.
    let group_of = |position: usize| groups.group_of[position];
    let edges = portfolio.edges.items();
    let linked = edges.iter().zip(0..).filter_map(|(edge, place)| {
        let (from, to) = edge.ends();
        let (from, to) = (group_of(from)?, group_of(to)?);
        (from != to).then_some((from as usize, (to, Some(place))))
    });
    let rehearsals = if settings.severity(RuleId::NonProductionFirst) == Severity::Off {
        Vec::new()
    } else {
        rehearsals(portfolio, groups)
    };
    let rehearsed = rehearsals.iter().map(|(from, to)| (*from as usize, (*to, None)));
    let mut linked: Rows<(u32, Option<u32>)> = Rows::of(groups.all.len(), linked.chain(rehearsed));
    for group in 0..linked.count() {
        linked.row_mut(group).sort_unstable();
    }
    let apart = |tie: Tie| tie.rule().map_or(0, |rule| settings.severity(rule).penalty());
    let most = linked.items().len();
    let (mut connections, mut arcs) = (Vec::with_capacity(most), Vec::with_capacity(most));
    for (from, needed) in linked.rows().enumerate() {
        for of_pair in needed.chunk_by(|(to, _), (other, _)| to == other) {
            let to = of_pair[0].0 as usize;
            let mut connection = Connection {
                from,
                to,
                ..Connection::default()
            };
            let mut arc = Arc { from, to, price: 0 };
            for (_, place) in of_pair {
                if let Some(place) = place {
                    let edge = &edges[*place as usize];
                    connection.dependencies += edge.count();
                    connection.apart += apart(links.ties[*place as usize]) * edge.count();
                    arc.price += price(edge.weight, edge.is_hard);
                } else {
                    connection.rehearses = true;
                    // The cheapest of all: dependencies have the higher priority.
                    arc.price += 1;
                }
            }
            connections.push(connection);
            arcs.push(arc);
        }
    }
    (connections, arcs)
}

/// Groups with production of an application, and those with its non-production.
fn rehearsals(portfolio: &Portfolio, groups: &Groups) -> Vec<(u32, u32)> {
    let mut first: HashMap<(Uuid, EnvironmentClass), u32> = HashMap::new();
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
fn levels(needs: &Rows<u32>, needed_by: &Rows<u32>) -> Vec<u32> {
    let mut waiting: Vec<usize> = needs.rows().map(<[u32]>::len).collect();
    let mut level = vec![0; waiting.len()];
    let mut ready: Vec<usize> = (0..waiting.len()).filter(|group| waiting[*group] == 0).collect();
    while let Some(group) = ready.pop() {
        for next in needed_by.row(group).iter().map(|next| *next as usize) {
            level[next] = level[next].max(level[group] + 1);
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(next);
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
        .zip(groups.members.rows())
        .map(|(group, members)| {
            let members = || members.iter().map(|member| *member as usize);
            let mean = |sum: u64| sum / group.load.workloads.max(1);
            let share = |of: fn(&super::Workload) -> Option<f64>| {
                mean(
                    members()
                        .map(|member| percent(of(&portfolio.workloads[member])))
                        .sum(),
                )
            };
            let level = |of: fn(&Traits) -> super::Level| {
                mean(
                    members()
                        .map(|member| of(&portfolio.traits[member]).percent())
                        .sum(),
                )
            };
            let sum = share(|workload| workload.readiness) * u64::from(weights.readiness)
                + (100 - level(|traits| traits.complexity)) * u64::from(weights.complexity)
                + (100 - level(|traits| traits.criticality)) * u64::from(weights.criticality)
                + (100 - group.load.effort * 100 / most_effort) * u64::from(weights.effort)
                + share(|workload| workload.value) * u64::from(weights.value);
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
