//! Whether a machine can run on the target, and what stands in the way.
//!
//! Source of the rules: Azure Migrate (Microsoft, 2018), "Azure suitability analysis". The limits are those of the
//! catalogue's greatest size and volume instead of fixed numbers.

use super::catalogue::PriceCatalogue;
use super::machine::{Machine, OsFamily};
use super::rightsize::Demand;
use serde::{Deserialize, Serialize};

/// Whether a machine can run on the target; later is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// As it is.
    Ready,
    /// Yes, but something should be done about it first.
    ReadyWithConditions,
    /// Nobody can say: facts are missing.
    Unknown,
    /// No.
    NotReady,
}

impl Readiness {
    /// Every value, the best first.
    pub const ALL: [Self; 4] = [
        Self::Ready,
        Self::ReadyWithConditions,
        Self::Unknown,
        Self::NotReady,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::ReadyWithConditions => "ready_with_conditions",
            Self::Unknown => "unknown",
            Self::NotReady => "not_ready",
        }
    }

    /// Whether a size is looked for.
    pub(super) const fn can_be_sized(self) -> bool {
        !matches!(self, Self::NotReady)
    }
}

/// Something that makes a machine less than ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule, one word.
    pub rule: String,
    /// What it makes of the machine.
    pub readiness: Readiness,
    /// What is the matter and what can be done.
    pub message: String,
}

impl Reason {
    pub(super) fn new(rule: &str, readiness: Readiness, message: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            readiness,
            message: message.into(),
        }
    }
}

/// The worst of the reasons; ready without any.
pub(super) fn verdict(reasons: &[Reason]) -> Readiness {
    reasons
        .iter()
        .map(|reason| reason.readiness)
        .max()
        .unwrap_or(Readiness::Ready)
}

/// Every reason, in the order of the rules.
pub(super) fn reasons(machine: &Machine, demand: &Demand, catalogue: &PriceCatalogue) -> Vec<Reason> {
    let mut reasons = Vec::new();
    reasons.extend(boot_type(machine, catalogue));
    reasons.extend(architecture(machine, catalogue));
    reasons.extend(cores(demand, catalogue));
    reasons.extend(memory(demand, catalogue));
    reasons.extend(disks(machine, catalogue));
    reasons.extend(nics(machine, catalogue));
    reasons.extend(operating_system(machine));
    reasons
}

fn listed(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn boot_type(machine: &Machine, catalogue: &PriceCatalogue) -> Option<Reason> {
    let platform = &catalogue.platform;
    let boot_type = machine.boot_type.as_deref()?;
    if listed(&platform.conditional_boot_types, boot_type) {
        let message = format!(
            "it boots by {boot_type}, which the target supports for some systems only: convert it, or test it"
        );
        Some(Reason::new("boot_type", Readiness::ReadyWithConditions, message))
    } else if platform.boot_types.is_empty() || listed(&platform.boot_types, boot_type) {
        None
    } else {
        let message = format!("it boots by {boot_type}, which the target does not: convert it");
        Some(Reason::new("boot_type", Readiness::NotReady, message))
    }
}

fn architecture(machine: &Machine, catalogue: &PriceCatalogue) -> Option<Reason> {
    let platform = &catalogue.platform;
    let architecture = machine.architecture.as_deref()?;
    if listed(&platform.conditional_architectures, architecture) {
        let message = format!("its system is for {architecture}: upgrade it to 64 bits before moving");
        Some(Reason::new(
            "architecture",
            Readiness::ReadyWithConditions,
            message,
        ))
    } else if platform.architectures.is_empty() || listed(&platform.architectures, architecture) {
        None
    } else {
        let message =
            format!("its system is for {architecture}, which the target does not have: port it or keep it");
        Some(Reason::new("architecture", Readiness::NotReady, message))
    }
}

fn cores(demand: &Demand, catalogue: &PriceCatalogue) -> Option<Reason> {
    let Some(cores) = demand.cores else {
        let message = "the number of its cores is not known: add it to the inventory";
        return Some(Reason::new("cores", Readiness::Unknown, message));
    };
    let most = catalogue.sizes.iter().map(|size| size.vcpus).max().unwrap_or(0);
    (cores > f64::from(most)).then(|| {
        let message = format!("it needs {cores:.2} cores; the greatest size has {most}");
        Reason::new("cores", Readiness::NotReady, message)
    })
}

fn memory(demand: &Demand, catalogue: &PriceCatalogue) -> Option<Reason> {
    let Some(memory) = demand.memory_gib else {
        let message = "its memory is not known: add it to the inventory";
        return Some(Reason::new("memory", Readiness::Unknown, message));
    };
    let most = catalogue
        .sizes
        .iter()
        .map(|size| size.memory_gib)
        .fold(0.0, f64::max);
    (memory > most).then(|| {
        let message = format!("it needs {memory:.2} GiB of memory; the greatest size has {most} GiB");
        Reason::new("memory", Readiness::NotReady, message)
    })
}

fn disks(machine: &Machine, catalogue: &PriceCatalogue) -> Vec<Reason> {
    let mut reasons = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "no volume holds 2^52 GiB")]
    let largest = catalogue
        .volumes
        .iter()
        .map(|volume| volume.max_gib)
        .max()
        .unwrap_or(0) as f64;
    for disk in machine.disks.iter().filter(|disk| disk.size_gib > largest) {
        let message = format!(
            "its disk '{}' has {:.0} GiB; the greatest volume has {largest} GiB: split it",
            disk.label, disk.size_gib
        );
        reasons.push(Reason::new("disk_size", Readiness::NotReady, message));
    }
    let most = catalogue
        .sizes
        .iter()
        .map(|size| size.max_disks)
        .max()
        .unwrap_or(0);
    if machine.disks.len() > most as usize {
        let message = format!(
            "it has {} disks; no size takes more than {most}: join some",
            machine.disks.len()
        );
        reasons.push(Reason::new("disk_count", Readiness::NotReady, message));
    }
    reasons
}

fn nics(machine: &Machine, catalogue: &PriceCatalogue) -> Option<Reason> {
    let most = catalogue
        .sizes
        .iter()
        .map(|size| size.max_nics)
        .max()
        .unwrap_or(0);
    (machine.nics > most).then(|| {
        let message = format!(
            "it has {} network adapters; no size takes more than {most}",
            machine.nics
        );
        Reason::new("nic_count", Readiness::NotReady, message)
    })
}

fn operating_system(machine: &Machine) -> Option<Reason> {
    let text = machine.operating_system.as_deref().unwrap_or_default().trim();
    match machine.os_family() {
        OsFamily::Windows | OsFamily::Linux => machine.os_support_ends.map(|day| {
            let message = format!("the support of {text} ends or has ended on {day}: upgrade it before or together with the move");
            Reason::new("os_support", Readiness::ReadyWithConditions, message)
        }),
        OsFamily::Unsupported => {
            let message = format!("{text} may boot on the target, which gives no support for it");
            Some(Reason::new("os_support", Readiness::ReadyWithConditions, message))
        }
        OsFamily::Incompatible => {
            let message = format!("{text} runs on processors that the target does not have: port what it runs, or keep it");
            Some(Reason::new("os_support", Readiness::NotReady, message))
        }
        OsFamily::Unknown => {
            let message = if text.is_empty() {
                "its operating system is not known: add it to the inventory".to_owned()
            } else {
                format!("the operating system '{text}' was not recognised: correct it in the inventory")
            };
            Some(Reason::new("os_support", Readiness::Unknown, message))
        }
    }
}
