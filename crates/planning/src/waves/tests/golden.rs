use super::*;

type Breaches = Vec<(RuleId, u64)>;

/// The breaches of an assignment, and of what generation makes of the same portfolio.
fn judged(of: &Portfolio, settings: &WaveSettings, assigned: &[(usize, u32)]) -> (Breaches, Breaches) {
    let by_hand = evaluate(of, settings, &[], &waves(assigned));
    let made = generate(of, settings, &[]);
    (
        breaches(&by_hand),
        breaches(&evaluate(of, settings, &[], &made.waves)),
    )
}

#[test]
fn strong_two_way_dependencies_stay_in_one_wave() {
    let pair = portfolio(vec![workload(0), workload(1)], vec![hard(0, 1), call(1, 0)]);
    let (split, made) = judged(&pair, &plain(), &[(0, 1), (1, 2)]);
    // Each of the two dependencies is a breach, and the first also goes before what it needs.
    assert_eq!(
        split,
        [
            (RuleId::TwoWayTogether, 1),
            (RuleId::TwoWayTogether, 1),
            (RuleId::DependencyOrder, 1)
        ]
    );
    assert_eq!(made, []);
}

#[test]
fn an_application_stays_in_one_wave() {
    let erp = portfolio(
        vec![
            of(0, "ERP", "Production"),
            of(1, "ERP", "Production"),
            of(2, "ERP", "Production"),
        ],
        vec![],
    );
    let (split, made) = judged(&erp, &plain(), &[(0, 1), (1, 2), (2, 2)]);
    assert_eq!(split, [(RuleId::ApplicationTogether, 1)]);
    assert_eq!(made, []);
    let by_hand = evaluate(&erp, &plain(), &[], &waves(&[(0, 1), (1, 2), (2, 2)]));
    assert_eq!(
        by_hand.violations[0].message,
        "ERP (production) is spread over 2 waves: 1 of its workloads are not in wave 2."
    );
    assert_eq!(
        (
            by_hand.violations[0].waves.clone(),
            by_hand.violations[0].workloads.clone()
        ),
        (vec![1, 2], vec![id(0)])
    );
}

#[test]
fn what_is_needed_moves_first_or_together() {
    let chain = portfolio(vec![workload(0), workload(1)], vec![call(0, 1)]);
    let one_each = WaveSettings {
        max_workloads: 1,
        ..plain()
    };
    let (wrong, made) = judged(&chain, &one_each, &[(0, 1), (1, 2)]);
    assert_eq!(wrong, [(RuleId::DependencyOrder, 1)]);
    assert_eq!(made, []);
    assert_eq!(generate(&chain, &one_each, &[]).waves, waves(&[(0, 2), (1, 1)]));
    assert_eq!(judged(&chain, &plain(), &[(0, 1), (1, 1)]), (vec![], vec![]));
}

#[test]
fn development_and_test_move_before_production_and_share_no_wave_with_it() {
    let shop = portfolio(
        vec![of(0, "Shop", "Production"), of(1, "Shop", "Development")],
        vec![],
    );
    let (reversed, made) = judged(&shop, &plain(), &[(0, 1), (1, 2)]);
    assert_eq!(reversed, [(RuleId::NonProductionFirst, 1)]);
    assert_eq!(made, []);
    let (together, _) = judged(&shop, &plain(), &[(0, 1), (1, 1)]);
    assert_eq!(
        together,
        [(RuleId::EnvironmentsApart, 1), (RuleId::NonProductionFirst, 1)]
    );
    assert_eq!(generate(&shop, &plain(), &[]).waves, waves(&[(0, 2), (1, 1)]));
}

