//! Wave planning: what moves together, in which order, when, and what is wrong with the plan.
//!
//! [`generate`] makes an [`Assignment`] of workloads to waves, [`evaluate`] judges any assignment, made here or by a person:
//! both see the same [`Portfolio`], [`WaveSettings`] and [`Pin`]s, and neither reads a clock or a database. The same input
//! gives the same plan, in whatever order it comes.
//!
//! Steps, each in its own module: `groups` (what moves together), `order` (what moves before what, priority), `schedule`
//! (list scheduling into waves with capacity), `improve` (moves that only lower the penalty), `calendar` (dates),
//! `evaluate` (rules, risk, confidence, critical path). Cost: `n log n` in workloads and links.

mod calendar;
mod capacity;
mod compare;
mod critical_path;
mod crossing;
mod edges;
mod evaluate;
mod groups;
mod improve;
mod judge;
mod links;
mod neighbours;
mod order;
mod pins;
mod portfolio;
mod risk;
mod rules;
mod schedule;
mod sets;
mod settings;
mod sight;
#[cfg(test)]
mod tests;
mod violations;
mod workload;

pub use calendar::{WaveDates, next_monday};
pub use compare::{Comparison, MovedWorkload, ShiftedWave, compare};
pub use critical_path::{CriticalPath, CriticalStep};
pub use edges::{DependencyKind, Link};
pub use evaluate::{CrossWaveDependencies, Evaluation, Wave, evaluate};
pub use pins::Pin;
pub use portfolio::{Application, Portfolio};
pub use risk::{Confidence, Rating};
pub use rules::{RULES, Rule, RuleId, Severity};
pub use settings::{FreezeWindow, InvalidSettings, PriorityWeights, WaveSettings};
pub use violations::Violation;
pub use workload::{EnvironmentClass, Inventory, Level, Workload, environment_rank};

use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Which workload moves in which wave, from 1. What is not in it does not move.
pub type Waves = BTreeMap<Uuid, u32>;

/// An assignment with the reasons for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Wave of each workload that moves.
    pub waves: Waves,
    /// Why it is there; the same text for all of a group.
    pub reasons: BTreeMap<Uuid, Arc<str>>,
    /// What does not move, and why.
    pub excluded: BTreeMap<Uuid, String>,
}

/// Makes a plan.
///
/// ```
/// use landfall_planning::waves::{Portfolio, WaveSettings, evaluate, generate};
/// let portfolio = Portfolio::new(Vec::new(), Vec::new(), Vec::new());
/// let settings = WaveSettings::starting(chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap());
/// let plan = generate(&portfolio, &settings, &[]);
/// assert!(evaluate(&portfolio, &settings, &[], &plan.waves).violations.is_empty());
/// ```
pub fn generate(portfolio: &Portfolio, settings: &WaveSettings, pins: &[Pin]) -> Assignment {
    let pins = pins::Pins::of(portfolio, pins);
    let links = links::Links::of(portfolio, settings);
    let groups = groups::Groups::of(portfolio, settings, &pins, &links);
    let order = order::Order::of(portfolio, settings, &groups, &links);
    let mut waves = schedule::schedule(settings, &pins, &groups, &order);
    schedule::close_gaps(&mut waves, pins.last_wave());
    let improved = improve::improve(settings, &groups, &order, waves.clone(), pins.last_wave());
    // Improvement works on groups; the judgement on workloads has the last word.
    let judged =
        |waves: &[u32]| evaluate::penalty(portfolio, settings, &links, &groups.assignment(portfolio, waves));
    let chosen = if improved != waves && judged(&improved) < judged(&waves) {
        improved
    } else {
        waves
    };
    groups.explained(portfolio, settings, &order, &chosen)
}
