//! What changed between two iterations of an analysis.

use super::inputs::Input;
use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// An input that is no longer what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputChange {
    /// The input.
    pub input: Input,
    /// Before; absent if it was not known.
    pub from: Option<Json>,
    /// Now; absent if it is not known.
    pub to: Option<Json>,
}

/// A score that is no longer what it was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreChange {
    /// The strategy.
    pub strategy: SixrStrategy,
    /// Before, of 100.
    pub from: f64,
    /// Now, of 100.
    pub to: f64,
}

/// What changed from one iteration to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IterationDiff {
    /// The recommendation before and now, if it is another.
    pub strategy: Option<(SixrStrategy, SixrStrategy)>,
    /// The policy before and now, if it is another.
    pub policy: Option<(String, String)>,
    /// Confidence now less confidence before.
    pub confidence: f64,
    /// Inputs, in the order of their declaration.
    pub inputs: Vec<InputChange>,
    /// Scores, in the order of their labels.
    pub scores: Vec<ScoreChange>,
}

impl IterationDiff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.strategy.is_none()
            && self.policy.is_none()
            && self.inputs.is_empty()
            && self.scores.is_empty()
            && self.confidence == 0.0
    }
}

/// Compares two iterations as they are stored: objects with `strategy`, `policy`, `confidence`, `inputs` (input → value)
/// and `scores` (strategy → points). What one of them lacks counts as unknown.
pub fn diff(before: &Json, now: &Json) -> IterationDiff {
    let strategy = |of: &Json| -> Option<SixrStrategy> { of.get("strategy")?.as_str()?.parse().ok() };
    let policy = |of: &Json| of.get("policy").and_then(Json::as_str).map(str::to_owned);
    let confidence = |of: &Json| of.get("confidence").and_then(Json::as_f64).unwrap_or_default();
    IterationDiff {
        strategy: strategy(before)
            .zip(strategy(now))
            .filter(|(old, new)| old != new),
        policy: policy(before).zip(policy(now)).filter(|(old, new)| old != new),
        confidence: tidy(confidence(now) - confidence(before)),
        inputs: inputs(&object(before, "inputs"), &object(now, "inputs")),
        scores: scores(&object(before, "scores"), &object(now, "scores")),
    }
}

fn object(of: &Json, key: &str) -> Map<String, Json> {
    of.get(key).and_then(Json::as_object).cloned().unwrap_or_default()
}

fn inputs(before: &Map<String, Json>, now: &Map<String, Json>) -> Vec<InputChange> {
    let changed = |input: &Input| {
        let (from, to) = (before.get(input.name()), now.get(input.name()));
        (from != to).then(|| InputChange {
            input: *input,
            from: from.cloned(),
            to: to.cloned(),
        })
    };
    super::INPUTS.iter().filter_map(changed).collect()
}

fn scores(before: &Map<String, Json>, now: &Map<String, Json>) -> Vec<ScoreChange> {
    let changed = |strategy: &SixrStrategy| {
        let of = |scores: &Map<String, Json>| scores.get(strategy.as_str()).and_then(Json::as_f64);
        let (from, to) = (of(before)?, of(now)?);
        (tidy(to - from) != 0.0).then_some(ScoreChange {
            strategy: *strategy,
            from,
            to,
        })
    };
    SixrStrategy::ALL.iter().filter_map(changed).collect()
}

/// Without the last digits that subtraction leaves.
fn tidy(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
