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
fn a_cycle_moves_together_and_one_that_is_too_large_is_cut_where_it_is_cheapest() {
    let ring = |n: usize| -> Vec<Link> {
        (0..n)
            .map(|i| Link {
                weight: if i == 0 { 1.0 } else { 9.0 },
                ..call(i, (i + 1) % n)
            })
            .collect()
    };
    let small = portfolio((0..3).map(workload).collect(), ring(3));
    let one_each = WaveSettings {
        max_workloads: 1,
        ..plain()
    };
    let plan = generate(&small, &one_each, &[]);
    assert_eq!(
        plan.waves
            .values()
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        1
    );
    let bounded = WaveSettings {
        max_group_workloads: 2,
        ..one_each
    };
    let plan = generate(&small, &bounded, &[]);
    // 0 → 1 is the weakest: 0 goes before what it needs, all else is in order.
    assert_eq!(plan.waves, waves(&[(0, 1), (2, 2), (1, 3)]));
    assert_eq!(
        breaches(&evaluate(&small, &bounded, &[], &plan.waves)),
        [(RuleId::DependencyOrder, 1)]
    );
}

#[test]
fn ties_that_would_make_too_large_a_group_are_left_and_told() {
    let star: Vec<Link> = (1..6).map(|number| hard(number, 0)).collect();
    let hub = portfolio((0..6).map(workload).collect(), star);
    let settings = WaveSettings {
        max_workloads: 3,
        max_group_workloads: 3,
        ..plain()
    };
    let plan = generate(&hub, &settings, &[]);
    let evaluation = evaluate(&hub, &settings, &[], &plan.waves);
    assert_eq!(
        breaches(&evaluation).iter().map(|(_, count)| count).sum::<u64>(),
        3
    );
    assert!(
        evaluation
            .violations
            .iter()
            .all(|violation| violation.rule == RuleId::HardDependencyTogether)
    );
}

#[test]
fn priority_is_the_weighted_mean_of_its_factors() {
    let simple = Workload {
        criticality: Some(Level::Low),
        ..workload(0)
    };
    let hard = Workload {
        criticality: Some(Level::High),
        complexity: Some(Level::High),
        readiness: Some(0.4),
        value: Some(1.0),
        ..workload(1)
    };
    let two = portfolio(vec![simple, hard], vec![]);
    let settings = plain();
    let links = links::Links::of(&two, &settings);
    let groups = groups::Groups::of(&two, &settings, &pins::Pins::default(), &links);
    let order = order::Order::of(&two, &settings, &groups, &links);
    // 25·100 + 25·100 + 20·100 + 15·(100 − 1/2·100) + 15·50 = 8500
    // 25·40 + 25·0 + 20·0 + 15·(100 − 100) + 15·100 = 2500
    assert_eq!(order.priority, [85, 25]);
}

#[test]
fn risk_and_confidence_follow_their_formulas() {
    let known = Workload {
        criticality: Some(Level::High),
        ..of(0, "A", "Production")
    };
    let unknown = Workload {
        criticality: None,
        complexity: None,
        inventory: Inventory {
            sizing: 0.5,
            business: 0.0,
        },
        ..workload(1)
    };
    let later = workload(2);
    let three = portfolio(vec![known, unknown, later], vec![call(2, 0), call(1, 0)]);
    let settings = WaveSettings {
        max_workloads: 4,
        ..plain()
    };
    let evaluation = evaluate(&three, &settings, &[], &waves(&[(0, 1), (1, 1), (2, 2)]));
    let first = &evaluation.waves[0];
    // 25·75 + 20·25 + 20·50 + 25·0 + 10·50 = 3875
    assert_eq!(
        first.risk,
        Rating {
            score: 38,
            level: landfall_domain::RiskLevel::Medium
        }
    );
    assert_eq!(
        first.confidence,
        Confidence {
            inventory: 0.75,
            dependencies: 1.0,
            application_mapping: 0.5,
            business_metadata: 0.5,
            overall: 0.688
        }
    );
    assert_eq!(
        evaluation.cross_wave,
        [CrossWaveDependencies {
            from: 2,
            to: 1,
            dependencies: 1
        }]
    );
}

