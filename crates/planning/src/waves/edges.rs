//! Links between workloads, as they are given and as they are planned with.

use super::workload::Workload;
use crate::rows::{Rows, narrow};
use std::collections::HashMap;
use uuid::Uuid;

/// What kind of need a link is. Says how tight it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// Runs on the other.
    Hosting,
    /// Uses the data of the other.
    Database,
    /// Uses files or blocks of the other.
    Storage,
    /// Calls the other.
    Application,
    /// Uses a service of the network, such as names, directory or mail: an order, never a tie.
    Network,
}

impl DependencyKind {
    /// Reads the inventory's words; anything else is a call.
    pub fn of(word: &str) -> Self {
        match word {
            "hosting" => Self::Hosting,
            "database" => Self::Database,
            "storage" => Self::Storage,
            "network" => Self::Network,
            _ => Self::Application,
        }
    }
}

/// `from` needs `to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The workload that needs the other.
    pub from: Uuid,
    /// The workload that is needed.
    pub to: Uuid,
    /// Kind.
    pub kind: DependencyKind,
    /// 1 for a statement, the number of observations for a measurement.
    pub weight: f64,
    /// Whether somebody said that the two cannot be separated.
    pub is_hard: bool,
}

/// A link between positions of workloads; all links of one pair in one direction are one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    from: u32,
    to: u32,
    /// How many links it stands for.
    count: u32,
    /// The tightest kind.
    pub(super) kind: DependencyKind,
    pub(super) is_hard: bool,
    /// Not negative.
    pub(super) weight: f64,
}

impl Edge {
    /// Positions of what needs and of what is needed.
    pub(super) const fn ends(&self) -> (usize, usize) {
        (self.from as usize, self.to as usize)
    }

    /// How many links it stands for.
    pub(super) const fn count(&self) -> u64 {
        self.count as u64
    }
}

/// The edges of each workload, sorted by what is needed. Links to what is not known, and of a workload to itself, are left
/// out. Linear, beside sorting the links of each workload.
pub(super) fn edges(workloads: &[Workload], links: Vec<Link>) -> Rows<Edge> {
    let known: HashMap<Uuid, u32> = workloads
        .iter()
        .enumerate()
        .map(|(position, workload)| (workload.id, narrow(position)))
        .collect();
    let found: Vec<Edge> = links
        .into_iter()
        .filter_map(|link| {
            let (from, to) = (*known.get(&link.from)?, *known.get(&link.to)?);
            (from != to).then_some(Edge {
                from,
                to,
                count: 1,
                kind: link.kind,
                is_hard: link.is_hard,
                weight: if link.weight.is_finite() && link.weight > 0.0 {
                    link.weight
                } else {
                    0.0
                },
            })
        })
        .collect();
    let mut sorted = Rows::of(
        workloads.len(),
        found.iter().map(|edge| (edge.from as usize, *edge)),
    );
    let mut merged = Rows::with_capacity(workloads.len(), found.len());
    drop(found);
    for position in 0..workloads.len() {
        let row = sorted.row_mut(position);
        // The weight is part of the order, so that sums are made in the same order whatever the input's.
        row.sort_unstable_by(|a, b| {
            (a.to, a.kind, a.is_hard)
                .cmp(&(b.to, b.kind, b.is_hard))
                .then(a.weight.total_cmp(&b.weight))
        });
        for pair in row.chunk_by(|a, b| a.to == b.to) {
            merged.push(one_of(pair));
        }
        merged.end_row();
    }
    merged
}

/// One edge for all links of a pair, which are sorted.
fn one_of(links: &[Edge]) -> Edge {
    let mut one = links[0];
    for next in &links[1..] {
        one.weight += next.weight;
        one.count = one.count.saturating_add(1);
        // A directory service stays one, however hard; but any tie makes the pair tied.
        one.is_hard = one.is_hard && one.kind != DependencyKind::Network
            || next.is_hard && next.kind != DependencyKind::Network;
    }
    one
}

/// Place of the edge that leads back, for each edge. Both what a workload needs and what needs it are sorted, so that they
/// are gone through side by side.
pub(super) fn backward(edges: &Rows<Edge>) -> Vec<Option<u32>> {
    let placed = edges.items().iter().zip(0..);
    let sources = placed.map(|(edge, place)| {
        let (from, to) = edge.ends();
        (to, (narrow(from), place))
    });
    let sources: Rows<(u32, u32)> = Rows::of(edges.count(), sources);
    let mut back = Vec::with_capacity(edges.items().len());
    for (needs, sources) in edges.rows().zip(sources.rows()) {
        let mut sources = sources.iter().peekable();
        for to in needs.iter().map(|edge| narrow(edge.ends().1)) {
            while sources.next_if(|(from, _)| *from < to).is_some() {}
            let found = sources.next_if(|(from, _)| *from == to);
            back.push(found.map(|(_, place)| *place));
        }
    }
    back
}
