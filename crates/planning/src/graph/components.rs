//! Strongly connected components: sets of nodes of which each reaches each.
//!
//! Source: R. E. Tarjan, "Depth-first search and linear graph algorithms" (1972). Without recursion: a chain of a hundred
//! thousand assets would end the stack.

use crate::rows::{Rows, narrow};

/// A node that has not been seen, and the number of a component that is not known.
const NONE: u32 = u32::MAX;

/// The components of a graph.
#[derive(Clone, Debug)]
pub(crate) struct Components {
    /// Component of each node. What is needed has a smaller number than what needs it.
    pub(crate) of_node: Vec<u32>,
    /// How many there are.
    pub(crate) count: usize,
}

impl Components {
    /// Components of a graph, by the nodes that each node needs. Linear in nodes and arcs.
    pub(crate) fn of(needs: &Rows<u32>) -> Self {
        let nodes = needs.count();
        let mut search = Search {
            seen: vec![NONE; nodes],
            lowest: vec![NONE; nodes],
            next: 0,
            open: Vec::new(),
            found: Self {
                of_node: vec![NONE; nodes],
                count: 0,
            },
        };
        // Nodes on the way from the start, and how many of their needs have been followed.
        let mut way: Vec<(u32, u32)> = Vec::new();
        for start in 0..nodes {
            if search.seen[start] != NONE {
                continue;
            }
            search.enter(start);
            way.push((narrow(start), 0));
            while let Some((node, followed)) = way.last_mut() {
                let at = *node as usize;
                if let Some(needed) = needs.row(at).get(*followed as usize).copied() {
                    *followed += 1;
                    if search.seen[needed as usize] == NONE {
                        search.enter(needed as usize);
                        way.push((needed, 0));
                    } else if search.found.of_node[needed as usize] == NONE {
                        search.lowest[at] = search.lowest[at].min(search.seen[needed as usize]);
                    }
                } else {
                    way.pop();
                    search.leave(at);
                    if let Some((before, _)) = way.last() {
                        let before = *before as usize;
                        search.lowest[before] = search.lowest[before].min(search.lowest[at]);
                    }
                }
            }
        }
        search.found
    }

    /// The nodes of each component, ascending.
    pub(crate) fn members(&self) -> Rows<u32> {
        Rows::of(
            self.count,
            self.of_node
                .iter()
                .enumerate()
                .map(|(node, component)| (*component as usize, narrow(node))),
        )
    }
}

/// State of a depth-first search.
struct Search {
    /// When each node was entered.
    seen: Vec<u32>,
    /// The earliest entered node that is known to be reachable from each node, among those without a component.
    lowest: Vec<u32>,
    next: u32,
    /// Nodes that have been entered and have no component yet.
    open: Vec<u32>,
    found: Components,
}

impl Search {
    fn enter(&mut self, node: usize) {
        self.seen[node] = self.next;
        self.lowest[node] = self.next;
        self.next += 1;
        self.open.push(narrow(node));
    }

    /// Everything that the node needs has been followed: if it reaches nothing earlier, what is open since is a component.
    fn leave(&mut self, node: usize) {
        if self.lowest[node] != self.seen[node] {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.found.of_node[member as usize] = narrow(self.found.count);
            if member as usize == node {
                break;
            }
        }
        self.found.count += 1;
    }
}
