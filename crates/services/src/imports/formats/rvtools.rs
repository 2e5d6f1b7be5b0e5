//! RVTools: what vCenter knows about its virtual machines. One row of vInfo is one machine; other tabs add to it.
//!
//! Versions before 4.0 write MB and vCenter UUID where later ones write MiB and VI SDK UUID. The numbers did not change:
//! they always counted in 1,024s. Some versions write machine names as headers (`vInfoVMName`). Custom attributes of
//! vCenter stand among the columns; they are not known here and stay custom.

mod columns;
mod hosts;
mod tabs;

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use self::columns::COLUMNS;
use self::hosts::{host_values, is_host};
use self::tabs::Tabs;
use super::cells::{attached, cell, list, percent_in, said, yes};
use super::facts::{named_cards, named_disks};
use super::fingerprint::Fingerprint;
use super::numbers::whole_size_in_gib;
use super::{
    DerivedValue, DiskFact, Format, Headers, IdentityFact, Joined, KnownColumn, Metric, MetricFact,
    NetworkFact, Recognised, Row, RowRole,
};
use crate::cleansing::SourceUnit;

/// RVTools 3.x and 4.x.
pub(super) struct RvTools;

const NAME: &[&str] = &["VM", "vInfoVMName"];
const HOST: &[&str] = &["Host", "vInfoHost", "vHostName"];

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[
        &["VM", "vInfoVMName"],
        &["Powerstate", "vInfoPowerstate"],
        &["CPUs", "vInfoCPUs"],
        &["Memory", "vInfoMemory"],
    ],
    some: &[
        "OS according to the VMware Tools",
        "OS according to the configuration file",
        "VI SDK UUID",
        "VI SDK Server",
        "Provisioned MiB",
        "Provisioned MB",
        "In Use MiB",
        "In Use MB",
        "SRM Placeholder",
        "VM UUID",
        "Resource pool",
        "vInfoOSTools",
        "vInfoOS",
        "vInfoProvisioned",
        "vInfoVISDKServer",
        "vInfoDataCenter",
        "vInfoCluster",
    ],
    least: 2,
};

/// Rows that are left out unless they are included.
fn left_out(row: &Row, include: &BTreeSet<String>) -> Option<RowRole> {
    let name = cell(row, NAME).unwrap_or_default();
    let is = |names: &[&str]| yes(row, names) == Some(true);
    let kinds = [
        ("templates", is(&["Template", "vInfoTemplate"]), "is a template"),
        (
            "placeholders",
            is(&["SRM Placeholder", "vInfoSRMPlaceHolder", "vInfoSRMPlaceholder"]),
            "is a placeholder of Site Recovery Manager",
        ),
        (
            "vcls",
            name.starts_with("vCLS-") || name.starts_with("vCLS ("),
            "belongs to vSphere Cluster Services",
        ),
    ];
    let (code, _, what) = kinds
        .into_iter()
        .find(|(code, is, _)| *is && !include.contains(*code))?;
    Some(RowRole::skipped(
        code,
        format!("'{name}' {what}; include '{code}' to have it"),
    ))
}

/// Whether the row is made of side tabs alone.
fn is_supplement(row: &Row) -> bool {
    row.values().any(serde_json::Value::is_array)
        && cell(row, &["Powerstate", "vInfoPowerstate", "CPUs", "vInfoCPUs"]).is_none()
}

/// The vCenter within which ids of machines are unique; empty where the row does not name it.
fn vcenter(row: &Row) -> String {
    said(
        row,
        &[
            "VI SDK UUID",
            "vCenter UUID",
            "vInfoVISDKUUID",
            "VI SDK Server",
            "vInfoVISDKServer",
        ],
    )
    .unwrap_or_default()
    .to_lowercase()
}

