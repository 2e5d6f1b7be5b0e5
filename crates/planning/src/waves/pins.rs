//! Pins: what a person has decided. They survive every regeneration.

use super::calendar::WaveDates;
use super::portfolio::Portfolio;
use super::sight::Sight;
use super::violations::Found;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A decision of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Pin {
    /// A workload moves in this wave, from 1.
    Wave {
        /// The workload.
        #[serde(rename = "asset_id")]
        workload: Uuid,
        /// The wave.
        wave: u32,
    },
    /// Workloads move in one wave, whichever.
    Together {
        /// The workloads, at least two.
        #[serde(rename = "asset_ids")]
        workloads: Vec<Uuid>,
    },
    /// A workload's wave does not start before a day.
    NotBefore {
        /// The workload.
        #[serde(rename = "asset_id")]
        workload: Uuid,
        /// The day.
        date: NaiveDate,
    },
    /// A wave starts on a day.
    WaveStart {
        /// The wave, from 1.
        wave: u32,
        /// The day.
        date: NaiveDate,
    },
}

/// The pins that concern a portfolio, by position of workload.
#[derive(Clone, Debug, Default)]
pub(super) struct Pins {
    /// Where several pins name one workload, the earliest wave counts, and the contradiction is reported.
    pub(super) wave: HashMap<usize, u32>,
    pub(super) together: Vec<Vec<usize>>,
    /// Where several pins name one workload, the latest day counts.
    pub(super) not_before: HashMap<usize, NaiveDate>,
    pub(super) starts: BTreeMap<u32, NaiveDate>,
    /// Workloads that several pins want in different waves.
    pub(super) contradictory: Vec<usize>,
}

impl Pins {
    pub(super) fn of(portfolio: &Portfolio, pins: &[Pin]) -> Self {
        let mut sorted = Self::default();
        let mut pins: Vec<&Pin> = pins.iter().collect();
        pins.sort_unstable();
        for pin in pins {
            match pin {
                Pin::Wave { workload, wave } => {
                    let Some(position) = portfolio.position(*workload) else {
                        continue;
                    };
                    let first = *sorted.wave.entry(position).or_insert(*wave);
                    if first != *wave {
                        sorted.contradictory.push(position);
                    }
                }
                Pin::Together { workloads } => {
                    let mut known: Vec<usize> = workloads
                        .iter()
                        .filter_map(|id| portfolio.position(*id))
                        .collect();
                    known.sort_unstable();
                    known.dedup();
                    if known.len() > 1 {
                        sorted.together.push(known);
                    }
                }
                Pin::NotBefore { workload, date } => {
                    if let Some(position) = portfolio.position(*workload) {
                        let latest = sorted.not_before.entry(position).or_insert(*date);
                        *latest = (*latest).max(*date);
                    }
                }
                Pin::WaveStart { wave, date } => {
                    sorted.starts.entry(*wave).or_insert(*date);
                }
            }
        }
        sorted
    }

    /// The last wave whose number a person has used, 0 if none: up to it, waves keep their numbers.
    pub(super) fn last_wave(&self) -> u32 {
        let pinned = self.wave.values().copied().max().unwrap_or(0);
        pinned.max(self.starts.keys().next_back().copied().unwrap_or(0))
    }

    /// Reports pins that are not kept. Generation keeps each unless it contradicts another.
    pub(super) fn check(
        &self,
        portfolio: &Portfolio,
        sight: &Sight<'_>,
        dates: &BTreeMap<u32, WaveDates>,
        found: &mut Found<'_>,
    ) {
        let id = |position: usize| portfolio.workloads[position].id;
        let name = |position: usize| portfolio.workloads[position].name.as_str();
        let mut in_wave: Vec<_> = self.wave.iter().collect();
        in_wave.sort_unstable();
        for (position, wave) in in_wave {
            let is = sight.wave[*position];
            if is != *wave {
                let message = format!(
                    "{} is pinned to wave {wave}, and is in {}.",
                    name(*position),
                    place(is)
                );
                found.pin(vec![*wave, is], vec![id(*position)], message);
            }
        }
        for position in &self.contradictory {
            let message = format!(
                "{} is pinned to several waves; the first counts.",
                name(*position)
            );
            found.pin(vec![sight.wave[*position]], vec![id(*position)], message);
        }
        for together in &self.together {
            let waves: BTreeSet<u32> = together
                .iter()
                .map(|p| sight.wave[*p])
                .filter(|wave| *wave > 0)
                .collect();
            if waves.len() > 1 {
                let message = format!(
                    "{} and {} others are pinned together, and are in {} waves.",
                    name(together[0]),
                    together.len() - 1,
                    waves.len()
                );
                let ids: Vec<Uuid> = together.iter().take(10).map(|position| id(*position)).collect();
                found.pin(waves.into_iter().collect(), ids, message);
            }
        }
        for (wave, day) in &self.starts {
            if let Some(dates) = dates.get(wave).filter(|dates| dates.start != *day) {
                let message = format!(
                    "Wave {wave} is pinned to start on {day}, and starts on {}, because something in it may not start before.",
                    dates.start
                );
                found.pin(vec![*wave], Vec::new(), message);
            }
        }
    }
}

fn place(wave: u32) -> String {
    if wave == 0 {
        "no wave".to_owned()
    } else {
        format!("wave {wave}")
    }
}
