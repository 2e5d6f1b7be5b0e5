//! A policy made ready to judge many subjects.

use super::inputs::{INPUTS, Input, Kind, PARAMETERS};
use super::policy::{Curve, ONE, Policy, Rule, Test};
use super::value::thousandths;
use landfall_domain::SixrStrategy;

/// Judges subjects by a policy. Making one costs a few microseconds; judging costs the same for each subject, whatever is
/// judged beside it.
#[derive(Clone, Debug)]
pub struct Engine {
    policy: Policy,
    /// By input: what it counts for which strategy.
    score_terms: Vec<Vec<IndexedTerm>>,
    /// By input: what it adds to which parameter.
    parameter_terms: Vec<Vec<(usize, Curve)>>,
    parameter_bases: Vec<i64>,
    /// By input, ascending: the values at which something may change.
    probes: Vec<Vec<i64>>,
    by_effort: Vec<SixrStrategy>,
}

/// A term of a strategy, found by its input.
#[derive(Clone, Debug)]
pub(super) struct IndexedTerm {
    pub(super) strategy: usize,
    weight: i64,
    curve: Curve,
}

impl IndexedTerm {
    /// What a value counts, in millionths of the strategy's score.
    pub(super) fn points(&self, raw: Option<i64>) -> i64 {
        points(self.weight, self.curve.at(raw))
    }
}

/// Weight times factor, both in millionths.
pub(super) fn points(weight: i64, factor: i64) -> i64 {
    (weight * factor + ONE / 2) / ONE
}

impl Engine {
    /// Makes a policy ready.
    pub fn new(policy: Policy) -> Self {
        let mut score_terms = vec![Vec::new(); Input::COUNT];
        for rule in &policy.strategies {
            for term in &rule.terms {
                score_terms[term.input.index()].push(IndexedTerm {
                    strategy: rule.strategy as usize,
                    weight: term.weight,
                    curve: term.curve.clone(),
                });
            }
        }
        let mut parameter_terms = vec![Vec::new(); Input::COUNT];
        let mut parameter_bases = Vec::with_capacity(PARAMETERS.len());
        for (place, rule) in policy.parameters.iter().enumerate() {
            parameter_bases.push(thousandths(rule.base) * 1_000);
            for (input, curve) in &rule.terms {
                parameter_terms[input.index()].push((place, curve.clone()));
            }
        }
        let mut by_effort: Vec<SixrStrategy> = SixrStrategy::ALL.to_vec();
        by_effort.sort_by(|a, b| {
            let days = |strategy: &SixrStrategy| policy.strategy(*strategy).effort_days;
            days(a).total_cmp(&days(b)).then(a.cmp(b))
        });
        let mut engine = Self {
            policy,
            score_terms,
            parameter_terms,
            parameter_bases,
            probes: Vec::new(),
            by_effort,
        };
        engine.probes = INPUTS.iter().map(|input| engine.find_probes(*input)).collect();
        engine
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn score_terms(&self, input: Input) -> &[IndexedTerm] {
        &self.score_terms[input.index()]
    }

    pub(super) fn parameter_terms(&self, input: Input) -> &[(usize, Curve)] {
        &self.parameter_terms[input.index()]
    }

    pub(super) fn parameter_base(&self, place: usize) -> i64 {
        self.parameter_bases[place]
    }

    pub(super) fn by_effort(&self) -> &[SixrStrategy] {
        &self.by_effort
    }

    /// The values of an input at which something may change, ascending.
    pub(super) fn probes(&self, input: Input) -> &[i64] {
        &self.probes[input.index()]
    }

    /// Words and flags: all of them. Numbers: the limits of conditions and the bends of curves with their neighbours, and
    /// both ends.
    fn find_probes(&self, input: Input) -> Vec<i64> {
        let Kind::Number { min, max, step } = input.definition().kind else {
            return (0..places(input)).collect();
        };
        let (min, max, step) = (thousandths(min), thousandths(max), thousandths(step));
        let mut around = vec![min, max];
        let rules = self.policy.gates.iter().chain(&self.policy.blocks);
        around.extend(rules.flat_map(|rule| limits(rule, input)));
        around.extend(self.score_terms(input).iter().flat_map(|term| term.curve.knots()));
        around.extend(
            self.parameter_terms(input)
                .iter()
                .flat_map(|(_, curve)| curve.knots()),
        );
        let mut probes: Vec<i64> = around
            .into_iter()
            .flat_map(|at| [at - step, at, at + step])
            .filter(|at| (min..=max).contains(at))
            .collect();
        probes.sort_unstable();
        probes.dedup();
        probes
    }
}

/// How many words an input has; two for a flag.
fn places(input: Input) -> i64 {
    match input.definition().kind {
        Kind::Choice(words) => i64::try_from(words.len()).unwrap_or_default(),
        Kind::Flag => 2,
        Kind::Number { .. } => 0,
    }
}

fn limits(rule: &Rule, input: Input) -> impl Iterator<Item = i64> + '_ {
    let of_input = rule.when.iter().filter(move |condition| condition.input == input);
    of_input.flat_map(|condition| match &condition.test {
        Test::Below(limit) | Test::AtMost(limit) | Test::AtLeast(limit) | Test::Above(limit) => vec![*limit],
        Test::Is(values) | Test::Not(values) => values.clone(),
    })
}
