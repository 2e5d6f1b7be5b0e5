//! The list of virtual machines that Nutanix Prism exports: whatever columns the view showed. Values carry their units.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{cell, list, number_in, percent_in, said};
use super::facts::named_cards;
use super::fingerprint::Fingerprint;
use super::{
    DerivedValue, Format, Headers, KnownColumn, Metric, MetricFact, NetworkFact, Recognised, Row, RowRole,
};
use crate::cleansing::SourceUnit::{self, Bytes, Percent};

/// Nutanix Prism.
pub(super) struct Nutanix;

const NAME: &[&str] = &["VM Name", "Name", "VM"];

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[&["VM Name", "Name", "VM"], &["Memory Capacity", "Memory", "vRAM"]],
    some: &[
        "Controller Read IOPS",
        "Controller Write IOPS",
        "Controller IO Bandwidth",
        "Controller IO Latency",
        "Controller Avg IO Latency",
        "Memory Capacity",
        "Storage Capacity",
        "Categories",
        "Flash Mode",
        "ExtId",
        "Protection Domain",
        "Cores Per Socket",
        "Number of vCPUs",
    ],
    least: 2,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("vm name", "name"),
    KnownColumn::field("name", "name"),
    KnownColumn::field("vm", "name"),
    KnownColumn::field("host", "hypervisor_host"),
    KnownColumn::field("cluster", "cluster_name"),
    KnownColumn::field("ip addresses", "ip_address"),
    KnownColumn::field("ip address", "ip_address"),
    KnownColumn::field("cores", "cpu_cores"),
    KnownColumn::field("vcpus", "cpu_cores"),
    KnownColumn::field("number of vcpus", "cpu_cores"),
    KnownColumn::field("memory capacity", "memory_gb").unit(Bytes),
    KnownColumn::field("memory", "memory_gb").unit(Bytes),
    KnownColumn::field("storage", "storage_gb").unit(Bytes),
    KnownColumn::field("storage capacity", "storage_gb").unit(Bytes),
    KnownColumn::field("provisioned storage", "storage_gb").unit(Bytes),
    KnownColumn::field("cpu usage", "cpu_utilization_percent").unit(Percent),
    KnownColumn::field("memory usage", "memory_utilization_percent").unit(Percent),
    KnownColumn::field("power state", "power_state"),
    KnownColumn::field("guest os", "operating_system"),
    KnownColumn::field("uuid", "source_id"),
    KnownColumn::field("extid", "source_id"),
    KnownColumn::field("description", "description"),
    KnownColumn::field("owner", "technical_owner"),
    KnownColumn::field("categories", "tags"),
    KnownColumn::field("category", "tags"),
    KnownColumn::facts("sockets", "derived"),
    KnownColumn::facts("cores per socket", "derived"),
    KnownColumn::facts("controller read iops", "metrics"),
    KnownColumn::facts("controller write iops", "metrics"),
];

impl Format for Nutanix {
    fn id(&self) -> &'static str {
        "nutanix"
    }

    fn label(&self) -> &'static str {
        "Nutanix Prism"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if cell(row, NAME).is_none() {
            return RowRole::skipped("no_name", "the row names no virtual machine");
        }
        RowRole::asset(AssetType::VirtualMachine)
    }

    fn scope(&self, row: &Row) -> Option<String> {
        said(row, &["Cluster", "Host"]).map(std::borrow::Cow::into_owned)
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        let mut values = vec![DerivedValue::new("is_virtual", "true")];
        let sockets = number_in(row, &["Sockets"]);
        if let Some(sockets) = sockets {
            values.push(DerivedValue::with_unit("cpu_sockets", sockets, SourceUnit::Count));
        }
        if let Some((sockets, cores)) = sockets.zip(number_in(row, &["Cores Per Socket"])) {
            values.push(DerivedValue::with_unit(
                "cpu_cores",
                sockets * cores,
                SourceUnit::Count,
            ));
        }
        let storage = said(row, &["Storage", "Storage Capacity", "Storage Usage"]);
        if let Some((used, _)) = storage.as_deref().and_then(|text| text.split_once('/')) {
            values.push(DerivedValue {
                field: "storage_used_gb",
                value: used.trim().to_owned(),
                unit: Some(Bytes),
            });
        }
        let (reads, writes) = (
            number_in(row, &["Controller Read IOPS"]),
            number_in(row, &["Controller Write IOPS"]),
        );
        if reads.is_some() || writes.is_some() {
            let both = reads.unwrap_or(0.0) + writes.unwrap_or(0.0);
            values.push(DerivedValue::with_unit("disk_iops", both, SourceUnit::PerSecond));
        }
        values
    }

    fn networks(&self, row: &Row) -> Vec<NetworkFact> {
        let ip_addresses = list(row, &["IP Addresses", "IP Address"], &[',', ';', ' ', '\n']);
        named_cards([NetworkFact {
            ip_addresses,
            ..NetworkFact::default()
        }])
    }

    fn metrics(&self, row: &Row) -> Vec<MetricFact> {
        let values = [
            (Metric::CpuUtilizationPercent, percent_in(row, &["CPU Usage"])),
            (
                Metric::MemoryUtilizationPercent,
                percent_in(row, &["Memory Usage"]),
            ),
            (Metric::DiskReadOps, number_in(row, &["Controller Read IOPS"])),
            (Metric::DiskWriteOps, number_in(row, &["Controller Write IOPS"])),
        ];
        values
            .into_iter()
            .filter_map(|(metric, value)| MetricFact::of(metric, value, None))
            .collect()
    }

    fn tags(&self, row: &Row) -> Vec<(String, String)> {
        list(row, &["Categories", "Category"], &[',', ';'])
            .iter()
            .filter_map(|tag| tag.split_once([':', '=']))
            .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::imports::formats::recognise;

    #[test]
    fn a_view_is_recognised_by_columns_that_only_prism_has() {
        let columns = [
            "VM Name",
            "Host",
            "IP Addresses",
            "Cores",
            "Memory Capacity",
            "Storage",
            "CPU Usage",
            "Controller Read IOPS",
        ];
        assert_eq!(recognise(&columns.map(str::to_owned)).0.id(), "nutanix");
        assert_ne!(
            recognise(&["Name", "Memory", "Host"].map(str::to_owned)).0.id(),
            "nutanix"
        );
    }

    #[test]
    fn used_storage_and_cores_are_read_out_of_combined_values() {
        let row = json!({"VM Name": "web", "Storage": "61.2 GiB / 127 GiB", "Sockets": "2", "Cores Per Socket": "4",
            "CPU Usage": "12.5%", "Categories": "Env:Prod, App:Shop", "IP Addresses": "10.0.0.1, 10.0.0.2"});
        let row = row.as_object().unwrap();
        let derived = Nutanix.derived(row);
        assert!(derived.contains(&DerivedValue {
            field: "storage_used_gb",
            value: "61.2 GiB".into(),
            unit: Some(Bytes)
        }));
        assert!(derived.contains(&DerivedValue::with_unit("cpu_cores", 8.0, SourceUnit::Count)));
        assert_eq!(Nutanix.metrics(row)[0].average, Some(12.5));
        assert_eq!(Nutanix.tags(row)[0], ("Env".into(), "Prod".into()));
        assert_eq!(Nutanix.networks(row)[0].ip_addresses.len(), 2);
    }
}
