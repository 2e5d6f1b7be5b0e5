//! The worked example of `docs/waves.md`: every figure in it is recomputed here.

use super::*;

/// A shop with a web server, an application server and a database, its development copy, and a mail relay that all use.
fn shop() -> Portfolio {
    let database = Workload {
        name: "shop-db".to_owned(),
        strategy: Some(SixrStrategy::Replatform),
        criticality: Some(Level::High),
        storage_mb: 500 * 1024,
        ..of(2, "Shop", "Production")
    };
    let named = |name: &str, workload: Workload| Workload {
        name: name.to_owned(),
        ..workload
    };
    portfolio(
        vec![
            named("shop-web", of(0, "Shop", "Production")),
            named("shop-app", of(1, "Shop", "Production")),
            database,
            named("shop-dev", of(3, "Shop", "Development")),
            named("mail", workload(4)),
        ],
        vec![
            hard(0, 1),
            Link {
                kind: DependencyKind::Database,
                ..hard(1, 2)
            },
            Link {
                kind: DependencyKind::Network,
                ..hard(1, 4)
            },
            Link {
                kind: DependencyKind::Network,
                ..hard(3, 4)
            },
        ],
    )
}

#[test]
fn the_worked_example_of_the_documentation_holds() {
    let settings = WaveSettings {
        min_workloads: 1,
        early_waves: 1,
        ..WaveSettings::starting(day("2027-01-04"))
    };
    let shop = shop();
    let plan = generate(&shop, &settings, &[]);
    // mail first, since both need it; then development, alone because environments are apart; then production.
    assert_eq!(plan.waves, waves(&[(4, 1), (3, 2), (0, 3), (1, 3), (2, 3)]));
    let evaluation = evaluate(&shop, &settings, &[], &plan.waves);
    assert_eq!(breaches(&evaluation), []);
    // Two dependencies cross waves.
    assert_eq!(evaluation.penalty, 2);
    let dates: Vec<_> = evaluation
        .waves
        .iter()
        .map(|wave| (wave.dates.start.to_string(), wave.dates.end.to_string()))
        .collect();
    assert_eq!(
        dates,
        [
            ("2027-01-04".to_owned(), "2027-01-31".to_owned()),
            ("2027-01-04".to_owned(), "2027-01-31".to_owned()),
            ("2027-02-01".to_owned(), "2027-03-28".to_owned())
        ]
    );
    let production = &evaluation.waves[2];
    assert_eq!(
        (
            production.workloads,
            production.effort_points,
            production.storage_gb
        ),
        (3, 4, 502)
    );
    // Criticality (50 + 50 + 100) / 3 = 66; complexity 0; one of three dependencies crosses: 33; no violation; 3 of 20: 15.
    // (25·66 + 20·33 + 10·15) / 100 = 24
    assert_eq!(production.risk.score, 24);
    let path: Vec<_> = evaluation
        .critical_path
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    assert_eq!(
        (path, evaluation.critical_path.effort_points),
        (vec!["mail", "Shop (production)"], 5)
    );
}
