//! What would have to be different for another result, found by trying.
//!
//! 1. One value at a time: towards both sides to the nearest value that changes the result. Words are tried one after the
//!    other; for numbers the places at which the policy bends, and then halving down to the input's step.
//! 2. Gates that come before what decided and lack few conditions: all of them met at once.
//! 3. Where neither finds anything: the strongest changes towards the next best strategies, one after the other.
//!
//! Every change that is given was applied and did change the result.

use super::engine::Engine;
use super::inputs::{INPUTS, Input, Kind};
use super::policy::{Condition, Test, Truth};
use super::state::{Decision, State};
use super::value::{Inputs, Value, thousandths};
use landfall_domain::SixrStrategy;
use serde::Serialize;

/// Next best strategies towards which changes are combined.
const RIVALS: usize = 3;
/// Widest range of a number that distances are measured against; beyond it the values themselves are the measure.
const WIDE: i64 = 1_000_000;

/// One value that would be different.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The input.
    pub input: Input,
    /// What it is; absent if it is not known.
    pub from: Option<Value>,
    /// What it would be.
    pub to: Value,
}

/// Changes that together lead to another strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counterfactual {
    /// The strategy that would be recommended.
    pub strategy: SixrStrategy,
    /// The gate that would decide; absent if scores would.
    pub gate: Option<String>,
    /// What would be different.
    pub changes: Vec<Change>,
    /// The same as a sentence.
    pub text: String,
}

impl Counterfactual {
    /// The inputs with the changes made.
    pub fn applied(&self, inputs: &Inputs) -> Inputs {
        let mut changed = inputs.clone();
        for change in &self.changes {
            changed.set(change.input, change.to);
        }
        changed
    }
}

/// A counterfactual before it is put into words: changed values, the result, how far away it is.
struct Found {
    changes: Vec<(Input, i64)>,
    decision: Decision,
    distance: i64,
}

pub(super) fn search(engine: &Engine, state: &State<'_>, decision: Decision) -> Vec<Counterfactual> {
    let settings = &engine.policy().settings;
    if settings.max_counterfactuals == 0 {
        return Vec::new();
    }
    let mut search = Search {
        engine,
        state: state.clone(),
        decision,
        found: Vec::new(),
    };
    search.single_changes();
    search.nearly_open_gates(settings.max_changes);
    if search.found.is_empty() {
        search.combined_changes(settings.max_changes);
    }
    let mut found = search.found;
    found.sort_by_key(|found| (found.changes.len(), found.distance, found.changes[0].0));
    found.truncate(settings.max_counterfactuals);
    found
        .into_iter()
        .map(|found| in_words(engine, state, found))
        .collect()
}

struct Search<'e> {
    engine: &'e Engine,
    state: State<'e>,
    decision: Decision,
    found: Vec<Found>,
}

