//! A recommendation with everything that it rests on.

use super::Statement;
use super::counterfactuals::{self, Counterfactual};
use super::engine::{Engine, points};
use super::estimates::Estimates;
use super::inputs::{Input, PARAMETERS};
use super::policy::{ONE, Rule, StatementKind, Truth, all, stated};
use super::questions::{self, Question};
use super::state::{Decision, State};
use super::value::{Inputs, Value};
use landfall_domain::SixrStrategy;
use serde::Serialize;

/// Factors named for and against the recommended strategy.
const FACTORS_FOR: usize = 4;
const FACTORS_AGAINST: usize = 2;

/// A rule of the policy, with who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The rule's id.
    pub rule: String,
    /// Author or product, and year.
    pub source: String,
}

/// The gate that decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatchedGate {
    /// Its id and source.
    #[serde(flatten)]
    pub reference: Reference,
    /// Why it decides.
    pub title: String,
    /// Its conditions, all of which hold.
    pub conditions: Vec<String>,
}

/// A gate that might decide if more were known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GateEvidence {
    /// Its id.
    pub rule: String,
    /// The strategy that it decides for.
    pub strategy: SixrStrategy,
    /// What is not known.
    pub missing: Vec<Input>,
}

/// What one input counts for a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Term {
    /// The input.
    pub input: Input,
    /// Its weight, 0 to 1.
    pub weight: f64,
    /// How far its value speaks for the strategy, 0 to 1.
    pub factor: f64,
    /// Weight times factor, of 100.
    pub points: f64,
}

/// The score of a strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrategyScore {
    /// The strategy.
    pub strategy: SixrStrategy,
    /// 0 to 100.
    pub score: f64,
    /// The block that keeps it from being chosen by score.
    pub blocked_by: Option<String>,
    /// What it is made of.
    pub terms: Vec<Term>,
}

/// Something that speaks for or against the recommended strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Factor {
    /// The sentence.
    pub text: String,
    /// The input; absent for a gate.
    pub input: Option<Input>,
    /// The rule; absent for an input.
    pub rule: Option<String>,
    /// Points of 100 by which it sets the strategy off from the next best; negative speaks against it.
    pub points: f64,
}

/// A recommendation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recommendation {
    /// The strategy.
    pub strategy: SixrStrategy,
    /// Where to, if a gate names it, such as `vmware`.
    pub target: Option<String>,
    /// Completeness times margin, 0 to 1.
    pub confidence: f64,
    /// Share of what the strategy requires that is known, 0 to 1.
    pub completeness: f64,
    /// Lead over the next best score against the decisive margin, 0 to 1; 1 where a gate decided.
    pub margin: f64,
    /// Whether answers should be sought before it counts as complete.
    pub needs_answers: bool,
    /// The gate that decided; absent if scores did.
    pub gate: Option<MatchedGate>,
    /// Gates before it that might decide if more were known.
    pub open_gates: Vec<GateEvidence>,
    /// The next best strategy.
    pub runner_up: Option<SixrStrategy>,
    /// All strategies, in the order of their labels.
    pub scores: Vec<StrategyScore>,
    /// The seven parameters, derived or given.
    pub parameters: Vec<(Input, Value)>,
    /// What speaks for and against it.
    pub key_factors: Vec<Factor>,
    /// What was assumed because it is not known.
    pub assumptions: Vec<String>,
    /// What the strategy requires and nobody has said.
    pub missing: Vec<Input>,
    /// What to do next.
    pub next_steps: Vec<String>,
    /// Effort, time, cost.
    #[serde(flatten)]
    pub estimates: Estimates,
    /// What may go wrong.
    pub risks: Vec<Statement>,
    /// What the business gains.
    pub business_benefits: Vec<Statement>,
    /// What the technology gains.
    pub technical_benefits: Vec<Statement>,
    /// What would have to be different for another result.
    pub counterfactuals: Vec<Counterfactual>,
    /// What to ask, the weightiest first.
    pub questions: Vec<Question>,
}

