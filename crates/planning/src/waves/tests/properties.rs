use super::*;
use proptest::prelude::*;
use proptest::sample::select;

fn any_workload(number: usize) -> impl Strategy<Value = Workload> {
    let levels = || {
        select(vec![
            None,
            Some(Level::Low),
            Some(Level::Medium),
            Some(Level::High),
            Some(Level::Critical),
        ])
    };
    let strategies = select(vec![
        None,
        Some(SixrStrategy::Rehost),
        Some(SixrStrategy::Rehost),
        Some(SixrStrategy::Replatform),
        Some(SixrStrategy::Refactor),
        Some(SixrStrategy::Retire),
        Some(SixrStrategy::Retain),
    ]);
    let environments = select(vec![
        None,
        Some("Production"),
        Some("Development"),
        Some("Test"),
        Some("DR"),
    ]);
    let applications = select(vec![None, None, Some("A"), Some("B"), Some("C"), Some("D")]);
    (
        levels(),
        levels(),
        strategies,
        environments,
        applications,
        0_u64..500_000,
    )
        .prop_map(
            move |(criticality, complexity, strategy, environment, application, storage_mb)| Workload {
                criticality,
                complexity,
                strategy,
                environment: environment.map(str::to_owned),
                application: application.map(application_id),
                storage_mb,
                ..workload(number)
            },
        )
}

fn any_link(count: usize) -> impl Strategy<Value = Link> {
    let kinds = select(vec![
        DependencyKind::Application,
        DependencyKind::Database,
        DependencyKind::Hosting,
        DependencyKind::Network,
        DependencyKind::Storage,
    ]);
    (0..count, 0..count, kinds, 0.5..300.0_f64, any::<bool>()).prop_map(
        |(from, to, kind, weight, is_hard)| Link {
            kind,
            weight,
            is_hard,
            ..call(from, to)
        },
    )
}

fn any_pin(count: usize) -> impl Strategy<Value = Pin> {
    prop_oneof![
        (0..count, 1_u32..8).prop_map(|(number, wave)| Pin::Wave {
            workload: id(number),
            wave
        }),
        (0..count, 0..count).prop_map(|(a, b)| Pin::Together {
            workloads: vec![id(a), id(b)]
        }),
        (0..count, 0_i64..400).prop_map(|(number, days)| Pin::NotBefore {
            workload: id(number),
            date: day("2027-01-04") + chrono::TimeDelta::days(days)
        }),
        (1_u32..8, 0_i64..200).prop_map(|(wave, days)| Pin::WaveStart {
            wave,
            date: day("2027-01-04") + chrono::TimeDelta::days(days)
        }),
    ]
}

fn any_settings() -> impl Strategy<Value = WaveSettings> {
    (
        1_u32..12,
        0_u32..3,
        0_u32..3,
        1_u32..4,
        2_u32..20,
        proptest::option::of(3_u32..40),
    )
        .prop_map(
            |(
                max_workloads,
                min_workloads,
                early_waves,
                parallel_waves,
                max_group_workloads,
                max_effort_points,
            )| {
                WaveSettings {
                    max_workloads,
                    min_workloads: min_workloads.min(max_workloads),
                    early_waves,
                    parallel_waves,
                    max_group_workloads,
                    max_effort_points,
                    ramp: vec![1, 3, 6],
                    freeze_windows: vec![FreezeWindow {
                        name: String::new(),
                        from: day("2027-03-01"),
                        to: day("2027-03-14"),
                    }],
                    ..plain()
                }
            },
        )
}

type Case = (Vec<Workload>, Vec<Link>, Vec<Pin>, WaveSettings);

fn any_case() -> impl Strategy<Value = Case> {
    (2_usize..24).prop_flat_map(|count| {
        let workloads: Vec<_> = (0..count).map(any_workload).collect();
        (
            workloads,
            proptest::collection::vec(any_link(count), 0..50),
            proptest::collection::vec(any_pin(count), 0..5),
            any_settings(),
        )
    })
}

