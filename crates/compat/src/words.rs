//! Words for states and phases that the predecessor used, in both directions.

use serde::Serialize;
use std::str::FromStr;

use landfall_domain::{FlowStatus, ImportStatus, MappingStatus, MatchType, Phase, Role};

/// A flow's state as version 3 of the API knows it. A waiting flow is `paused` there, and `metadata.waiting_for` says for
/// what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum V3FlowStatus {
    /// Being made. It is understood and never sent.
    Initializing,
    /// Made, and not begun.
    Initialized,
    /// A phase is being worked on.
    InProgress,
    /// Stopped by a person, or waiting for one.
    Paused,
    /// All phases are done.
    Completed,
    /// Stopped by an error.
    Failed,
    /// Stopped for good by a person.
    Cancelled,
}

impl V3FlowStatus {
    /// Every word.
    pub const ALL: [Self; 7] = [
        Self::Initializing,
        Self::Initialized,
        Self::InProgress,
        Self::Paused,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word that is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initializing => "initializing",
            Self::Initialized => "initialized",
            Self::InProgress => "in_progress",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<FlowStatus> for V3FlowStatus {
    fn from(status: FlowStatus) -> Self {
        match status {
            FlowStatus::Pending => Self::Initialized,
            FlowStatus::Running => Self::InProgress,
            FlowStatus::Paused | FlowStatus::Waiting => Self::Paused,
            FlowStatus::Completed => Self::Completed,
            FlowStatus::Failed => Self::Failed,
            FlowStatus::Cancelled => Self::Cancelled,
        }
    }
}

impl std::fmt::Display for V3FlowStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Other words for a flow's state.
pub const FLOW_STATUS_WORDS: &[(&str, FlowStatus)] = &[
    ("initialized", FlowStatus::Pending),
    ("initializing", FlowStatus::Pending),
    ("in_progress", FlowStatus::Running),
    ("active", FlowStatus::Running),
    ("waiting_for_user", FlowStatus::Waiting),
    ("migrated", FlowStatus::Completed),
];

/// Other words for an import's state.
pub const IMPORT_STATUS_WORDS: &[(&str, ImportStatus)] = &[
    ("uploading", ImportStatus::Pending),
    ("uploaded", ImportStatus::Pending),
    ("validating", ImportStatus::Processing),
    ("discovery_initiated", ImportStatus::Processing),
    ("processed", ImportStatus::Completed),
    ("archived", ImportStatus::Completed),
    ("discovery_failed", ImportStatus::Failed),
];

/// Other words for the decision on a mapping.
pub const MAPPING_STATUS_WORDS: &[(&str, MappingStatus)] = &[
    ("pending", MappingStatus::Suggested),
    ("implemented", MappingStatus::Approved),
];

/// Other words for how a mapping was found.
pub const MATCH_TYPE_WORDS: &[(&str, MatchType)] = &[
    ("direct", MatchType::Exact),
    ("automatic", MatchType::Fuzzy),
    ("inferred", MatchType::Fuzzy),
    ("ai_suggested", MatchType::Semantic),
    ("custom", MatchType::Manual),
];

/// Other words for a phase.
pub const PHASE_WORDS: &[(&str, V3Phase)] = &[
    ("data_import", V3Phase::Initialization),
    ("attribute_mapping", V3Phase::FieldMapping),
    ("inventory", V3Phase::InventoryBuilding),
    ("dependencies", V3Phase::AppServerDependencies),
    ("tech_debt", V3Phase::TechnicalDebt),
    ("import_completed", V3Phase::Completed),
];

/// What a word means: by the table of other words, or as it is.
fn read<T: Copy + FromStr>(word: &str, others: &[(&str, T)]) -> Option<T> {
    let word = word.trim().to_ascii_lowercase();
    let other = others.iter().find(|(other, _)| *other == word);
    other.map(|(_, meant)| *meant).or_else(|| word.parse().ok())
}

/// The word for a flow's state in version 3 of the API.
pub fn flow_status_to_v3(status: FlowStatus) -> &'static str {
    V3FlowStatus::from(status).as_str()
}

/// A flow's state from any word ever used for one.
pub fn flow_status(word: &str) -> Option<FlowStatus> {
    read(word, FLOW_STATUS_WORDS)
}

/// The states of ours that a v3 word may stand for, for filters: `paused` finds waiting flows too.
pub fn flow_statuses_of(word: &str) -> Vec<FlowStatus> {
    match flow_status(word) {
        None => Vec::new(),
        Some(found) if found.as_str() == word => {
            let v3 = flow_status_to_v3(found);
            FlowStatus::ALL
                .iter()
                .copied()
                .filter(|s| *s == found || (v3 == word && flow_status_to_v3(*s) == v3))
                .collect()
        }
        Some(found) => vec![found],
    }
}

/// An import's state from any word ever used for one.
pub fn import_status(word: &str) -> Option<ImportStatus> {
    read(word, IMPORT_STATUS_WORDS)
}

/// The decision on a mapping from any word ever used for one.
pub fn mapping_status(word: &str) -> Option<MappingStatus> {
    read(word, MAPPING_STATUS_WORDS)
}

/// How a mapping was found, from any word ever used for it.
pub fn match_type(word: &str) -> Option<MatchType> {
    read(word, MATCH_TYPE_WORDS)
}

/// A role from any word ever used for one, or for a level of access.
pub fn role(word: &str) -> Option<Role> {
    let word = word.trim().to_ascii_lowercase();
    match word.as_str() {
        "read_only" => Some(Role::Viewer),
        "read_write" | "analyst" => Some(Role::Editor),
        "engagement_manager" => Some(Role::Approver),
        "client_admin" | "super_admin" | "platform_admin" => Some(Role::Admin),
        _ => word.parse().ok(),
    }
}

/// A phase as version 3 of the API knows it. Finding dependencies is two phases there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum V3Phase {
    /// `initialization`.
    Initialization,
    /// `field_mapping`.
    FieldMapping,
    /// `data_cleansing`.
    DataCleansing,
    /// `inventory_building`.
    InventoryBuilding,
    /// `app_server_dependencies`.
    AppServerDependencies,
    /// `app_app_dependencies`.
    AppAppDependencies,
    /// `technical_debt`.
    TechnicalDebt,
    /// `completed`: after the last phase.
    Completed,
}