impl Engine {
    /// The recommendation for a subject.
    pub fn recommend(&self, inputs: &Inputs) -> Recommendation {
        let state = State::new(self, inputs);
        let decision = state.decide();
        let strategy = decision.strategy;
        let gate = decision.gate.and_then(|place| self.policy().gates.get(place));
        let (completeness, missing) = completeness(self, &state, strategy);
        let margin = margin(self, &state, decision);
        let confidence = rounded(completeness * margin);
        let questions = questions::open(self, &state, decision);
        let asks = confidence < self.policy().settings.ask_below && questions.iter().any(Question::matters);
        let statements = |kind| statements(self, &state, strategy, kind);
        Recommendation {
            strategy,
            target: gate.and_then(|gate| gate.target.clone()),
            confidence,
            completeness: rounded(completeness),
            margin: rounded(margin),
            needs_answers: asks,
            gate: gate.map(|gate| matched(gate, &state)),
            open_gates: open_gates(self, &state, decision),
            runner_up: decision.runner_up,
            scores: scores(self, &state),
            parameters: parameters(&state),
            key_factors: key_factors(self, &state, decision),
            assumptions: assumptions(self, &state, strategy),
            next_steps: next_steps(self, strategy, &questions),
            estimates: Estimates::of(self, &state, strategy),
            risks: statements(StatementKind::Risk),
            business_benefits: statements(StatementKind::BusinessBenefit),
            technical_benefits: statements(StatementKind::TechnicalBenefit),
            counterfactuals: counterfactuals::search(self, &state, decision),
            questions,
            missing,
        }
    }

    /// The strategy alone, for callers that try many inputs.
    pub fn strategy(&self, inputs: &Inputs) -> SixrStrategy {
        State::new(self, inputs).decide().strategy
    }
}

fn completeness(engine: &Engine, state: &State<'_>, strategy: SixrStrategy) -> (f64, Vec<Input>) {
    let required = &engine.policy().strategy(strategy).requires;
    let missing: Vec<Input> = required
        .iter()
        .copied()
        .filter(|input| !state.is_known(*input))
        .collect();
    let share = if required.is_empty() {
        1.0
    } else {
        count(required.len() - missing.len()) / count(required.len())
    };
    (share, missing)
}

fn margin(engine: &Engine, state: &State<'_>, decision: Decision) -> f64 {
    let (None, Some(runner_up)) = (decision.gate, decision.runner_up) else {
        return 1.0;
    };
    let lead = state.score(decision.strategy) - state.score(runner_up);
    (share(lead) / share(engine.policy().settings.decisive_margin)).clamp(0.0, 1.0)
}

fn matched(gate: &Rule, state: &State<'_>) -> MatchedGate {
    let conditions = gate.when.iter().map(|condition| {
        let value = known_value(state, condition.input);
        format!("{} ({})", condition.text(), stated(condition.input, value))
    });
    MatchedGate {
        reference: Reference {
            rule: gate.id.clone(),
            source: gate.source.clone(),
        },
        title: gate.title.clone(),
        conditions: conditions.collect(),
    }
}

fn open_gates(engine: &Engine, state: &State<'_>, decision: Decision) -> Vec<GateEvidence> {
    let gates = &engine.policy().gates;
    let earlier = decision.gate.unwrap_or(gates.len());
    let open = gates[..earlier]
        .iter()
        .filter(|gate| gate.truth(state.all()) == Truth::Open);
    open.map(|gate| GateEvidence {
        rule: gate.id.clone(),
        strategy: gate.strategy,
        missing: gate
            .when
            .iter()
            .filter(|condition| condition.truth(state.raw(condition.input)) == Truth::Open)
            .map(|condition| condition.input)
            .collect(),
    })
    .collect()
}

fn scores(engine: &Engine, state: &State<'_>) -> Vec<StrategyScore> {
    let policy = engine.policy();
    let of_strategy = |strategy: &SixrStrategy| {
        let block = policy
            .blocks
            .iter()
            .find(|block| block.strategy == *strategy && block.truth(state.all()) == Truth::Yes);
        let terms = policy.strategy(*strategy).terms.iter().map(|term| {
            let factor = term.curve.at(state.raw(term.input));
            Term {
                input: term.input,
                weight: share(term.weight),
                factor: share(factor),
                points: hundredth(points(term.weight, factor)),
            }
        });
        StrategyScore {
            strategy: *strategy,
            score: hundredth(state.score(*strategy)),
            blocked_by: block.map(|block| block.id.clone()),
            terms: terms.collect(),
        }
    };
    SixrStrategy::ALL.iter().map(of_strategy).collect()
}

fn parameters(state: &State<'_>) -> Vec<(Input, Value)> {
    PARAMETERS
        .iter()
        .filter_map(|input| Some((*input, input.value_of_raw(state.raw(*input)?))))
        .collect()
}

