//! Dependencies by the waves of their ends.

use super::portfolio::Portfolio;
use super::sight::Sight;
use crate::rows::{Rows, narrow};

/// Dependencies of one wave on another, or within one; waves by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crossing {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) dependencies: u64,
}

/// The dependencies between what moves, counted for each pair of waves, in order of the waves.
pub(super) fn crossings(portfolio: &Portfolio, sight: &Sight<'_>) -> Vec<Crossing> {
    let between = portfolio.edges.items().iter().filter_map(|edge| {
        let (from, to) = edge.ends();
        Some((sight.place(from)?, (narrow(sight.place(to)?), edge.count())))
    });
    let mut by_wave = Rows::of(sight.numbers.len(), between);
    let mut found = Vec::with_capacity(by_wave.items().len());
    for from in 0..by_wave.count() {
        let needed = by_wave.row_mut(from);
        needed.sort_unstable_by_key(|(to, _)| *to);
        found.extend(
            needed
                .chunk_by(|(to, _), (other, _)| to == other)
                .map(|same| Crossing {
                    from,
                    to: same[0].0 as usize,
                    dependencies: same.iter().map(|(_, dependencies)| dependencies).sum(),
                }),
        );
    }
    found
}
