//! Communities of a dependency graph: assets that talk to each other more than to others, which hints at an application.
//!
//! Source: V. D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre, "Fast unfolding of communities in large networks"
//! (2008), the Louvain method. Ours visits nodes in a fixed order and breaks ties by the least community, so the same graph
//! always gives the same communities.

use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;
use std::collections::BTreeMap;

/// Moves of all nodes within one level at most; it settles long before.
const MAX_SWEEPS: usize = 50;
/// Levels of aggregation at most.
const MAX_LEVELS: usize = 20;
/// A gain below this is rounding.
const LEAST_GAIN: f64 = 1e-12;

/// An edge between two nodes, by their positions; direction does not matter, weights of the same pair add up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// One end.
    pub from: usize,
    /// The other end.
    pub to: usize,
    /// How close they are; more than zero.
    pub weight: f64,
}

/// What communities are looked for in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// Number of nodes.
    pub nodes: usize,
    /// Edges between them. Edges to nodes that are not there, of an end with itself, or without weight are left out.
    pub edges: Vec<Edge>,
    /// A node with more neighbours than this is shared by many (a directory, a monitor) and belongs to no community.
    pub most_neighbours: usize,
}

/// Assets that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Community {
    /// Positions of its nodes, ascending; at least two.
    pub members: Vec<usize>,
    /// Weight of the edges inside.
    pub internal_weight: f64,
    /// Weight of the edges that lead out, to shared nodes not counted.
    pub external_weight: f64,
}

impl Community {
    /// Which part of its edges' weight stays inside, 0 to 1: how well it is told apart.
    pub fn cohesion(&self) -> f64 {
        let total = self.internal_weight + self.external_weight;
        if total > 0.0 {
            self.internal_weight / total
        } else {
            0.0
        }
    }
}

/// The communities of a network, and the nodes that were left out because too many need them.
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// Communities of two nodes and more, in the order of their first members.
    pub communities: Vec<Community>,
    /// Positions of shared nodes, ascending.
    pub shared: Vec<usize>,
}

/// Finds the communities. Memory and time grow with nodes and edges: about 100 bytes per edge, and a sweep over all edges
/// some ten times.
pub fn find(network: &Network) -> Communities {
    let (graph, shared) = graph_of(network);
    let mut assignment: Vec<usize> = (0..network.nodes).collect();
    let mut level = graph.clone();
    for _ in 0..MAX_LEVELS {
        let (moved, communities) = settle(&level);
        if !moved {
            break;
        }
        for community in &mut assignment {
            *community = communities.get(*community).copied().unwrap_or(*community);
        }
        level = aggregate(&level, &communities);
    }
    Communities {
        communities: described(&graph, &assignment, &shared),
        shared: positions(&shared),
    }
}

type Graph = UnGraph<(), f64, usize>;

fn graph_of(network: &Network) -> (Graph, Vec<bool>) {
    let mut pairs: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for edge in &network.edges {
        let pair = (edge.from.min(edge.to), edge.from.max(edge.to));
        if pair.0 != pair.1 && pair.1 < network.nodes && edge.weight.is_finite() && edge.weight > 0.0 {
            *pairs.entry(pair).or_default() += edge.weight;
        }
    }
    let mut neighbours = vec![0_usize; network.nodes];
    for &(one, other) in pairs.keys() {
        for end in [one, other] {
            if let Some(count) = neighbours.get_mut(end) {
                *count += 1;
            }
        }
    }
    let shared: Vec<bool> = neighbours
        .iter()
        .map(|count| *count > network.most_neighbours)
        .collect();
    let is_shared = |node: usize| shared.get(node).copied().unwrap_or(false);
    let mut graph = Graph::with_capacity(network.nodes, pairs.len());
    for _ in 0..network.nodes {
        graph.add_node(());
    }
    for ((one, other), weight) in pairs {
        if !is_shared(one) && !is_shared(other) {
            graph.add_edge(NodeIndex::new(one), NodeIndex::new(other), weight);
        }
    }
    (graph, shared)
}

/// Weight of a node's edges; one to itself counts twice, as it has two ends there.
fn strength(graph: &Graph, node: NodeIndex<usize>) -> f64 {
    graph
        .edges(node)
        .map(|edge| {
            if edge.source() == edge.target() {
                2.0 * edge.weight()
            } else {
                *edge.weight()
            }
        })
        .sum()
}

