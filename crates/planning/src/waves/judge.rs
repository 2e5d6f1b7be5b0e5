//! What one wave, or the whole plan, is like: content, risk, confidence.

use super::calendar::WaveDates;
use super::evaluate::{Sight, Wave};
use super::portfolio::Portfolio;
use super::risk::{Confidence, Rating, RiskFactors};
use super::rules::Severity;
use super::settings::WaveSettings;
use super::violations::Violation;
use landfall_domain::SixrStrategy;
use std::collections::{BTreeMap, BTreeSet};

fn connected(portfolio: &Portfolio) -> Vec<bool> {
    let mut connected = vec![false; portfolio.workloads.len()];
    for edge in &portfolio.edges {
        connected[edge.from] = true;
        connected[edge.to] = true;
    }
    connected
}

/// Dependencies of each wave within it, on earlier, on later ones, and of other waves on it.
fn links_of(portfolio: &Portfolio, sight: &Sight<'_>) -> BTreeMap<u32, [u64; 4]> {
    let mut links: BTreeMap<u32, [u64; 4]> = BTreeMap::new();
    for edge in &portfolio.edges {
        let (from, to) = (sight.wave[edge.from], sight.wave[edge.to]);
        if from == 0 || to == 0 {
            continue;
        }
        let kind = match to.cmp(&from) {
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Greater => 2,
        };
        links.entry(from).or_default()[kind] += edge.count;
        if from != to {
            links.entry(to).or_default()[3] += edge.count;
        }
    }
    links
}

/// Says what each wave is like.
pub(super) struct Judge<'e> {
    portfolio: &'e Portfolio,
    settings: &'e WaveSettings,
    sight: &'e Sight<'e>,
    /// Critical and advisory violations of each wave.
    violations_of: BTreeMap<u32, [u64; 2]>,
    /// Critical and advisory violations in all.
    violations: [u64; 2],
    is_connected: Vec<bool>,
    links_of: BTreeMap<u32, [u64; 4]>,
}

impl<'e> Judge<'e> {
    pub(super) fn new(
        portfolio: &'e Portfolio,
        settings: &'e WaveSettings,
        sight: &'e Sight<'e>,
        found: &[Violation],
    ) -> Self {
        let mut violations_of: BTreeMap<u32, [u64; 2]> = BTreeMap::new();
        let mut violations = [0; 2];
        for violation in found {
            let kind = usize::from(violation.severity != Severity::Critical);
            violations[kind] += 1;
            for wave in &violation.waves {
                violations_of.entry(*wave).or_default()[kind] += 1;
            }
        }
        Self {
            portfolio,
            settings,
            sight,
            violations_of,
            violations,
            is_connected: connected(portfolio),
            links_of: links_of(portfolio, sight),
        }
    }

    pub(super) fn confidence(&self, members: &[usize]) -> Confidence {
        Confidence::of(self.portfolio, members, &self.is_connected)
    }

    pub(super) fn wave(&self, number: u32, dates: WaveDates, members: &[usize]) -> Wave {
        let content = self.sight.content(members);
        let mut strategies = BTreeMap::new();
        let mut applications = BTreeSet::new();
        for member in members {
            let workload = &self.portfolio.workloads[*member];
            let strategy = workload.strategy.map_or("unknown", SixrStrategy::as_str);
            *strategies.entry(strategy.to_owned()).or_default() += 1;
            applications.extend(workload.application);
        }
        let [_, needs_earlier, needs_later, _] = self.links_of.get(&number).copied().unwrap_or_default();
        Wave {
            number,
            dates,
            workloads: content.load.workloads,
            applications: applications.len() as u64,
            effort_points: content.load.effort,
            storage_gb: content.load.storage_mb.div_ceil(1024),
            strategies,
            production: content.classes[1],
            needs_earlier,
            needs_later,
            violations: self.violations_of(Some(number)),
            risk: self.risk(Some(number), members),
            confidence: self.confidence(members),
        }
    }

    /// Critical and advisory violations of a wave, or of the plan.
    fn violations_of(&self, wave: Option<u32>) -> [u64; 2] {
        wave.map_or(self.violations, |wave| {
            self.violations_of.get(&wave).copied().unwrap_or_default()
        })
    }

    pub(super) fn risk(&self, wave: Option<u32>, members: &[usize]) -> Rating {
        let count = (members.len() as u64).max(1);
        let mean = |of: &dyn Fn(&super::Workload) -> u64| -> u64 {
            members
                .iter()
                .map(|member| of(&self.portfolio.workloads[*member]))
                .sum::<u64>()
                / count
        };
        let links = match wave {
            Some(wave) => self.links_of.get(&wave).copied().unwrap_or_default(),
            None => self.links_of.values().fold([0; 4], |sum, links| {
                [
                    sum[0] + links[0],
                    sum[1] + links[1],
                    sum[2] + links[2],
                    sum[3] + links[3],
                ]
            }),
        };
        let [within, earlier, later, into] = links;
        let crossing = earlier + later + into;
        let [critical, advisory] = self.violations_of(wave);
        let capacity = match wave {
            Some(wave) => u64::from(self.settings.capacity(wave)),
            None => self
                .sight
                .members
                .keys()
                .map(|wave| u64::from(self.settings.capacity(*wave)))
                .sum(),
        };
        RiskFactors {
            criticality: mean(&|workload| workload.criticality().percent()),
            complexity: mean(&|workload| workload.complexity().percent()),
            crossing: crossing * 100 / (within + crossing).max(1),
            violations: (critical * 25 + advisory * 5).min(100),
            load: members.len() as u64 * 100 / capacity.max(1),
        }
        .rating(critical > 0)
    }
}
