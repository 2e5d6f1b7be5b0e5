//! Judging an assignment: each wave's content, dates, risk and confidence, every violation, the penalty, what crosses waves
//! and the critical path. Linear in workloads and links, times a logarithm for sorting.

use super::Waves;
use super::calendar::{Timing, WaveDates, dates};
use super::capacity::Load;
use super::critical_path::{CriticalPath, critical_path};
use super::improve::Content;
use super::judge::Judge;
use super::links::Links;
use super::pins::{Pin, Pins};
use super::portfolio::Portfolio;
use super::risk::{Confidence, Rating};
use super::settings::WaveSettings;
use super::violations::{Found, Violation};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

/// An assignment by position.
pub(super) struct Sight<'p> {
    /// Wave of each workload, 0 if it does not move.
    pub(super) wave: Vec<u32>,
    /// Positions of the workloads of each wave.
    pub(super) members: BTreeMap<u32, Vec<usize>>,
    portfolio: &'p Portfolio,
}

impl<'p> Sight<'p> {
    fn of(portfolio: &'p Portfolio, waves: &Waves) -> Self {
        let mut wave = vec![0; portfolio.workloads.len()];
        let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (position, workload) in portfolio.workloads.iter().enumerate() {
            if let Some(number) = waves.get(&workload.id).copied().filter(|number| *number > 0) {
                wave[position] = number;
                members.entry(number).or_default().push(position);
            }
        }
        Self {
            wave,
            members,
            portfolio,
        }
    }

    pub(super) fn content(&self, members: &[usize]) -> Content {
        members.iter().fold(Content::default(), |mut content, member| {
            let workload = &self.portfolio.workloads[*member];
            content.load = content.load.plus(Load {
                workloads: 1,
                effort: workload.effort_points(),
                storage_mb: workload.storage_mb,
            });
            content.classes[workload.class() as usize] += 1;
            content
        })
    }
}

/// Judges an assignment.
pub fn evaluate(portfolio: &Portfolio, settings: &WaveSettings, pins: &[Pin], waves: &Waves) -> Evaluation {
    let links = Links::of(portfolio, settings);
    let sight = Sight::of(portfolio, waves);
    let known = Pins::of(portfolio, pins);
    let dates = dates(settings, &timings(portfolio, settings, &known, &sight));
    let mut found = found(portfolio, settings, &links, &sight);
    for (wave, dates) in &dates {
        found.dates(*wave, *dates);
    }
    known.check(portfolio, &sight, &dates, &mut found);
    let violations = found.finish();
    let crossing = crossing(portfolio, &sight);
    let judge = Judge::new(portfolio, settings, &sight, &violations);
    let all: Vec<usize> = sight.members.values().flatten().copied().collect();
    Evaluation {
        waves: sight
            .members
            .iter()
            .filter_map(|(number, members)| Some(judge.wave(*number, *dates.get(number)?, members)))
            .collect(),
        risk: judge.risk(None, &all),
        confidence: judge.confidence(&all),
        penalty: total(&violations) + crossing.values().sum::<u64>(),
        cross_wave: crossing
            .into_iter()
            .map(|((from, to), dependencies)| CrossWaveDependencies {
                from,
                to,
                dependencies,
            })
            .collect(),
        critical_path: critical_path(portfolio, &sight),
        excluded: (portfolio.workloads.len() - all.len()) as u64,
        violations,
    }
}

/// The penalty alone, without what depends on dates and pins.
pub(super) fn penalty(portfolio: &Portfolio, settings: &WaveSettings, links: &Links, waves: &Waves) -> u64 {
    let sight = Sight::of(portfolio, waves);
    total(&found(portfolio, settings, links, &sight).finish())
        + crossing(portfolio, &sight).values().sum::<u64>()
}

fn total(violations: &[Violation]) -> u64 {
    violations
        .iter()
        .map(|violation| violation.count * violation.severity.penalty())
        .sum()
}

fn found<'s>(
    portfolio: &Portfolio,
    settings: &'s WaveSettings,
    links: &Links,
    sight: &Sight<'_>,
) -> Found<'s> {
    let mut found = Found::new(settings);
    found.dependencies(portfolio, links, sight);
    found.applications(portfolio, sight);
    for (wave, members) in &sight.members {
        found.wave(portfolio, *wave, members, sight.content(members));
    }
    found
}

fn timings(
    portfolio: &Portfolio,
    settings: &WaveSettings,
    pins: &Pins,
    sight: &Sight<'_>,
) -> BTreeMap<u32, Timing> {
    let mut timings: BTreeMap<u32, Timing> = BTreeMap::new();
    for (wave, members) in &sight.members {
        let timing = timings.entry(*wave).or_default();
        let weeks = members
            .iter()
            .map(|member| settings.lead(portfolio.workloads[*member].strategy));
        timing.weeks = weeks.max().unwrap_or(0);
        timing.fixed = pins.starts.get(wave).copied();
        timing.not_before = members
            .iter()
            .filter_map(|member| pins.not_before.get(member))
            .max()
            .copied();
    }
    let mut needs: BTreeSet<(u32, u32)> = BTreeSet::new();
    for edge in &portfolio.edges {
        let (from, to) = (sight.wave[edge.from], sight.wave[edge.to]);
        if to > 0 && to < from {
            needs.insert((from, to));
        }
    }
    for (from, to) in needs {
        if let Some(timing) = timings.get_mut(&from) {
            timing.needs.push(to);
        }
    }
    timings
}

fn crossing(portfolio: &Portfolio, sight: &Sight<'_>) -> BTreeMap<(u32, u32), u64> {
    let mut crossing = BTreeMap::new();
    for edge in &portfolio.edges {
        let (from, to) = (sight.wave[edge.from], sight.wave[edge.to]);
        if from > 0 && to > 0 && from != to {
            *crossing.entry((from, to)).or_default() += edge.count;
        }
    }
    crossing
}
