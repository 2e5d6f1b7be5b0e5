//! The rules that a plan is judged by, as data. The first eight are the planning conditions of Azure Migrate's wave planning
//! (Microsoft, 2026), in its order of priority; the others are ours.

use serde::{Deserialize, Serialize};

/// How bad it is to break a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Not looked at.
    Off,
    /// Recommended, not required.
    Advisory,
    /// Stands in the way of a safe migration.
    Critical,
}

impl Severity {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Advisory => "advisory",
            Self::Critical => "critical",
        }
    }

    /// Penalty of one breach. A dependency that crosses waves costs 1, so rules always weigh more.
    pub const fn penalty(self) -> u64 {
        match self {
            Self::Off => 0,
            Self::Advisory => 50,
            Self::Critical => 1_000,
        }
    }
}

macro_rules! rules {
    ($($variant:ident = $id:literal, $severity:ident, $condition:literal, $mitigation:literal;)+) => {
        /// A rule's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RuleId {
            $(#[doc = $condition] #[serde(rename = $id)] $variant,)+
        }

        impl RuleId {
            /// The name as stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }
        }

        /// Every rule, the most important first.
        pub const RULES: &[Rule] = &[
            $(Rule { id: RuleId::$variant, severity: Severity::$severity, condition: $condition, mitigation: $mitigation },)+
        ];
    };
}

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// How bad a breach is, unless the settings say otherwise.
    pub severity: Severity,
    /// What must hold.
    pub condition: &'static str,
    /// What to do about a breach.
    pub mitigation: &'static str,
}

rules! {
    TwoWayTogether = "two_way_together", Critical,
        "Workloads with a strong two-way dependency move in the same wave.",
        "Move one of them to the other's wave, or bridge the connection for the time between the waves.";
    ApplicationTogether = "application_together", Critical,
        "All workloads of an application in one environment class move in the same wave.",
        "Bring the application's workloads into one wave, or split the application.";
    DependencyOrder = "dependency_order", Critical,
        "What is needed moves in the same wave as what needs it, or earlier.",
        "Move what is needed to an earlier wave, or what needs it to a later one.";
    NonProductionFirst = "non_production_first", Advisory,
        "An application's development and test workloads move before its production.",
        "Move the production part later, or the non-production part earlier.";
    EnvironmentsApart = "environments_apart", Critical,
        "Production and non-production workloads share no wave.",
        "Move the smaller part to a wave of its own kind.";
    EarlyCriticality = "early_criticality", Advisory,
        "Workloads of high criticality are not in the earliest waves.",
        "Move them to a later wave, or confirm their criticality.";
    EarlyComplexity = "early_complexity", Advisory,
        "Workloads of high complexity are not in the earliest waves.",
        "Move them to a later wave, or confirm their complexity.";
    WaveSize = "wave_size", Advisory,
        "A wave has neither more nor fewer workloads than the settings allow.",
        "Move applications to a wave with room, or change the limits.";
    HardDependencyTogether = "hard_dependency_together", Critical,
        "Workloads that cannot be separated move in the same wave.",
        "Move one of them to the other's wave, or mark the dependency as not hard if the delay between sites can be borne.";
    EffortCapacity = "effort_capacity", Advisory,
        "A wave takes no more effort than the team has.",
        "Move work to a wave with room, or give the team more capacity.";
    StorageCapacity = "storage_capacity", Advisory,
        "A wave moves no more data than can be replicated in its time.",
        "Move large workloads to a wave with room, or raise the capacity.";
    FreezeWindow = "freeze_window", Critical,
        "No wave starts or cuts over in a freeze window.",
        "Move the wave's start, or the freeze window.";
    PinConflict = "pin_conflict", Critical,
        "Pins do not contradict each other.",
        "Take one of the pins away.";
    NeedsWhatGoes = "needs_what_goes", Critical,
        "Nothing that moves needs what is retired.",
        "Replace the dependency before the retirement, or do not retire what is needed.";
    NeedsWhatStays = "needs_what_stays", Advisory,
        "Nothing that moves is tied to what stays.",
        "Check the delay and bandwidth between the sites, or move both.";
    StrategyMissing = "strategy_missing", Advisory,
        "Every workload that moves has a strategy.",
        "Assess the workloads; until then they count as two points and the lead time of a rehost.";
}

impl RuleId {
    /// The rule.
    pub fn rule(self) -> &'static Rule {
        // The table is made from the same list as the names, in the same order.
        &RULES[self as usize]
    }
}
