//! What differs between two plans.

use super::Waves;
use super::calendar::WaveDates;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The difference of two plans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Workloads that move in another wave, or only in one of the plans.
    pub moved: Vec<MovedWorkload>,
    /// Waves whose dates differ, or that only one of the plans has.
    pub shifted: Vec<ShiftedWave>,
}

/// A workload that moves in another wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MovedWorkload {
    /// The workload.
    pub workload: Uuid,
    /// Its wave in the first plan; absent if it did not move there.
    pub from: Option<u32>,
    /// Its wave in the second plan.
    pub to: Option<u32>,
}

/// A wave with other dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShiftedWave {
    /// The wave.
    pub wave: u32,
    /// Its dates in the first plan.
    pub from: Option<WaveDates>,
    /// Its dates in the second plan.
    pub to: Option<WaveDates>,
}

/// Compares two plans.
pub fn compare(
    (waves, dates): (&Waves, &BTreeMap<u32, WaveDates>),
    (other_waves, other_dates): (&Waves, &BTreeMap<u32, WaveDates>),
) -> Comparison {
    let workloads: BTreeSet<&Uuid> = waves.keys().chain(other_waves.keys()).collect();
    let numbers: BTreeSet<&u32> = dates.keys().chain(other_dates.keys()).collect();
    Comparison {
        moved: workloads
            .into_iter()
            .map(|workload| MovedWorkload {
                workload: *workload,
                from: waves.get(workload).copied(),
                to: other_waves.get(workload).copied(),
            })
            .filter(|moved| moved.from != moved.to)
            .collect(),
        shifted: numbers
            .into_iter()
            .map(|wave| ShiftedWave {
                wave: *wave,
                from: dates.get(wave).copied(),
                to: other_dates.get(wave).copied(),
            })
            .filter(|shifted| shifted.from != shifted.to)
            .collect(),
    }
}
