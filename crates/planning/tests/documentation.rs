//! The worked examples of docs/assessments.md and docs/waves.md, recomputed.

use landfall_domain::SixrStrategy;
use landfall_planning::assessments::{RiskCounts, Thresholds};
use landfall_planning::sizing::{
    Disk, Machine, Measured, Metric, Options, PriceCatalogue, SAMPLE_CATALOGUE, assess,
};
use landfall_planning::waves::{
    Application, DependencyKind, Inventory, Level, Link, Portfolio, WaveSettings, Workload, evaluate,
    generate,
};
use uuid::Uuid;

const PAGE: &str = include_str!("../../../docs/assessments.md");
const WAVES: &str = include_str!("../../../docs/waves.md");

/// The rows of the table between a marker and its end, without the header.
#[expect(clippy::unwrap_used, reason = "a page without its marks has failed")]
fn rows(marker: &str) -> Vec<Vec<&'static str>> {
    let (_, from) = PAGE.split_once(&format!("<!-- {marker} -->")).unwrap();
    let (table, _) = from.split_once("<!-- end -->").unwrap();
    table
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn risk_and_confidence_of_the_page_are_what_is_computed() {
    let thresholds = Thresholds {
        red: 5,
        yellow: 30,
        unknown: 5,
    };
    let examples = rows("confidence");
    assert_eq!(examples.len(), 7);
    for row in examples {
        let number = |column: usize| row[column].parse::<u32>().unwrap();
        let counts = RiskCounts {
            red: number(0),
            yellow: number(1),
            green: number(2),
            unknown: number(3),
        };
        assert_eq!(counts.risk(&thresholds).as_str(), row[4], "{row:?}");
        assert_eq!(u32::from(counts.confidence()), number(5), "{row:?}");
    }
}

#[test]
fn the_size_of_the_page_is_what_is_computed() {
    let measured = |metric| Measured {
        metric,
        average: None,
        p50: None,
        p95: Some(20.0),
        maximum: None,
        days: None,
    };
    let machine = Machine {
        cores: Some(8),
        memory_gib: Some(32.0),
        disks: vec![Disk {
            label: "C:".to_owned(),
            size_gib: 100.0,
        }],
        nics: 1,
        operating_system: Some("Windows Server 2022".to_owned()),
        measured: vec![measured(Metric::CpuPercent), measured(Metric::MemoryPercent)],
        ..Machine::default()
    };
    let catalogue = PriceCatalogue::read(SAMPLE_CATALOGUE).unwrap();
    let sizing = assess(&machine, &catalogue, &Options::default());
    let placement = sizing.placement.unwrap();
    let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
    let cost = &placement.cost;
    let computed = [
        format!("{:.2}", sizing.demand.cores.unwrap()),
        format!("{:.2}", sizing.demand.memory_gib.unwrap()),
        placement.size.clone(),
        money(cost.compute),
        money(cost.licence),
        money(cost.storage),
        money(cost.total),
        sizing.data_points.unwrap().percent().to_string(),
        sizing.stars.unwrap().to_string(),
    ];
    let stated: Vec<&str> = rows("size").into_iter().map(|row| row[1]).collect();
    assert_eq!(stated, computed);
}

/// The shop of the page: three machines of production, one of development, and the mail relay that all need.
fn shop() -> Portfolio {
    const NAMES: [&str; 5] = ["shop-web", "shop-app", "shop-db", "shop-dev", "mail"];
    let id = |number: usize| Uuid::from_u128(number as u128 + 1);
    let shop = Uuid::from_u128(100);
    let workloads = NAMES.iter().enumerate().map(|(number, name)| {
        let is_database = *name == "shop-db";
        Workload {
            id: id(number),
            name: (*name).to_owned(),
            application: name.starts_with("shop").then_some(shop),
            environment: Some(
                if *name == "shop-dev" {
                    "Development"
                } else {
                    "Production"
                }
                .to_owned(),
            ),
            criticality: Some(if is_database { Level::High } else { Level::Medium }),
            complexity: Some(Level::Low),
            strategy: Some(if is_database {
                SixrStrategy::Replatform
            } else {
                SixrStrategy::Rehost
            }),
            readiness: None,
            value: None,
            storage_mb: 0,
            inventory: Inventory::default(),
        }
    });
    let link = |(from, to, kind)| Link {
        from: id(from),
        to: id(to),
        kind,
        weight: 1.0,
        is_hard: true,
    };
    let links = [
        (0, 1, DependencyKind::Application),
        (1, 2, DependencyKind::Database),
        (1, 4, DependencyKind::Network),
        (3, 4, DependencyKind::Network),
    ];
    let application = Application {
        id: shop,
        name: "Shop".to_owned(),
    };
    Portfolio::new(workloads.collect(), vec![application], links.map(link).to_vec())
}

#[test]
fn the_waves_of_the_page_are_what_is_planned() {
    let (_, example) = WAVES.split_once("## Worked example").unwrap();
    let (example, _) = example.split_once("\n## ").unwrap();
    let settings = WaveSettings {
        min_workloads: 1,
        early_waves: 1,
        ..WaveSettings::starting("2027-01-04".parse().unwrap())
    };
    let portfolio = shop();
    let plan = generate(&portfolio, &settings, &[]);
    let judged = evaluate(&portfolio, &settings, &[], &plan.waves);
    let rows: Vec<[&str; 3]> = example
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            [cells[0], cells[1], cells[2]]
        })
        .collect();
    assert_eq!(rows.len(), judged.waves.len());
    for ([number, what, dates], wave) in rows.into_iter().zip(&judged.waves) {
        let members: Vec<&str> = portfolio
            .workloads()
            .iter()
            .filter(|workload| plan.waves.get(&workload.id) == Some(&wave.number))
            .map(|workload| workload.name.as_str())
            .collect();
        let day = |day: chrono::NaiveDate| day.format("%-d %B").to_string();
        let planned = format!("{} to {}", day(wave.dates.start), day(wave.dates.end));
        assert_eq!(
            (number, what, dates),
            (
                wave.number.to_string().as_str(),
                members.join(", ").as_str(),
                planned.as_str()
            )
        );
    }
    // The figures in the text beneath, however its lines are broken.
    let text: String = example.split_whitespace().collect::<Vec<_>>().join(" ");
    let last = judged.waves.last().unwrap();
    assert_eq!(judged.violations, [], "the page says that there is none");
    let path = judged.critical_path.steps.iter().map(|step| step.name.as_str());
    assert_eq!(path.collect::<Vec<_>>(), ["mail", "Shop (production)"]);
    for stated in [
        format!("the penalty is {}.", judged.penalty),
        format!(
            "Wave {} takes 1 + 1 + 2 = {} points.",
            last.number, last.effort_points
        ),
        format!("/ 100 = {}, {}.", last.risk.score, last.risk.level),
        format!(
            "the production of the shop, {} points.",
            judged.critical_path.effort_points
        ),
    ] {
        assert!(text.contains(&stated), "the page does not say: {stated}");
    }
}
