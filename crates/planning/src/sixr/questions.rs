//! What to ask, and what to ask first.

use super::engine::Engine;
use super::inputs::{INPUTS, Input, Kind};
use super::state::{Decision, State};
use super::value::thousandths;
use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Answers that are tried of a number.
const TRIED_NUMBERS: usize = 7;

/// Something that is not known and could be asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// The input that the answer gives.
    pub input: Input,
    /// What is asked.
    pub text: &'static str,
    /// What an answer may be.
    pub answers: String,
    /// Share of the possible answers that would change the recommendation, 0 to 1.
    pub impact: f64,
    /// Strategies that an answer could lead to.
    pub could_be: Vec<SixrStrategy>,
    /// Whether the recommended strategy counts it as needed for a certain result.
    pub is_required: bool,
}

impl Question {
    /// Whether an answer could change the recommendation.
    pub fn matters(&self) -> bool {
        !self.could_be.is_empty()
    }
}

/// The questions of one subject: those whose answer could change the recommendation, and those that its strategy requires;
/// the one with the greatest impact first.
pub(super) fn open(engine: &Engine, state: &State<'_>, decision: Decision) -> Vec<Question> {
    let mut state = state.clone();
    let requires = &engine.policy().strategy(decision.strategy).requires;
    let mut questions: Vec<Question> = INPUTS
        .iter()
        .filter_map(|input| {
            let text = input.definition().question?;
            if state.is_known(*input) {
                return None;
            }
            let question = asked(
                engine,
                &mut state,
                decision,
                *input,
                text,
                requires.contains(input),
            );
            (question.matters() || question.is_required).then_some(question)
        })
        .collect();
    // Stable: equal ones stay in the order of their declaration.
    questions.sort_by(|a, b| {
        b.impact
            .total_cmp(&a.impact)
            .then(b.is_required.cmp(&a.is_required))
    });
    questions
}

fn asked(
    engine: &Engine,
    state: &mut State<'_>,
    decision: Decision,
    input: Input,
    text: &'static str,
    is_required: bool,
) -> Question {
    let answers = possible(engine, input);
    let kept = state.kept(input);
    let (mut flips, mut could_be) = (0_u32, Vec::new());
    for answer in &answers {
        state.set(input, Some(*answer));
        let strategy = state.decide().strategy;
        if strategy != decision.strategy {
            flips += 1;
            if !could_be.contains(&strategy) {
                could_be.push(strategy);
            }
        }
    }
    state.set(input, kept);
    could_be.sort_unstable();
    let tried = u32::try_from(answers.len()).unwrap_or(1).max(1);
    Question {
        input,
        text,
        answers: input.takes(),
        impact: f64::from(flips) / f64::from(tried),
        could_be,
        is_required,
    }
}

/// All words; of numbers, a few of the values at which something may change, spread evenly among them.
fn possible(engine: &Engine, input: Input) -> Vec<i64> {
    let probes = engine.probes(input);
    match input.definition().kind {
        Kind::Number { .. } if probes.len() > TRIED_NUMBERS => (0..TRIED_NUMBERS)
            .map(|part| probes[part * (probes.len() - 1) / (TRIED_NUMBERS - 1)])
            .collect(),
        _ => probes.to_vec(),
    }
}

/// How many decisions each question could change, over many subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionTally(BTreeMap<Input, Counts>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    /// Subjects of which it is not known.
    open: u64,
    /// Subjects whose recommendation an answer could change.
    decisions: u64,
    /// Sum of the impacts, in thousandths.
    impact: i64,
}

/// A question with what it is worth over many subjects.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RankedQuestion {
    /// The input that the answer gives.
    pub input: Input,
    /// What is asked.
    pub text: &'static str,
    /// What an answer may be.
    pub answers: String,
    /// Subjects whose recommendation an answer could change.
    pub decisions: u64,
    /// Subjects of which it is not known and worth asking.
    pub open: u64,
}

impl QuestionTally {
    /// Counts the questions of one subject.
    pub fn add(&mut self, questions: &[Question]) {
        for question in questions {
            let counts = self.0.entry(question.input).or_default();
            counts.open += 1;
            counts.decisions += u64::from(question.matters());
            counts.impact += thousandths(question.impact);
        }
    }

    /// The questions, the one whose answer could change most decisions first.
    pub fn ranked(&self) -> Vec<RankedQuestion> {
        let mut ranked: Vec<(&Input, &Counts)> = self.0.iter().collect();
        ranked.sort_by_key(|(input, counts)| {
            (
                std::cmp::Reverse(counts.decisions),
                std::cmp::Reverse(counts.impact),
                std::cmp::Reverse(counts.open),
                **input,
            )
        });
        ranked
            .into_iter()
            .map(|(input, counts)| RankedQuestion {
                input: *input,
                text: input.definition().question.unwrap_or_default(),
                answers: input.takes(),
                decisions: counts.decisions,
                open: counts.open,
            })
            .collect()
    }
}