#[test]
fn a_critical_violation_makes_a_risk_high_at_least() {
    let chain = portfolio(vec![workload(0), workload(1)], vec![call(0, 1)]);
    let evaluation = evaluate(&chain, &plain(), &[], &waves(&[(0, 1), (1, 2)]));
    assert!(
        evaluation
            .waves
            .iter()
            .all(|wave| wave.risk.level == landfall_domain::RiskLevel::High)
    );
}

#[test]
fn the_critical_path_is_the_chain_with_the_most_effort() {
    let refactor = |number| Workload {
        strategy: Some(SixrStrategy::Refactor),
        ..workload(number)
    };
    // 0 → 1 → 2 (1 + 4 + 1) against 3 → 4 (1 + 1), and 5 ⇄ 2 in one step with 2.
    let paths = portfolio(
        vec![
            workload(0),
            refactor(1),
            workload(2),
            workload(3),
            workload(4),
            workload(5),
        ],
        vec![call(0, 1), call(1, 2), call(3, 4), call(2, 5), call(5, 2)],
    );
    let plan = generate(&paths, &plain(), &[]);
    let path = evaluate(&paths, &plain(), &[], &plan.waves).critical_path;
    assert_eq!(path.effort_points, 7);
    let steps: Vec<_> = path
        .steps
        .iter()
        .map(|step| (step.name.as_str(), step.units, step.effort_points))
        .collect();
    assert_eq!(steps, [("w2", 2, 2), ("w1", 1, 4), ("w0", 1, 1)]);
}

#[test]
fn pins_are_kept_and_contradictions_are_told() {
    let three = portfolio((0..3).map(workload).collect(), vec![call(0, 1)]);
    let pins = [
        Pin::Wave {
            workload: id(0),
            wave: 3,
        },
        Pin::Together {
            workloads: vec![id(0), id(2)],
        },
        Pin::NotBefore {
            workload: id(1),
            date: day("2027-02-01"),
        },
    ];
    let plan = generate(&three, &plain(), &pins);
    assert_eq!((plan.waves[&id(0)], plan.waves[&id(2)]), (3, 3));
    let evaluation = evaluate(&three, &plain(), &pins, &plan.waves);
    assert_eq!(breaches(&evaluation), []);
    let of_second = evaluation
        .waves
        .iter()
        .find(|wave| wave.number == plan.waves[&id(1)])
        .unwrap();
    assert!(of_second.dates.start >= day("2027-02-01"));
    assert!(
        plan.waves[&id(1)] <= 3,
        "what is needed comes no later than what is pinned"
    );
    let contradiction = [
        Pin::Wave {
            workload: id(0),
            wave: 1,
        },
        Pin::Wave {
            workload: id(2),
            wave: 2,
        },
        Pin::Together {
            workloads: vec![id(0), id(2)],
        },
    ];
    let plan = generate(&three, &plain(), &contradiction);
    let evaluation = evaluate(&three, &plain(), &contradiction, &plan.waves);
    assert!(breaches(&evaluation).contains(&(RuleId::PinConflict, 1)));
}

#[test]
fn a_comparison_has_what_moved_and_nothing_else() {
    let dates = |start: &str| WaveDates {
        start: day(start),
        end: day("2027-12-31"),
    };
    let one = (waves(&[(0, 1), (1, 2)]), [(1, dates("2027-01-04"))].into());
    let other = (
        waves(&[(0, 1), (1, 1), (2, 3)]),
        [(1, dates("2027-01-11"))].into(),
    );
    let comparison = compare((&one.0, &one.1), (&other.0, &other.1));
    assert_eq!(
        comparison.moved,
        [
            MovedWorkload {
                workload: id(1),
                from: Some(2),
                to: Some(1)
            },
            MovedWorkload {
                workload: id(2),
                from: None,
                to: Some(3)
            }
        ]
    );
    assert_eq!(comparison.shifted.len(), 1);
    assert_eq!(compare((&one.0, &one.1), (&one.0, &one.1)), Comparison::default());
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
