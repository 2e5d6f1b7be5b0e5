//! What holds for every input.

use super::{Engine, Input, Inputs, Policy, engine, strategy};
use crate::sixr::state::State;
use crate::sixr::{DEFAULT_POLICY, INPUTS, Kind, Value};
use landfall_domain::SixrStrategy;
use proptest::prelude::*;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(engine);
static ANOTHER: LazyLock<Engine> = LazyLock::new(engine);
/// The default policy with its terms, blocks and statements in the reverse order.
static REVERSED: LazyLock<Engine> = LazyLock::new(|| {
    let mut table: toml::Table = DEFAULT_POLICY.parse().unwrap();
    for (_, strategy) in table["strategies"].as_table_mut().unwrap().iter_mut() {
        strategy.as_table_mut().unwrap()["terms"]
            .as_array_mut()
            .unwrap()
            .reverse();
    }
    for (_, parameter) in table["parameters"].as_table_mut().unwrap().iter_mut() {
        parameter.as_table_mut().unwrap()["terms"]
            .as_array_mut()
            .unwrap()
            .reverse();
    }
    for list in ["blocks", "risks"] {
        table[list].as_array_mut().unwrap().reverse();
    }
    Engine::new(Policy::read(&table.to_string()).unwrap())
});

/// A value of the input; numbers often near the places where something changes.
fn value_of(input: Input) -> BoxedStrategy<Value> {
    match input.definition().kind {
        Kind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Kind::Choice(words) => proptest::sample::select(words).prop_map(Value::Word).boxed(),
        Kind::Number { min, max, .. } => {
            let probes: Vec<Value> = ENGINE
                .probes(input)
                .iter()
                .map(|raw| input.value_of_raw(*raw))
                .collect();
            prop_oneof![
                2 => (min..=max).prop_map(Value::Number),
                3 => proptest::sample::select(probes),
                2 => (min..=max.min(100.0)).prop_map(Value::Number),
            ]
            .boxed()
        }
    }
}

/// Some inputs with values. Parameters and what decides at once are rarer, so that scores decide often.
fn any_inputs() -> impl Strategy<Value = Inputs> {
    let each: Vec<_> = INPUTS
        .iter()
        .map(|input| {
            let share = if input.is_parameter() { 0.2 } else { 0.5 };
            proptest::option::weighted(share, value_of(*input))
        })
        .collect();
    each.prop_map(|values| {
        let mut inputs = Inputs::default();
        for (input, value) in INPUTS.iter().zip(values) {
            if let Some(value) = value {
                inputs.set(*input, value);
            }
        }
        inputs
    })
}

fn score(inputs: &Inputs, strategy: SixrStrategy) -> i64 {
    State::new(&ENGINE, inputs).score(strategy)
}

/// The scores of a strategy as one input takes each of the values, in their order.
fn scores_along(inputs: &Inputs, of: &str, input: Input, values: &[Value]) -> Vec<i64> {
    let of = strategy(of);
    let along = values.iter().map(|value| {
        let mut changed = inputs.clone();
        changed.set(input, *value);
        score(&changed, of)
    });
    along.collect()
}

