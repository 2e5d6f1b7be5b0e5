//! What is planned: workloads, the applications that they make up, and the links between them.

use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
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
    match environment.map(|word| word.trim().to_lowercase()).as_deref() {
        Some("sandbox" | "lab" | "demo") => 0,
        Some("development") => 1,
        Some("test" | "integration" | "training") => 2,
        Some("qa" | "uat") => 3,
        Some("staging" | "pre-production") => 4,
        Some("dr") => 6,
        _ => 5,
    }
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

impl Workload {
    /// Of which environment class it is.
    pub fn class(&self) -> EnvironmentClass {
        if environment_rank(self.environment.as_deref()) < 5 {
            EnvironmentClass::NonProduction
        } else {
            EnvironmentClass::Production
        }
    }

    pub(super) fn criticality(&self) -> Level {
        self.criticality.unwrap_or(Level::Medium)
    }

    pub(super) fn complexity(&self) -> Level {
        self.complexity.unwrap_or(Level::Medium)
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

/// An application that workloads belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// What kind of need a link is. Says how tight it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// Runs on the other.
    Hosting,
    /// Uses the data of the other.
    Database,
    /// Uses files or blocks of the other.
    Storage,
    /// Calls the other.
    Application,
    /// Uses a service of the network, such as names, directory or mail: an order, never a tie.
    Network,
}

impl DependencyKind {
    /// Reads the inventory's words; anything else is a call.
    pub fn of(word: &str) -> Self {
        match word {
            "hosting" => Self::Hosting,
            "database" => Self::Database,
            "storage" => Self::Storage,
            "network" => Self::Network,
            _ => Self::Application,
        }
    }
}

/// `from` needs `to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The workload that needs the other.
    pub from: Uuid,
    /// The workload that is needed.
    pub to: Uuid,
    /// Kind.
    pub kind: DependencyKind,
    /// 1 for a statement, the number of observations for a measurement.
    pub weight: f64,
    /// Whether somebody said that the two cannot be separated.
    pub is_hard: bool,
}

/// A link between positions of workloads; all links of one pair in one direction are one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The tightest kind.
    pub(super) kind: DependencyKind,
    pub(super) weight: f64,
    pub(super) is_hard: bool,
    /// How many links it stands for.
    pub(super) count: u64,
}

/// Everything that a plan is made of. Sorted, so that the order of input changes nothing.
#[derive(Clone, Debug)]
pub struct Portfolio {
    pub(super) workloads: Vec<Workload>,
    pub(super) edges: Vec<Edge>,
    applications: HashMap<Uuid, String>,
    /// Unit of each workload: an application in one environment class, or the workload alone.
    pub(super) unit_of: Vec<usize>,
    /// Application and class of each unit, with its first workload.
    pub(super) units: Vec<Unit>,
}

/// What moves as one: the part of an application that is in one environment class, or a workload without application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) application: Option<Uuid>,
    pub(super) class: EnvironmentClass,
    pub(super) first: usize,
}

impl Portfolio {
    /// A portfolio. Links to what is not in it, and of a workload to itself, are left out.
    pub fn new(mut workloads: Vec<Workload>, applications: Vec<Application>, links: Vec<Link>) -> Self {
        workloads.sort_unstable_by_key(|workload| workload.id);
        workloads.dedup_by_key(|workload| workload.id);
        let edges = edges(&workloads, links);
        let mut units: Vec<Unit> = Vec::new();
        let mut by_key: HashMap<(Uuid, EnvironmentClass), usize> = HashMap::new();
        let mut unit_of = Vec::with_capacity(workloads.len());
        for (position, workload) in workloads.iter().enumerate() {
            let unit = Unit {
                application: workload.application,
                class: workload.class(),
                first: position,
            };
            let number = match workload.application {
                Some(application) => *by_key.entry((application, unit.class)).or_insert(units.len()),
                None => units.len(),
            };
            if number == units.len() {
                units.push(unit);
            }
            unit_of.push(number);
        }
        let applications = applications
            .into_iter()
            .map(|application| (application.id, application.name))
            .collect();
        Self {
            workloads,
            edges,
            applications,
            unit_of,
            units,
        }
    }

    /// The workloads, sorted by id.
    pub fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// The workload with this id.
    pub fn workload(&self, id: Uuid) -> Option<&Workload> {
        self.position(id).map(|position| &self.workloads[position])
    }

    /// The name of an application.
    pub fn application_name(&self, id: Uuid) -> Option<&str> {
        self.applications.get(&id).map(String::as_str)
    }

    pub(super) fn position(&self, id: Uuid) -> Option<usize> {
        self.workloads
            .binary_search_by_key(&id, |workload| workload.id)
            .ok()
    }

    /// A unit as a person calls it.
    pub(super) fn unit_name(&self, unit: usize) -> String {
        let unit = self.units[unit];
        match unit.application {
            Some(application) => format!(
                "{} ({})",
                self.application_name(application)
                    .unwrap_or("application without a name"),
                unit.class.as_str()
            ),
            None => self.workloads[unit.first].name.clone(),
        }
    }
}

fn edges(workloads: &[Workload], links: Vec<Link>) -> Vec<Edge> {
    let position = |id: Uuid| workloads.binary_search_by_key(&id, |workload| workload.id).ok();
    let mut edges: Vec<Edge> = links
        .into_iter()
        .filter_map(|link| {
            let (from, to) = (position(link.from)?, position(link.to)?);
            (from != to).then_some(Edge {
                from,
                to,
                kind: link.kind,
                weight: if link.weight.is_finite() {
                    link.weight.max(0.0)
                } else {
                    0.0
                },
                is_hard: link.is_hard,
                count: 1,
            })
        })
        .collect();
    // The weight is part of the order, so that sums are made in the same order whatever the input's.
    edges.sort_unstable_by(|a, b| {
        (a.from, a.to, a.kind, a.is_hard)
            .cmp(&(b.from, b.to, b.kind, b.is_hard))
            .then(a.weight.total_cmp(&b.weight))
    });
    edges.dedup_by(|next, kept| {
        let same = (next.from, next.to) == (kept.from, kept.to);
        if same {
            kept.weight += next.weight;
            kept.count += 1;
            // A directory service stays one, however hard; but any tie makes the pair tied.
            kept.is_hard = kept.is_hard && kept.kind != DependencyKind::Network
                || next.is_hard && next.kind != DependencyKind::Network;
        }
        same
    });
    edges
}