/// The gate, then the inputs that set the strategy off most from the next best.
fn key_factors(engine: &Engine, state: &State<'_>, decision: Decision) -> Vec<Factor> {
    let policy = engine.policy();
    let mut factors: Vec<Factor> = Vec::new();
    if let Some(gate) = decision.gate.and_then(|place| policy.gates.get(place)) {
        let facts = gate
            .when
            .iter()
            .map(|condition| stated(condition.input, known_value(state, condition.input)))
            .collect::<Vec<_>>();
        factors.push(Factor {
            text: format!("{} ({})", gate.title, facts.join("; ")),
            input: None,
            rule: Some(gate.id.clone()),
            points: 100.0,
        });
    }
    let mut leads: Vec<(Input, i64)> = Vec::new();
    let mut add = |strategy: SixrStrategy, sign: i64| {
        for term in &policy.strategy(strategy).terms {
            let lead = sign * points(term.weight, term.curve.at(state.raw(term.input)));
            match leads.iter_mut().find(|(input, _)| *input == term.input) {
                Some((_, sum)) => *sum += lead,
                None => leads.push((term.input, lead)),
            }
        }
    };
    add(decision.strategy, 1);
    if let Some(runner_up) = decision.runner_up {
        add(runner_up, -1);
    }
    leads.retain(|(input, _)| state.is_known(*input));
    leads.sort_by_key(|(input, lead)| (std::cmp::Reverse(*lead), *input));
    let for_it = leads.iter().filter(|(_, lead)| *lead > 0).take(FACTORS_FOR);
    let against = leads
        .iter()
        .rev()
        .filter(|(_, lead)| *lead < 0)
        .take(FACTORS_AGAINST);
    factors.extend(for_it.chain(against).map(|(input, lead)| {
        let (speaks, points) = (
            if *lead > 0 { "speaks for" } else { "speaks against" },
            hundredth(*lead),
        );
        Factor {
            text: format!(
                "{}: {speaks} {} ({points:+.1} of 100)",
                stated(*input, known_value(state, *input)),
                decision.strategy
            ),
            input: Some(*input),
            rule: None,
            points,
        }
    }));
    factors
}

fn assumptions(engine: &Engine, state: &State<'_>, strategy: SixrStrategy) -> Vec<String> {
    let policy = engine.policy();
    let mut assumptions = Vec::new();
    for term in &policy.strategy(strategy).terms {
        if state.is_known(term.input) {
            continue;
        }
        let label = term.input.definition().label;
        assumptions.push(match known_value(state, term.input) {
            Some(value) => format!("{label} is not known: the policy's default {value} was taken."),
            None => format!(
                "{label} is not known: it was counted as {} of 1.",
                share(term.curve.at(None))
            ),
        });
    }
    let shown = PARAMETERS.iter().filter(|parameter| state.is_given(**parameter));
    assumptions.extend(shown.map(|parameter| {
        let label = parameter.definition().label;
        format!("{label} was given, not derived.")
    }));
    assumptions
}

fn next_steps(engine: &Engine, strategy: SixrStrategy, questions: &[Question]) -> Vec<String> {
    let first = questions
        .first()
        .filter(|question| question.matters())
        .map(|question| format!("Answer: {}", question.text));
    first
        .into_iter()
        .chain(engine.policy().strategy(strategy).next_steps.iter().cloned())
        .collect()
}

fn statements(
    engine: &Engine,
    state: &State<'_>,
    strategy: SixrStrategy,
    kind: StatementKind,
) -> Vec<Statement> {
    let holds = |rule: &&super::policy::StatementRule| {
        rule.kind == kind
            && (rule.strategies.is_empty() || rule.strategies.contains(&strategy))
            && all(&rule.when, state.all()) == Truth::Yes
    };
    let rules = engine.policy().statements.iter().filter(holds);
    rules
        .map(|rule| Statement {
            rule: rule.id.clone(),
            text: rule.text.clone(),
        })
        .collect()
}

fn known_value(state: &State<'_>, input: Input) -> Option<Value> {
    state.raw(input).map(|raw| input.value_of_raw(raw))
}

#[expect(clippy::cast_precision_loss, reason = "millionths of a small number")]
fn share(millionths: i64) -> f64 {
    millionths as f64 / ONE as f64
}

/// Millionths as points of 100, to two digits.
fn hundredth(millionths: i64) -> f64 {
    (share(millionths) * 10_000.0).round() / 100.0
}

/// To four digits.
fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

#[expect(clippy::cast_precision_loss, reason = "a handful of inputs")]
fn count(number: usize) -> f64 {
    number as f64
}
