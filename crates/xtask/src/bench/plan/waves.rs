//! The waves of an estate: groups, order, schedule, improvement, and the judgement of the result.

use super::estate::{Asset, Estate};
use landfall_domain::SixrStrategy;
use landfall_planning::waves::{
    Application, DependencyKind, Inventory, Level, Link, Portfolio, WaveSettings, Workload, evaluate,
    generate,
};
use serde::Serialize;
use std::time::Instant;
use uuid::Uuid;

/// What it took, and what came of it.
#[derive(Serialize)]
pub(super) struct Figures {
    pub(super) seconds: f64,
    waves: usize,
    assigned: usize,
    violations: usize,
    penalty: u64,
}

impl Figures {
    pub(super) fn lines(&self, assets: usize) -> Vec<String> {
        vec![format!(
            "waves     {:.2} s, {:.1} µs an asset: {} assets in {} waves, {} violations, penalty {}",
            self.seconds,
            self.seconds * 1e6 / super::number(assets),
            self.assigned,
            self.waves,
            self.violations,
            self.penalty
        )]
    }
}

pub(super) fn measure(estate: &Estate) -> Figures {
    let workloads = estate
        .assets
        .iter()
        .enumerate()
        .map(|(place, asset)| workload(place, asset))
        .collect();
    let applications = (0..estate.applications)
        .map(|place| Application {
            id: application_id(place),
            name: format!("application {place}"),
        })
        .collect();
    let links: Vec<Link> = estate
        .dependencies
        .iter()
        .enumerate()
        .map(|(place, (from, to))| Link {
            from: id(*from as usize),
            to: id(*to as usize),
            kind: match place % 10 {
                0 => DependencyKind::Database,
                1..4 => DependencyKind::Network,
                _ => DependencyKind::Application,
            },
            weight: super::number(1 + place % 97),
            is_hard: place % 20 == 0,
        })
        .collect();
    let began = Instant::now();
    let portfolio = Portfolio::new(workloads, applications, links);
    let settings = WaveSettings::default();
    let plan = generate(&portfolio, &settings, &[]);
    let judged = evaluate(&portfolio, &settings, &[], &plan.waves);
    Figures {
        seconds: began.elapsed().as_secs_f64(),
        waves: judged.waves.len(),
        assigned: plan.waves.len(),
        violations: judged.violations.len(),
        penalty: judged.penalty,
    }
}

fn id(place: usize) -> Uuid {
    Uuid::from_u128(place as u128 + 1)
}

fn application_id(place: usize) -> Uuid {
    Uuid::from_u128((1 << 64) + place as u128)
}

fn workload(place: usize, asset: &Asset) -> Workload {
    let strategies = [
        Some(SixrStrategy::Rehost),
        Some(SixrStrategy::Rehost),
        Some(SixrStrategy::Replatform),
        Some(SixrStrategy::Refactor),
        Some(SixrStrategy::Retire),
        None,
    ];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some terabytes"
    )]
    let storage_mb = (asset.storage_gb * 1024.0) as u64;
    Workload {
        id: id(place),
        name: format!("asset {place}"),
        application: Some(application_id(asset.application)),
        environment: Some(asset.environment.to_owned()),
        criticality: Level::of(asset.criticality),
        complexity: asset.os_ended.then_some(Level::High),
        strategy: strategies.get(place % strategies.len()).copied().flatten(),
        readiness: None,
        value: None,
        storage_mb,
        inventory: Inventory {
            sizing: 1.0,
            business: if asset.has_owner { 1.0 } else { 0.5 },
        },
    }
}
