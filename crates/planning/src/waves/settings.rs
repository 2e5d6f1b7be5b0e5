//! What a person may set about a plan. Everything has a default, and the default's source is in `docs/waves.md`.

use super::rules::{RuleId, Severity};
use super::workload::Level;
use chrono::NaiveDate;
use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Settings of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaveSettings {
    /// First day of the first wave.
    pub start_date: NaiveDate,
    /// Workloads of a wave at most.
    pub max_workloads: u32,
    /// Workloads of a wave at least.
    pub min_workloads: u32,
    /// Workloads of the first waves at most, until the team is practised.
    pub ramp: Vec<u32>,
    /// Effort points of a wave at most; not limited if absent.
    pub max_effort_points: Option<u32>,
    /// Storage of a wave in gigabytes at most; not limited if absent.
    pub max_storage_gb: Option<u32>,
    /// Workloads up to which ties are kept even if a wave grows over its limit.
    pub max_group_workloads: u32,
    /// How many of the first waves count as early.
    pub early_waves: u32,
    /// The highest criticality that early waves may have.
    pub early_max_criticality: Level,
    /// The highest complexity that early waves may have.
    pub early_max_complexity: Level,
    /// Waves that may run at the same time.
    pub parallel_waves: u32,
    /// Weeks from a wave's start to its end, by strategy. A wave takes as long as its longest.
    pub lead_weeks: BTreeMap<SixrStrategy, u32>,
    /// Days at the end of a wave in which it cuts over.
    pub cutover_days: u32,
    /// When nothing may start or cut over.
    pub freeze_windows: Vec<FreezeWindow>,
    /// Weights of a group's priority, in percent.
    pub priority: PriorityWeights,
    /// From which percentile of observed weights a dependency ties its ends; 0 to 100.
    pub strong_percentile: u32,
    /// Strategies that do not move.
    pub excluded_strategies: Vec<SixrStrategy>,
    /// Severities that differ from the rules' own.
    pub rules: BTreeMap<RuleId, Severity>,
    /// Rounds of local improvement.
    pub improvement_rounds: u32,
}

/// Days on which nothing may start or cut over, both inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreezeWindow {
    /// What it is for.
    #[serde(default)]
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Weights of the factors of a group's priority. Only their ratio matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PriorityWeights {
    /// How ready it is.
    pub readiness: u32,
    /// How simple it is.
    pub complexity: u32,
    /// How uncritical it is.
    pub criticality: u32,
    /// How little effort it takes.
    pub effort: u32,
    /// What it brings.
    pub value: u32,
}

impl Default for PriorityWeights {
    fn default() -> Self {
        Self {
            readiness: 25,
            complexity: 25,
            criticality: 20,
            effort: 15,
            value: 15,
        }
    }
}

impl Default for WaveSettings {
    fn default() -> Self {
        use SixrStrategy::{Rearchitect, Refactor, Rehost, Replace, Replatform, Repurchase, Retain, Retire};
        Self {
            start_date: NaiveDate::default(),
            max_workloads: 50,
            min_workloads: 3,
            ramp: vec![5, 10, 20, 35, 50],
            max_effort_points: None,
            max_storage_gb: None,
            max_group_workloads: 100,
            early_waves: 2,
            early_max_criticality: Level::Medium,
            early_max_complexity: Level::Medium,
            parallel_waves: 2,
            lead_weeks: [
                (Rehost, 4),
                (Replatform, 8),
                (Refactor, 16),
                (Rearchitect, 24),
                (Replace, 16),
                (Repurchase, 8),
                (Retire, 2),
                (Retain, 1),
            ]
            .into(),
            cutover_days: 2,
            freeze_windows: Vec::new(),
            priority: PriorityWeights::default(),
            strong_percentile: 90,
            excluded_strategies: vec![Retire, Retain],
            rules: BTreeMap::new(),
            improvement_rounds: 4,
        }
    }
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {message}")]
pub struct InvalidSettings {
    /// The setting.
    pub field: &'static str,
    /// What is wrong, as the end of a sentence that begins with its name.
    pub message: String,
}

impl WaveSettings {
    /// The defaults, from a first day on.
    pub fn starting(start_date: NaiveDate) -> Self {
        Self {
            start_date,
            ..Self::default()
        }
    }