/// Moves each node to the neighbouring community that gains most modularity, until no move gains. Gives whether any node
/// moved, and the community of each node, numbered from 0 in the order of their first nodes.
fn settle(graph: &Graph) -> (bool, Vec<usize>) {
    let strengths: Vec<f64> = graph.node_indices().map(|node| strength(graph, node)).collect();
    let doubled: f64 = strengths.iter().sum();
    let mut community: Vec<usize> = (0..strengths.len()).collect();
    let mut totals = strengths.clone();
    let mut moved_ever = false;
    for _ in 0..MAX_SWEEPS {
        let mut moved = false;
        for node in graph.node_indices() {
            let Some(((own, strength), here)) = community
                .get(node.index())
                .copied()
                .zip(strengths.get(node.index()).copied())
                .map(|found| (found, node))
            else {
                continue;
            };
            let mut links: BTreeMap<usize, f64> = BTreeMap::from([(own, 0.0)]);
            for edge in graph.edges(here) {
                let other = if edge.source() == here {
                    edge.target()
                } else {
                    edge.source()
                };
                if other != here
                    && let Some(other) = community.get(other.index())
                {
                    *links.entry(*other).or_default() += edge.weight();
                }
            }
            if let Some(total) = totals.get_mut(own) {
                *total -= strength;
            }
            let gain = |candidate: usize, weight: f64| {
                weight - strength * totals.get(candidate).copied().unwrap_or(0.0) / doubled
            };
            let mut best = (own, gain(own, links.get(&own).copied().unwrap_or(0.0)));
            for (&candidate, &weight) in &links {
                let gained = gain(candidate, weight);
                if gained > best.1 + LEAST_GAIN {
                    best = (candidate, gained);
                }
            }
            if let Some(total) = totals.get_mut(best.0) {
                *total += strength;
            }
            if best.0 != own
                && let Some(slot) = community.get_mut(node.index())
            {
                *slot = best.0;
                moved = true;
                moved_ever = true;
            }
        }
        if !moved {
            break;
        }
    }
    (moved_ever, renumbered(&community))
}

fn renumbered(community: &[usize]) -> Vec<usize> {
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    community
        .iter()
        .map(|name| {
            let next = numbers.len();
            *numbers.entry(*name).or_insert(next)
        })
        .collect()
}

/// The graph in which each community is one node.
fn aggregate(graph: &Graph, communities: &[usize]) -> Graph {
    let mut pairs: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for edge in graph.edge_references() {
        let ends = (
            communities.get(edge.source().index()),
            communities.get(edge.target().index()),
        );
        if let (Some(&one), Some(&other)) = ends {
            *pairs.entry((one.min(other), one.max(other))).or_default() += edge.weight();
        }
    }
    let nodes = communities.iter().max().map_or(0, |last| last + 1);
    let mut level = Graph::with_capacity(nodes, pairs.len());
    for _ in 0..nodes {
        level.add_node(());
    }
    for ((one, other), weight) in pairs {
        level.add_edge(NodeIndex::new(one), NodeIndex::new(other), weight);
    }
    level
}

fn described(graph: &Graph, assignment: &[usize], shared: &[bool]) -> Vec<Community> {
    let mut communities: BTreeMap<usize, Community> = BTreeMap::new();
    for (node, name) in assignment.iter().enumerate() {
        if !shared.get(node).copied().unwrap_or(false) {
            communities
                .entry(*name)
                .or_insert_with(|| Community {
                    members: Vec::new(),
                    internal_weight: 0.0,
                    external_weight: 0.0,
                })
                .members
                .push(node);
        }
    }
    for edge in graph.edge_references() {
        let (one, other) = (
            assignment.get(edge.source().index()),
            assignment.get(edge.target().index()),
        );
        let (Some(one), Some(other)) = (one, other) else {
            continue;
        };
        let is_internal = one == other;
        for name in if is_internal { vec![one] } else { vec![one, other] } {
            if let Some(community) = communities.get_mut(name) {
                if is_internal {
                    community.internal_weight += edge.weight();
                } else {
                    community.external_weight += edge.weight();
                }
            }
        }
    }
    let mut found: Vec<Community> = communities
        .into_values()
        .filter(|community| community.members.len() > 1)
        .collect();
    found.sort_by(|one, other| one.members.cmp(&other.members));
    found
}

fn positions(marks: &[bool]) -> Vec<usize> {
    marks
        .iter()
        .enumerate()
        .filter_map(|(position, marked)| marked.then_some(position))
        .collect()
}

#[cfg(test)]
mod tests;
