//! Golden cases by hand for each rule and step, and properties that hold for every portfolio.

mod calendar;
mod figures;
mod golden;
mod properties;

use super::*;
use chrono::NaiveDate;
use landfall_domain::SixrStrategy;

pub(super) fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

pub(super) fn application_id(name: &str) -> Uuid {
    name.bytes().fold(Uuid::nil(), |id, byte| {
        Uuid::from_u128((id.as_u128() << 8) | u128::from(byte))
    })
}

/// A rehost of medium criticality and low complexity in production, without application.
pub(super) fn workload(number: usize) -> Workload {
    Workload {
        id: id(number),
        name: format!("w{number}"),
        application: None,
        environment: Some("Production".to_owned()),
        criticality: Some(Level::Medium),
        complexity: Some(Level::Low),
        strategy: Some(SixrStrategy::Rehost),
        readiness: Some(1.0),
        value: None,
        storage_mb: 1024,
        inventory: Inventory {
            sizing: 1.0,
            business: 1.0,
        },
    }
}

pub(super) fn of(number: usize, application: &str, environment: &str) -> Workload {
    Workload {
        application: Some(application_id(application)),
        environment: Some(environment.to_owned()),
        ..workload(number)
    }
}

pub(super) fn call(from: usize, to: usize) -> Link {
    Link {
        from: id(from),
        to: id(to),
        kind: DependencyKind::Application,
        weight: 1.0,
        is_hard: false,
    }
}

pub(super) fn hard(from: usize, to: usize) -> Link {
    Link {
        is_hard: true,
        ..call(from, to)
    }
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Waves of any size, no early waves: each test sets what it is about.
pub(super) fn plain() -> WaveSettings {
    WaveSettings {
        min_workloads: 0,
        ramp: Vec::new(),
        early_waves: 0,
        ..WaveSettings::starting(day("2027-01-04"))
    }
}

pub(super) fn portfolio(workloads: Vec<Workload>, links: Vec<Link>) -> Portfolio {
    let mut names: Vec<Uuid> = workloads
        .iter()
        .filter_map(|workload| workload.application)
        .collect();
    names.sort_unstable();
    names.dedup();
    let applications = names
        .into_iter()
        .map(|id| Application {
            id,
            name: String::from_utf8(id.into_bytes().into_iter().filter(|byte| *byte > 0).collect()).unwrap(),
        })
        .collect();
    Portfolio::new(workloads, applications, links)
}

pub(super) fn waves(numbers: &[(usize, u32)]) -> Waves {
    numbers
        .iter()
        .map(|(number, wave)| (id(*number), *wave))
        .collect()
}

pub(super) fn breaches(evaluation: &Evaluation) -> Vec<(RuleId, u64)> {
    evaluation
        .violations
        .iter()
        .map(|violation| (violation.rule, violation.count))
        .collect()
}
