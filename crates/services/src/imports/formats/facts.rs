//! What a row says beside the fields of its asset.

use std::collections::HashMap;

use landfall_domain::AssetType;
use serde::Serialize;

use crate::cleansing::SourceUnit;

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowRole {
    /// An asset; its type, where the format knows.
    Asset {
        /// The type.
        asset_type: Option<AssetType>,
    },
    /// Facts about an asset of another file, found by its identities; makes no asset.
    Supplement,
    /// One or more dependencies and no asset.
    Dependency,
    /// Left out.
    Skipped {
        /// Stable word for programs; the plural noun to include, where there is one.
        reason_code: &'static str,
        /// Sentence for a person.
        reason: String,
    },
}

impl RowRole {
    /// An asset of this type.
    pub(super) const fn asset(asset_type: AssetType) -> Self {
        Self::Asset {
            asset_type: Some(asset_type),
        }
    }

    /// Left out, because nothing of it is usable.
    pub(super) fn skipped(reason_code: &'static str, reason: impl Into<String>) -> Self {
        Self::Skipped {
            reason_code,
            reason: reason.into(),
        }
    }
}

/// A value by which an asset is known again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdentityFact {
    /// The field that holds it: `source_id`, `serial_number`, `system_uuid`, `fqdn`.
    pub kind: &'static str,
    /// The value, unique within its kind and source.
    pub value: String,
}

impl IdentityFact {
    pub(super) fn new(kind: &'static str, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: value.into(),
        }
    }
}

/// A value of a field that no single column holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DerivedValue {
    /// The field.
    pub field: &'static str,
    /// The value as text.
    pub value: String,
    /// Unit of the value, where it has one.
    pub unit: Option<SourceUnit>,
}

impl DerivedValue {
    pub(super) fn new(field: &'static str, value: impl Into<String>) -> Self {
        Self {
            field,
            value: value.into(),
            unit: None,
        }
    }

    pub(super) fn with_unit(field: &'static str, value: f64, unit: SourceUnit) -> Self {
        Self {
            field,
            value: value.to_string(),
            unit: Some(unit),
        }
    }
}

/// A disk or partition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DiskFact {
    /// Its name, unique among the disks or the partitions of the row.
    pub label: String,
    /// Its size in GiB.
    pub capacity_gib: Option<f64>,
    /// Used part in GiB.
    pub used_gib: Option<f64>,
    /// Technology or mode, as the source says.
    pub kind: Option<String>,
    /// Whether it is a partition of a disk that is listed as well, so that sizes are not to be added.
    pub is_partition: bool,
}

/// A network card or address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NetworkFact {
    /// Its name, or an address where it has none; unique within the row.
    pub label: String,
    /// Network or port group.
    pub network: Option<String>,
    /// MAC address as the source says.
    pub mac_address: Option<String>,
    /// IP addresses as the source says.
    pub ip_addresses: Vec<String>,
    /// Whether it is connected.
    pub connected: Option<bool>,
}

/// Disks and partitions with names that tell them apart.
pub(super) fn named_disks(disks: impl IntoIterator<Item = DiskFact>) -> Vec<DiskFact> {
    let mut seen = HashMap::new();
    let named = disks.into_iter().map(|mut disk| {
        let name = if disk.label.is_empty() {
            "Disk".to_owned()
        } else {
            disk.label
        };
        disk.label = numbered(name, disk.is_partition, &mut seen);
        disk
    });
    named.collect()
}

/// Network cards with names that tell them apart: their own, else the MAC address, else the first IP address, else the
/// network.
pub(super) fn named_cards(cards: impl IntoIterator<Item = NetworkFact>) -> Vec<NetworkFact> {
    let mut seen = HashMap::new();
    let named = cards
        .into_iter()
        .filter(|card| *card != NetworkFact::default())
        .map(|mut card| {
            let own = Some(card.label).filter(|label| !label.is_empty());
            let address = || {
                card.mac_address
                    .clone()
                    .or_else(|| card.ip_addresses.first().cloned())
            };
            let name = own
                .or_else(address)
                .or_else(|| card.network.clone())
                .unwrap_or_default();
            card.label = numbered(name, false, &mut seen);
            card
        });
    named.collect()
}

/// The name, with a number behind it from the second time on.
fn numbered(name: String, group: bool, seen: &mut HashMap<(bool, String), u32>) -> String {
    let count = seen.entry((group, name.clone())).or_default();
    *count += 1;
    if *count == 1 {
        name
    } else {
        format!("{name} ({count})")
    }
}

