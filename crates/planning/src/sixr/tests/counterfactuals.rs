use super::{engine, inputs, strategy};
use crate::sixr::{QuestionTally, Value};
use landfall_domain::SixrStrategy;
use serde_json::json;

#[test]
fn an_asset_that_is_nearly_idle_would_be_retired_below_the_gates_limit() {
    let engine = engine();
    let subject = inputs(
        &json!({"cpu_percent": 7.3, "observation_days": 45, "os_support": "supported", "is_virtual": true}),
    );
    let result = engine.recommend(&subject);
    assert_eq!(result.strategy, strategy("rehost"));
    let retire = result
        .counterfactuals
        .iter()
        .find(|found| found.strategy == SixrStrategy::Retire)
        .unwrap();
    assert_eq!(retire.gate.as_deref(), Some("retire.idle"));
    assert_eq!(retire.changes.len(), 1);
    assert_eq!(retire.changes[0].to, Value::Number(1.9));
    assert_eq!(
        retire.text,
        "Would be retire with Average CPU load: at most 1.9 % (now 7.3 %)."
    );
    assert_eq!(engine.strategy(&retire.applied(&subject)), SixrStrategy::Retire);
}

#[test]
fn both_lacking_conditions_of_a_gate_are_met_together() {
    let engine = engine();
    let subject = inputs(
        &json!({"cpu_percent": 7.3, "observation_days": 10, "os_support": "supported", "is_virtual": true}),
    );
    let result = engine.recommend(&subject);
    let retire = result
        .counterfactuals
        .iter()
        .find(|found| found.gate.as_deref() == Some("retire.idle"))
        .unwrap();
    let changes: Vec<_> = retire
        .changes
        .iter()
        .map(|change| (change.input.name(), change.to))
        .collect();
    assert_eq!(
        changes,
        [
            ("cpu_percent", Value::Number(1.9)),
            ("observation_days", Value::Number(30.0))
        ]
    );
}

#[test]
fn a_database_out_of_support_would_be_rehosted_if_its_operating_system_were_supported() {
    let engine = engine();
    let subject = inputs(&json!({
        "role": "database", "database_engine": "other", "os_support": "ended", "software_support": "supported",
        "is_virtual": true
    }));
    let result = engine.recommend(&subject);
    assert_eq!(
        result.strategy,
        strategy("replatform"),
        "{:?}",
        result
            .scores
            .iter()
            .map(|s| (s.strategy, s.score))
            .collect::<Vec<_>>()
    );
    let rehost = result
        .counterfactuals
        .iter()
        .find(|found| found.changes[0].input.name() == "os_support")
        .unwrap();
    assert_eq!(rehost.strategy, strategy("rehost"));
    assert_eq!(engine.strategy(&rehost.applied(&subject)), strategy("rehost"));
}

#[test]
fn the_question_that_could_change_most_decisions_comes_first() {
    let engine = engine();
    let mut tally = QuestionTally::default();
    let subjects = [
        json!({"cpu_percent": 1, "os_support": "supported"}),
        json!({"cpu_percent": 0.5, "os_support": "supported", "active_users": 3}),
        json!({"os_support": "supported", "active_users": 5, "observation_days": 30}),
    ];
    for subject in &subjects {
        let result = engine.recommend(&inputs(subject));
        let impacts: Vec<f64> = result.questions.iter().map(|question| question.impact).collect();
        assert!(impacts.is_sorted_by(|a, b| a >= b), "{impacts:?}");
        tally.add(&result.questions);
    }
    let ranked = tally.ranked();
    let decisions: Vec<u64> = ranked.iter().map(|question| question.decisions).collect();
    assert!(decisions.is_sorted_by(|a, b| a >= b), "{decisions:?}");
    let days = ranked
        .iter()
        .find(|question| question.input.name() == "observation_days")
        .unwrap();
    assert_eq!(
        days.decisions, 2,
        "an answer of 30 days or more retires two of the three"
    );
    let kept: QuestionTally = serde_json::from_value(serde_json::to_value(&tally).unwrap()).unwrap();
    assert_eq!(kept, tally);
}

#[test]
fn answers_are_sought_only_where_the_result_is_unsure_and_an_answer_could_change_it() {
    let engine = engine();
    assert!(engine.recommend(&inputs(&json!({}))).needs_answers);
    assert!(
        !engine
            .recommend(&inputs(
                &json!({"lifecycle": "retired", "active_users": 0, "cpu_percent": 0, "observation_days": 30})
            ))
            .needs_answers
    );
}
