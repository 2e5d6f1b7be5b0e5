//! The graph of dependencies: which asset needs which, what breaks with it, where cycles are and what they cost to cut.
//!
//! Everything here is linear or `n log n` in assets and dependencies, except where a function says otherwise. Adding a
//! dependency to the inventory touches no graph: cycles are facts, found when somebody asks.

mod blast_radius;
mod components;
mod cycles;
mod export;
mod feedback;
mod queue;
#[cfg(test)]
mod tests;

pub use blast_radius::{Affected, BlastRadius, Direction};
pub(crate) use components::Components;
pub(crate) use cycles::price;
pub use cycles::{Cut, Cycle};
pub use export::GraphFormat;
pub(crate) use feedback::{Arc, feedback_arcs};

use crate::rows::{Rows, narrow};
use serde::Serialize;
use uuid::Uuid;

/// An asset in the graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is, such as `server`.
    pub kind: String,
    /// The application that it is part of.
    pub application: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
}

/// A dependency in the graph: `from` needs `to`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dependency {
    /// Its id.
    pub id: Uuid,
    /// The asset that needs the other.
    pub from: Uuid,
    /// The asset that is needed.
    pub to: Uuid,
    /// Kind, such as `database`.
    pub kind: String,
    /// Port of the needed asset; 0 if unknown.
    pub port: i32,
    /// How strong it is: 1 for a statement, the number of observations for a measurement.
    pub weight: f64,
    /// Whether the two cannot be separated.
    pub is_hard: bool,
}

/// The graph of an engagement's dependencies. Memory: nodes and dependencies, and two lists of positions.
#[derive(Clone, Debug)]
pub struct DependencyGraph {
    /// Sorted by id.
    nodes: Vec<Node>,
    /// Sorted by from, to, id; both ends are nodes.
    dependencies: Vec<Dependency>,
    /// Positions of the ends of each dependency.
    ends: Vec<(usize, usize)>,
    /// Neighbours of each node, and the dependency that leads there.
    needs: Rows<(usize, usize)>,
    needed_by: Rows<(usize, usize)>,
}

/// What the graph looks like in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GraphSummary {
    /// Assets.
    pub nodes: usize,
    /// Assets with at least one dependency.
    pub connected_nodes: usize,
    /// Dependencies.
    pub dependencies: usize,
    /// Dependencies whose ends cannot be separated.
    pub hard_dependencies: usize,
    /// Cycles: sets of assets of which each needs each, directly or not.
    pub cycles: usize,
    /// Assets that are in a cycle.
    pub nodes_in_cycles: usize,
}

impl DependencyGraph {
    /// A graph. A dependency of which an end is missing, and one of an asset on itself, is left out: it says nothing about
    /// the assets that are looked at. The order in which nodes and dependencies are given does not matter.
    pub fn new(mut nodes: Vec<Node>, dependencies: Vec<Dependency>) -> Self {
        nodes.sort_unstable_by_key(|node| node.id);
        nodes.dedup_by_key(|node| node.id);
        let position = |id: Uuid| nodes.binary_search_by_key(&id, |node| node.id).ok();
        let mut known: Vec<(usize, usize, Dependency)> = dependencies
            .into_iter()
            .filter_map(|dependency| {
                let (from, to) = (position(dependency.from)?, position(dependency.to)?);
                (from != to).then_some((from, to, dependency))
            })
            .collect();
        known.sort_unstable_by_key(|(from, to, dependency)| (*from, *to, dependency.id));
        let ends: Vec<(usize, usize)> = known.iter().map(|(from, to, _)| (*from, *to)).collect();
        let arcs = || ends.iter().enumerate();
        let needs = Rows::of(nodes.len(), arcs().map(|(arc, (from, to))| (*from, (*to, arc))));
        let needed_by = Rows::of(nodes.len(), arcs().map(|(arc, (from, to))| (*to, (*from, arc))));
        let dependencies = known.into_iter().map(|(_, _, dependency)| dependency).collect();
        Self {
            nodes,
            dependencies,
            ends,
            needs,
            needed_by,
        }
    }

    /// The assets, sorted by id.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The dependencies, sorted by the asset that needs, the asset that is needed and id.
    pub fn dependencies(&self) -> &[Dependency] {
        &self.dependencies
    }

    /// The asset with this id.
    pub fn node(&self, id: Uuid) -> Option<&Node> {
        self.position(id).map(|position| &self.nodes[position])
    }

    /// The graph in numbers.
    pub fn summary(&self) -> GraphSummary {
        let components = self.cyclic_components();
        GraphSummary {
            nodes: self.nodes.len(),
            connected_nodes: (0..self.nodes.len())
                .filter(|node| !self.needs.row(*node).is_empty() || !self.needed_by.row(*node).is_empty())
                .count(),
            dependencies: self.dependencies.len(),
            hard_dependencies: self.dependencies.iter().filter(|d| d.is_hard).count(),
            cycles: components.len(),
            nodes_in_cycles: components.iter().map(Vec::len).sum(),
        }
    }

    /// The part of the graph that the predicate keeps, with the dependencies within it.
    pub fn part(&self, keep: impl Fn(&Node) -> bool) -> Self {
        let nodes = self.nodes.iter().filter(|node| keep(node)).cloned().collect();
        Self::new(nodes, self.dependencies.clone())
    }

    fn position(&self, id: Uuid) -> Option<usize> {
        self.nodes.binary_search_by_key(&id, |node| node.id).ok()
    }

    /// Sets of at least two nodes that reach each other, each sorted, in order of their first node.
    fn cyclic_components(&self) -> Vec<Vec<usize>> {
        let mut cyclic: Vec<Vec<usize>> = components(self.nodes.len(), self.ends.iter().copied())
            .into_iter()
            .filter(|component| component.len() > 1)
            .collect();
        cyclic.sort_unstable_by_key(|component| component.first().copied());
        cyclic
    }
}

/// Strongly connected components, what is needed before what needs it; each sorted.
pub(crate) fn components(nodes: usize, arcs: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let arcs: Vec<(usize, u32)> = arcs.into_iter().map(|(from, to)| (from, narrow(to))).collect();
    Components::of(&Rows::of(nodes, arcs.iter().copied()))
        .members()
        .rows()
        .map(|members| members.iter().map(|node| *node as usize).collect())
        .collect()
}
