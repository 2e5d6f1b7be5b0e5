//! Who is affected when an asset moves or fails.

use super::DependencyGraph;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// In which direction dependencies are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// What needs the asset, directly or not: what an outage of it reaches.
    NeededBy,
    /// What the asset needs, directly or not: what can take it down.
    Needs,
}

/// An asset that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// The asset.
    pub id: Uuid,
    /// Least number of dependencies that lead there, from 1.
    pub distance: usize,
    /// The asset before it on a shortest way.
    pub through: Uuid,
    /// Whether a way of hard dependencies alone leads there.
    pub is_hard: bool,
}

/// All that is reached from one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlastRadius {
    /// The asset in the middle.
    pub of: Uuid,
    /// The direction.
    pub direction: Direction,
    /// What is reached, near before far, by id within one distance.
    pub affected: Vec<Affected>,
    /// How many are at distance 1, 2, ….
    pub by_distance: Vec<usize>,
}

impl DependencyGraph {
    /// Everything that is reached from an asset within `depth` dependencies; nothing if the asset is unknown. Linear in the
    /// part of the graph that is reached.
    pub fn blast_radius(&self, of: Uuid, direction: Direction, depth: usize) -> BlastRadius {
        let mut affected = Vec::new();
        let mut by_distance = Vec::new();
        if let Some(middle) = self.position(of) {
            let hard = self.reached_by_hard(middle, direction, depth);
            let mut seen = vec![false; self.nodes.len()];
            seen[middle] = true;
            let mut ring = vec![middle];
            for distance in 1..=depth {
                let mut next = Vec::new();
                for node in ring {
                    for (neighbour, _) in self.followed(node, direction) {
                        if !std::mem::replace(&mut seen[*neighbour], true) {
                            next.push((*neighbour, node));
                        }
                    }
                }
                if next.is_empty() {
                    break;
                }
                next.sort_unstable();
                by_distance.push(next.len());
                affected.extend(next.iter().map(|(node, through)| Affected {
                    id: self.nodes[*node].id,
                    distance,
                    through: self.nodes[*through].id,
                    is_hard: hard[*node],
                }));
                ring = next.into_iter().map(|(node, _)| node).collect();
            }
        }
        BlastRadius {
            of,
            direction,
            affected,
            by_distance,
        }
    }

    fn followed(&self, node: usize, direction: Direction) -> &[(usize, usize)] {
        match direction {
            Direction::Needs => self.needs.row(node),
            Direction::NeededBy => self.needed_by.row(node),
        }
    }

    fn reached_by_hard(&self, middle: usize, direction: Direction, depth: usize) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        reached[middle] = true;
        let mut ring = vec![middle];
        for _ in 0..depth {
            let mut next = Vec::new();
            for node in ring {
                for (neighbour, dependency) in self.followed(node, direction) {
                    if self.dependencies[*dependency].is_hard
                        && !std::mem::replace(&mut reached[*neighbour], true)
                    {
                        next.push(*neighbour);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            ring = next;
        }
        reached
    }
}
