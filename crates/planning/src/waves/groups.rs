//! Groups: what moves together. Ties are joined in order of their strength, each as long as the group stays small enough
//! and its pins agree; a tie that cannot be kept stays a link between groups, and the judgement reports it.

use super::capacity::Load;
use super::edges::DependencyKind;
use super::links::{Links, Tie};
use super::order::Order;
use super::pins::Pins;
use super::portfolio::Portfolio;
use super::sets::Sets;
use super::settings::WaveSettings;
use super::workload::{EnvironmentClass, Level};
use super::{Assignment, Waves};
use crate::graph::Components;
use crate::rows::{Rows, narrow};
use std::cmp::Reverse;
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// A set of workloads that move together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) class: EnvironmentClass,
    /// Workloads of each environment class: non-production, production.
    pub(super) classes: [u64; 2],
    pub(super) load: Load,
    /// The wave that it is pinned to.
    pub(super) pinned: Option<u32>,
    /// Workloads too critical and too complex for early waves.
    pub(super) early: [u64; 2],
}

/// The groups of a portfolio.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    pub(super) all: Vec<Group>,
    /// Group of each workload; none if it does not move.
    pub(super) group_of: Vec<Option<u32>>,
    /// Positions of the workloads of each group, ascending.
    pub(super) members: Rows<u32>,
}

impl Groups {
    pub(super) fn of(portfolio: &Portfolio, settings: &WaveSettings, pins: &Pins, links: &Links) -> Self {
        let moves = |position: &usize| {
            pins.wave.contains_key(position)
                || portfolio.traits[*position]
                    .strategy
                    .is_none_or(|strategy| !settings.excluded_strategies.contains(&strategy))
        };
        let moving: Vec<bool> = (0..portfolio.workloads.len()).map(|p| moves(&p)).collect();
        let mut sets = Sets::new(portfolio, pins);
        for together in &pins.together {
            for pair in together.windows(2) {
                sets.join(pair[0], pair[1], u64::MAX, true);
            }
        }
        // Members of a unit join its first one that moves; one whose pin forbids that stays apart.
        for unit in portfolio.members.rows() {
            let mut movers = unit
                .iter()
                .map(|member| *member as usize)
                .filter(|member| moving[*member]);
            if let Some(first) = movers.next() {
                for member in movers {
                    sets.join(first, member, u64::MAX, true);
                }
            }
        }
        let most = u64::from(settings.max_group_workloads);
        for tie in by_strength(portfolio, links) {
            let (from, to) = portfolio.edges.items()[tie].ends();
            if moving[from] && moving[to] {
                // Only the strongest ties outweigh the rule that environments are apart.
                sets.join(from, to, most, links.ties[tie] < Tie::Hard);
            }
        }
        join_cycles(portfolio, &mut sets, &moving, most);
        Self::collected(portfolio, settings, &mut sets, &moving)
    }

    fn collected(portfolio: &Portfolio, settings: &WaveSettings, sets: &mut Sets, moving: &[bool]) -> Self {
        let mut number_of_root: Vec<Option<u32>> = vec![None; moving.len()];
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of = vec![None; moving.len()];
        for (position, traits) in portfolio.traits.iter().enumerate() {
            if !moving[position] {
                continue;
            }
            let root = sets.root(position);
            let number = *number_of_root[root].get_or_insert_with(|| {
                groups.push(Group {
                    class: EnvironmentClass::NonProduction,
                    classes: [0; 2],
                    load: Load::default(),
                    pinned: sets.pinned[root],
                    early: [0; 2],
                });
                narrow(groups.len() - 1)
            });
            group_of[position] = Some(number);
            let group = &mut groups[number as usize];
            group.class = group.class.max(traits.class);
            group.classes[traits.class as usize] += 1;
            group.load = group.load.plus(traits.load);
            group.early[0] += u64::from(traits.criticality > settings.early_max_criticality);
            group.early[1] += u64::from(traits.complexity > settings.early_max_complexity);
        }
        let placed = group_of.iter().enumerate();
        let placed = placed.filter_map(|(position, group)| Some(((*group)? as usize, narrow(position))));
        Self {
            members: Rows::of(groups.len(), placed),
            all: groups,
            group_of,
        }
    }

    /// Waves of workloads, from waves of groups.
    pub(super) fn assignment(&self, portfolio: &Portfolio, waves: &[u32]) -> Waves {
        self.of_workloads(portfolio, |group| waves[group]).collect()
    }

    /// What holds of a group, for each of its workloads. In order of ids.
    fn of_workloads<T>(
        &self,
        portfolio: &Portfolio,
        of_group: impl Fn(usize) -> T,
    ) -> impl Iterator<Item = (Uuid, T)> {
        self.group_of
            .iter()
            .zip(&portfolio.ids)
            .filter_map(move |(group, id)| Some((*id, of_group((*group)? as usize))))
    }

