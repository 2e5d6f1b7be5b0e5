//! The strategies of an estate: facts, gates, scores, counterfactuals and questions of every asset, and of every application
//! with its assets.

use super::estate::{Asset, Estate};
use crate::Result;
use landfall_domain::{AssetType, RiskLevel};
use landfall_planning::sixr::{
    AssetProfile, Engine, Finding, FindingKind, Input, Policy, QuestionTally, Recommendation, Source,
    Subject, Value,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::thread;
use std::time::Instant;

/// What it took, and what came of it.
#[derive(Serialize)]
pub(super) struct Figures {
    pub(super) seconds: f64,
    threads: usize,
    recommendations: usize,
    counterfactuals: usize,
    by_strategy: BTreeMap<&'static str, usize>,
}

impl Figures {
    pub(super) fn lines(&self, assets: usize) -> Vec<String> {
        let strategies = self
            .by_strategy
            .iter()
            .map(|(strategy, number)| format!("{strategy} {number}"));
        vec![
            format!(
                "6R        {:.2} s on {} threads, {:.1} µs an asset: {} recommendations, {} counterfactuals",
                self.seconds,
                self.threads,
                self.seconds * 1e6 / super::number(assets),
                self.recommendations,
                self.counterfactuals
            ),
            format!("          {}", strategies.collect::<Vec<_>>().join(", ")),
        ]
    }
}

/// What one thread counts.
#[derive(Default)]
struct Tally {
    recommendations: usize,
    counterfactuals: usize,
    by_strategy: BTreeMap<&'static str, usize>,
    questions: QuestionTally,
}

impl Tally {
    fn add(&mut self, result: &Recommendation) {
        self.recommendations += 1;
        self.counterfactuals += result.counterfactuals.len();
        *self.by_strategy.entry(result.strategy.as_str()).or_default() += 1;
        self.questions.add(&result.questions);
    }
}

pub(super) fn measure(estate: &Estate) -> Result<Figures> {
    let engine = Engine::new(Policy::standard()?);
    let threads = thread::available_parallelism().map_or(1, Into::into);
    let began = Instant::now();
    let neighbours = neighbours(estate);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); estate.applications];
    for (place, asset) in estate.assets.iter().enumerate() {
        if let Some(list) = members.get_mut(asset.application) {
            list.push(place);
        }
    }
    // Whole applications go to one thread: it needs their members' facts anyway.
    let share = members.len().div_ceil(threads).max(1);
    let (engine, neighbours) = (&engine, &neighbours);
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let running: Vec<_> = members
            .chunks(share)
            .map(|applications| scope.spawn(move || judge(engine, estate, neighbours, applications)))
            .collect();
        running
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .collect()
    });
    let mut figures = Figures {
        seconds: began.elapsed().as_secs_f64(),
        threads,
        recommendations: 0,
        counterfactuals: 0,
        by_strategy: BTreeMap::new(),
    };
    for tally in tallies {
        figures.recommendations += tally.recommendations;
        figures.counterfactuals += tally.counterfactuals;
        for (strategy, number) in tally.by_strategy {
            *figures.by_strategy.entry(strategy).or_default() += number;
        }
    }
    if figures.recommendations == estate.assets.len() + estate.applications {
        Ok(figures)
    } else {
        Err("a thread has not ended: some subjects were not judged".into())
    }
}

/// The assets that each asset needs or is needed by, each once.
fn neighbours(estate: &Estate) -> Vec<Vec<u32>> {
    let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); estate.assets.len()];
    for (from, to) in &estate.dependencies {
        for (one, other) in [(*from, *to), (*to, *from)] {
            if let Some(list) = neighbours.get_mut(one as usize) {
                list.push(other);
            }
        }
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}

fn judge(engine: &Engine, estate: &Estate, neighbours: &[Vec<u32>], applications: &[Vec<usize>]) -> Tally {
    let mut tally = Tally::default();
    for members in applications {
        let mut subjects = Vec::with_capacity(members.len());
        let mut outside: Vec<u32> = Vec::new();
        for place in members {
            let (Some(asset), Some(others)) = (estate.assets.get(*place), neighbours.get(*place)) else {
                continue;
            };
            let subject = subject(engine.policy(), asset, others.len());
            tally.add(&engine.recommend(subject.inputs()));
            subjects.push(subject);
            let is_outside = |other: &&u32| members.binary_search(&(**other as usize)).is_err();
            outside.extend(others.iter().filter(is_outside));
        }
        outside.sort_unstable();
        outside.dedup();
        let mut application = Subject::of_members(&subjects);
        let dependencies = Value::Number(super::number(outside.len()));
        application.give(
            Input::Dependencies,
            dependencies,
            Source::Dependencies,
            "Outside of it.",
        );
        tally.add(&engine.recommend(application.inputs()));
    }
    tally
}

fn subject(policy: &Policy, asset: &Asset, dependencies: usize) -> Subject {
    let mut findings = Vec::new();
    for (is_ended, kind) in [
        (asset.os_ended, FindingKind::OperatingSystem),
        (asset.software_ended, FindingKind::Software),
    ] {
        if is_ended {
            findings.push(Finding {
                kind,
                severity: RiskLevel::High,
                product: "an old product",
                end_of_support: None,
            });
        }
    }
    let profile = AssetProfile {
        asset_type: if asset.is_database {
            AssetType::Database
        } else {
            AssetType::Server
        },
        status: Some(asset.status),
        environment: Some(asset.environment),
        criticality: Some(asset.criticality),
        operating_system: Some(asset.operating_system),
        technology_stack: asset.technology_stack,
        has_owner: asset.has_owner,
        is_virtual: Some(asset.is_virtual),
        cpu_percent: asset.cpu_percent,
        observation_days: asset.observation_days,
        cpu_cores: Some(asset.cpu_cores),
        memory_gb: Some(asset.memory_gb),
        storage_gb: Some(asset.storage_gb),
        monthly_cost: asset.monthly_cost,
        dependencies: u32::try_from(dependencies).ok(),
        findings: Some(&findings),
        ..AssetProfile::default()
    };
    Subject::of_asset(&profile, policy)
}
