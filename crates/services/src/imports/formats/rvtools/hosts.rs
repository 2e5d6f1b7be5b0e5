//! Rows of the tab of hosts, whose columns mean other things than those of machines.

use super::{HOST, NAME};
use crate::cleansing::SourceUnit;
use crate::imports::formats::cells::{cell, said};
use crate::imports::formats::numbers::whole_size_in_gib;
use crate::imports::formats::{DerivedValue, Row};

/// Whether the row is of the tab of hosts.
pub(super) fn is_host(row: &Row) -> bool {
    cell(row, NAME).is_none()
        && cell(
            row,
            &[
                "# Cores",
                "vHostNumCpuCores",
                "# CPU",
                "vHostNumCpu",
                "ESX Version",
            ],
        )
        .is_some()
}

/// Values of a host's row.
pub(super) fn host_values(row: &Row) -> Vec<DerivedValue> {
    let texts: [(&'static str, &[&str]); 8] = [
        ("name", HOST),
        ("cpu_cores", &["# Cores", "vHostNumCpuCores"]),
        ("cpu_sockets", &["# CPU", "vHostNumCpu"]),
        ("operating_system", &["ESX Version", "vHostFullName"]),
        ("manufacturer", &["Vendor", "vHostVendor"]),
        ("model", &["Model", "vHostModel"]),
        (
            "cpu_utilization_percent",
            &["CPU usage %", "vHostOverallCpuUsage"],
        ),
        (
            "memory_utilization_percent",
            &["Memory usage %", "vHostOverallMemoryUsage"],
        ),
    ];
    let mut values: Vec<DerivedValue> = texts
        .into_iter()
        .filter_map(|(field, names)| said(row, names).map(|text| DerivedValue::new(field, text)))
        .collect();
    if let Some(memory) =
        cell(row, &["# Memory", "vHostMemorySize"]).and_then(|text| whole_size_in_gib(&text, SourceUnit::Mib))
    {
        values.push(DerivedValue::with_unit("memory_gb", memory, SourceUnit::Gib));
    }
    values.push(DerivedValue::new("is_virtual", "false"));
    values
}
