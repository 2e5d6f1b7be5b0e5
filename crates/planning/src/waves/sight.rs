//! An assignment as the judgement looks at it: by position, and by wave.

use super::Waves;
use super::improve::Content;
use super::portfolio::Portfolio;
use crate::rows::{Rows, narrow};

/// An assignment by position.
pub(super) struct Sight<'p> {
    /// Number of each workload's wave, 0 if it does not move.
    pub(super) wave: Vec<u32>,
    /// Numbers of the waves that have workloads, ascending.
    pub(super) numbers: Vec<u32>,
    /// Positions of the workloads of each of those waves, ascending.
    pub(super) members: Rows<u32>,
    /// Place of each workload's wave among them.
    place: Vec<Option<u32>>,
    portfolio: &'p Portfolio,
}

impl<'p> Sight<'p> {
    pub(super) fn of(portfolio: &'p Portfolio, waves: &Waves) -> Self {
        let mut given = waves.iter().peekable();
        let wave: Vec<u32> = portfolio
            .ids
            .iter()
            .map(|id| {
                while given.next_if(|(other, _)| *other < id).is_some() {}
                given
                    .next_if(|(other, _)| *other == id)
                    .map_or(0, |(_, wave)| *wave)
            })
            .collect();
        let mut numbers: Vec<u32> = wave.iter().copied().filter(|number| *number > 0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let place: Vec<Option<u32>> = wave
            .iter()
            .map(|number| place_of(&numbers, *number).map(narrow))
            .collect();
        let placed = place.iter().enumerate();
        let placed = placed.filter_map(|(position, place)| Some(((*place)? as usize, narrow(position))));
        Self {
            members: Rows::of(numbers.len(), placed),
            wave,
            numbers,
            place,
            portfolio,
        }
    }

    /// Place of a wave among those that have workloads.
    pub(super) fn place_of(&self, number: u32) -> Option<usize> {
        place_of(&self.numbers, number)
    }

    /// Place of a workload's wave; none if it does not move.
    pub(super) fn place(&self, position: usize) -> Option<usize> {
        self.place[position].map(|place| place as usize)
    }

    /// The waves that have workloads, with their members.
    pub(super) fn waves(&self) -> impl Iterator<Item = (u32, &[u32])> {
        self.numbers.iter().copied().zip(self.members.rows())
    }

    pub(super) fn content(&self, members: &[u32]) -> Content {
        members.iter().fold(Content::default(), |mut content, member| {
            let traits = self.portfolio.traits[*member as usize];
            content.load = content.load.plus(traits.load);
            content.classes[traits.class as usize] += 1;
            content
        })
    }
}

/// Numbers mostly have no gaps, and are then found without a search.
fn place_of(numbers: &[u32], number: u32) -> Option<usize> {
    let place = (number as usize).checked_sub(1)?;
    if numbers.get(place) == Some(&number) {
        return Some(place);
    }
    numbers.binary_search(&number).ok()
}