    /// Everything that is wrong with the settings.
    pub fn faults(&self) -> Vec<InvalidSettings> {
        let mut faults = Vec::new();
        let mut refuse = |field, wrong: bool, message: &str| {
            if wrong {
                faults.push(InvalidSettings {
                    field,
                    message: message.to_owned(),
                });
            }
        };
        let whole = |value: u32, least: u32, greatest: u32| !(least..=greatest).contains(&value);
        refuse(
            "max_workloads",
            whole(self.max_workloads, 1, 100_000),
            "must be from 1 to 100000",
        );
        refuse(
            "min_workloads",
            self.min_workloads > self.max_workloads,
            "must not exceed max_workloads",
        );
        refuse("ramp", self.ramp.len() > 100, "must have at most 100 steps");
        refuse("ramp", self.ramp.contains(&0), "must have steps of at least 1");
        refuse(
            "max_effort_points",
            self.max_effort_points == Some(0),
            "must be at least 1",
        );
        refuse(
            "max_storage_gb",
            self.max_storage_gb == Some(0),
            "must be at least 1",
        );
        refuse(
            "max_group_workloads",
            whole(self.max_group_workloads, 1, 100_000),
            "must be from 1 to 100000",
        );
        refuse(
            "early_waves",
            whole(self.early_waves, 0, 1_000),
            "must be from 0 to 1000",
        );
        refuse(
            "parallel_waves",
            whole(self.parallel_waves, 1, 100),
            "must be from 1 to 100",
        );
        refuse(
            "cutover_days",
            whole(self.cutover_days, 1, 30),
            "must be from 1 to 30",
        );
        refuse(
            "strong_percentile",
            self.strong_percentile > 100,
            "must be from 0 to 100",
        );
        refuse(
            "improvement_rounds",
            self.improvement_rounds > 50,
            "must be from 0 to 50",
        );
        refuse(
            "lead_weeks",
            self.lead_weeks.values().any(|weeks| whole(*weeks, 1, 520)),
            "must be from 1 to 520",
        );
        refuse(
            "freeze_windows",
            self.freeze_windows.iter().any(|window| window.from > window.to),
            "must not end before they begin",
        );
        refuse(
            "freeze_windows",
            self.freeze_windows.len() > 1_000
                || self
                    .freeze_windows
                    .iter()
                    .any(|window| (window.to - window.from).num_days() > 366),
            "must be at most a thousand, each of a year at most",
        );
        let weights = self.priority;
        let all = [
            weights.readiness,
            weights.complexity,
            weights.criticality,
            weights.effort,
            weights.value,
        ];
        refuse(
            "priority",
            all.iter().all(|weight| *weight == 0),
            "must have a weight above 0",
        );
        refuse(
            "priority",
            all.iter().any(|weight| *weight > 1_000),
            "must have weights up to 1000",
        );
        faults
    }

    /// How bad a breach of the rule is.
    pub fn severity(&self, rule: RuleId) -> Severity {
        self.rules.get(&rule).copied().unwrap_or(rule.rule().severity)
    }

    /// Workloads that the wave, from 1, may hold.
    pub fn capacity(&self, wave: u32) -> u32 {
        let step = usize::try_from(wave.saturating_sub(1)).unwrap_or(usize::MAX);
        self.ramp
            .get(step)
            .map_or(self.max_workloads, |most| (*most).min(self.max_workloads))
    }

    /// Weeks that a strategy takes; a rehost's if nothing is decided.
    pub fn lead(&self, strategy: Option<SixrStrategy>) -> u32 {
        let strategy = strategy.unwrap_or(SixrStrategy::Rehost);
        self.lead_weeks.get(&strategy).copied().unwrap_or(4)
    }
}
