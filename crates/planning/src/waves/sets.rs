//! Disjoint sets of workloads: the union-find structure of B. A. Galler and M. J. Fischer (1964).

use super::pins::Pins;
use super::portfolio::Portfolio;
use super::workload::EnvironmentClass;

/// Disjoint sets of workloads.
pub(super) struct Sets {
    parent: Vec<usize>,
    /// Workloads of each set, by its root.
    pub(super) size: Vec<u64>,
    /// The wave that each set is pinned to, by its root.
    pub(super) pinned: Vec<Option<u32>>,
    class: Vec<EnvironmentClass>,
}

impl Sets {
    pub(super) fn new(portfolio: &Portfolio, pins: &Pins) -> Self {
        let count = portfolio.traits.len();
        Self {
            parent: (0..count).collect(),
            size: vec![1; count],
            pinned: (0..count)
                .map(|position| pins.wave.get(&position).copied())
                .collect(),
            class: portfolio.traits.iter().map(|traits| traits.class).collect(),
        }
    }

    pub(super) fn root(&mut self, mut position: usize) -> usize {
        while self.parent[position] != position {
            self.parent[position] = self.parent[self.parent[position]];
            position = self.parent[position];
        }
        position
    }

    /// Makes two sets one, unless that breaks a pin, mixes classes without leave, or makes too large a set.
    pub(super) fn join(&mut self, a: usize, b: usize, most: u64, may_mix: bool) -> bool {
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
