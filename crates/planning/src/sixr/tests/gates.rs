//! Each gate and block of the default policy: a case that it decides, and the same case with one condition missed.

use super::{engine, inputs, strategy, with};
use crate::sixr::policy::Truth;
use crate::sixr::state::State;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Gate, strategy, a subject that it decides, and an input with a value by which it does not.
fn gate_cases() -> Vec<(&'static str, &'static str, Json, &'static str, Json)> {
    vec![
        (
            "retire.retired",
            "retire",
            json!({"lifecycle": "retired"}),
            "lifecycle",
            json!("active"),
        ),
        (
            "retire.decommission",
            "retire",
            json!({"months_to_decommission": 12}),
            "months_to_decommission",
            json!(13),
        ),
        (
            "retire.switched_off",
            "retire",
            json!({"power": "off", "lifecycle": "inactive"}),
            "power",
            json!("on"),
        ),
        (
            "retire.idle",
            "retire",
            json!({"cpu_percent": 1.9, "observation_days": 30}),
            "cpu_percent",
            json!(2),
        ),
        (
            "retire.idle",
            "retire",
            json!({"cpu_percent": 1.9, "observation_days": 30, "environment": "production"}),
            "observation_days",
            json!(29),
        ),
        (
            "retire.idle",
            "retire",
            json!({"cpu_percent": 0, "observation_days": 90}),
            "environment",
            json!("recovery"),
        ),
        (
            "retire.unused",
            "retire",
            json!({"active_users": 0}),
            "active_users",
            json!(1),
        ),
        (
            "retire.duplicate",
            "retire",
            json!({"has_duplicate": true, "business_value": 5}),
            "business_value",
            json!(5.1),
        ),
        (
            "retain.residency",
            "retain",
            json!({"residency_restricted": true}),
            "residency_restricted",
            json!(false),
        ),
        (
            "retain.replacement",
            "retain",
            json!({"months_to_replacement": 6}),
            "months_to_replacement",
            json!(13),
        ),
        (
            "retain.platform",
            "retain",
            json!({"platform": "proprietary"}),
            "modernisation_plan",
            json!(true),
        ),
        (
            "retain.dependency",
            "retain",
            json!({"depends_on_retained": true}),
            "depends_on_retained",
            Json::Null,
        ),
        (
            "retain.recent_upgrade",
            "retain",
            json!({"recently_upgraded": true}),
            "migration_urgency",
            json!(8),
        ),
        (
            "repurchase.licence",
            "repurchase",
            json!({"application_type": "cots", "saas_available": true, "months_to_licence_end": 18, "customisation": "low"}),
            "customisation",
            json!("medium"),
        ),
        (
            "rehost.relocate",
            "rehost",
            json!({"hypervisor": "vmware", "target": "vmware"}),
            "target",
            json!("cloud"),
        ),
        (
            "rehost.deadline",
            "rehost",
            json!({"migration_urgency": 9, "os_support": "extended_only", "platform": "x86", "technical_complexity": 7}),
            "technical_complexity",
            json!(7.1),
        ),
        (
            "replatform.managed_database",
            "replatform",
            json!({"role": "database", "database_engine": "managed_equivalent", "os_support": "ended"}),
            "os_support",
            json!("ends_soon"),
        ),
        (
            "replace.lost_code",
            "replace",
            json!({"application_type": "custom", "source_available": false, "os_support": "ended", "business_value": 6}),
            "source_available",
            json!(true),
        ),
        (
            "rearchitect.core",
            "rearchitect",
            json!({"business_value": 9, "innovation_priority": 9, "technical_complexity": 9, "source_available": true}),
            "innovation_priority",
            json!(8.9),
        ),
        (
            "refactor.invest",
            "refactor",
            json!({"business_value": 8, "software_support": "ended", "releases_per_year": 12, "source_available": true, "owner_known": true}),
            "owner_known",
            json!(false),
        ),
    ]
}

