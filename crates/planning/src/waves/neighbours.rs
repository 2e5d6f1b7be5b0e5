//! What the neighbours of a group say about the wave that it is in.

use super::improve::Penalties;
use super::order::Order;
use crate::rows::{Rows, narrow};
use std::cmp::Reverse;

/// Waves of neighbours that are tried, those with the most connections.
const CANDIDATES: usize = 16;

/// A connection of a group, seen from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbour {
    group: u32,
    /// Whether the neighbour is needed; else it needs the group.
    is_needed: bool,
    /// Whether production and its rehearsal are connected, which costs in one wave, too.
    rehearses: bool,
    /// Penalty in different waves.
    apart: u64,
    /// Penalty on top of that, if what is needed comes later.
    late: u64,
}

/// The connections of each group.
pub(super) fn neighbours(order: &Order, groups: usize, penalties: &Penalties) -> Rows<Neighbour> {
    let needed = order.connections.iter().map(|connection| {
        let neighbour = Neighbour {
            group: narrow(connection.to),
            is_needed: true,
            rehearses: connection.rehearses,
            apart: connection.apart + connection.dependencies,
            late: connection.dependencies * penalties.order
                + u64::from(connection.rehearses) * penalties.rehearsal,
        };
        (connection.from, neighbour)
    });
    let needing = needed.clone().map(|(from, neighbour)| {
        let other = Neighbour {
            group: narrow(from),
            is_needed: false,
            ..neighbour
        };
        (neighbour.group as usize, other)
    });
    Rows::of(groups, needed.chain(needing))
}

/// The connections to a wave, or to those between two waves.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    apart: u64,
    /// Connections of production and its rehearsal.
    rehearsals: u64,
    /// Penalty if the group comes before: it needs something here.
    needed: u64,
    /// Penalty if the group comes after: something here needs it.
    needing: u64,
}

/// The waves that a group might better be in, and what its neighbours say to each. Kept from group to group for its memory.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// Wave of each neighbour.
    waves: Vec<u32>,
    /// Connections to each wave; all zero between two looks.
    counts: Vec<u32>,
    most: Vec<(Reverse<u32>, u32)>,
    /// Ascending; the group's own is one of them.
    candidates: Vec<u32>,
    /// At odd places what is in a candidate, at even ones what is before it and after the candidate before it.
    tallies: Vec<Tally>,
    strains: Vec<u64>,
}

impl Neighbours {
    /// Looks where the neighbours of a group in wave `own` are. Linear in their number.
    pub(super) fn look(&mut self, own: u32, neighbours: &[Neighbour], waves: &[u32], penalties: &Penalties) {
        self.waves.clear();
        let groups = neighbours.iter().map(|neighbour| neighbour.group as usize);
        self.waves.extend(groups.map(|group| waves[group]));
        self.choose(own);
        self.tallies.clear();
        self.tallies
            .resize(self.candidates.len() * 2 + 1, Tally::default());
        let mut all_apart = 0;
        for (neighbour, wave) in neighbours.iter().zip(&self.waves) {
            let place = self.candidates.partition_point(|candidate| candidate < wave);
            let is_in = self.candidates.get(place) == Some(wave);
            let tally = &mut self.tallies[place * 2 + usize::from(is_in)];
            all_apart += neighbour.apart;
            tally.apart += neighbour.apart;
            tally.rehearsals += u64::from(neighbour.rehearses);
            if neighbour.is_needed {
                tally.needed += neighbour.late;
            } else {
                tally.needing += neighbour.late;
            }
        }
        let mut needed_later: u64 = self.tallies.iter().map(|tally| tally.needed).sum();
        let mut needing_earlier = 0;
        self.strains.clear();
        for (place, tally) in self.tallies.iter().enumerate() {
            needed_later -= tally.needed;
            if place % 2 == 1 {
                // In one wave, production is not after its rehearsal.
                let together = tally.rehearsals * penalties.rehearsal;
                let apart = all_apart - tally.apart;
                self.strains
                    .push(together + apart + needed_later + needing_earlier);
            }
            needing_earlier += tally.needing;
        }
    }

    /// Chooses the waves with most of the connections, the group's own, and the ones before and after. Their number is
    /// bounded, so that trying them is linear in the connections.
    fn choose(&mut self, own: u32) {
        for wave in &self.waves {
            let wave = *wave as usize;
            if wave >= self.counts.len() {
                self.counts.resize(wave + 1, 0);
            }
            self.counts[wave] += 1;
        }
        self.most.clear();
        for wave in &self.waves {
            let count = std::mem::take(&mut self.counts[*wave as usize]);
            if count > 0 {
                self.most.push((Reverse(count), *wave));
            }
        }
        if self.most.len() > CANDIDATES {
            self.most.select_nth_unstable(CANDIDATES);
            self.most.truncate(CANDIDATES);
        }
        self.candidates.clear();
        self.candidates.extend(self.most.iter().map(|(_, wave)| *wave));
        self.candidates.extend([own.saturating_sub(1), own, own + 1]);
        self.candidates.sort_unstable();
        self.candidates.dedup();
    }

    /// Each candidate with the penalty of all connections while the group is there.
    pub(super) fn strains(&self) -> impl Iterator<Item = (u32, u64)> {
        self.candidates.iter().copied().zip(self.strains.iter().copied())
    }
}
