//! What a policy says about each strategy.

use super::super::Curve;
use super::super::reader::{Faults, Section};
use super::{curves, millionths};
use crate::sixr::Input;
use landfall_domain::{SixrStrategy, UnknownLabel};
use serde::{Deserialize, Serialize};

/// What a strategy means, needs, weighs and costs.
#[derive(Clone, Debug)]
pub(in crate::sixr) struct StrategyRule {
    pub(in crate::sixr) strategy: SixrStrategy,
    pub(in crate::sixr) definition: String,
    /// Who says so.
    pub(in crate::sixr) source: String,
    /// What must be known for a certain result.
    pub(in crate::sixr) requires: Vec<Input>,
    /// Person-days for one server of medium complexity.
    pub(in crate::sixr) effort_days: f64,
    /// Weeks at least and at most.
    pub(in crate::sixr) weeks: (f64, f64),
    pub(in crate::sixr) cost: CostLevel,
    pub(in crate::sixr) next_steps: Vec<String>,
    pub(in crate::sixr) terms: Vec<ScoreTerm>,
}

/// How much an input counts for a strategy.
#[derive(Clone, Debug)]
pub(in crate::sixr) struct ScoreTerm {
    pub(in crate::sixr) input: Input,
    /// In millionths.
    pub(in crate::sixr) weight: i64,
    pub(in crate::sixr) curve: Curve,
}

/// What a strategy costs, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sixr) enum CostLevel {
    Low,
    LowMedium,
    Medium,
    MediumHigh,
    High,
}

impl CostLevel {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Low, "low"),
        (Self::LowMedium, "low-medium"),
        (Self::Medium, "medium"),
        (Self::MediumHigh, "medium-high"),
        (Self::High, "high"),
    ];

    /// The word for it.
    pub(in crate::sixr) fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(level, _)| *level == self)
            .map_or("", |(_, word)| word)
    }
}

pub(super) fn read(section: &Section<'_>, faults: &mut Faults) -> Vec<StrategyRule> {
    let names: Vec<&str> = SixrStrategy::ALL
        .iter()
        .map(|strategy| strategy.as_str())
        .collect();
    section.only(&names, faults);
    let mut rules = Vec::with_capacity(names.len());
    for strategy in SixrStrategy::ALL {
        if let Some(one) = section.section(strategy.as_str(), faults) {
            rules.push(rule(*strategy, &one, faults));
        }
    }
    rules
}

fn rule(strategy: SixrStrategy, one: &Section<'_>, faults: &mut Faults) -> StrategyRule {
    one.only(
        &[
            "definition",
            "source",
            "requires",
            "effort_days",
            "weeks",
            "cost",
            "next_steps",
            "terms",
        ],
        faults,
    );
    let mut requires = Vec::new();
    for word in one.texts("requires", faults) {
        match word.parse() {
            Ok(input) => requires.push(input),
            Err(error) => faults.add(one.at("requires"), UnknownLabel::to_string(&error)),
        }
    }
    let terms = one.sections("terms", faults);
    StrategyRule {
        strategy,
        definition: one.text("definition", faults),
        source: one.text("source", faults),
        requires,
        effort_days: one.number("effort_days", (0.0, 10_000.0), faults),
        weeks: weeks(one, faults),
        cost: cost(one, faults),
        next_steps: one.texts("next_steps", faults),
        terms: terms.iter().filter_map(|one| term(one, faults)).collect(),
    }
}

fn weeks(one: &Section<'_>, faults: &mut Faults) -> (f64, f64) {
    let numbers: Option<Vec<f64>> = one
        .value("weeks")
        .and_then(toml::Value::as_array)
        .and_then(|items| items.iter().map(super::super::reader::number).collect());
    match numbers.as_deref() {
        Some([least, most]) if *least >= 0.0 && least <= most && *most <= 1_000.0 => (*least, *most),
        _ => {
            faults.add(one.at("weeks"), "must be [least, most] weeks, such as [2, 6]");
            (0.0, 0.0)
        }
    }
}

fn cost(one: &Section<'_>, faults: &mut Faults) -> CostLevel {
    let word = one.text("cost", faults);
    let level = CostLevel::ALL.iter().find(|(_, known)| *known == word);
    if level.is_none() && !word.is_empty() {
        let known: Vec<&str> = CostLevel::ALL.iter().map(|(_, known)| *known).collect();
        faults.add(one.at("cost"), format!("must be one of {}", known.join(", ")));
    }
    level.map_or(CostLevel::Medium, |(level, _)| *level)
}

fn term(one: &Section<'_>, faults: &mut Faults) -> Option<ScoreTerm> {
    one.only(&["input", "weight", "values", "points", "unknown"], faults);
    let input = super::input(one, faults);
    let weight = millionths(one.number("weight", (0.000_001, 1.0), faults));
    let input = input?;
    let curve = curves::read(one, input, (0.0, 1.0), 0.5, faults)?;
    Some(ScoreTerm { input, weight, curve })
}