#[test]
fn each_gate_decides_its_case_and_no_longer_when_one_condition_is_missed() {
    let engine = engine();
    for (gate, expected, subject, missed, value) in gate_cases() {
        let subject = inputs(&subject);
        let result = engine.recommend(&subject);
        assert_eq!(
            result.gate.as_ref().map(|gate| gate.reference.rule.as_str()),
            Some(gate)
        );
        assert_eq!(result.strategy, strategy(expected), "{gate}");
        assert!(
            (result.margin - 1.0).abs() < f64::EPSILON,
            "{gate}: a gate leaves no doubt"
        );
        let other = engine.recommend(&with(&subject, missed, &value)).gate;
        assert_ne!(
            other.as_ref().map(|gate| gate.reference.rule.as_str()),
            Some(gate),
            "{missed} = {value}"
        );
    }
    let tried: BTreeSet<&str> = gate_cases().iter().map(|case| case.0).collect();
    let all: BTreeSet<&str> = engine.policy().gates().map(|(id, _)| id).collect();
    assert_eq!(tried, all, "every gate has a case");
    let labels: BTreeSet<_> = engine.policy().gates().map(|(_, strategy)| strategy).collect();
    assert_eq!(labels.len(), 8, "every strategy has a gate");
}

#[test]
fn of_two_gates_the_earlier_one_decides() {
    let engine = engine();
    let both = inputs(&json!({"residency_restricted": true, "active_users": 0}));
    assert_eq!(
        engine.recommend(&both).gate.unwrap().reference.rule,
        "retire.unused"
    );
}

#[test]
fn a_gate_wins_over_every_score() {
    let engine = engine();
    let subject = inputs(&json!({
        "os_support": "supported", "software_support": "supported", "is_virtual": true, "technical_complexity": 1,
        "innovation_priority": 1, "risk_tolerance": 1, "months_to_replacement": 3
    }));
    let result = engine.recommend(&subject);
    let best = result
        .scores
        .iter()
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .unwrap();
    assert_eq!(best.strategy, strategy("rehost"));
    assert_eq!(result.strategy, strategy("retain"));
    assert!(
        result.key_factors[0]
            .text
            .starts_with("A decided replacement takes over"),
        "{:?}",
        result.key_factors[0]
    );
}

#[test]
fn a_gate_that_lacks_a_fact_is_open_and_named_with_it() {
    let engine = engine();
    let result = engine.recommend(&inputs(&json!({"cpu_percent": 1})));
    let idle = result
        .open_gates
        .iter()
        .find(|gate| gate.rule == "retire.idle")
        .unwrap();
    let missing: Vec<&str> = idle.missing.iter().map(|input| input.name()).collect();
    assert_eq!(missing, ["observation_days"]);
}

#[test]
fn each_block_keeps_its_strategy_from_being_chosen_by_score() {
    let engine = engine();
    let cases = [
        (
            "rehost.platform_block",
            json!({"platform": "proprietary", "modernisation_plan": true}),
        ),
        ("rehost.device_block", json!({"role": "network"})),
        ("refactor.code_block", json!({"source_available": false})),
        ("refactor.product_block", json!({"application_type": "cots"})),
        ("refactor.device_block", json!({"role": "storage"})),
        ("rearchitect.code_block", json!({"source_available": false})),
        ("rearchitect.product_block", json!({"application_type": "cots"})),
        ("rearchitect.device_block", json!({"role": "network"})),
        ("replace.product_block", json!({"application_type": "cots"})),
        ("replace.unused_block", json!({"lifecycle": "inactive"})),
        ("repurchase.custom_block", json!({"application_type": "custom"})),
        (
            "retire.production_block",
            json!({"environment": "production", "lifecycle": "active", "business_value": 6}),
        ),
    ];
    for (id, subject) in &cases {
        let subject = inputs(subject);
        let result = engine.recommend(&subject);
        let block = engine
            .policy()
            .blocks
            .iter()
            .find(|block| block.id == *id)
            .unwrap();
        let score = result
            .scores
            .iter()
            .find(|score| score.strategy == block.strategy)
            .unwrap();
        assert_eq!(score.blocked_by.as_deref(), Some(*id));
        assert_ne!(result.strategy, block.strategy, "{id}");
        assert_eq!(block.truth(State::new(&engine, &subject).all()), Truth::Yes);
    }
    assert_eq!(
        cases.len(),
        engine.policy().blocks.len(),
        "every block has a case"
    );
}