/// What is measured, each in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Processor load in percent.
    CpuUtilizationPercent,
    /// Memory in use in percent.
    MemoryUtilizationPercent,
    /// Memory in use in GiB.
    MemoryUsedGib,
    /// Disk reads per second.
    DiskReadOps,
    /// Disk writes per second.
    DiskWriteOps,
    /// Disk reads in MB per second.
    DiskReadMbPerSecond,
    /// Disk writes in MB per second.
    DiskWriteMbPerSecond,
    /// Received in megabits per second.
    NetworkInMbps,
    /// Sent in megabits per second.
    NetworkOutMbps,
}

impl Metric {
    /// Its name as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CpuUtilizationPercent => "cpu_utilization_percent",
            Self::MemoryUtilizationPercent => "memory_utilization_percent",
            Self::MemoryUsedGib => "memory_used_gib",
            Self::DiskReadOps => "disk_read_ops",
            Self::DiskWriteOps => "disk_write_ops",
            Self::DiskReadMbPerSecond => "disk_read_mb_per_second",
            Self::DiskWriteMbPerSecond => "disk_write_mb_per_second",
            Self::NetworkInMbps => "network_in_mbps",
            Self::NetworkOutMbps => "network_out_mbps",
        }
    }
}

/// A measurement over a time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricFact {
    /// What was measured.
    pub metric: Metric,
    /// Mean.
    pub average: Option<f64>,
    /// Greatest value.
    pub maximum: Option<f64>,
    /// 95th percentile, nearest rank.
    pub p95: Option<f64>,
    /// Number of samples, where known.
    pub samples: Option<u64>,
    /// First time measured, as the source says.
    pub from: Option<String>,
    /// Last time measured, as the source says.
    pub to: Option<String>,
}

impl MetricFact {
    /// A mean and a peak; none if neither is known.
    pub(super) fn of(metric: Metric, average: Option<f64>, maximum: Option<f64>) -> Option<Self> {
        average.or(maximum)?;
        Some(Self {
            metric,
            average,
            maximum,
            p95: None,
            samples: None,
            from: None,
            to: None,
        })
    }
}

/// That one thing needs another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependencyFact {
    /// Name or address of what needs; for a row that is an asset, its name.
    pub from: String,
    /// Name or address of what is needed.
    pub to: String,
    /// `network`, `application`, `database`, `storage` or `hosting`.
    pub kind: &'static str,
    /// Port at the needed side.
    pub port: Option<u16>,
    /// Protocol, where the source says.
    pub protocol: Option<String>,
    /// Process at the needed side.
    pub process: Option<String>,
    /// How often it was observed; 1 for a statement.
    pub weight: u32,
    /// Whether it was stated, rather than observed.
    pub hard: bool,
}

impl DependencyFact {
    /// A dependency that somebody stated.
    pub(super) fn stated(from: impl Into<String>, to: impl Into<String>, kind: &'static str) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
            kind,
            port: None,
            protocol: None,
            process: None,
            weight: 1,
            hard: true,
        }
    }
}

/// Ports that databases listen on by default, as assigned by IANA or their vendors.
const DATABASE_PORTS: [u16; 13] = [
    1433, 1434, 1521, 3306, 5432, 6379, 7000, 9042, 9200, 11_211, 27_017, 30_015, 50_000,
];
/// Ports of file services.
const STORAGE_PORTS: [u16; 5] = [111, 139, 445, 2049, 3260];

/// The kind of a connection to this port.
pub fn dependency_kind(port: Option<u16>) -> &'static str {
    match port {
        Some(port) if DATABASE_PORTS.contains(&port) => "database",
        Some(port) if STORAGE_PORTS.contains(&port) => "storage",
        _ => "network",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_and_disks_get_names_that_tell_them_apart() {
        let card = |label: &str, mac: Option<&str>| NetworkFact {
            label: label.to_owned(),
            mac_address: mac.map(str::to_owned),
            ..NetworkFact::default()
        };
        let cards = named_cards([
            card("", Some("00:11")),
            card("eth0", None),
            card("eth0", None),
            NetworkFact::default(),
        ]);
        let labels: Vec<&str> = cards.iter().map(|card| card.label.as_str()).collect();
        assert_eq!(labels, ["00:11", "eth0", "eth0 (2)"]);
        let disk = |label: &str, is_partition| DiskFact {
            label: label.to_owned(),
            is_partition,
            ..DiskFact::default()
        };
        let disks = named_disks([
            disk("C:", false),
            disk("C:", true),
            disk("", false),
            disk("", false),
        ]);
        let labels: Vec<&str> = disks.iter().map(|disk| disk.label.as_str()).collect();
        assert_eq!(labels, ["C:", "C:", "Disk", "Disk (2)"]);
    }
}
