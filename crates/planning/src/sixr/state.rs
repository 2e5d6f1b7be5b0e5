//! A subject under evaluation: values, parameters and scores that follow one changed value without being computed anew.

use super::engine::Engine;
use super::inputs::{INPUTS, Input, PARAMETERS};
use super::policy::{ONE, Truth};
use super::value::Inputs;
use landfall_domain::SixrStrategy;

/// How many strategies there are.
pub(super) const STRATEGIES: usize = SixrStrategy::ALL.len();
const PARAMETER_COUNT: usize = PARAMETERS.len();
/// Bounds of a parameter, in millionths.
const LEAST: i64 = ONE;
const GREATEST: i64 = 10 * ONE;
/// Millionths of a thousandth.
const PER_THOUSANDTH: i64 = 1_000;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) strategy: SixrStrategy,
    /// The gate that decided, by its place.
    pub(super) gate: Option<usize>,
    /// The best of the others that are not blocked.
    pub(super) runner_up: Option<SixrStrategy>,
}

/// Values, parameters and scores. Everything is whole numbers: a value set back restores every sum exactly.
#[derive(Clone)]
pub(super) struct State<'e> {
    engine: &'e Engine,
    raw: [Option<i64>; Input::COUNT],
    /// Whether the parameter was given, not derived.
    given: [bool; PARAMETER_COUNT],
    /// What the facts add to each parameter, in millionths.
    sums: [i64; PARAMETER_COUNT],
    /// How many facts of each parameter are known.
    known: [u32; PARAMETER_COUNT],
    scores: [i64; STRATEGIES],
}

impl<'e> State<'e> {
    pub(super) fn new(engine: &'e Engine, inputs: &Inputs) -> Self {
        let mut state = Self {
            engine,
            raw: inputs.raw,
            given: [false; PARAMETER_COUNT],
            sums: [0; PARAMETER_COUNT],
            known: [0; PARAMETER_COUNT],
            scores: [0; STRATEGIES],
        };
        for input in &INPUTS[PARAMETER_COUNT..] {
            let raw = state.raw[input.index()];
            for (parameter, curve) in engine.parameter_terms(*input) {
                state.sums[*parameter] += curve.at(raw);
                state.known[*parameter] += u32::from(raw.is_some());
            }
        }
        for parameter in 0..PARAMETER_COUNT {
            state.given[parameter] = state.raw[parameter].is_some();
            if !state.given[parameter] {
                state.raw[parameter] = Some(state.derived(parameter));
            }
        }
        for input in INPUTS {
            let raw = state.raw[input.index()];
            for term in engine.score_terms(*input) {
                state.scores[term.strategy] += term.points(raw);
            }
        }
        state
    }

    pub(super) fn raw(&self, input: Input) -> Option<i64> {
        self.raw[input.index()]
    }

    pub(super) fn all(&self) -> &[Option<i64>; Input::COUNT] {
        &self.raw
    }

    pub(super) fn score(&self, strategy: SixrStrategy) -> i64 {
        self.scores[strategy as usize]
    }

    /// Whether somebody or something said it; a parameter is known if it was given or one of its facts is.
    pub(super) fn is_known(&self, input: Input) -> bool {
        if input.is_parameter() {
            self.given[input.index()] || self.known[input.index()] > 0
        } else {
            self.raw(input).is_some()
        }
    }

    /// Whether the parameter was given, not derived.
    pub(super) fn is_given(&self, parameter: Input) -> bool {
        parameter.is_parameter() && self.given[parameter.index()]
    }

    /// Gives an input another value, or none. A parameter without one is derived.
    pub(super) fn set(&mut self, input: Input, raw: Option<i64>) {
        let place = input.index();
        if input.is_parameter() {
            self.given[place] = raw.is_some();
            let raw = raw.unwrap_or_else(|| self.derived(place));
            self.put(place, Some(raw));
            return;
        }
        let old = self.raw[place];
        self.put(place, raw);
        let engine = self.engine;
        for (parameter, curve) in engine.parameter_terms(input) {
            self.sums[*parameter] += curve.at(raw) - curve.at(old);
            self.known[*parameter] += u32::from(raw.is_some());
            self.known[*parameter] -= u32::from(old.is_some());
            if !self.given[*parameter] {
                self.put(*parameter, Some(self.derived(*parameter)));
            }
        }
    }

    /// What a value must be set to later to restore the present state.
    pub(super) fn kept(&self, input: Input) -> Option<i64> {
        if input.is_parameter() && !self.given[input.index()] {
            None
        } else {
            self.raw(input)
        }
    }

    /// The first gate whose conditions hold, else the best score that no block excludes; among equals the least effort,
    /// then the order of the labels.
    pub(super) fn decide(&self) -> Decision {
        let policy = self.engine.policy();
        let gate = policy
            .gates
            .iter()
            .position(|gate| gate.truth(&self.raw) == Truth::Yes);
        let mut blocked = [false; STRATEGIES];
        for block in &policy.blocks {
            let place = block.strategy as usize;
            blocked[place] = blocked[place] || block.truth(&self.raw) == Truth::Yes;
        }
        let best = |except: Option<SixrStrategy>| {
            let mut best: Option<SixrStrategy> = None;
            // The engine lists strategies by effort and label: the first of equals stays.
            for strategy in self.engine.by_effort() {
                let is_better = best.is_none_or(|best| self.score(*strategy) > self.score(best));
                if Some(*strategy) != except && !blocked[*strategy as usize] && is_better {
                    best = Some(*strategy);
                }
            }
            best
        };
        let strategy = match gate.and_then(|place| policy.gates.get(place)) {
            Some(gate) => gate.strategy,
            None => best(None).unwrap_or(SixrStrategy::Retain),
        };
        Decision {
            strategy,
            gate,
            runner_up: best(Some(strategy)),
        }
    }

    fn derived(&self, parameter: usize) -> i64 {
        let base = self.engine.parameter_base(parameter);
        (base + self.sums[parameter]).clamp(LEAST, GREATEST) / PER_THOUSANDTH
    }

    fn put(&mut self, place: usize, raw: Option<i64>) {
        let old = self.raw[place];
        if old == raw {
            return;
        }
        self.raw[place] = raw;
        let engine = self.engine;
        for term in engine.score_terms(INPUTS[place]) {
            self.scores[term.strategy] += term.points(raw) - term.points(old);
        }
    }
}
