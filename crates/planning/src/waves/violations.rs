//! What is wrong with a plan. Nothing is left out: breaches of a kind between the same parts of the plan are one entry with
//! a count, so that the list stays readable.

use super::calendar::{WaveDates, first_cutover_day};
use super::capacity::limit;
use super::evaluate::Sight;
use super::improve::Content;
use super::links::Links;
use super::portfolio::{Portfolio, Workload};
use super::rules::{RuleId, Severity};
use super::settings::WaveSettings;
use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Workloads that an entry names at most; its count has them all.
const NAMED: usize = 10;

/// A breach of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The rule.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// Waves that it concerns, ascending.
    pub waves: Vec<u32>,
    /// Some of the workloads that it concerns, at most ten.
    pub workloads: Vec<Uuid>,
    /// How many breaches the entry stands for: dependencies, workloads, points.
    pub count: u64,
    /// What is wrong, a sentence.
    pub message: String,
    /// What to do about it, a sentence.
    pub mitigation: String,
}

/// Collects breaches. Rules that are off are not looked at.
pub(super) struct Found<'s> {
    settings: &'s WaveSettings,
    violations: Vec<Violation>,
}

impl<'s> Found<'s> {
    pub(super) fn new(settings: &'s WaveSettings) -> Self {
        Self {
            settings,
            violations: Vec::new(),
        }
    }

    fn add(&mut self, rule: RuleId, mut waves: Vec<u32>, workloads: Vec<Uuid>, count: u64, message: String) {
        let severity = self.settings.severity(rule);
        if severity == Severity::Off || count == 0 {
            return;
        }
        waves.sort_unstable();
        waves.dedup();
        self.violations.push(Violation {
            rule,
            severity,
            waves,
            workloads,
            count,
            message,
            mitigation: rule.rule().mitigation.to_owned(),
        });
    }

    /// All of them, the worst first.
    pub(super) fn finish(mut self) -> Vec<Violation> {
        self.violations.sort_by(|a, b| {
            (b.severity, a.rule, &a.waves, &a.workloads).cmp(&(a.severity, b.rule, &b.waves, &b.workloads))
        });
        self.violations
    }

    /// Rules about dependencies: order, ties, and what does not move.
    pub(super) fn dependencies(&mut self, portfolio: &Portfolio, links: &Links, sight: &Sight<'_>) {
        type Key = (RuleId, usize, usize, u32, u32);
        let mut between: BTreeMap<Key, (u64, Vec<Uuid>)> = BTreeMap::new();
        let mut note = |rule: RuleId, from: usize, to: usize, count: u64| {
            let key = (
                rule,
                portfolio.unit_of[from],
                portfolio.unit_of[to],
                sight.wave[from],
                sight.wave[to],
            );
            let (total, named) = between.entry(key).or_default();
            *total += count;
            for position in [from, to] {
                let id = portfolio.workloads[position].id;
                if named.len() < NAMED && !named.contains(&id) {
                    named.push(id);
                }
            }
        };
        for (edge, tie) in portfolio.edges.iter().zip(&links.ties) {
            let (from, to) = (sight.wave[edge.from], sight.wave[edge.to]);
            match (from, to) {
                (0, _) => {}
                (_, 0) => match portfolio.workloads[edge.to].strategy {
                    Some(SixrStrategy::Retire) => note(RuleId::NeedsWhatGoes, edge.from, edge.to, edge.count),
                    _ if tie.rule().is_some() => note(RuleId::NeedsWhatStays, edge.from, edge.to, edge.count),
                    _ => {}
                },
                _ if from == to => {}
                _ => {
                    if to > from {
                        note(RuleId::DependencyOrder, edge.from, edge.to, edge.count);
                    }
                    if let Some(rule) = tie.rule() {
                        note(rule, edge.from, edge.to, edge.count);
                    }
                }
            }
        }
        for ((rule, from, to, from_wave, to_wave), (count, workloads)) in between {
            let (from, to) = (portfolio.unit_name(from), portfolio.unit_name(to));
            let message = match rule {
                RuleId::NeedsWhatGoes => {
                    format!("{from} moves in wave {from_wave} and needs {to}, which is retired.")
                }
                RuleId::NeedsWhatStays => {
                    format!("{from} moves in wave {from_wave} and is tied to {to}, which does not move.")
                }
                RuleId::DependencyOrder => format!(
                    "{from} moves in wave {from_wave}, before {to} in wave {to_wave}, which it needs."
                ),
                RuleId::TwoWayTogether => {
                    format!("{from} in wave {from_wave} and {to} in wave {to_wave} need each other.")
                }
                _ => format!("{from} in wave {from_wave} cannot be separated from {to} in wave {to_wave}."),
            };
            let waves = [from_wave, to_wave]
                .into_iter()
                .filter(|wave| *wave > 0)
                .collect();
            self.add(rule, waves, workloads, count, message);
        }
    }

