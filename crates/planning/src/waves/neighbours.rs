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
    /// Penalty in one wave: there, production is not after its rehearsal.
    same: u64,
    /// Penalty in different waves.
    apart: u64,
    /// Penalty on top of that, if what is needed comes later.
    late: u64,
}

/// The connections of each group.
pub(super) fn neighbours(order: &Order, groups: usize, penalties: &Penalties) -> Rows<Neighbour> {
    let both = order.connections.iter().flat_map(|connection| {
        let rehearsal = u64::from(connection.rehearses) * penalties.rehearsal;
        let needed = Neighbour {
            group: narrow(connection.to),
            is_needed: true,
            same: rehearsal,
            apart: connection.apart + connection.dependencies,
            late: connection.dependencies * penalties.order + rehearsal,
        };
        let needing = Neighbour {
            group: narrow(connection.from),
            is_needed: false,
            ..needed
        };
        [(connection.from, needed), (connection.to, needing)]
    });
    Rows::of(groups, both)
}

/// The connections to one wave, and to all before it.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    wave: u32,
    connections: u32,
    same: u64,
    apart: u64,
    /// Penalty if the group comes before: it needs something here.
    needed: u64,
    /// Penalty if the group comes after: something here needs it.
    needing: u64,
    /// The same two of all earlier waves.
    needed_before: u64,
    needing_before: u64,
}

/// The neighbours of one group by wave. Kept from group to group for its memory.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    by_wave: Vec<(u32, u32)>,
    /// Ascending by wave.
    tallies: Vec<Tally>,
    /// Sums over all waves.
    apart: u64,
    needed: u64,
    most: Vec<(Reverse<u32>, u32)>,
}

impl Neighbours {
    /// Looks where the neighbours are. `n log n` in their number.
    pub(super) fn look(&mut self, neighbours: &[Neighbour], waves: &[u32]) {
        self.by_wave.clear();
        let numbered = neighbours.iter().zip(0..);
        self.by_wave
            .extend(numbered.map(|(neighbour, number)| (waves[neighbour.group as usize], number)));
        self.by_wave.sort_unstable();
        self.tallies.clear();
        (self.apart, self.needed) = (0, 0);
        let mut needing = 0;
        for of_wave in self.by_wave.chunk_by(|a, b| a.0 == b.0) {
            let mut tally = Tally {
                wave: of_wave[0].0,
                connections: narrow(of_wave.len()),
                needed_before: self.needed,
                needing_before: needing,
                ..Tally::default()
            };
            for (_, number) in of_wave {
                let neighbour = &neighbours[*number as usize];
                tally.same += neighbour.same;
                tally.apart += neighbour.apart;
                if neighbour.is_needed {
                    tally.needed += neighbour.late;
                } else {
                    tally.needing += neighbour.late;
                }
            }
            self.apart += tally.apart;
            self.needed += tally.needed;
            needing += tally.needing;
            self.tallies.push(tally);
        }
    }

    /// Penalty of all connections while the group is in this wave.
    pub(super) fn strain(&self, wave: u32) -> u64 {
        let place = self.tallies.partition_point(|tally| tally.wave < wave);
        let here = self.tallies.get(place).filter(|tally| tally.wave == wave);
        let before = place.checked_sub(1).and_then(|place| self.tallies.get(place));
        let (needed_before, needing_before) = before.map_or((0, 0), |tally| {
            (
                tally.needed_before + tally.needed,
                tally.needing_before + tally.needing,
            )
        });
        let Tally {
            same, apart, needed, ..
        } = here.copied().unwrap_or_default();
        same + (self.apart - apart) + (self.needed - needed_before - needed) + needing_before
    }

    /// The waves that the group might better be in: those with most of its connections, and the ones before and after its
    /// own. Their number is bounded, so that trying them is linear in the connections.
    pub(super) fn candidates(&mut self, own: u32, candidates: &mut Vec<u32>) {
        candidates.clear();
        self.most.clear();
        let tallied = self.tallies.iter();
        self.most
            .extend(tallied.map(|tally| (Reverse(tally.connections), tally.wave)));
        if self.most.len() > CANDIDATES {
            self.most.select_nth_unstable(CANDIDATES);
        }
        candidates.extend(self.most.iter().take(CANDIDATES).map(|(_, wave)| *wave));
        candidates.extend([own.saturating_sub(1), own + 1]);
        candidates.sort_unstable();
        candidates.dedup();
    }
}