impl Search<'_> {
    fn single_changes(&mut self) {
        for input in INPUTS
            .iter()
            .copied()
            .filter(|input| !input.definition().is_fixed)
        {
            let Some(current) = self.state.raw(input) else {
                continue;
            };
            let kept = self.state.kept(input);
            let probes = self.engine.probes(input);
            let below = probes.partition_point(|probe| *probe < current);
            let above = probes.partition_point(|probe| *probe <= current);
            let down = self.nearest(input, current, probes[..below].iter().rev());
            let up = self.nearest(input, current, probes[above..].iter());
            self.state.set(input, kept);
            for (raw, decision) in [down, up].into_iter().flatten() {
                self.found.push(Found {
                    changes: vec![(input, raw)],
                    decision,
                    distance: distance(input, current, raw),
                });
            }
        }
    }

    /// The first probe that changes the result, moved as near to the current value as it still does.
    fn nearest<'p>(
        &mut self,
        input: Input,
        current: i64,
        probes: impl Iterator<Item = &'p i64>,
    ) -> Option<(i64, Decision)> {
        let mut same = current;
        for probe in probes {
            let Some(mut decision) = self.flipped(input, *probe) else {
                same = *probe;
                continue;
            };
            let mut other = *probe;
            let Kind::Number { step, .. } = input.definition().kind else {
                return Some((other, decision));
            };
            let step = thousandths(step);
            while (other - same).abs() > step {
                // Whole steps from the probe, so that the value is one that a person can read.
                let half = (same - other) / 2 / step * step;
                if half == 0 {
                    break;
                }
                match self.flipped(input, other + half) {
                    Some(nearer) => {
                        other += half;
                        decision = nearer;
                    }
                    None => same = other + half,
                }
            }
            return Some((other, decision));
        }
        None
    }

    fn flipped(&mut self, input: Input, raw: i64) -> Option<Decision> {
        self.state.set(input, Some(raw));
        let decision = self.state.decide();
        (decision.strategy != self.decision.strategy).then_some(decision)
    }

    fn nearly_open_gates(&mut self, max_changes: usize) {
        let gates = &self.engine.policy().gates;
        let earlier = self.decision.gate.unwrap_or(gates.len());
        for gate in &gates[..earlier] {
            if gate.strategy == self.decision.strategy {
                continue;
            }
            let lacking: Vec<&Condition> = gate
                .when
                .iter()
                .filter(|condition| condition.truth(self.state.raw(condition.input)) != Truth::Yes)
                .collect();
            let is_open = lacking
                .iter()
                .all(|condition| !condition.input.definition().is_fixed);
            if is_open && (2..=max_changes).contains(&lacking.len()) {
                let wanted: Option<Vec<(Input, i64)>> = lacking
                    .iter()
                    .map(|condition| Some((condition.input, self.meeting(condition)?)))
                    .collect();
                self.keep_if_flipped(wanted.unwrap_or_default());
            }
        }
    }

    /// The nearest value that meets a condition.
    fn meeting(&self, condition: &Condition) -> Option<i64> {
        let input = condition.input;
        let step = match input.definition().kind {
            Kind::Number { step, .. } => thousandths(step),
            Kind::Flag | Kind::Choice(_) => 1,
        };
        let current = self.state.raw(input).unwrap_or_default();
        let nearest = |raws: &mut dyn Iterator<Item = i64>| raws.min_by_key(|raw| (raw - current).abs());
        match &condition.test {
            Test::Below(limit) => Some(limit - step),
            Test::AtMost(limit) | Test::AtLeast(limit) => Some(*limit),
            Test::Above(limit) => Some(limit + step),
            Test::Is(values) => nearest(&mut values.iter().copied()),
            Test::Not(values) => {
                let probes = self.engine.probes(input);
                nearest(&mut probes.iter().copied().filter(|raw| !values.contains(raw)))
            }
        }
    }

    /// Applies the changes, keeps them if they change the result, and takes them back.
    fn keep_if_flipped(&mut self, changes: Vec<(Input, i64)>) -> bool {
        let before: Vec<(Input, Option<i64>)> = changes
            .iter()
            .map(|(input, _)| (*input, self.state.kept(*input)))
            .collect();
        let far = changes
            .iter()
            .map(|(input, raw)| distance(*input, self.state.raw(*input).unwrap_or_default(), *raw))
            .sum();
        for (input, raw) in &changes {
            self.state.set(*input, Some(*raw));
        }
        let decision = self.state.decide();
        for (input, raw) in before.into_iter().rev() {
            self.state.set(input, raw);
        }
        let is_flipped = decision.strategy != self.decision.strategy && !changes.is_empty();
        if is_flipped {
            self.found.push(Found {
                changes,
                decision,
                distance: far,
            });
        }
        is_flipped
    }

    fn combined_changes(&mut self, max_changes: usize) {
        let mut rivals: Vec<SixrStrategy> = self.engine.by_effort().to_vec();
        rivals.retain(|rival| *rival != self.decision.strategy);
        rivals.sort_by_key(|rival| std::cmp::Reverse(self.state.score(*rival)));
        for rival in rivals.into_iter().take(RIVALS) {
            let mut changes: Vec<(Input, i64)> = Vec::new();
            let mut before = Vec::new();
            while changes.len() < max_changes && self.state.decide().strategy == self.decision.strategy {
                let Some((input, raw)) = self.strongest(rival, &changes) else {
                    break;
                };
                before.push((input, self.state.kept(input)));
                self.state.set(input, Some(raw));
                changes.push((input, raw));
            }
            for (input, raw) in before.into_iter().rev() {
                self.state.set(input, raw);
            }
            while changes.len() > 1 {
                let found = self.found.len();
                let smaller = (0..changes.len()).find(|without| {
                    let mut fewer = changes.clone();
                    fewer.remove(*without);
                    self.keep_if_flipped(fewer)
                });
                let Some(without) = smaller else { break };
                self.found.truncate(found);
                changes.remove(without);
            }
            self.keep_if_flipped(changes);
        }
    }

    /// The change that brings the rival nearest to the present strategy.
    fn strongest(&mut self, rival: SixrStrategy, made: &[(Input, i64)]) -> Option<(Input, i64)> {
        let mut best: Option<(i64, Input, i64)> = None;
        for input in INPUTS
            .iter()
            .copied()
            .filter(|input| !input.definition().is_fixed)
        {
            if self.state.raw(input).is_none() || made.iter().any(|(changed, _)| *changed == input) {
                continue;
            }
            let kept = self.state.kept(input);
            for probe in self.engine.probes(input) {
                self.state.set(input, Some(*probe));
                let lead = self.state.score(rival) - self.state.score(self.decision.strategy);
                if best.is_none_or(|(known, ..)| lead > known) {
                    best = Some((lead, input, *probe));
                }
            }
            self.state.set(input, kept);
        }
        best.map(|(_, input, raw)| (input, raw))
    }
}

