//! The tables of Google Cloud Migration Center: machines, and beside them their disks, tags and samples of their load.

mod samples;
mod tables;

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use self::tables::Tables;
use super::cells::{attached, cell, list, number_in, said, size_in, yes};
use super::facts::{named_cards, named_disks};
use super::fingerprint::Fingerprint;
use super::{
    DerivedValue, DiskFact, Format, Headers, Joined, KnownColumn, Metric, MetricFact, NetworkFact,
    Recognised, Row, RowRole,
};
use crate::cleansing::SourceUnit::{self, Gib};

/// Google Cloud Migration Center.
pub(super) struct GoogleMigrationCenter;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[&["MachineId"], &["MachineName"]],
    some: &[
        "AllocatedProcessorCoreCount",
        "MemoryGiB",
        "TotalDiskAllocatedGiB",
        "HostingLocation",
        "IsPhysical",
        "MachineTypeLabel",
        "OsName",
    ],
    least: 2,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("machineid", "source_id"),
    KnownColumn::field("machinename", "name"),
    KnownColumn::field("primaryipaddress", "ip_address"),
    KnownColumn::field("primarymacaddress", "mac_address"),
    KnownColumn::field("totaldiskallocatedgib", "storage_gb").unit(Gib),
    KnownColumn::field("totaldiskusedgib", "storage_used_gb").unit(Gib),
    KnownColumn::field("allocatedprocessorcorecount", "cpu_cores"),
    KnownColumn::field("memorygib", "memory_gb").unit(Gib),
    KnownColumn::field("hostinglocation", "location"),
    KnownColumn::field("osname", "operating_system"),
    KnownColumn::field("ostype", "operating_system").priority(1),
    KnownColumn::field("osversion", "os_version"),
    KnownColumn::field("machinestatus", "power_state"),
    KnownColumn::facts("publicipaddress", "networks"),
    KnownColumn::facts("ipaddresslistsemicolondelimited", "networks"),
    KnownColumn::facts("isphysical", "role"),
];

/// What the columns of samples measure, and how many of the metric's unit one of theirs is.
const MEASURED: [(&str, Metric, f64); 7] = [
    ("CpuUtilizationPercentage", Metric::CpuUtilizationPercent, 1.0),
    (
        "MemoryUtilizationPercentage",
        Metric::MemoryUtilizationPercent,
        1.0,
    ),
    (
        "UtilizedMemoryBytes",
        Metric::MemoryUsedGib,
        1.0 / 1_073_741_824.0,
    ),
    ("DiskReadOperationsPerSec", Metric::DiskReadOps, 1.0),
    ("DiskWriteOperationsPerSec", Metric::DiskWriteOps, 1.0),
    ("NetworkBytesPerSecReceived", Metric::NetworkInMbps, 8e-6),
    ("NetworkBytesPerSecSent", Metric::NetworkOutMbps, 8e-6),
];

