//! `Get-VM | Export-Csv` on Hyper-V: sizes in bytes, states as words or as numbers.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{cell, percent_in, said, size_in};
use super::fingerprint::Fingerprint;
use super::{DerivedValue, Format, Headers, KnownColumn, Metric, MetricFact, Recognised, Row, RowRole};
use crate::cleansing::SourceUnit::{Bytes, Percent};

/// Hyper-V.
pub(super) struct HyperV;

const NAME: &[&str] = &["Name", "VMName"];

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[
        &["VMId", "Id", "VMName"],
        &["ProcessorCount", "CPUCount"],
        &["MemoryAssigned", "MemoryStartup", "Memory"],
        &["State", "Status"],
    ],
    some: &[
        "MemoryDemand",
        "DynamicMemoryEnabled",
        "Generation",
        "IntegrationServicesVersion",
        "IntegrationServicesState",
        "ComputerName",
        "ReplicationState",
        "CPUUsage",
        "Uptime",
        "VMHost",
    ],
    least: 2,
};

/// `Microsoft.HyperV.PowerShell.VMState`.
const STATES: &[(&str, &str)] = &[
    ("1", "Other"),
    ("2", "Running"),
    ("3", "Off"),
    ("4", "Stopping"),
    ("6", "Saved"),
    ("9", "Paused"),
    ("10", "Starting"),
];

const GENERATIONS: &[(&str, &str)] = &[("1", "BIOS"), ("2", "UEFI")];

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("name", "name"),
    KnownColumn::field("vmname", "name").priority(1),
    KnownColumn::field("vmid", "source_id"),
    KnownColumn::field("id", "source_id").priority(1),
    KnownColumn::field("state", "power_state").words(STATES),
    KnownColumn::field("processorcount", "cpu_cores"),
    KnownColumn::field("cpucount", "cpu_cores"),
    KnownColumn::field("memorystartup", "memory_gb").unit(Bytes),
    KnownColumn::field("memoryassigned", "memory_gb")
        .unit(Bytes)
        .priority(1),
    KnownColumn::field("computername", "hypervisor_host"),
    KnownColumn::field("vmhost", "hypervisor_host"),
    KnownColumn::field("notes", "description"),
    KnownColumn::field("generation", "boot_type").words(GENERATIONS),
    KnownColumn::field("cpuusage", "cpu_utilization_percent").unit(Percent),
    KnownColumn::facts("memorydemand", "metrics"),
    KnownColumn::facts("networkadapters", "networks"),
    KnownColumn::facts("harddrives", "disks"),
];

impl Format for HyperV {
    fn id(&self) -> &'static str {
        "hyper_v"
    }

    fn label(&self) -> &'static str {
        "Hyper-V"
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
        said(row, &["ComputerName", "VMHost"]).map(std::borrow::Cow::into_owned)
    }

    fn derived(&self, _row: &Row) -> Vec<DerivedValue> {
        vec![DerivedValue::new("is_virtual", "true")]
    }

    fn metrics(&self, row: &Row) -> Vec<MetricFact> {
        let demand = size_in(row, &["MemoryDemand"], Bytes).filter(|demand| *demand > 0.0);
        let facts = [
            MetricFact::of(
                Metric::CpuUtilizationPercent,
                percent_in(row, &["CPUUsage"]),
                None,
            ),
            MetricFact::of(Metric::MemoryUsedGib, demand, None),
        ];
        facts.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::imports::formats::recognise;

    #[test]
    fn an_export_is_recognised_and_its_codes_have_words() {
        let columns = "Name,VMId,State,ProcessorCount,MemoryAssigned,MemoryDemand,MemoryStartup,DynamicMemoryEnabled,Generation,ComputerName";
        let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
        assert_eq!(recognise(&columns).0.id(), "hyper_v");
        let state = HyperV.column("State").unwrap().rules([]);
        assert_eq!(state.value_map["3"], "Off");
        assert_eq!(HyperV.column("MemoryStartup").unwrap().unit, Some(Bytes));
    }

    #[test]
    fn memory_in_use_is_in_gib() {
        let row = json!({"Name": "web", "MemoryDemand": "2147483648", "CPUUsage": "7"});
        let metrics = HyperV.metrics(row.as_object().unwrap());
        assert_eq!((metrics[0].average, metrics[1].average), (Some(7.0), Some(2.0)));
    }
}