/// Breaches of the rules about dependencies, counted without any of the planner's structures.
fn counted(workloads: &[Workload], links: &[Link], waves: &Waves) -> u64 {
    let strategy = |of: Uuid| workloads.iter().find(|w| w.id == of).and_then(|w| w.strategy);
    links
        .iter()
        .filter(|link| link.from != link.to)
        .filter(|link| match (waves.get(&link.from), waves.get(&link.to)) {
            (Some(from), Some(to)) => to > from,
            (Some(_), None) => strategy(link.to) == Some(SixrStrategy::Retire),
            _ => false,
        })
        .count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_same_input_in_any_order_gives_the_same_plan((workloads, links, pins, settings) in any_case(), seed in any::<u64>()) {
        let turned = |length: usize| usize::try_from(seed).unwrap_or(7) % length.max(1);
        let (mut other_workloads, mut other_links, mut other_pins) = (workloads.clone(), links.clone(), pins.clone());
        other_workloads.rotate_left(turned(workloads.len()));
        other_links.rotate_left(turned(links.len()));
        other_pins.rotate_left(turned(pins.len()));
        other_links.reverse();
        let (one, other) = (portfolio(workloads, links), portfolio(other_workloads, other_links));
        let plan = generate(&one, &settings, &pins);
        prop_assert_eq!(&plan, &generate(&other, &settings, &other_pins));
        prop_assert_eq!(
            evaluate(&one, &settings, &pins, &plan.waves),
            evaluate(&other, &settings, &other_pins, &plan.waves)
        );
    }

    #[test]
    fn what_moves_is_in_one_wave_and_what_does_not_has_a_reason((workloads, links, pins, settings) in any_case()) {
        let portfolio = portfolio(workloads.clone(), links);
        let plan = generate(&portfolio, &settings, &pins);
        for workload in &workloads {
            prop_assert!(plan.waves.contains_key(&workload.id) != plan.excluded.contains_key(&workload.id));
            prop_assert_eq!(plan.waves.contains_key(&workload.id), plan.reasons.contains_key(&workload.id));
        }
        prop_assert!(plan.waves.values().all(|wave| *wave > 0));
        let used: std::collections::BTreeSet<u32> = plan.waves.values().copied().collect();
        if !pins.iter().any(|pin| matches!(pin, Pin::Wave { .. } | Pin::WaveStart { .. })) {
            prop_assert_eq!(used.last().copied().unwrap_or(0) as usize, used.len(), "no gaps without pins");
        }
    }

    #[test]
    fn pins_are_always_kept_unless_they_contradict_each_other((workloads, links, pins, settings) in any_case()) {
        let portfolio = portfolio(workloads, links);
        let plan = generate(&portfolio, &settings, &pins);
        let evaluation = evaluate(&portfolio, &settings, &pins, &plan.waves);
        let in_wave: std::collections::BTreeMap<Uuid, u32> = {
            let mut sorted: Vec<_> = pins.iter().filter_map(|pin| match pin {
                Pin::Wave { workload, wave } => Some((*workload, *wave)),
                _ => None,
            }).collect();
            sorted.sort_unstable();
            sorted.reverse();
            sorted.into_iter().collect()
        };
        for (workload, wave) in &in_wave {
            prop_assert_eq!(plan.waves[workload], *wave);
        }
        for pin in &pins {
            match pin {
                Pin::Together { workloads } => {
                    let waves: std::collections::BTreeSet<_> =
                        workloads.iter().filter_map(|workload| plan.waves.get(workload)).collect();
                    let told = evaluation.violations.iter().any(|v| v.rule == RuleId::PinConflict);
                    prop_assert!(waves.len() <= 1 || told);
                    if in_wave.is_empty() {
                        prop_assert!(waves.len() <= 1);
                    }
                }
                Pin::NotBefore { workload, date } => {
                    if let Some(number) = plan.waves.get(workload) {
                        let wave = evaluation.waves.iter().find(|wave| wave.number == *number).unwrap();
                        prop_assert!(wave.dates.start >= *date);
                    }
                }
                Pin::Wave { .. } | Pin::WaveStart { .. } => {}
            }
        }
    }

    #[test]
    fn no_breach_is_hidden((workloads, links, _, settings) in any_case(), numbers in proptest::collection::vec(1_u32..6, 24)) {
        let of = portfolio(workloads.clone(), links.clone());
        let assigned: Waves = workloads.iter().zip(numbers).map(|(workload, wave)| (workload.id, wave)).collect();
        for waves in [assigned, generate(&of, &settings, &[]).waves] {
            let evaluation = evaluate(&of, &settings, &[], &waves);
            let told: u64 = evaluation.violations.iter()
                .filter(|v| matches!(v.rule, RuleId::DependencyOrder | RuleId::NeedsWhatGoes))
                .map(|v| v.count)
                .sum();
            prop_assert_eq!(told, counted(&workloads, &links, &waves));
            let mixed = evaluation.waves.iter().filter(|wave| wave.production > 0 && wave.production < wave.workloads).count();
            let told = evaluation.violations.iter().filter(|v| v.rule == RuleId::EnvironmentsApart).count();
            prop_assert_eq!(told, mixed);
            let crowded = evaluation.waves.iter()
                .filter(|wave| wave.workloads > u64::from(settings.capacity(wave.number)) || wave.workloads < u64::from(settings.min_workloads))
                .count();
            prop_assert_eq!(evaluation.violations.iter().filter(|v| v.rule == RuleId::WaveSize).count(), crowded);
        }
    }

    #[test]
    fn breaches_that_are_only_counted_cost_what_those_that_are_told_do(
        (workloads, links, _, settings) in any_case(),
        numbers in proptest::collection::vec(0_u32..6, 24),
    ) {
        let of = portfolio(workloads.clone(), links);
        let numbered = workloads.iter().zip(numbers).filter(|(_, wave)| *wave > 0);
        let waves: Waves = numbered.map(|(workload, wave)| (workload.id, wave)).collect();
        let told = evaluate(&of, &settings, &[], &waves);
        let each: u64 = told.violations.iter().map(|v| v.count * v.severity.penalty()).sum();
        let crossing: u64 = told.cross_wave.iter().map(|between| between.dependencies).sum();
        prop_assert_eq!(told.penalty, each + crossing);
        let of_dates: u64 = told.violations.iter()
            .filter(|v| v.rule == RuleId::FreezeWindow)
            .map(|v| v.count * v.severity.penalty())
            .sum();
        let links = links::Links::of(&of, &settings);
        prop_assert_eq!(evaluate::penalty(&of, &settings, &links, &waves), told.penalty - of_dates);
    }

    #[test]
    fn improvement_never_raises_the_penalty((workloads, links, pins, settings) in any_case()) {
        let portfolio = portfolio(workloads, links);
        let links = links::Links::of(&portfolio, &settings);
        let mut before = u64::MAX;
        for rounds in [0, 1, 2, 8] {
            let settings = WaveSettings { improvement_rounds: rounds, ..settings.clone() };
            let plan = generate(&portfolio, &settings, &pins);
            let penalty = evaluate::penalty(&portfolio, &settings, &links, &plan.waves);
            if rounds == 0 {
                before = penalty;
            }
            prop_assert!(penalty <= before, "{} rounds: {} > {}", rounds, penalty, before);
        }
    }

    #[test]
    fn dates_keep_freeze_windows_and_parallel_waves((workloads, links, _, settings) in any_case()) {
        let portfolio = portfolio(workloads, links);
        let evaluation = evaluate(&portfolio, &settings, &[], &generate(&portfolio, &settings, &[]).waves);
        prop_assert!(evaluation.violations.iter().all(|v| v.rule != RuleId::FreezeWindow));
        for wave in &evaluation.waves {
            let at_once = evaluation.waves.iter()
                .filter(|other| other.dates.start <= wave.dates.start && wave.dates.start <= other.dates.end)
                .count();
            prop_assert!(at_once <= settings.parallel_waves as usize);
        }
        for pair in evaluation.waves.windows(2) {
            prop_assert!(pair[0].dates.start <= pair[1].dates.start);
        }
    }
}
