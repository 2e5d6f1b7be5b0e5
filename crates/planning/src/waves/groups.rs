//! Groups: what moves together. Ties are joined in order of their strength, each as long as the group stays small enough
//! and its pins agree; a tie that cannot be kept stays a link between groups, and the judgement reports it.

use super::capacity::Load;
use super::links::{Links, Tie};
use super::order::Order;
use super::pins::Pins;
use super::portfolio::{DependencyKind, EnvironmentClass, Level, Portfolio};
use super::settings::WaveSettings;
use super::{Assignment, Waves};
use crate::graph::components;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// A set of workloads that move together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Positions of its workloads, ascending.
    pub(super) members: Vec<usize>,
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
    pub(super) group_of: Vec<Option<usize>>,
    ids: Vec<Uuid>,
    excluded: BTreeMap<Uuid, String>,
}

impl Groups {
    pub(super) fn of(portfolio: &Portfolio, settings: &WaveSettings, pins: &Pins, links: &Links) -> Self {
        let moves = |position: &usize| {
            pins.wave.contains_key(position)
                || portfolio.workloads[*position]
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
        let mut first_of_unit: Vec<Option<usize>> = vec![None; portfolio.units.len()];
        for (position, unit) in portfolio.unit_of.iter().enumerate() {
            if moving[position] {
                let first = *first_of_unit[*unit].get_or_insert(position);
                sets.join(first, position, u64::MAX, true);
            }
        }
        let most = u64::from(settings.max_group_workloads);
        for position in by_strength(portfolio, links) {
            let edge = &portfolio.edges[position];
            if moving[edge.from] && moving[edge.to] {
                // Only the strongest ties outweigh the rule that environments are apart.
                sets.join(edge.from, edge.to, most, links.ties[position] < Tie::Hard);
            }
        }
        join_cycles(portfolio, &mut sets, &moving, most);
        Self::collected(portfolio, settings, &mut sets, &moving)
    }

    fn collected(portfolio: &Portfolio, settings: &WaveSettings, sets: &mut Sets, moving: &[bool]) -> Self {
        let mut number_of_root: Vec<Option<usize>> = vec![None; moving.len()];
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of = vec![None; moving.len()];
        let mut excluded = BTreeMap::new();
        for (position, workload) in portfolio.workloads.iter().enumerate() {
            if !moving[position] {
                let strategy = workload.strategy.map_or("none", |strategy| strategy.as_str());
                excluded.insert(
                    workload.id,
                    format!("Its strategy is {strategy}: it does not move."),
                );
                continue;
            }
            let root = sets.root(position);
            let number = *number_of_root[root].get_or_insert_with(|| {
                groups.push(Group {
                    members: Vec::new(),
                    class: EnvironmentClass::NonProduction,
                    classes: [0; 2],
                    load: Load::default(),
                    pinned: sets.pinned[root],
                    early: [0; 2],
                });
                groups.len() - 1
            });
            group_of[position] = Some(number);
            let group = &mut groups[number];
            group.members.push(position);
            group.class = group.class.max(workload.class());
            group.classes[workload.class() as usize] += 1;
            group.load = group.load.plus(Load {
                workloads: 1,
                effort: workload.effort_points(),
                storage_mb: workload.storage_mb,
            });
            group.early[0] += u64::from(workload.criticality() > settings.early_max_criticality);
            group.early[1] += u64::from(workload.complexity() > settings.early_max_complexity);
        }
        Self {
            all: groups,
            group_of,
            ids: portfolio.workloads.iter().map(|workload| workload.id).collect(),
            excluded,
        }
    }

    /// Waves of workloads, from waves of groups.
    pub(super) fn assignment(&self, waves: &[u32]) -> Waves {
        self.group_of
            .iter()
            .zip(&self.ids)
            .filter_map(|(group, id)| group.map(|group| (*id, waves[group])))
            .collect()
    }

    /// The assignment with a sentence on each workload.
    pub(super) fn explained(
        &self,
        portfolio: &Portfolio,
        settings: &WaveSettings,
        order: &Order,
        waves: Waves,
    ) -> Assignment {
        let mut reasons = BTreeMap::new();
        for (number, group) in self.all.iter().enumerate() {
            let reason: Arc<str> = self.reason(number, portfolio, settings, order, &waves).into();
            reasons.extend(
                group
                    .members
                    .iter()
                    .map(|member| (self.ids[*member], reason.clone())),
            );
        }
        Assignment {
            waves,
            reasons,
            excluded: self.excluded.clone(),
        }
    }

    fn reason(
        &self,
        number: usize,
        portfolio: &Portfolio,
        settings: &WaveSettings,
        order: &Order,
        waves: &Waves,
    ) -> String {
        let group = &self.all[number];
        let wave_of = |group: usize| {
            let first = self.all[group].members.first()?;
            waves.get(&self.ids[*first]).copied()
        };
        let mut reason = String::new();
        if let Some(wave) = group.pinned {
            let _ = write!(reason, "Pinned to wave {wave}. ");
        }
        if let [first, _, ..] = group.members.as_slice() {
            let unit = portfolio.unit_name(portfolio.unit_of[*first]);
            let _ = write!(
                reason,
                "Moves with {} others, in the group of {unit}. ",
                group.members.len() - 1
            );
        }
        let _ = write!(reason, "Priority {} of 100.", order.priority[number]);
        let latest = order.needs[number]
            .iter()
            .filter_map(|needed| Some((wave_of(*needed)?, *needed)))
            .max();
        if let Some((wave, needed)) = latest
            && let Some(first) = self.all[needed].members.first()
        {
            let name = portfolio.unit_name(portfolio.unit_of[*first]);
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

/// Positions of the edges that tie, the tightest first.
fn by_strength(portfolio: &Portfolio, links: &Links) -> Vec<usize> {
    let mut ties: Vec<usize> = (0..portfolio.edges.len())
        .filter(|position| links.ties[*position] != Tie::Loose)
        .collect();
    ties.sort_unstable_by(|a, b| {
        let (one, other) = (&portfolio.edges[*a], &portfolio.edges[*b]);
        let shares_data = |kind| kind != DependencyKind::Database;
        (links.ties[*a], shares_data(one.kind), !one.is_hard)
            .cmp(&(links.ties[*b], shares_data(other.kind), !other.is_hard))
            .then(other.weight.total_cmp(&one.weight))
            .then(a.cmp(b))
    });
    ties
}

/// Groups that need each other become one, if they are small enough together and of one class.
fn join_cycles(portfolio: &Portfolio, sets: &mut Sets, moving: &[bool], most: u64) {
    let roots: Vec<usize> = (0..moving.len()).map(|position| sets.root(position)).collect();
    let arcs: Vec<(usize, usize)> = portfolio
        .edges
        .iter()
        .filter(|edge| moving[edge.from] && moving[edge.to])
        .map(|edge| (roots[edge.from], roots[edge.to]))
        .filter(|(from, to)| from != to)
        .collect();
    for cycle in components(moving.len(), arcs) {
        let size: u64 = cycle.iter().map(|root| sets.size[*root]).sum();
        if cycle.len() > 1 && size <= most {
            for pair in cycle.windows(2) {
                sets.join(pair[0], pair[1], most, false);
            }
        }
    }
}

/// Disjoint sets of workloads.
struct Sets {
    parent: Vec<usize>,
    size: Vec<u64>,
    pinned: Vec<Option<u32>>,
    class: Vec<EnvironmentClass>,
}

impl Sets {
    fn new(portfolio: &Portfolio, pins: &Pins) -> Self {
        let count = portfolio.workloads.len();
        Self {
            parent: (0..count).collect(),
            size: vec![1; count],
            pinned: (0..count)
                .map(|position| pins.wave.get(&position).copied())
                .collect(),
            class: portfolio.workloads.iter().map(super::Workload::class).collect(),
        }
    }

    fn root(&mut self, mut position: usize) -> usize {
        while self.parent[position] != position {
            self.parent[position] = self.parent[self.parent[position]];
            position = self.parent[position];
        }
        position
    }

    /// Makes two sets one, unless that breaks a pin, mixes classes without leave, or makes too large a set.
    fn join(&mut self, a: usize, b: usize, most: u64, may_mix: bool) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        let pins_differ =
            matches!((self.pinned[a], self.pinned[b]), (Some(one), Some(other)) if one != other);
        let classes_differ = self.class[a] != self.class[b];
        if pins_differ || (classes_differ && !may_mix) || self.size[a] + self.size[b] > most {
            return false;
        }
        // The smaller joins the larger; among equals the later the earlier.
        let (root, child) = if (self.size[a], b) >= (self.size[b], a) {
            (a, b)
        } else {
            (b, a)
        };
        self.parent[child] = root;
        self.size[root] += self.size[child];
        self.pinned[root] = self.pinned[root].or(self.pinned[child]);
        self.class[root] = self.class[root].max(self.class[child]);
        true
    }
}