    /// Rules about applications: in one wave, rehearsed before production.
    pub(super) fn applications(&mut self, portfolio: &Portfolio, sight: &Sight<'_>) {
        let mut waves_of: BTreeMap<usize, BTreeMap<u32, Vec<usize>>> = BTreeMap::new();
        for (position, wave) in sight.wave.iter().enumerate().filter(|(_, wave)| **wave > 0) {
            let unit = portfolio.unit_of[position];
            if portfolio.units[unit].application.is_some() {
                waves_of
                    .entry(unit)
                    .or_default()
                    .entry(*wave)
                    .or_default()
                    .push(position);
            }
        }
        let mut spans: BTreeMap<Uuid, [Option<(u32, u32)>; 2]> = BTreeMap::new();
        for (unit, waves) in &waves_of {
            let (Some((first, _)), Some((last, _))) = (waves.first_key_value(), waves.last_key_value())
            else {
                continue;
            };
            let unit = portfolio.units[*unit];
            if let Some(application) = unit.application {
                spans.entry(application).or_default()[unit.class as usize] = Some((*first, *last));
            }
        }
        for (unit, waves) in &waves_of {
            // The wave with most of it is where the rest is missing.
            let most = waves
                .iter()
                .max_by_key(|(wave, of_wave)| (of_wave.len(), std::cmp::Reverse(**wave)));
            let Some((main, _)) = most.filter(|_| waves.len() > 1) else {
                continue;
            };
            let strays: Vec<usize> = waves
                .iter()
                .filter(|(wave, _)| *wave != main)
                .flat_map(|(_, of_wave)| of_wave.clone())
                .collect();
            let message = format!(
                "{} is spread over {} waves: {} of its workloads are not in wave {main}.",
                portfolio.unit_name(*unit),
                waves.len(),
                strays.len()
            );
            self.add(
                RuleId::ApplicationTogether,
                waves.keys().copied().collect(),
                ids(portfolio, &strays),
                strays.len() as u64,
                message,
            );
        }
        for (application, span) in spans {
            if let [Some((_, rehearsed)), Some((first, _))] = span
                && first <= rehearsed
            {
                let name = portfolio
                    .application_name(application)
                    .unwrap_or("An application")
                    .to_owned();
                let message = format!(
                    "Production of {name} moves in wave {first}; its development and test are done only with wave {rehearsed}."
                );
                self.add(
                    RuleId::NonProductionFirst,
                    vec![first, rehearsed],
                    Vec::new(),
                    1,
                    message,
                );
            }
        }
    }

    /// Rules about one wave.
    pub(super) fn wave(&mut self, portfolio: &Portfolio, wave: u32, members: &[usize], content: Content) {
        let [size, effort, storage, mixed] = content.breaches(self.settings, wave);
        let most = limit(self.settings, wave);
        let Content { load, classes } = content;
        let message = if load.workloads > most.workloads {
            format!(
                "Wave {wave} has {} workloads, {} more than it may have.",
                load.workloads,
                load.workloads - most.workloads
            )
        } else {
            format!(
                "Wave {wave} has {} workloads, fewer than {}.",
                load.workloads, self.settings.min_workloads
            )
        };
        self.add(RuleId::WaveSize, vec![wave], Vec::new(), size, message);
        let message = format!(
            "Wave {wave} takes {} effort points, {effort} more than its capacity.",
            load.effort
        );
        self.add(RuleId::EffortCapacity, vec![wave], Vec::new(), effort, message);
        let message = format!(
            "Wave {wave} moves {} GB, {} GB more than its capacity.",
            load.storage_mb.div_ceil(1024),
            load.storage_mb.saturating_sub(most.storage_mb).div_ceil(1024)
        );
        self.add(RuleId::StorageCapacity, vec![wave], Vec::new(), storage, message);
        let message = format!(
            "Wave {wave} has {} non-production and {} production workloads.",
            classes[0], classes[1]
        );
        self.add(RuleId::EnvironmentsApart, vec![wave], Vec::new(), mixed, message);
        let settings = self.settings;
        let chosen = |keep: &dyn Fn(&Workload) -> bool| -> Vec<usize> {
            members
                .iter()
                .copied()
                .filter(|member| keep(&portfolio.workloads[*member]))
                .collect()
        };
        let unknown = chosen(&|workload| workload.strategy.is_none());
        let message = format!("{} workloads of wave {wave} have no strategy.", unknown.len());
        self.add(
            RuleId::StrategyMissing,
            vec![wave],
            ids(portfolio, &unknown),
            unknown.len() as u64,
            message,
        );
        if wave > settings.early_waves {
            return;
        }
        let critical = chosen(&|workload| workload.criticality() > settings.early_max_criticality);
        let message = format!(
            "{} workloads of the early wave {wave} are of high criticality.",
            critical.len()
        );
        self.add(
            RuleId::EarlyCriticality,
            vec![wave],
            ids(portfolio, &critical),
            critical.len() as u64,
            message,
        );
        let complex = chosen(&|workload| workload.complexity() > settings.early_max_complexity);
        let message = format!(
            "{} workloads of the early wave {wave} are of high complexity.",
            complex.len()
        );
        self.add(
            RuleId::EarlyComplexity,
            vec![wave],
            ids(portfolio, &complex),
            complex.len() as u64,
            message,
        );
    }

    /// Freeze windows that a wave touches, which happens if a person set its start.
    pub(super) fn dates(&mut self, wave: u32, dates: WaveDates) {
        let cutover = first_cutover_day(self.settings, dates.end);
        for window in &self.settings.freeze_windows {
            let within = |from, to| window.from <= to && from <= window.to;
            let what = match (within(dates.start, dates.start), within(cutover, dates.end)) {
                (true, _) => format!("starts on {}", dates.start),
                (_, true) => format!("cuts over from {cutover} to {}", dates.end),
                _ => continue,
            };
            let message = format!(
                "Wave {wave} {what}, in the freeze window {} ({} to {}).",
                window.name, window.from, window.to
            );
            self.add(
                RuleId::FreezeWindow,
                vec![wave],
                Vec::new(),
                1,
                message.replace("window  (", "window ("),
            );
        }
    }

    /// A pin that is not kept.
    pub(super) fn pin(&mut self, waves: Vec<u32>, workloads: Vec<Uuid>, message: String) {
        self.add(RuleId::PinConflict, waves, workloads, 1, message);
    }
}

fn ids(portfolio: &Portfolio, positions: &[usize]) -> Vec<Uuid> {
    positions
        .iter()
        .take(NAMED)
        .map(|position| portfolio.workloads[*position].id)
        .collect()
}