fn words(input: Input) -> Vec<Value> {
    match input.definition().kind {
        Kind::Choice(words) => words.iter().map(|word| Value::Word(word)).collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_same_inputs_always_give_the_same_recommendation(inputs in any_inputs()) {
        prop_assert_eq!(ENGINE.recommend(&inputs), ANOTHER.recommend(&inputs));
    }

    #[test]
    fn the_order_of_answers_and_of_terms_does_not_matter(inputs in any_inputs()) {
        let mut backwards = Inputs::default();
        let known: Vec<_> = inputs.known().collect();
        for (input, value) in known.into_iter().rev() {
            backwards.set(input, value);
        }
        let (one, other) = (ENGINE.recommend(&inputs), REVERSED.recommend(&backwards));
        prop_assert_eq!(one.strategy, other.strategy);
        prop_assert_eq!(one.confidence.to_bits(), other.confidence.to_bits());
        prop_assert_eq!(one.counterfactuals, other.counterfactuals);
        for (one, other) in one.scores.iter().zip(&other.scores) {
            prop_assert_eq!(one.score.to_bits(), other.score.to_bits());
        }
    }

    #[test]
    fn worse_support_never_raises_the_score_of_rehost(inputs in any_inputs()) {
        for input in [Input::OsSupport, Input::SoftwareSupport] {
            // The worst comes first.
            let scores = scores_along(&inputs, "rehost", input, &words(input));
            prop_assert!(scores.is_sorted(), "{input}: {scores:?}");
        }
    }

    #[test]
    fn scores_rise_and_fall_with_what_speaks_for_and_against_them(inputs in any_inputs(), low in 0.0..100.0_f64, more in 0.0..100.0_f64) {
        let scale = |number: f64| Value::Number(1.0 + number * 0.09);
        let up = [scale(low), scale((low + more).min(100.0))];
        for (strategy, input, rises) in [
            ("rehost", Input::MigrationUrgency, true),
            ("rehost", Input::TechnicalComplexity, false),
            ("rehost", Input::InnovationPriority, false),
            ("refactor", Input::BusinessValue, true),
            ("refactor", Input::MigrationUrgency, false),
            ("rearchitect", Input::InnovationPriority, true),
            ("replace", Input::BusinessValue, true),
            ("retire", Input::BusinessValue, false),
            ("retain", Input::ComplianceRequirements, true),
            ("retain", Input::MigrationUrgency, false),
        ] {
            let scores = scores_along(&inputs, strategy, input, &up);
            let is_right = if rises { scores[0] <= scores[1] } else { scores[0] >= scores[1] };
            prop_assert!(is_right, "{strategy}, {input}: {scores:?}");
        }
        let load = [Value::Number(low), Value::Number((low + more).min(100.0))];
        let scores = scores_along(&inputs, "retire", Input::CpuPercent, &load);
        prop_assert!(scores[0] >= scores[1], "{scores:?}");
        for input in [Input::Lifecycle, Input::Power] {
            let scores = scores_along(&inputs, "retire", input, &words(input));
            prop_assert!(scores.is_sorted_by(|a, b| a >= b), "{input}: {scores:?}");
        }
    }

    #[test]
    fn a_counterfactual_changes_the_result_to_what_it_says(inputs in any_inputs()) {
        let result = ENGINE.recommend(&inputs);
        for found in &result.counterfactuals {
            prop_assert_ne!(found.strategy, result.strategy);
            let changed = ENGINE.recommend(&found.applied(&inputs));
            prop_assert_eq!(changed.strategy, found.strategy, "{}", &found.text);
            prop_assert_eq!(changed.gate.map(|gate| gate.reference.rule), found.gate.clone());
            for change in &found.changes {
                prop_assert_ne!(change.from, Some(change.to), "{}", &found.text);
            }
        }
    }

    #[test]
    fn a_question_that_matters_has_an_answer_for_each_strategy_that_it_names(inputs in any_inputs()) {
        let result = ENGINE.recommend(&inputs);
        for question in &result.questions {
            prop_assert!(!inputs.has(question.input));
            for strategy in &question.could_be {
                let is_reached = ENGINE.probes(question.input).iter().any(|raw| {
                    let mut answered = inputs.clone();
                    answered.set(question.input, question.input.value_of_raw(*raw));
                    ENGINE.strategy(&answered) == *strategy
                });
                prop_assert!(is_reached, "{} to {strategy}", question.input);
            }
        }
    }

    #[test]
    fn values_set_one_after_the_other_give_what_they_give_at_once(inputs in any_inputs(), other in any_inputs()) {
        let mut state = State::new(&ENGINE, &inputs);
        for input in INPUTS {
            let raw = other.get(*input).and_then(|value| input.to_raw(value));
            state.set(*input, raw);
        }
        let fresh = State::new(&ENGINE, &other);
        prop_assert_eq!(state.decide(), fresh.decide());
        for strategy in SixrStrategy::ALL {
            prop_assert_eq!(state.score(*strategy), fresh.score(*strategy));
        }
    }

    #[test]
    fn numbers_stay_within_their_bounds_and_inputs_read_back(inputs in any_inputs()) {
        let result = ENGINE.recommend(&inputs);
        for share in [result.confidence, result.completeness, result.margin] {
            prop_assert!((0.0..=1.0).contains(&share));
        }
        for score in &result.scores {
            prop_assert!((0.0..=100.01).contains(&score.score), "{} {}", score.strategy, score.score);
        }
        let text = serde_json::to_string(&inputs).unwrap();
        prop_assert_eq!(serde_json::from_str::<Inputs>(&text).unwrap(), inputs);
    }
}