    /// The assignment with a sentence on each workload.
    pub(super) fn explained(
        &self,
        portfolio: &Portfolio,
        settings: &WaveSettings,
        order: &Order,
        waves: &[u32],
    ) -> Assignment {
        let reasons: Vec<Arc<str>> = (0..self.all.len())
            .map(|number| self.reason(number, portfolio, settings, order, waves).into())
            .collect();
        let workloads = portfolio.workloads.iter().zip(&self.group_of);
        Assignment {
            waves: self.assignment(portfolio, waves),
            reasons: self
                .of_workloads(portfolio, |group| reasons[group].clone())
                .collect(),
            excluded: workloads
                .filter(|(_, group)| group.is_none())
                .map(|(workload, _)| {
                    let strategy = workload.strategy.map_or("none", |strategy| strategy.as_str());
                    let reason = format!("Its strategy is {strategy}: it does not move.");
                    (workload.id, reason)
                })
                .collect(),
        }
    }

    /// What a person calls a group: its first unit.
    fn name<'p>(&self, number: usize, portfolio: &'p Portfolio) -> &'p str {
        let first = self.members.row(number).first();
        first.map_or("", |first| {
            portfolio.unit_name(portfolio.unit_of(*first as usize))
        })
    }

    fn reason(
        &self,
        number: usize,
        portfolio: &Portfolio,
        settings: &WaveSettings,
        order: &Order,
        waves: &[u32],
    ) -> String {
        let group = &self.all[number];
        let mut reason = String::new();
        if let Some(wave) = group.pinned {
            let _ = write!(reason, "Pinned to wave {wave}. ");
        }
        if group.load.workloads > 1 {
            let _ = write!(
                reason,
                "Moves with {} others, in the group of {}. ",
                group.load.workloads - 1,
                self.name(number, portfolio)
            );
        }
        let _ = write!(reason, "Priority {} of 100.", order.priority[number]);
        let needs = order.needs.row(number).iter();
        if let Some((wave, needed)) = needs.map(|needed| (waves[*needed as usize], *needed)).max() {
            let name = self.name(needed as usize, portfolio);
            let _ = write!(
                reason,
                " Not before wave {wave}, in which {name} moves, which it needs."
            );
        }
        if group.early != [0, 0] && settings.early_waves > 0 {
            let _ = write!(
                reason,
                " Kept out of the first {} waves, if possible: it is of {} or {}.",
                settings.early_waves,
                above("criticality", settings.early_max_criticality),
                above("complexity", settings.early_max_complexity)
            );
        }
        reason
    }
}

fn above(what: &str, most: Level) -> String {
    format!("{what} above {}", most.as_str())
}

/// How much a tie comes before others: by its kind, shared data, whether it was said to be hard, and weight.
type Strength = (Tie, bool, bool, Reverse<u64>);

/// Places of the edges that tie, the tightest first; among equals in the order of the edges.
fn by_strength(portfolio: &Portfolio, links: &Links) -> Vec<usize> {
    let edges = portfolio.edges.items().iter().zip(&links.ties).enumerate();
    let mut ties: Vec<(Strength, u32)> = edges
        .filter(|(_, (_, tie))| **tie != Tie::Loose)
        .map(|(place, (edge, tie))| {
            let shares_no_data = edge.kind != DependencyKind::Database;
            // The bits of numbers that are not negative are in the order of the numbers.
            let weight = Reverse(edge.weight.to_bits());
            ((*tie, shares_no_data, !edge.is_hard, weight), narrow(place))
        })
        .collect();
    ties.sort_unstable();
    ties.into_iter().map(|(_, place)| place as usize).collect()
}

/// Groups that need each other become one, if they are small enough together and of one class.
fn join_cycles(portfolio: &Portfolio, sets: &mut Sets, moving: &[bool], most: u64) {
    let roots: Vec<u32> = (0..moving.len())
        .map(|position| narrow(sets.root(position)))
        .collect();
    let arcs = portfolio.edges.items().iter().filter_map(|edge| {
        let (from, to) = edge.ends();
        (moving[from] && moving[to] && roots[from] != roots[to]).then_some((roots[from] as usize, roots[to]))
    });
    let components = Components::of(&Rows::of(moving.len(), arcs));
    for cycle in components.members().rows().filter(|cycle| cycle.len() > 1) {
        let size: u64 = cycle.iter().map(|root| sets.size[*root as usize]).sum();
        if size <= most {
            for pair in cycle.windows(2) {
                sets.join(pair[0] as usize, pair[1] as usize, most, false);
            }
        }
    }
}