#[test]
fn a_development_that_needs_production_waits_for_it() {
    // The dependency has the higher priority than rehearsal.
    let shop = portfolio(
        vec![of(0, "Shop", "Production"), of(1, "Shop", "Development")],
        vec![call(1, 0)],
    );
    let plan = generate(&shop, &plain(), &[]);
    assert_eq!(plan.waves, waves(&[(0, 1), (1, 2)]));
    assert_eq!(
        breaches(&evaluate(&shop, &plain(), &[], &plan.waves)),
        [(RuleId::NonProductionFirst, 1)]
    );
}

#[test]
fn critical_and_complex_workloads_are_not_in_early_waves() {
    let critical = Workload {
        criticality: Some(Level::Critical),
        ..workload(0)
    };
    let complex = Workload {
        complexity: Some(Level::High),
        ..workload(1)
    };
    let others = (2..4).map(workload);
    let mixed = portfolio([critical, complex].into_iter().chain(others).collect(), vec![]);
    let settings = WaveSettings {
        early_waves: 1,
        ..plain()
    };
    let (early, made) = judged(&mixed, &settings, &[(0, 1), (1, 1), (2, 1), (3, 1)]);
    assert_eq!(
        early,
        [(RuleId::EarlyCriticality, 1), (RuleId::EarlyComplexity, 1)]
    );
    assert_eq!(made, []);
    assert_eq!(
        generate(&mixed, &settings, &[]).waves,
        waves(&[(0, 2), (1, 2), (2, 1), (3, 1)])
    );
}

#[test]
fn a_wave_has_neither_too_many_nor_too_few_workloads() {
    let ten = portfolio((0..10).map(workload).collect(), vec![]);
    let settings = WaveSettings {
        max_workloads: 4,
        min_workloads: 2,
        ramp: vec![2],
        ..plain()
    };
    let crowded: Vec<(usize, u32)> = (0..10)
        .map(|number| (number, if number == 9 { 2 } else { 1 }))
        .collect();
    let (wrong, made) = judged(&ten, &settings, &crowded);
    // Seven over the first step of the ramp, and one too few.
    assert_eq!(wrong, [(RuleId::WaveSize, 7), (RuleId::WaveSize, 1)]);
    assert_eq!(made, []);
    let sizes: Vec<u64> = evaluate(&ten, &settings, &[], &generate(&ten, &settings, &[]).waves)
        .waves
        .iter()
        .map(|wave| wave.workloads)
        .collect();
    assert_eq!(sizes, [2, 4, 4]);
}

#[test]
fn what_cannot_be_separated_stays_in_one_wave() {
    let shared = Link {
        kind: DependencyKind::Database,
        ..hard(0, 1)
    };
    let pair = portfolio(vec![workload(0), workload(1)], vec![shared]);
    let (split, made) = judged(&pair, &plain(), &[(0, 2), (1, 1)]);
    assert_eq!(split, [(RuleId::HardDependencyTogether, 1)]);
    assert_eq!(made, []);
}

#[test]
fn services_of_the_network_order_waves_but_tie_nothing() {
    let directory = Link {
        kind: DependencyKind::Network,
        ..hard(0, 1)
    };
    let pair = portfolio(vec![workload(0), workload(1)], vec![directory]);
    let one_each = WaveSettings {
        max_workloads: 1,
        ..plain()
    };
    assert_eq!(judged(&pair, &one_each, &[(0, 2), (1, 1)]), (vec![], vec![]));
}

#[test]
fn observed_dependencies_tie_from_the_ninetieth_percentile_on() {
    let links: Vec<Link> = (0..10)
        .map(|n| Link {
            weight: if n == 9 { 500.0 } else { 1.0 },
            ..call(n, n + 1)
        })
        .collect();
    let chain = portfolio((0..11).map(workload).collect(), links.clone());
    let ties = links::Links::of(&chain, &plain()).ties;
    assert_eq!(ties.iter().filter(|tie| **tie == links::Tie::Hard).count(), 1);
    let equal: Vec<Link> = links
        .into_iter()
        .map(|link| Link { weight: 3.0, ..link })
        .collect();
    let chain = portfolio((0..11).map(workload).collect(), equal);
    assert!(
        links::Links::of(&chain, &plain())
            .ties
            .iter()
            .all(|tie| *tie == links::Tie::Loose)
    );
}

