//! What one wave, or the whole plan, is like: content, risk, confidence.

use super::calendar::WaveDates;
use super::crossing::Crossing;
use super::evaluate::Wave;
use super::portfolio::Portfolio;
use super::risk::{Confidence, Rating, RiskFactors};
use super::rules::Severity;
use super::settings::WaveSettings;
use super::sight::Sight;
use super::violations::Violation;
use super::workload::Traits;
use landfall_domain::SixrStrategy;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use uuid::Uuid;

fn connected(portfolio: &Portfolio) -> Vec<bool> {
    let mut connected = vec![false; portfolio.workloads.len()];
    for edge in portfolio.edges.items() {
        let (from, to) = edge.ends();
        connected[from] = true;
        connected[to] = true;
    }
    connected
}

/// Dependencies of each wave within it, on earlier, on later ones, and of other waves on it.
fn links_of(waves: usize, crossings: &[Crossing]) -> Vec<[u64; 4]> {
    let mut links = vec![[0; 4]; waves];
    for crossing in crossings {
        let kind = match crossing.to.cmp(&crossing.from) {
            Ordering::Equal => 0,
            Ordering::Less => 1,
            Ordering::Greater => 2,
        };
        links[crossing.from][kind] += crossing.dependencies;
        if kind != 0 {
            links[crossing.to][3] += crossing.dependencies;
        }
    }
    links
}

/// Says what each wave is like. Waves are named by their places among those that have workloads.
pub(super) struct Judge<'e> {
    portfolio: &'e Portfolio,
    settings: &'e WaveSettings,
    sight: &'e Sight<'e>,
    /// Critical and advisory violations of each wave.
    violations_of: Vec<[u64; 2]>,
    /// Critical and advisory violations in all.
    violations: [u64; 2],
    is_connected: Vec<bool>,
    links_of: Vec<[u64; 4]>,
}

impl<'e> Judge<'e> {
    pub(super) fn new(
        portfolio: &'e Portfolio,
        settings: &'e WaveSettings,
        sight: &'e Sight<'e>,
        crossings: &[Crossing],
        found: &[Violation],
    ) -> Self {
        let mut violations_of = vec![[0; 2]; sight.numbers.len()];
        let mut violations = [0; 2];
        for violation in found {
            let kind = usize::from(violation.severity != Severity::Critical);
            violations[kind] += 1;
            for place in violation.waves.iter().filter_map(|wave| sight.place_of(*wave)) {
                violations_of[place][kind] += 1;
            }
        }
        Self {
            portfolio,
            settings,
            sight,
            violations_of,
            violations,
            is_connected: connected(portfolio),
            links_of: links_of(sight.numbers.len(), crossings),
        }
    }

    pub(super) fn confidence(&self, members: &[u32]) -> Confidence {
        Confidence::of(self.portfolio, members, &self.is_connected)
    }

    pub(super) fn wave(&self, place: usize, dates: WaveDates) -> Wave {
        let members = self.sight.members.row(place);
        let content = self.sight.content(members);
        let mut strategies: BTreeMap<&str, u64> = BTreeMap::new();
        let mut applications: Vec<Uuid> = Vec::new();
        for member in members.iter().map(|member| *member as usize) {
            let strategy = self.portfolio.traits[member].strategy;
            let strategy = strategy.map_or("unknown", SixrStrategy::as_str);
            *strategies.entry(strategy).or_default() += 1;
            applications.extend(self.portfolio.units[self.portfolio.unit_of(member)].application);
        }
        applications.sort_unstable();
        applications.dedup();
        let [_, needs_earlier, needs_later, _] = self.links_of[place];
        Wave {
            number: self.sight.numbers[place],
            dates,
            workloads: content.load.workloads,
            applications: applications.len() as u64,
            effort_points: content.load.effort,
            storage_gb: content.load.storage_mb.div_ceil(1024),
            strategies: strategies
                .into_iter()
                .map(|(strategy, workloads)| (strategy.to_owned(), workloads))
                .collect(),
            production: content.classes[1],
            needs_earlier,
            needs_later,
            violations: self.violations_of[place],
            risk: self.risk(Some(place), members),
            confidence: self.confidence(members),
        }
    }

    /// Risk of a wave, or of the plan.
    pub(super) fn risk(&self, wave: Option<usize>, members: &[u32]) -> Rating {
        let count = (members.len() as u64).max(1);
        let mean = |of: fn(&Traits) -> super::Level| -> u64 {
            members
                .iter()
                .map(|member| of(&self.portfolio.traits[*member as usize]).percent())
                .sum::<u64>()
                / count
        };
        let capacity_of = |wave: u32| u64::from(self.settings.capacity(wave));
        let (links, [critical, advisory], capacity) = match wave {
            Some(place) => (
                self.links_of[place],
                self.violations_of[place],
                capacity_of(self.sight.numbers[place]),
            ),
            None => (
                self.links_of.iter().fold([0; 4], |sum, links| {
                    [
                        sum[0] + links[0],
                        sum[1] + links[1],
                        sum[2] + links[2],
                        sum[3] + links[3],
                    ]
                }),
                self.violations,
                self.sight.numbers.iter().map(|wave| capacity_of(*wave)).sum(),
            ),
        };
        let [within, earlier, later, into] = links;
        let crossing = earlier + later + into;
        RiskFactors {
            criticality: mean(|traits| traits.criticality),
            complexity: mean(|traits| traits.complexity),
            crossing: crossing * 100 / (within + crossing).max(1),
            violations: (critical * 25 + advisory * 5).min(100),
            load: members.len() as u64 * 100 / capacity.max(1),
        }
        .rating(critical > 0)
    }
}
