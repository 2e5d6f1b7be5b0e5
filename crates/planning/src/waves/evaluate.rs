//! Judging an assignment: each wave's content, dates, risk and confidence, every violation, the penalty, what crosses waves
//! and the critical path. Linear in workloads and links, times a logarithm for sorting.

use super::Waves;
use super::calendar::{Timing, WaveDates, dates};
use super::critical_path::{CriticalPath, critical_path};
use super::crossing::{Crossing, crossings};
use super::judge::Judge;
use super::links::Links;
use super::pins::{Pin, Pins};
use super::portfolio::Portfolio;
use super::risk::{Confidence, Rating};
use super::settings::WaveSettings;
use super::sight::Sight;
use super::violations::{Found, Violation, dependency_penalty};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A wave of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Its number, from 1. Numbers may have gaps where a person pinned one.
    pub number: u32,
    /// When it starts and ends.
    pub dates: WaveDates,
    /// Workloads.
    pub workloads: u64,
    /// Applications that have at least one workload in it.
    pub applications: u64,
    /// Effort points.
    pub effort_points: u64,
    /// Storage in gigabytes, rounded up.
    pub storage_gb: u64,
    /// Workloads by strategy; those without one under `unknown`.
    pub strategies: BTreeMap<String, u64>,
    /// Production workloads.
    pub production: u64,
    /// Dependencies on earlier waves.
    pub needs_earlier: u64,
    /// Dependencies on later waves.
    pub needs_later: u64,
    /// Violations that concern it: critical, advisory.
    pub violations: [u64; 2],
    /// Risk.
    pub risk: Rating,
    /// Confidence.
    pub confidence: Confidence,
}

/// Dependencies from one wave to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossWaveDependencies {
    /// The wave that needs.
    pub from: u32,
    /// The wave that is needed.
    pub to: u32,
    /// How many.
    pub dependencies: u64,
}

/// The judgement of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The waves, by number.
    pub waves: Vec<Wave>,
    /// Every violation, the worst first.
    pub violations: Vec<Violation>,
    /// Breaches weighted by severity, and 1 for each dependency that crosses waves. Only for comparing plans of one
    /// portfolio.
    pub penalty: u64,
    /// Risk of the whole.
    pub risk: Rating,
    /// Confidence in the whole.
    pub confidence: Confidence,
    /// What crosses waves.
    pub cross_wave: Vec<CrossWaveDependencies>,
    /// The chain with the most effort.
    pub critical_path: CriticalPath,
    /// Workloads that do not move.
    pub excluded: u64,
}

/// Judges an assignment.
pub fn evaluate(portfolio: &Portfolio, settings: &WaveSettings, pins: &[Pin], waves: &Waves) -> Evaluation {
    let links = Links::of(portfolio, settings);
    let sight = Sight::of(portfolio, waves);
    let known = Pins::of(portfolio, pins);
    let crossings = crossings(portfolio, &sight);
    let dates = dates(
        settings,
        &timings(portfolio, settings, &known, &sight, &crossings),
    );
    let mut found = Found::telling(settings);
    found.dependencies(portfolio, &links, &sight);
    of_waves(&mut found, portfolio, &sight);
    for (wave, dates) in &dates {
        found.dates(*wave, *dates);
    }
    known.check(portfolio, &sight, &dates, &mut found);
    let (violations, penalty) = found.finish();
    let judge = Judge::new(portfolio, settings, &sight, &crossings, &violations);
    let all = sight.members.items();
    let cross_wave: Vec<CrossWaveDependencies> = crossings
        .iter()
        .filter(|crossing| crossing.from != crossing.to)
        .map(|crossing| CrossWaveDependencies {
            from: sight.numbers[crossing.from],
            to: sight.numbers[crossing.to],
            dependencies: crossing.dependencies,
        })
        .collect();
    Evaluation {
        waves: (0..sight.numbers.len())
            .filter_map(|place| Some(judge.wave(place, *dates.get(&sight.numbers[place])?)))
            .collect(),
        risk: judge.risk(None, all),
        confidence: judge.confidence(all),
        penalty: penalty
            + cross_wave
                .iter()
                .map(|crossing| crossing.dependencies)
                .sum::<u64>(),
        cross_wave,
        critical_path: critical_path(portfolio, &sight),
        excluded: (portfolio.workloads.len() - all.len()) as u64,
        violations,
    }
}

/// The penalty alone, without what depends on dates and pins.
pub(super) fn penalty(portfolio: &Portfolio, settings: &WaveSettings, links: &Links, waves: &Waves) -> u64 {
    let sight = Sight::of(portfolio, waves);
    let mut found = Found::counting(settings);
    of_waves(&mut found, portfolio, &sight);
    let edges = portfolio
        .edges
        .items()
        .iter()
        .map(|edge| (edge.ends(), edge.count()));
    let crossing: u64 = edges
        .filter(|((from, to), _)| {
            let (from, to) = (sight.wave[*from], sight.wave[*to]);
            from > 0 && to > 0 && from != to
        })
        .map(|(_, dependencies)| dependencies)
        .sum();
    found.finish().1 + dependency_penalty(portfolio, settings, links, &sight) + crossing
}

/// Rules about applications and single waves.
fn of_waves(found: &mut Found<'_>, portfolio: &Portfolio, sight: &Sight<'_>) {
    found.applications(portfolio, sight);
    for (wave, members) in sight.waves() {
        found.wave(portfolio, wave, members, sight.content(members));
    }
}

fn timings(
    portfolio: &Portfolio,
    settings: &WaveSettings,
    pins: &Pins,
    sight: &Sight<'_>,
    crossings: &[Crossing],
) -> BTreeMap<u32, Timing> {
    let mut timings: Vec<Timing> = sight
        .waves()
        .map(|(wave, members)| {
            let members = || members.iter().map(|member| *member as usize);
            Timing {
                weeks: lead(portfolio, settings, members()),
                fixed: pins.starts.get(&wave).copied(),
                not_before: members()
                    .filter_map(|member| pins.not_before.get(&member))
                    .max()
                    .copied(),
                needs: Vec::new(),
            }
        })
        .collect();
    for crossing in crossings.iter().filter(|crossing| crossing.to < crossing.from) {
        timings[crossing.from].needs.push(sight.numbers[crossing.to]);
    }
    sight.numbers.iter().copied().zip(timings).collect()
}

/// Weeks that the slowest of the workloads takes.
fn lead(portfolio: &Portfolio, settings: &WaveSettings, members: impl Iterator<Item = usize>) -> u32 {
    let weeks = members.map(|member| settings.lead(portfolio.traits[member].strategy));
    weeks.max().unwrap_or(0)
}
