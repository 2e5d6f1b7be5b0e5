//! How sure a size is: the share of the data points that sizing by utilization needs and that were there.
//!
//! Source: Azure Migrate (Microsoft, 2018), "Confidence rating": 0–20 % one star, 21–40 % two, 41–60 % three, 61–80 % four,
//! 81–100 % five. Needed are processor and memory utilization, four metrics per disk and two per network adapter.

use super::machine::{Machine, Metric};
use super::rightsize::Options;
use serde::{Deserialize, Serialize};

/// Parts of a data point: one that covers half of the time that was asked for counts half.
const PARTS: u32 = 1_000;

/// Data points of a machine, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPoints {
    /// Those that were there.
    pub available: u32,
    /// Those that were needed.
    pub needed: u32,
}

/// Metrics per disk.
const OF_DISKS: [Metric; 4] = [
    Metric::DiskReadOps,
    Metric::DiskWriteOps,
    Metric::DiskReadMbPerSecond,
    Metric::DiskWriteMbPerSecond,
];
/// Metrics per network adapter.
const OF_NICS: [Metric; 2] = [Metric::NetworkInMbps, Metric::NetworkOutMbps];

impl DataPoints {
    /// The data points of a machine. Measurements are of the whole machine: one of a disk metric stands for all disks. A
    /// machine whose disks or adapters are not known has at least one of each.
    pub fn of(machine: &Machine, options: &Options) -> Self {
        let disks = u32::try_from(machine.disks.len())
            .unwrap_or(u32::MAX)
            .clamp(1, 10_000);
        let nics = machine.nics.clamp(1, 10_000);
        let mut points = Self::default();
        let mut need = |metric: Metric, times: u32| {
            points.needed += PARTS * times;
            points.available += availability(machine, metric, options) * times;
        };
        need(Metric::CpuPercent, 1);
        need(Metric::MemoryPercent, 1);
        for metric in OF_DISKS {
            need(metric, disks);
        }
        for metric in OF_NICS {
            need(metric, nics);
        }
        points
    }

    /// The points of both: for the rating of a group.
    pub fn and(self, other: Self) -> Self {
        Self {
            available: self.available.saturating_add(other.available),
            needed: self.needed.saturating_add(other.needed),
        }
    }

    /// The share that was there in percent, halves rounded up.
    pub fn percent(self) -> u8 {
        let (available, needed) = (u64::from(self.available), u64::from(self.needed));
        let percent = (available * 200 + needed).checked_div(needed * 2).unwrap_or(0);
        u8::try_from(percent.min(100)).unwrap_or(100)
    }
}

/// How much of the wanted time a metric covers, in thousandths. One that does not say counts as whole.
fn availability(machine: &Machine, metric: Metric, options: &Options) -> u32 {
    let Some(measured) = machine.measured(metric) else {
        return 0;
    };
    let values = [measured.average, measured.p50, measured.p95, measured.maximum];
    if values.iter().all(Option::is_none) {
        return 0;
    }
    let wanted = f64::from(options.performance_days.max(1));
    let share = measured.days.map_or(1.0, |days| (days / wanted).clamp(0.0, 1.0));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the share lies between 0 and 1"
    )]
    let parts = (share * f64::from(PARTS)).round() as u32;
    parts
}

/// The stars of a percentage of data points.
pub const fn stars(percent: u8) -> u8 {
    match percent {
        0..=20 => 1,
        21..=40 => 2,
        41..=60 => 3,
        61..=80 => 4,
        _ => 5,
    }
}
