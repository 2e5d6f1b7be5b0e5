//! What is wrong with a plan. Nothing is left out: breaches of a kind between the same parts of the plan are one entry with
//! a count, so that the list stays readable.

mod applications;
mod dependencies;

pub(super) use dependencies::dependency_penalty;

use super::calendar::{WaveDates, first_cutover_day};
use super::capacity::limit;
use super::improve::Content;
use super::portfolio::Portfolio;
use super::rules::{RuleId, Severity};
use super::settings::WaveSettings;
use super::workload::Traits;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
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
    pub mitigation: Cow<'static, str>,
}

/// What an entry says of a breach.
struct Told {
    waves: Vec<u32>,
    workloads: Vec<Uuid>,
    message: String,
}

/// Collects breaches. Rules that are off are not looked at.
pub(super) struct Found<'s> {
    settings: &'s WaveSettings,
    penalty: u64,
    /// None if only the penalty is asked for: then nothing is put into words.
    violations: Option<Vec<Violation>>,
}

impl<'s> Found<'s> {
    /// Collects the violations and the penalty.
    pub(super) fn telling(settings: &'s WaveSettings) -> Self {
        Self {
            violations: Some(Vec::new()),
            ..Self::counting(settings)
        }
    }

    /// Collects the penalty alone.
    pub(super) fn counting(settings: &'s WaveSettings) -> Self {
        Self {
            settings,
            penalty: 0,
            violations: None,
        }
    }

    fn add(&mut self, rule: RuleId, count: u64, tell: impl FnOnce() -> Told) {
        let severity = self.settings.severity(rule);
        if severity == Severity::Off || count == 0 {
            return;
        }
        self.penalty += count * severity.penalty();
        if let Some(violations) = &mut self.violations {
            let Told {
                mut waves,
                workloads,
                message,
            } = tell();
            waves.sort_unstable();
            waves.dedup();
            violations.push(Violation {
                rule,
                severity,
                waves,
                workloads,
                count,
                message,
                mitigation: Cow::Borrowed(rule.rule().mitigation),
            });
        }
    }

    /// Makes room for so many more.
    fn make_room(&mut self, entries: usize) {
        if let Some(violations) = &mut self.violations {
            violations.reserve(entries);
        }
    }

    /// Breaches of a rule in one wave.
    fn add_to(&mut self, wave: u32, rule: RuleId, count: u64, message: impl FnOnce() -> String) {
        self.add(rule, count, || Told {
            waves: vec![wave],
            workloads: Vec::new(),
            message: message(),
        });
    }

    /// All of them, the worst first, and their penalty.
    pub(super) fn finish(self) -> (Vec<Violation>, u64) {
        let mut violations = self.violations.unwrap_or_default();
        // Most come sorted, which a stable sort notices.
        violations.sort_by(|a, b| {
            (b.severity, a.rule, &a.waves, &a.workloads).cmp(&(a.severity, b.rule, &b.waves, &b.workloads))
        });
        (violations, self.penalty)
    }

    /// Rules about one wave.
    pub(super) fn wave(&mut self, portfolio: &Portfolio, wave: u32, members: &[u32], content: Content) {
        let settings = self.settings;
        let [size, effort, storage, mixed] = content.breaches(settings, wave);
        let most = limit(settings, wave);
        let Content { load, classes } = content;
        self.add_to(wave, RuleId::WaveSize, size, || {
            if load.workloads > most.workloads {
                format!(
                    "Wave {wave} has {} workloads, {} more than it may have.",
                    load.workloads,
                    load.workloads - most.workloads
                )
            } else {
                format!(
                    "Wave {wave} has {} workloads, fewer than {}.",
                    load.workloads, settings.min_workloads
                )
            }
        });
        self.add_to(wave, RuleId::EffortCapacity, effort, || {
            format!(
                "Wave {wave} takes {} effort points, {effort} more than its capacity.",
                load.effort
            )
        });
        self.add_to(wave, RuleId::StorageCapacity, storage, || {
            format!(
                "Wave {wave} moves {} GB, {} GB more than its capacity.",
                load.storage_mb.div_ceil(1024),
                load.storage_mb.saturating_sub(most.storage_mb).div_ceil(1024)
            )
        });
        self.add_to(wave, RuleId::EnvironmentsApart, mixed, || {
            format!(
                "Wave {wave} has {} non-production and {} production workloads.",
                classes[0], classes[1]
            )
        });
        let mut chosen = |rule, what: &str, is_one: &dyn Fn(&Traits) -> bool| {
            let chosen: Vec<u32> = members
                .iter()
                .copied()
                .filter(|member| is_one(&portfolio.traits[*member as usize]))
                .collect();
            self.add(rule, chosen.len() as u64, || Told {
                waves: vec![wave],
                workloads: ids(portfolio, &chosen),
                message: format!("{} workloads of {what}", chosen.len()),
            });
        };
        chosen(
            RuleId::StrategyMissing,
            &format!("wave {wave} have no strategy."),
            &|traits| traits.strategy.is_none(),
        );
        if wave > settings.early_waves {
            return;
        }
        chosen(
            RuleId::EarlyCriticality,
            &format!("the early wave {wave} are of high criticality."),
            &|traits| traits.criticality > settings.early_max_criticality,
        );
        chosen(
            RuleId::EarlyComplexity,
            &format!("the early wave {wave} are of high complexity."),
            &|traits| traits.complexity > settings.early_max_complexity,
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
            self.add_to(wave, RuleId::FreezeWindow, 1, || {
                let message = format!(
                    "Wave {wave} {what}, in the freeze window {} ({} to {}).",
                    window.name, window.from, window.to
                );
                message.replace("window  (", "window (")
            });
        }
    }

    /// A pin that is not kept.
    pub(super) fn pin(&mut self, waves: Vec<u32>, workloads: Vec<Uuid>, message: String) {
        self.add(RuleId::PinConflict, 1, || Told {
            waves,
            workloads,
            message,
        });
    }
}

fn ids(portfolio: &Portfolio, positions: &[u32]) -> Vec<Uuid> {
    positions
        .iter()
        .take(NAMED)
        .map(|position| portfolio.ids[*position as usize])
        .collect()
}