#[test]
fn effort_and_storage_have_their_capacity() {
    let heavy = |number| Workload {
        strategy: Some(SixrStrategy::Refactor),
        storage_mb: 300 * 1024,
        ..workload(number)
    };
    let two = portfolio(vec![heavy(0), heavy(1)], vec![]);
    let settings = WaveSettings {
        max_effort_points: Some(5),
        max_storage_gb: Some(400),
        ..plain()
    };
    let (together, made) = judged(&two, &settings, &[(0, 1), (1, 1)]);
    // Eight points of five; 200 GB too many are two started hundreds.
    assert_eq!(
        together,
        [(RuleId::EffortCapacity, 3), (RuleId::StorageCapacity, 2)]
    );
    assert_eq!(made, []);
}

#[test]
fn what_stays_or_goes_is_in_no_wave_and_what_needs_it_is_told() {
    let retired = Workload {
        strategy: Some(SixrStrategy::Retire),
        ..workload(1)
    };
    let retained = Workload {
        strategy: Some(SixrStrategy::Retain),
        ..workload(2)
    };
    let three = portfolio(vec![workload(0), retired, retained], vec![call(0, 1), hard(0, 2)]);
    let plan = generate(&three, &plain(), &[]);
    assert_eq!(plan.waves, waves(&[(0, 1)]));
    assert_eq!(plan.excluded.len(), 2);
    let evaluation = evaluate(&three, &plain(), &[], &plan.waves);
    assert_eq!(
        breaches(&evaluation),
        [(RuleId::NeedsWhatGoes, 1), (RuleId::NeedsWhatStays, 1)]
    );
    assert_eq!(evaluation.excluded, 2);
    let pin = [Pin::Wave {
        workload: id(1),
        wave: 1,
    }];
    assert_eq!(generate(&three, &plain(), &pin).waves, waves(&[(0, 1), (1, 1)]));
}

#[test]
fn a_workload_without_strategy_is_told() {
    let unknown = Workload {
        strategy: None,
        ..workload(0)
    };
    let one = portfolio(vec![unknown], vec![]);
    assert_eq!(
        judged(&one, &plain(), &[(0, 1)]).1,
        [(RuleId::StrategyMissing, 1)]
    );
}

#[test]
fn a_rule_that_is_off_is_not_looked_at_and_a_severity_can_be_changed() {
    let chain = portfolio(vec![workload(0), workload(1)], vec![call(0, 1)]);
    let mut settings = plain();
    settings.rules.insert(RuleId::DependencyOrder, Severity::Advisory);
    let evaluation = evaluate(&chain, &settings, &[], &waves(&[(0, 1), (1, 2)]));
    assert_eq!(evaluation.violations[0].severity, Severity::Advisory);
    // Fifty for the rule and one for the dependency that crosses.
    assert_eq!(evaluation.penalty, 51);
    settings.rules.insert(RuleId::DependencyOrder, Severity::Off);
    assert_eq!(
        evaluate(&chain, &settings, &[], &waves(&[(0, 1), (1, 2)])).penalty,
        1
    );
}

#[test]
fn settings_that_cannot_be_used_are_all_told() {
    assert_eq!(WaveSettings::default().faults(), []);
    let wrong = WaveSettings {
        max_workloads: 0,
        parallel_waves: 0,
        ramp: vec![0],
        ..plain()
    };
    let fields: Vec<_> = wrong.faults().iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["max_workloads", "ramp", "parallel_waves"]);
}

#[test]
fn every_rule_is_in_the_table_under_its_own_name() {
    for rule in RULES {
        assert_eq!(rule.id.rule(), rule);
        assert_eq!(serde_json::to_value(rule.id).unwrap(), rule.id.as_str());
    }
}
