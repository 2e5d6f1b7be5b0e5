//! The worked examples of docs/assessments.md, recomputed.

use landfall_planning::assessments::{RiskCounts, Thresholds};
use landfall_planning::sizing::{
    Disk, Machine, Measured, Metric, Options, PriceCatalogue, SAMPLE_CATALOGUE, assess,
};

const PAGE: &str = include_str!("../../../docs/assessments.md");

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
