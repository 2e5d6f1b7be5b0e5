//! Risk of a wave, and confidence in what is said about it.

use super::portfolio::Portfolio;
use super::workload::Workload;
use landfall_domain::RiskLevel;
use serde::{Deserialize, Serialize};

/// Risk as a number and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// 0 to 100.
    pub score: u64,
    /// `low` below 25, `medium` below 50, `high` below 75, else `critical`; at least `high` with a critical violation.
    pub level: RiskLevel,
}

/// What a risk is made of, each from 0 to 100.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RiskFactors {
    pub(super) criticality: u64,
    pub(super) complexity: u64,
    /// Share of dependencies that cross waves.
    pub(super) crossing: u64,
    /// Violations: 25 for each critical one, 5 for each advisory one, up to 100.
    pub(super) violations: u64,
    /// Share of the wave's limit that is used.
    pub(super) load: u64,
}

impl RiskFactors {
    pub(super) fn rating(self, has_critical: bool) -> Rating {
        let sum = self.criticality * 25
            + self.complexity * 20
            + self.crossing * 20
            + self.violations * 25
            + self.load.min(100) * 10;
        let score = sum / 100;
        let level = match score {
            0..25 => RiskLevel::Low,
            25..50 => RiskLevel::Medium,
            50..75 => RiskLevel::High,
            _ => RiskLevel::Critical,
        };
        Rating {
            score,
            level: if has_critical {
                level.max(RiskLevel::High)
            } else {
                level
            },
        }
    }
}

/// How complete the data was, each from 0 to 1: the categories of Azure Migrate's wave planning (Microsoft, 2026).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Confidence {
    /// Operating system, cores, memory and storage are known.
    pub inventory: f64,
    /// Workloads with at least one known dependency.
    pub dependencies: f64,
    /// Workloads that belong to an application.
    pub application_mapping: f64,
    /// Criticality, environment and owner are known.
    pub business_metadata: f64,
    /// Mean of the four.
    pub overall: f64,
}

impl Confidence {
    pub(super) fn of(portfolio: &Portfolio, members: &[u32], is_connected: &[bool]) -> Self {
        if members.is_empty() {
            return Self::default();
        }
        #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 workloads")]
        let count = members.len() as f64;
        let mean = |of: &dyn Fn(usize, &Workload) -> f64| {
            let sum: f64 = members
                .iter()
                .map(|member| *member as usize)
                .map(|member| of(member, &portfolio.workloads[member]))
                .sum();
            rounded(sum / count)
        };
        let yes = |is: bool| if is { 1.0 } else { 0.0 };
        let inventory = mean(&|_, workload| workload.inventory.sizing.clamp(0.0, 1.0));
        let dependencies = mean(&|member, _| yes(is_connected[member]));
        let application_mapping = mean(&|_, workload| yes(workload.application.is_some()));
        let business_metadata = mean(&|_, workload| workload.inventory.business.clamp(0.0, 1.0));
        Self {
            inventory,
            dependencies,
            application_mapping,
            business_metadata,
            overall: rounded((inventory + dependencies + application_mapping + business_metadata) / 4.0),
        }
    }
}

fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}