/// How far two values are apart, in millionths of what is possible.
fn distance(input: Input, from: i64, to: i64) -> i64 {
    let apart = (to - from).abs();
    let whole = match input.definition().kind {
        Kind::Flag => 1,
        Kind::Choice(words) => i64::try_from(words.len()).unwrap_or(2) - 1,
        Kind::Number { min, max, .. } => {
            let range = thousandths(max - min);
            if range <= WIDE { range } else { from.max(to) }
        }
    };
    apart.saturating_mul(1_000_000) / whole.max(1)
}

fn in_words(engine: &Engine, state: &State<'_>, found: Found) -> Counterfactual {
    let changes: Vec<Change> = found
        .changes
        .into_iter()
        .map(|(input, raw)| Change {
            input,
            from: state
                .is_known(input)
                .then(|| state.raw(input))
                .flatten()
                .map(|raw| input.value_of_raw(raw)),
            to: input.value_of_raw(raw),
        })
        .collect();
    let gate = found
        .decision
        .gate
        .and_then(|place| engine.policy().gates.get(place));
    let parts: Vec<String> = changes.iter().map(phrase).collect();
    Counterfactual {
        strategy: found.decision.strategy,
        gate: gate.map(|gate| gate.id.clone()),
        text: format!(
            "Would be {} with {}.",
            found.decision.strategy,
            parts.join(" and ")
        ),
        changes,
    }
}

/// `average CPU load of at most 1.9 % (now 7.3 %)`.
fn phrase(change: &Change) -> String {
    let definition = change.input.definition();
    let unit = if definition.unit.is_empty() {
        String::new()
    } else {
        format!(" {}", definition.unit)
    };
    let now = match change.from {
        Some(from) => format!("now {from}{unit}"),
        None => "not known now".to_owned(),
    };
    let bound = match (change.to, change.from) {
        (Value::Number(to), Some(Value::Number(from))) if to < from => "at most ",
        (Value::Number(_), _) => "at least ",
        _ => "",
    };
    format!("{}: {bound}{}{unit} ({now})", definition.label, change.to)
}