impl Format for GoogleMigrationCenter {
    fn id(&self) -> &'static str {
        "google_migration_center"
    }

    fn label(&self) -> &'static str {
        "Google Cloud Migration Center"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if cell(row, &["MachineName"]).is_none() {
            let supplement =
                row.values().any(serde_json::Value::is_array) && cell(row, &["MachineId"]).is_some();
            return if supplement {
                RowRole::Supplement
            } else {
                RowRole::skipped("no_name", "the row names no machine")
            };
        }
        let physical = yes(row, &["IsPhysical"]);
        RowRole::asset(if physical == Some(false) {
            AssetType::VirtualMachine
        } else {
            AssetType::Server
        })
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        let mut values = Vec::new();
        if let Some(physical) = yes(row, &["IsPhysical"]) {
            values.push(DerivedValue::new(
                "is_virtual",
                if physical { "false" } else { "true" },
            ));
        }
        let metrics = self.metrics(row);
        let average = |metric| {
            metrics
                .iter()
                .find(|fact| fact.metric == metric)
                .and_then(|fact| fact.average)
        };
        let sum = |one, two| {
            average(one)
                .or_else(|| average(two))
                .map(|_| average(one).unwrap_or(0.0) + average(two).unwrap_or(0.0))
        };
        let measured = [
            (
                "cpu_utilization_percent",
                average(Metric::CpuUtilizationPercent),
                SourceUnit::Percent,
            ),
            (
                "memory_utilization_percent",
                average(Metric::MemoryUtilizationPercent),
                SourceUnit::Percent,
            ),
            (
                "disk_iops",
                sum(Metric::DiskReadOps, Metric::DiskWriteOps),
                SourceUnit::PerSecond,
            ),
            (
                "network_throughput_mbps",
                sum(Metric::NetworkInMbps, Metric::NetworkOutMbps),
                SourceUnit::MegabitsPerSecond,
            ),
        ];
        values.extend(measured.into_iter().filter_map(|(field, value, unit)| {
            value.map(|value| DerivedValue::with_unit(field, value, unit))
        }));
        let disks = self.disks(row);
        let total = |size: fn(&DiskFact) -> Option<f64>| disks.iter().filter_map(size).sum::<f64>();
        for (field, size) in [
            ("storage_gb", total(|disk| disk.capacity_gib)),
            ("storage_used_gb", total(|disk| disk.used_gib)),
        ] {
            if size > 0.0 {
                values.push(DerivedValue::with_unit(field, size, Gib));
            }
        }
        values
    }

    fn disks(&self, row: &Row) -> Vec<DiskFact> {
        let disks = attached(row, "diskInfo").map(|disk| DiskFact {
            label: said(disk, &["DiskLabel"]).unwrap_or_default().into_owned(),
            capacity_gib: size_in(disk, &["SizeInGib"], Gib),
            used_gib: size_in(disk, &["UsedInGib"], Gib),
            kind: said(disk, &["StorageTypeLabel"]).map(std::borrow::Cow::into_owned),
            is_partition: false,
        });
        named_disks(disks)
    }

    fn networks(&self, row: &Row) -> Vec<NetworkFact> {
        let mut ip_addresses = list(row, &["IpAddressListSemiColonDelimited"], &[';', ',']);
        for name in ["PrimaryIPAddress", "PublicIPAddress"] {
            ip_addresses.extend(list(row, &[name], &[';', ',']));
        }
        let mut seen = BTreeSet::new();
        ip_addresses.retain(|address| seen.insert(address.clone()));
        let mac_address = said(row, &["PrimaryMACAddress"]).map(std::borrow::Cow::into_owned);
        named_cards([NetworkFact {
            mac_address,
            ip_addresses,
            ..NetworkFact::default()
        }])
    }

    fn metrics(&self, row: &Row) -> Vec<MetricFact> {
        let fact = |summary: &Row| {
            let column = cell(summary, &["metric"])?;
            let (_, metric, factor) = MEASURED.into_iter().find(|(name, ..)| *name == column)?;
            let value = |name: &str| number_in(summary, &[name]).map(|value| value * factor);
            Some(MetricFact {
                metric,
                average: value("average"),
                maximum: value("maximum"),
                p95: value("p95"),
                samples: summary.get("samples").and_then(serde_json::Value::as_u64),
                from: cell(summary, &["from"]).map(std::borrow::Cow::into_owned),
                to: cell(summary, &["to"]).map(std::borrow::Cow::into_owned),
            })
        };
        attached(row, "perfInfo").filter_map(fact).collect()
    }

    fn tags(&self, row: &Row) -> Vec<(String, String)> {
        let tag = |tag: &Row| {
            let key = said(tag, &["Key"])?.into_owned();
            Some((key, cell(tag, &["Value"]).unwrap_or_default().into_owned()))
        };
        attached(row, "tagInfo").filter_map(tag).collect()
    }

    fn joined(&self) -> Option<&'static dyn Joined> {
        Some(&Tables)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn side_tables_become_facts() {
        let row = json!({
            "MachineId": "vm-2", "MachineName": "db", "IsPhysical": "true", "PrimaryIPAddress": "10.0.0.5",
            "IpAddressListSemiColonDelimited": "10.0.0.5;fd00::5",
            "diskInfo": [{"DiskLabel": "C:", "SizeInGib": "200", "UsedInGib": "90", "StorageTypeLabel": "SSD"}, {"DiskLabel": "E:", "SizeInGib": "1000"}],
            "tagInfo": [{"Key": "app", "Value": "shop"}],
            "perfInfo": [
                {"metric": "NetworkBytesPerSecSent", "average": 1_000_000, "maximum": 2_000_000, "p95": 2_000_000, "samples": 2},
                {"metric": "UtilizedMemoryBytes", "average": 4_294_967_296_u64, "maximum": 4_294_967_296_u64, "p95": 4_294_967_296_u64, "samples": 2},
            ],
        });
        let row = row.as_object().unwrap();
        let gmc = GoogleMigrationCenter;
        assert_eq!(gmc.role(row, &BTreeSet::new()), RowRole::asset(AssetType::Server));
        assert_eq!(
            (gmc.disks(row).len(), gmc.disks(row)[0].used_gib),
            (2, Some(90.0))
        );
        assert_eq!(gmc.networks(row)[0].ip_addresses, ["10.0.0.5", "fd00::5"]);
        assert_eq!(gmc.tags(row), [("app".into(), "shop".into())]);
        let metrics = gmc.metrics(row);
        assert_eq!(
            (metrics[0].metric, metrics[0].average, metrics[0].samples),
            (Metric::NetworkOutMbps, Some(8.0), Some(2))
        );
        assert_eq!(metrics[1].maximum, Some(4.0));
        assert!(
            gmc.derived(row)
                .contains(&DerivedValue::with_unit("storage_gb", 1_200.0, Gib))
        );
    }
}
