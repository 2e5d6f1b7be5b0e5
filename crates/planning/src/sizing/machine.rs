//! What is known of a machine that is to be sized.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A machine: nameplate, guest system and measured load.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Machine {
    /// Virtual or physical processor cores.
    pub cores: Option<u32>,
    /// Memory in GiB.
    pub memory_gib: Option<f64>,
    /// Its disks.
    pub disks: Vec<Disk>,
    /// Network adapters.
    pub nics: u32,
    /// `BIOS` or `UEFI`.
    pub boot_type: Option<String>,
    /// Processor architecture, such as `x64`.
    pub architecture: Option<String>,
    /// Text of the guest system as in the inventory.
    pub operating_system: Option<String>,
    /// Last day of the guest system's support, if it is over or ends.
    pub os_support_ends: Option<NaiveDate>,
    /// The load that was measured.
    pub measured: Vec<Measured>,
}

/// A disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Disk {
    /// Its name.
    pub label: String,
    /// Size in GiB.
    pub size_gib: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Processor load, percent of all cores.
    CpuPercent,
    /// Memory in use, percent of all.
    MemoryPercent,
    /// Disk reads per second.
    DiskReadOps,
    /// Disk writes per second.
    DiskWriteOps,
    /// Megabytes read per second.
    DiskReadMbPerSecond,
    /// Megabytes written per second.
    DiskWriteMbPerSecond,
    /// Megabits received per second.
    NetworkInMbps,
    /// Megabits sent per second.
    NetworkOutMbps,
}

/// A measurement of the whole machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// What was measured.
    pub metric: Metric,
    /// Mean.
    pub average: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// Greatest value.
    pub maximum: Option<f64>,
    /// How many days it covers, where known.
    pub days: Option<f64>,
}

/// Kind of guest system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OsFamily {
    /// Windows.
    Windows,
    /// A Linux distribution.
    Linux,
    /// Something that boots on the usual processors, without support of the target: BSD, Solaris on x86, macOS.
    Unsupported,
    /// Something for other processors: AIX, HP-UX, z/OS.
    Incompatible,
    /// Not recognised.
    Unknown,
}

/// Words in the name of a guest system, and what they mean; the first that is found counts.
const FAMILIES: &[(&str, OsFamily)] = &[
    ("aix", OsFamily::Incompatible),
    ("hp-ux", OsFamily::Incompatible),
    ("hpux", OsFamily::Incompatible),
    ("z/os", OsFamily::Incompatible),
    ("z/vm", OsFamily::Incompatible),
    ("os/400", OsFamily::Incompatible),
    ("ibm i", OsFamily::Incompatible),
    ("openvms", OsFamily::Incompatible),
    ("tru64", OsFamily::Incompatible),
    ("sparc", OsFamily::Incompatible),
    ("solaris", OsFamily::Unsupported),
    ("sunos", OsFamily::Unsupported),
    ("bsd", OsFamily::Unsupported),
    ("macos", OsFamily::Unsupported),
    ("mac os", OsFamily::Unsupported),
    ("darwin", OsFamily::Unsupported),
    ("netware", OsFamily::Unsupported),
    ("os/2", OsFamily::Unsupported),
    ("esxi", OsFamily::Unsupported),
    ("windows", OsFamily::Windows),
    ("linux", OsFamily::Linux),
    ("ubuntu", OsFamily::Linux),
    ("debian", OsFamily::Linux),
    ("centos", OsFamily::Linux),
    ("red hat", OsFamily::Linux),
    ("redhat", OsFamily::Linux),
    ("rhel", OsFamily::Linux),
    ("suse", OsFamily::Linux),
    ("sles", OsFamily::Linux),
    ("fedora", OsFamily::Linux),
    ("rocky", OsFamily::Linux),
    ("coreos", OsFamily::Linux),
    ("photon", OsFamily::Linux),
];

impl OsFamily {
    /// The family that a text names.
    pub fn of(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default().to_lowercase();
        FAMILIES
            .iter()
            .find(|(word, _)| text.contains(word))
            .map_or(Self::Unknown, |(_, family)| *family)
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Linux => "linux",
            Self::Unsupported => "unsupported",
            Self::Incompatible => "incompatible",
            Self::Unknown => "unknown",
        }
    }
}

impl Machine {
    /// The measurement of a metric, if there is one.
    pub(super) fn measured(&self, metric: Metric) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.metric == metric)
    }

    /// Kind of its guest system.
    pub fn os_family(&self) -> OsFamily {
        OsFamily::of(self.operating_system.as_deref())
    }
}
