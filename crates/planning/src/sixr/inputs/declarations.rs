//! The declarations themselves, in the order in which inputs are listed.

use super::{Definition, Kind, Merge};
use Kind::{Choice, Flag};
use Merge::{Greatest, Least, Sum};

/// A parameter: 1 to 10 in tenths.
const SCALE: Kind = number(1.0, 10.0, 0.1);
/// A share in percent.
const PERCENT: Kind = number(0.0, 100.0, 0.1);
/// Months from today.
const MONTHS: Kind = number(0.0, 600.0, 1.0);
/// Whether and how long a product is supported, the worst first.
const SUPPORT: Kind = Choice(&["ended", "extended_only", "ends_soon", "supported"]);

const fn number(min: f64, max: f64, step: f64) -> Kind {
    Kind::Number { min, max, step }
}

macro_rules! inputs {
    ($($variant:ident $name:literal $label:literal $kind:expr, $unit:literal $merge:ident $fixed:ident $question:expr;)+) => {
        /// Something that a strategy may depend on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Input {
            $(#[doc = $label] $variant,)+
        }

        /// Every input, the parameters first.
        pub const INPUTS: &[Input] = &[$(Input::$variant,)+];

        pub(super) static DEFINITIONS: [Definition; INPUTS.len()] = [
            $(Definition {
                name: $name,
                label: $label,
                kind: $kind,
                unit: $unit,
                question: $question,
                is_fixed: inputs!(@ $fixed),
                merge: $merge,
            },)+
        ];
    };
    (@ fixed) => { true };
    (@ open) => { false };
}

