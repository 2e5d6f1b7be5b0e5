//! The server template of Azure Migrate. MB and GB count in 1,024s there; disks and cards go on to any number.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{cell, list, number_in, percent_in, said, size_in};
use super::facts::named_cards;
use super::fingerprint::Fingerprint;
use super::{
    DerivedValue, DiskFact, Format, Headers, KnownColumn, Metric, MetricFact, NetworkFact, Recognised, Row,
    RowRole,
};
use crate::cleansing::SourceUnit::{self, Gib, Mib, Percent};

/// Azure Migrate, import of servers.
pub(super) struct AzureMigrate;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[&["Server name"], &["Cores"], &["Memory (In MB)"], &["OS name"]],
    some: &[
        "IP addresses",
        "IP address",
        "OS version",
        "OS architecture",
        "Server type",
        "Hypervisor",
        "Boot type",
        "Firmware type",
        "Number of disks",
        "CPU utilization percentage",
        "Storage in use (In GB)",
        "Storage in use (In MB)",
    ],
    least: 1,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("server name", "name"),
    KnownColumn::field("ip addresses", "ip_address"),
    KnownColumn::field("ip address", "ip_address"),
    KnownColumn::field("mac address", "mac_address"),
    KnownColumn::field("cores", "cpu_cores"),
    KnownColumn::field("memory (in mb)", "memory_gb").unit(Mib),
    KnownColumn::field("os name", "operating_system"),
    KnownColumn::field("os version", "os_version"),
    KnownColumn::field("os architecture", "os_architecture"),
    KnownColumn::field("server type", "is_virtual"),
    KnownColumn::field("cpu utilization percentage", "cpu_utilization_percent").unit(Percent),
    KnownColumn::field("memory utilization percentage", "memory_utilization_percent").unit(Percent),
    KnownColumn::field("boot type", "boot_type"),
    KnownColumn::field("firmware type", "boot_type"),
    KnownColumn::field("storage in use (in gb)", "storage_used_gb").unit(Gib),
    KnownColumn::field("storage in use (in mb)", "storage_used_gb").unit(Mib),
    KnownColumn::field("storage allocated (in gb)", "storage_gb").unit(Gib),
    KnownColumn::field("storage allocated (in mb)", "storage_gb").unit(Mib),
    KnownColumn::facts("hypervisor", "role"),
    KnownColumn::facts("network adapters", "networks"),
    KnownColumn::facts("network in throughput", "metrics"),
    KnownColumn::facts("network out throughput", "metrics"),
    KnownColumn::facts("number of disks", "disks"),
    KnownColumn::facts("disk {n} size (in gb)", "disks"),
    KnownColumn::facts("disk {n} size (in mb)", "disks"),
    KnownColumn::facts("disk {n} read throughput (mb per second)", "metrics"),
    KnownColumn::facts("disk {n} write throughput (mb per second)", "metrics"),
    KnownColumn::facts("disk {n} read ops (operations per second)", "metrics"),
    KnownColumn::facts("disk {n} write ops (operations per second)", "metrics"),
];

/// Sum of the values of one kind of all disks; none if no disk has it.
fn sum_of_disks(row: &Row, ending: &str) -> Option<f64> {
    let values = disk_numbers(row)
        .into_iter()
        .filter_map(|n| number_in(row, &[&format!("Disk {n} {ending}")]));
    values.fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
}

/// The numbers of the disks that the row has columns for.
fn disk_numbers(row: &Row) -> BTreeSet<u32> {
    let number = |name: &String| {
        name.trim_start_matches('*')
            .to_ascii_lowercase()
            .strip_prefix("disk ")?
            .split(' ')
            .next()?
            .parse()
            .ok()
    };
    row.keys().filter_map(number).collect()
}