impl V3Phase {
    /// All phases in the order in which they run.
    pub const ALL: [Self; 8] = [
        Self::Initialization,
        Self::FieldMapping,
        Self::DataCleansing,
        Self::InventoryBuilding,
        Self::AppServerDependencies,
        Self::AppAppDependencies,
        Self::TechnicalDebt,
        Self::Completed,
    ];

    /// The word that is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initialization => "initialization",
            Self::FieldMapping => "field_mapping",
            Self::DataCleansing => "data_cleansing",
            Self::InventoryBuilding => "inventory_building",
            Self::AppServerDependencies => "app_server_dependencies",
            Self::AppAppDependencies => "app_app_dependencies",
            Self::TechnicalDebt => "technical_debt",
            Self::Completed => "completed",
        }
    }

    /// The phase of ours; none after the last one.
    pub const fn phase(self) -> Option<Phase> {
        match self {
            Self::Initialization => Some(Phase::DataValidation),
            Self::FieldMapping => Some(Phase::FieldMapping),
            Self::DataCleansing => Some(Phase::DataCleansing),
            Self::InventoryBuilding => Some(Phase::AssetInventory),
            Self::AppServerDependencies | Self::AppAppDependencies => Some(Phase::DependencyAnalysis),
            Self::TechnicalDebt => Some(Phase::TechDebtAssessment),
            Self::Completed => None,
        }
    }

    /// The v3 phases that a flow has completed when these phases of ours are done.
    pub fn completed(done: impl Fn(Phase) -> bool) -> Vec<Self> {
        let all = Phase::ALL.into_iter().all(&done);
        Self::ALL
            .into_iter()
            .filter(|phase| phase.phase().map_or(all, &done))
            .collect()
    }

    /// The phase in which a flow is: its current one, or `completed` when there is none left.
    pub fn current(current: Option<&str>, done: impl Fn(Phase) -> bool) -> Self {
        if Phase::ALL.into_iter().all(&done) {
            return Self::Completed;
        }
        current.and_then(Self::parse).unwrap_or(Self::Initialization)
    }

    /// The phase after this one.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The v3 phases that stand for a phase of ours, in order.
    pub fn of(phase: Phase) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |v3| v3.phase() == Some(phase))
    }

    /// A phase from any word ever used for one, ours included.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        if let Some(known) = Self::ALL.into_iter().find(|phase| phase.as_str() == word) {
            return Some(known);
        }
        let old = PHASE_WORDS.iter().find(|(old, _)| *old == word);
        old.map(|(_, phase)| *phase).or_else(|| {
            let phase = word.parse::<Phase>().ok()?;
            Self::of(phase).next()
        })
    }
}

impl std::fmt::Display for V3Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests;
