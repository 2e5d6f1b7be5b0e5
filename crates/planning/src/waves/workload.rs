//! What moves: workloads, and the words that describe them.

use super::capacity::Load;
use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How much of something there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Little.
    Low,
    /// Some, or unknown: what nobody knows is taken as medium (Azure Migrate, 2026).
    Medium,
    /// Much.
    High,
    /// Very much.
    Critical,
}

impl Level {
    /// Reads the inventory's words (`Low`, `Medium`, `High`, `Critical`); anything else is unknown.
    pub fn of(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "low" => Some(Self::Low),
            "medium" => Some(Self::Medium),
            "high" => Some(Self::High),
            "critical" => Some(Self::Critical),
            _ => None,
        }
    }

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// 0, 50, 100, 100: a critical thing is a high one where shares are computed.
    pub(super) const fn percent(self) -> u64 {
        match self {
            Self::Low => 0,
            Self::Medium => 50,
            Self::High | Self::Critical => 100,
        }
    }
}

/// The two kinds of environment that never share a wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentClass {
    /// Development, test and everything before production.
    NonProduction,
    /// Production, its stand-by, and what nobody classified (Azure Migrate, 2026).
    Production,
}

impl EnvironmentClass {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NonProduction => "non-production",
            Self::Production => "production",
        }
    }
}

/// Place of an environment in the usual order of migration, from 0, by the inventory's words. Unknown ones come with
/// production.
pub fn environment_rank(environment: Option<&str>) -> u8 {
    const RANKS: [(u8, &[&str]); 6] = [
        (0, &["sandbox", "lab", "demo"]),
        (1, &["development"]),
        (2, &["test", "integration", "training"]),
        (3, &["qa", "uat"]),
        (4, &["staging", "pre-production"]),
        (6, &["dr"]),
    ];
    let word = environment.map_or("", str::trim);
    RANKS
        .iter()
        .find(|(_, words)| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
        .map_or(5, |(rank, _)| *rank)
}

/// How much of what a planner needs is known of a workload; each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// Share of operating system, cores, memory and storage that is known.
    pub sizing: f64,
    /// Share of criticality, environment and owner that is known.
    pub business: f64,
}

/// Something that moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// The asset.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The application that it belongs to.
    pub application: Option<Uuid>,
    /// Its environment, by the inventory's words.
    pub environment: Option<String>,
    /// How critical it is for the business.
    pub criticality: Option<Level>,
    /// How hard its move is.
    pub complexity: Option<Level>,
    /// What is done with it.
    pub strategy: Option<SixrStrategy>,
    /// How ready it is to move, 0 to 1.
    pub readiness: Option<f64>,
    /// What its move brings the business, 0 to 1.
    pub value: Option<f64>,
    /// Storage in megabytes; 0 if unknown.
    pub storage_mb: u64,
    /// How much is known of it.
    pub inventory: Inventory,
}

/// What the steps of planning ask of each workload again and again, close together in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    pub(super) load: Load,
    /// Place of its environment in the usual order.
    pub(super) rank: u8,
    pub(super) class: EnvironmentClass,
    pub(super) criticality: Level,
    pub(super) complexity: Level,
    pub(super) strategy: Option<SixrStrategy>,
}

impl Workload {
    fn complexity(&self) -> Level {
        self.complexity.unwrap_or(Level::Medium)
    }

    pub(super) fn traits(&self) -> Traits {
        let rank = environment_rank(self.environment.as_deref());
        Traits {
            load: Load {
                workloads: 1,
                effort: self.effort_points(),
                storage_mb: self.storage_mb,
            },
            rank,
            class: if rank < 5 {
                EnvironmentClass::NonProduction
            } else {
                EnvironmentClass::Production
            },
            criticality: self.criticality.unwrap_or(Level::Medium),
            complexity: self.complexity(),
            strategy: self.strategy,
        }
    }

    /// Effort in points: T-shirt sizes of Konveyor's adoption plan (S 1, M 2, L 4, XL 8; 2024) by strategy, doubled where
    /// the move is of high complexity. What stays or goes costs none.
    pub fn effort_points(&self) -> u64 {
        let points = match self.strategy {
            Some(SixrStrategy::Retain | SixrStrategy::Retire) => 0,
            Some(SixrStrategy::Rehost) => 1,
            Some(SixrStrategy::Replatform | SixrStrategy::Repurchase) | None => 2,
            Some(SixrStrategy::Refactor | SixrStrategy::Replace) => 4,
            Some(SixrStrategy::Rearchitect) => 8,
        };
        if self.complexity() >= Level::High {
            points * 2
        } else {
            points
        }
    }
}
