//! Groups, figures, pins and comparisons.

use super::*;

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