impl Format for RvTools {
    fn id(&self) -> &'static str {
        "rvtools"
    }

    fn label(&self) -> &'static str {
        "RVTools"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        let old = ["Provisioned MB", "In Use MB", "vCenter UUID", "disk.EnableUUID"]
            .iter()
            .any(|header| headers.has(header));
        let new = ["Provisioned MiB", "In Use MiB", "vInfoProvisioned"]
            .iter()
            .any(|header| headers.has(header));
        let version = if old { Some("3.x") } else { new.then_some("4.x") };
        FINGERPRINT.recognise(self, version, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, include: &BTreeSet<String>) -> RowRole {
        if is_host(row) {
            return if include.contains("hosts") {
                RowRole::asset(AssetType::Server)
            } else {
                RowRole::skipped("hosts", "the row is a host; include 'hosts' to have it")
            };
        }
        if is_supplement(row) {
            return RowRole::Supplement;
        }
        if cell(row, NAME).is_none() && said(row, &["VM UUID", "vInfoUUID", "VM ID"]).is_none() {
            return RowRole::skipped("no_name", "the row names no virtual machine");
        }
        left_out(row, include).unwrap_or(RowRole::asset(AssetType::VirtualMachine))
    }

    fn identities(&self, row: &Row) -> Vec<IdentityFact> {
        if is_host(row) {
            let serial = said(
                row,
                &[
                    "Serial number",
                    "vHostSerialNumber",
                    "Service tag",
                    "vHostServiceTag",
                ],
            );
            return serial
                .map(|serial| IdentityFact::new("serial_number", serial))
                .into_iter()
                .collect();
        }
        let uuid = said(row, &["VM UUID", "vInfoUUID", "UUID"]);
        let id = said(row, &["VM ID", "vInfoVMID", "vInfoObjectID", "Object ID"]);
        let source_id = match (id, &uuid) {
            (Some(id), _) => Some(format!("{id}@{}", vcenter(row))),
            (None, Some(uuid)) => Some(uuid.to_lowercase()),
            (None, None) => None,
        };
        let system = said(row, &["SMBIOS UUID", "vInfoSMBIOSUUID"]).or(uuid);
        let source_id = source_id.map(|id| IdentityFact::new("source_id", id));
        source_id
            .into_iter()
            .chain(system.map(|uuid| IdentityFact::new("system_uuid", uuid)))
            .collect()
    }

    fn scope(&self, row: &Row) -> Option<String> {
        said(row, HOST)
            .or_else(|| said(row, &["Cluster", "vInfoCluster"]))
            .map(std::borrow::Cow::into_owned)
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        if is_host(row) {
            return host_values(row);
        }
        let mut values = vec![DerivedValue::new("is_virtual", "true")];
        let processors = attached(row, "vCPU").next();
        if let Some(sockets) = processors.and_then(|tab| said(tab, &["Sockets", "vCPUSockets"])) {
            values.push(DerivedValue::new("cpu_sockets", sockets));
        }
        let cards = self.networks(row);
        if let Some(address) = cards.iter().find_map(|card| card.ip_addresses.first()) {
            values.push(DerivedValue::new("ip_address", address.as_str()));
        }
        if let Some(mac) = cards.iter().find_map(|card| card.mac_address.clone()) {
            values.push(DerivedValue::new("mac_address", mac));
        }
        let disks = self.disks(row);
        let sum = |partition: bool, size: fn(&DiskFact) -> Option<f64>| -> f64 {
            disks
                .iter()
                .filter(|disk| disk.is_partition == partition)
                .filter_map(size)
                .sum()
        };
        let capacity = sum(false, |disk| disk.capacity_gib);
        if capacity > 0.0 {
            values.push(DerivedValue::with_unit("storage_gb", capacity, SourceUnit::Gib));
        }
        let used = sum(true, |disk| disk.used_gib);
        if used > 0.0 {
            values.push(DerivedValue::with_unit("storage_used_gb", used, SourceUnit::Gib));
        }
        values
    }

    fn disks(&self, row: &Row) -> Vec<DiskFact> {
        let size = |tab: &Row, names: &[&str]| {
            cell(tab, names).and_then(|text| whole_size_in_gib(&text, SourceUnit::Mib))
        };
        let text = |tab: &Row, names: &[&str]| said(tab, names).map(std::borrow::Cow::into_owned);
        let disks = attached(row, "vDisk").map(|tab| DiskFact {
            label: text(tab, &["Disk", "vDiskName"]).unwrap_or_default(),
            capacity_gib: size(tab, &["Capacity MiB", "Capacity MB", "vDiskCapacityMiB"]),
            used_gib: None,
            kind: text(tab, &["Disk Mode", "vDiskDiskMode"]),
            is_partition: false,
        });
        let partitions = attached(row, "vPartition").map(|tab| DiskFact {
            label: text(tab, &["Disk", "vPartitionDisk"]).unwrap_or_default(),
            capacity_gib: size(tab, &["Capacity MiB", "Capacity MB", "vPartitionCapacityMiB"]),
            used_gib: size(tab, &["Consumed MiB", "Consumed MB", "vPartitionConsumedMiB"]),
            kind: None,
            is_partition: true,
        });
        named_disks(disks.chain(partitions))
    }

    fn networks(&self, row: &Row) -> Vec<NetworkFact> {
        let text = |tab: &Row, names: &[&str]| said(tab, names).map(std::borrow::Cow::into_owned);
        let cards: Vec<NetworkFact> = attached(row, "vNetwork")
            .map(|tab| NetworkFact {
                label: text(tab, &["NIC label", "vNetworkNICLabel", "vNetworkLabel"]).unwrap_or_default(),
                network: text(tab, &["Network", "vNetworkName"]),
                mac_address: text(tab, &["Mac Address", "MAC Address", "vNetworkMacAddress"]),
                ip_addresses: list(
                    tab,
                    &["IPv4 Address", "IP Address", "vNetworkIPAddress"],
                    &[',', ';', ' '],
                )
                .into_iter()
                .chain(list(tab, &["IPv6 Address"], &[',', ';', ' ']))
                .collect(),
                connected: yes(tab, &["Connected", "vNetworkConnected"]),
            })
            .collect();
        if !cards.is_empty() {
            return named_cards(cards);
        }
        let address = said(row, &["Primary IP Address", "vInfoPrimaryIPAddress"]);
        let mut names = (1..=8).filter_map(|number| {
            said(
                row,
                &[&format!("Network #{number}"), &format!("vInfoNetwork{number}")],
            )
            .map(|network| NetworkFact {
                label: format!("Network #{number}"),
                network: Some(network.into_owned()),
                ..NetworkFact::default()
            })
        });
        let first = names
            .next()
            .or_else(|| address.is_some().then(NetworkFact::default));
        let first = first.map(|card| NetworkFact {
            ip_addresses: address.map(|a| vec![a.into_owned()]).unwrap_or_default(),
            ..card
        });
        named_cards(first.into_iter().chain(names))
    }

    fn metrics(&self, row: &Row) -> Vec<MetricFact> {
        let percents = [
            (
                Metric::CpuUtilizationPercent,
                percent_in(row, &["CPU Usage %", "CPU usage %", "vHostOverallCpuUsage"]),
            ),
            (
                Metric::MemoryUtilizationPercent,
                percent_in(
                    row,
                    &["Memory Usage %", "Memory usage %", "vHostOverallMemoryUsage"],
                ),
            ),
        ];
        percents
            .into_iter()
            .filter_map(|(metric, value)| MetricFact::of(metric, value, None))
            .collect()
    }

    fn joined(&self) -> Option<&'static dyn Joined> {
        Some(&Tabs)
    }
}

#[cfg(test)]
#[path = "rvtools/tests.rs"]
mod tests;