inputs! {
    BusinessValue "business_value" "Business value" SCALE, "" Greatest open
        Some("How much does the business gain from it, from 1 (nothing) to 10 (it cannot do without)?");
    TechnicalComplexity "technical_complexity" "Technical complexity" SCALE, "" Greatest open
        Some("How hard is it to change or move, from 1 (trivial) to 10 (nobody dares)?");
    MigrationUrgency "migration_urgency" "Migration urgency" SCALE, "" Greatest open
        Some("How urgent is the move, from 1 (some day) to 10 (at once)?");
    ComplianceRequirements "compliance_requirements" "Compliance requirements" SCALE, "" Greatest open
        Some("How strict are law and regulation about it, from 1 (not at all) to 10 (every change is audited)?");
    CostSensitivity "cost_sensitivity" "Cost sensitivity" SCALE, "" Greatest open
        Some("How much does running cost matter, from 1 (not at all) to 10 (above all)?");
    RiskTolerance "risk_tolerance" "Risk tolerance" SCALE, "" Least open
        Some("How much risk may the move bear, from 1 (none) to 10 (any)?");
    InnovationPriority "innovation_priority" "Innovation priority" SCALE, "" Greatest open
        Some("How important are new features, from 1 (none are wanted) to 10 (the business depends on them)?");
    ApplicationType "application_type" "Application type" Choice(&["custom", "hybrid", "cots"]), "" Least fixed
        Some("Is it written for you (custom), bought (cots), or bought and extended (hybrid)?");
    Role "role" "Role" Choice(&["server", "database", "application", "container", "network", "storage", "other"]), ""
        Least fixed None;
    Lifecycle "lifecycle" "Lifecycle" Choice(&["retired", "inactive", "planned", "active"]), "" Greatest open
        Some("Is it in use (active), ordered but not in use (planned), out of use (inactive) or retired?");
    Power "power" "Power state" Choice(&["off", "suspended", "on"]), "" Greatest open None;
    Environment "environment" "Environment" Choice(&["non_production", "recovery", "production"]), "" Greatest fixed
        Some("Is it production, disaster recovery (recovery) or anything else (non_production)?");
    Criticality "criticality" "Criticality" Choice(&["low", "medium", "high", "critical"]), "" Greatest open
        Some("How much depends on it: low, medium, high or critical?");
    OwnerKnown "owner_known" "Owner is known" Flag, "" Greatest open None;
    CpuPercent "cpu_percent" "Average CPU load" PERCENT, "%" Greatest open None;
    MemoryPercent "memory_percent" "Average memory load" PERCENT, "%" Greatest open None;
    ObservationDays "observation_days" "Observed days" number(0.0, 3650.0, 1.0), "days" Least open
        Some("Over how many days was its load measured?");
    ActiveUsers "active_users" "Active users" number(0.0, 10_000_000.0, 1.0), "" Greatest open
        Some("How many people or systems have used it in the last month?");
    MonthsToDecommission "months_to_decommission" "Months to its decommissioning" MONTHS, "months" Greatest open
        Some("In how many months will it be switched off, if that is decided?");
    HasDuplicate "has_duplicate" "Another system does the same" Flag, "" Least open
        Some("Does another system that stays do the same?");
    ResidencyRestricted "residency_restricted" "Must stay by law or contract" Flag, "" Greatest open
        Some("Does a law or contract forbid to move it or its data to the target?");
    MonthsToReplacement "months_to_replacement" "Months to its decided replacement" MONTHS, "months" Greatest open
        Some("In how many months does an already decided replacement take over, if there is one?");
    RecentlyUpgraded "recently_upgraded" "Upgraded in the last year" Flag, "" Greatest open
        Some("Was it replaced or upgraded as a whole within the last year?");
    DependsOnRetained "depends_on_retained" "Needs something that stays" Flag, "" Greatest open
        Some("Does it need something at close quarters (latency, shared disk) that stays where it is?");
    Platform "platform" "Platform" Choice(&["proprietary", "arm", "x86"]), "" Least open
        Some("Does it run on x86, ARM or a proprietary platform (mainframe, Power, SPARC, Itanium)?");
    ModernisationPlan "modernisation_plan" "Plan to leave the platform" Flag, "" Greatest open
        Some("Is there a funded plan to leave its proprietary platform?");
    IsVirtual "is_virtual" "Virtual" Flag, "" Least open None;
    Hypervisor "hypervisor" "Hypervisor" Choice(&["other", "vmware"]), "" Least fixed None;
    Target "target" "Target platform" Choice(&["cloud", "vmware"]), "" Least open
        Some("Is the target a cloud's own services (cloud) or a VMware platform (vmware)?");
    OsSupport "os_support" "Operating system support" SUPPORT, "" Least open
        Some("Is its operating system supported (supported, ends_soon, extended_only, ended)?");
    SoftwareSupport "software_support" "Software support" SUPPORT, "" Least open
        Some("Are its database, runtime and middleware supported (the worst of supported, ends_soon, extended_only, ended)?");
    DatabaseEngine "database_engine" "Database engine" Choice(&["none", "other", "managed_equivalent"]), "" Greatest open
        Some("Has it a database for which the target offers a managed service (managed_equivalent), another one (other) or none?");
    ContainerReady "container_ready" "Ready for containers" Flag, "" Least open
        Some("Does its runtime or middleware run in containers as it is?");
    SourceAvailable "source_available" "Source code is available" Flag, "" Least open
        Some("Do you have its source code and people who can change it?");
    ReleasesPerYear "releases_per_year" "Releases per year" number(0.0, 1000.0, 1.0), "" Greatest open
        Some("How often a year is it changed?");
    Dependencies "dependencies" "Dependencies" number(0.0, 100_000.0, 1.0), "" Sum open None;
    StorageGb "storage_gb" "Storage" number(0.0, 100_000_000.0, 1.0), "GiB" Sum open None;
    CpuCores "cpu_cores" "CPU cores" number(0.0, 1_000_000.0, 1.0), "" Sum open None;
    MemoryGb "memory_gb" "Memory" number(0.0, 10_000_000.0, 1.0), "GiB" Sum open None;
    Servers "servers" "Servers" number(1.0, 100_000.0, 1.0), "" Sum fixed None;
    StatedComplexity "stated_complexity" "Complexity stated by the source" Choice(&["low", "medium", "high"]), "" Greatest open
        None;
    SaasAvailable "saas_available" "Offered as a service" Flag, "" Least open
        Some("Does its maker or a competitor offer it as a service?");
    MonthsToLicenceEnd "months_to_licence_end" "Months to the end of its licence" MONTHS, "months" Least open
        Some("In how many months does its licence or maintenance contract end?");
    Customisation "customisation" "Customisation" Choice(&["low", "medium", "high"]), "" Greatest open
        Some("How much was the product changed for you: low, medium or high?");
    MonthlyCost "monthly_cost" "Monthly cost" number(0.0, 100_000_000.0, 1.0), "a month" Sum open
        Some("What does it cost a month today?");
    CloudCost "cloud_cost" "Monthly cost at the target" number(0.0, 100_000_000.0, 1.0), "a month" Sum open None;
    MonthsToExit "months_to_exit" "Months to the exit date" MONTHS, "months" Least open
        Some("In how many months must the present site or contract be left?");
    Regulated "regulated" "Regulated data" Flag, "" Greatest open
        Some("Does it hold personal, health, payment or otherwise regulated data?");
}