impl Format for AzureMigrate {
    fn id(&self) -> &'static str {
        "azure_migrate"
    }

    fn label(&self) -> &'static str {
        "Azure Migrate server import"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if cell(row, &["*Server name", "Server name"]).is_none() {
            return RowRole::skipped("no_name", "the row names no server");
        }
        let virtual_machine =
            said(row, &["Server type"]).is_some_and(|kind| kind.to_lowercase().starts_with("virtual"));
        RowRole::asset(if virtual_machine {
            AssetType::VirtualMachine
        } else {
            AssetType::Server
        })
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        let mut values = Vec::new();
        let disks: f64 = self.disks(row).iter().filter_map(|disk| disk.capacity_gib).sum();
        if disks > 0.0 {
            values.push(DerivedValue::with_unit("storage_gb", disks, Gib));
        }
        let reads = sum_of_disks(row, "read ops (operations per second)");
        let writes = sum_of_disks(row, "write ops (operations per second)");
        if reads.is_some() || writes.is_some() {
            let ops = reads.unwrap_or(0.0) + writes.unwrap_or(0.0);
            values.push(DerivedValue::with_unit("disk_iops", ops, SourceUnit::PerSecond));
        }
        let (received, sent) = (
            number_in(row, &["Network In throughput"]),
            number_in(row, &["Network Out throughput"]),
        );
        if received.is_some() || sent.is_some() {
            let both = received.unwrap_or(0.0) + sent.unwrap_or(0.0);
            values.push(DerivedValue::with_unit(
                "network_throughput_mbps",
                both,
                SourceUnit::MegabytesPerSecond,
            ));
        }
        if cell(row, &["*Server name", "Server name"])
            .is_some_and(|name| name.contains('.') && !name.contains(' '))
        {
            values.extend(
                cell(row, &["*Server name", "Server name"]).map(|name| DerivedValue::new("fqdn", name)),
            );
        }
        values
    }

    fn disks(&self, row: &Row) -> Vec<DiskFact> {
        let disk = |number: u32| {
            let gib = size_in(row, &[&format!("Disk {number} size (In GB)")], Gib);
            let capacity = gib.or_else(|| size_in(row, &[&format!("Disk {number} size (In MB)")], Mib))?;
            Some(DiskFact {
                label: format!("Disk {number}"),
                capacity_gib: Some(capacity),
                ..DiskFact::default()
            })
        };
        disk_numbers(row).into_iter().filter_map(disk).collect()
    }

    fn networks(&self, row: &Row) -> Vec<NetworkFact> {
        let ip_addresses = list(row, &["IP addresses", "IP address", "*IP addresses"], &[';', ',']);
        let mac_address = said(row, &["MAC address"]).map(std::borrow::Cow::into_owned);
        named_cards([NetworkFact {
            mac_address,
            ip_addresses,
            ..NetworkFact::default()
        }])
    }

    fn metrics(&self, row: &Row) -> Vec<MetricFact> {
        // Throughput of cards is in MB per second in the template.
        let megabits = |names: &[&str]| number_in(row, names).map(|megabytes| megabytes * 8.0);
        let values = [
            (
                Metric::CpuUtilizationPercent,
                percent_in(row, &["CPU utilization percentage"]),
            ),
            (
                Metric::MemoryUtilizationPercent,
                percent_in(row, &["Memory utilization percentage"]),
            ),
            (
                Metric::DiskReadOps,
                sum_of_disks(row, "read ops (operations per second)"),
            ),
            (
                Metric::DiskWriteOps,
                sum_of_disks(row, "write ops (operations per second)"),
            ),
            (
                Metric::DiskReadMbPerSecond,
                sum_of_disks(row, "read throughput (MB per second)"),
            ),
            (
                Metric::DiskWriteMbPerSecond,
                sum_of_disks(row, "write throughput (MB per second)"),
            ),
            (Metric::NetworkInMbps, megabits(&["Network In throughput"])),
            (Metric::NetworkOutMbps, megabits(&["Network Out throughput"])),
        ];
        values
            .into_iter()
            .filter_map(|(metric, value)| MetricFact::of(metric, value, None))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::imports::formats::recognise;

    #[test]
    fn the_template_is_recognised_with_its_stars() {
        let columns = "*Server name,IP addresses,*Cores,*Memory (In MB),*OS name,Server type,Storage in use (In MB),*Storage allocated (In MB)";
        let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
        let (format, recognised) = recognise(&columns);
        assert_eq!((format.id(), recognised.score), ("azure_migrate", 1.0));
        assert_eq!(format.column("*Memory (In MB)").unwrap().unit, Some(Mib));
    }

    #[test]
    fn disks_and_their_load_go_on_to_any_number() {
        let row = json!({
            "*Server name": "web.contoso.com", "Server type": "Physical", "IP addresses": "10.0.0.1;10.0.0.2",
            "Disk 1 size (In GB)": "100", "Disk 12 size (In GB)": "50", "Disk 2 size (In GB)": "",
            "Disk 1 read ops (operations per second)": "20", "Disk 12 read ops (operations per second)": "5",
            "Network In throughput": "1.5",
        });
        let row = row.as_object().unwrap();
        assert_eq!(AzureMigrate.disks(row).len(), 2);
        assert_eq!(
            AzureMigrate.role(row, &BTreeSet::new()),
            RowRole::asset(AssetType::Server)
        );
        assert_eq!(
            AzureMigrate.networks(row)[0].ip_addresses,
            ["10.0.0.1", "10.0.0.2"]
        );
        let metrics = AzureMigrate.metrics(row);
        let of = |metric| {
            metrics
                .iter()
                .find(|fact| fact.metric == metric)
                .and_then(|fact| fact.average)
        };
        assert_eq!(
            (
                of(Metric::DiskReadOps),
                of(Metric::NetworkInMbps),
                of(Metric::DiskWriteOps)
            ),
            (Some(25.0), Some(12.0), None)
        );
        let derived = AzureMigrate.derived(row);
        assert!(derived.contains(&DerivedValue::with_unit("storage_gb", 150.0, Gib)));
        assert!(derived.contains(&DerivedValue::new("fqdn", "web.contoso.com")));
    }
}
