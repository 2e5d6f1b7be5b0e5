//! Effort, time and cost of a strategy: simple and stated, not a quotation.

use super::engine::Engine;
use super::inputs::Input;
use super::policy::CostLevel;
use super::state::State;
use super::value::Value;
use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};

/// Share of the first server's effort that each further one takes.
const FURTHER_SERVER: f64 = 0.4;
/// Person-days up to which an effort is small, medium and large.
const SIZES: [(f64, EffortSize); 3] = [
    (5.0, EffortSize::Small),
    (20.0, EffortSize::Medium),
    (80.0, EffortSize::Large),
];
/// Complexity from which medium costs become high, and up to which they become low to medium.
const COSTLY: f64 = 8.0;
const CHEAP: f64 = 4.0;

/// Size of an effort. Konveyor's sizes; their points are 1, 2, 4 and 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffortSize {
    /// Up to 5 person-days.
    Small,
    /// Up to 20 person-days.
    Medium,
    /// Up to 80 person-days.
    Large,
    /// More.
    ExtraLarge,
}

impl EffortSize {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::ExtraLarge => "extra_large",
        }
    }

    /// Points for plans: 1, 2, 4, 8 (Konveyor, adoption plan).
    pub const fn points(self) -> u32 {
        match self {
            Self::Small => 1,
            Self::Medium => 2,
            Self::Large => 4,
            Self::ExtraLarge => 8,
        }
    }
}

/// Work that a strategy takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// Its size.
    pub size: EffortSize,
    /// Person-days, to half a day.
    pub person_days: f64,
}

/// Time that a strategy takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// Weeks at its complexity.
    pub weeks: f64,
    /// Weeks at least.
    pub least_weeks: f64,
    /// Weeks at most.
    pub most_weeks: f64,
}

/// What a strategy costs and saves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostImpact {
    /// Cost of the change: low, low-medium, medium, medium-high or high.
    pub level: String,
    /// Change of the monthly cost in the engagement's currency, if both costs are known; negative saves.
    pub monthly_change: Option<f64>,
}

/// Effort, time and cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimates {
    /// Work.
    pub effort: Effort,
    /// Time.
    pub timeline: Timeline,
    /// Cost.
    pub cost_impact: CostImpact,
}

impl Estimates {
    pub(super) fn of(engine: &Engine, state: &State<'_>, strategy: SixrStrategy) -> Self {
        let rule = engine.policy().strategy(strategy);
        let complexity = number(state, Input::TechnicalComplexity).unwrap_or(5.0);
        let servers = number(state, Input::Servers).unwrap_or(1.0).max(1.0);
        let days = rule.effort_days * (0.5 + complexity / 10.0) * (1.0 + FURTHER_SERVER * (servers - 1.0));
        let person_days = (days * 2.0).round() / 2.0;
        let size = SIZES
            .iter()
            .find(|(most, _)| person_days <= *most)
            .map_or(EffortSize::ExtraLarge, |(_, size)| *size);
        let (least, most) = rule.weeks;
        Self {
            effort: Effort { size, person_days },
            timeline: Timeline {
                weeks: (least + (most - least) * complexity / 10.0).round(),
                least_weeks: least,
                most_weeks: most,
            },
            cost_impact: CostImpact {
                level: level(rule.cost, complexity).as_str().to_owned(),
                monthly_change: monthly_change(state, strategy),
            },
        }
    }
}

fn level(cost: CostLevel, complexity: f64) -> CostLevel {
    match cost {
        CostLevel::Medium | CostLevel::MediumHigh if complexity >= COSTLY => CostLevel::High,
        CostLevel::Medium if complexity <= CHEAP => CostLevel::LowMedium,
        other => other,
    }
}

fn monthly_change(state: &State<'_>, strategy: SixrStrategy) -> Option<f64> {
    let now = number(state, Input::MonthlyCost)?;
    match strategy {
        SixrStrategy::Retire => Some(-now),
        SixrStrategy::Retain => Some(0.0),
        _ => Some(number(state, Input::CloudCost)? - now),
    }
}

fn number(state: &State<'_>, input: Input) -> Option<f64> {
    match input.value_of_raw(state.raw(input)?) {
        Value::Number(number) => Some(number),
        _ => None,
    }
}
