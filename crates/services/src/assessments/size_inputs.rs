//! Machines as sizing needs them, out of the inventory.

use crate::discovery::tech_debt::{Assessor, AssetFacts, FindingKind};
use landfall_domain::{AssetId, AssetType};
use landfall_planning::sizing::{Disk, Machine, Measured, Metric};
use landfall_repositories::MachineDetails;
use landfall_repositories::entities::{asset_disks, asset_metrics, assets};
use std::collections::HashMap;

/// Kinds of assets that are machines.
pub(super) const MACHINES: [AssetType; 3] =
    [AssetType::Server, AssetType::VirtualMachine, AssetType::Database];
/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Details of a batch of machines by asset.
pub(super) struct Details {
    disks: HashMap<AssetId, Vec<asset_disks::Model>>,
    nics: HashMap<AssetId, u32>,
    metrics: HashMap<AssetId, Vec<asset_metrics::Model>>,
}

impl From<MachineDetails> for Details {
    fn from(details: MachineDetails) -> Self {
        let mut sorted = Self {
            disks: HashMap::new(),
            nics: HashMap::new(),
            metrics: HashMap::new(),
        };
        for disk in details.disks {
            sorted.disks.entry(disk.asset_id).or_default().push(disk);
        }
        for network in details.networks {
            *sorted.nics.entry(network.asset_id).or_default() += 1;
        }
        for metric in details.metrics {
            sorted.metrics.entry(metric.asset_id).or_default().push(metric);
        }
        sorted
    }
}

impl Details {
    /// The machine that an asset is.
    pub(super) fn machine(&self, asset: &assets::Model, assessor: &mut Assessor<'_>) -> Machine {
        let rows = self.metrics.get(&asset.id).map_or(&[][..], Vec::as_slice);
        Machine {
            cores: asset
                .cpu_cores
                .and_then(|cores| u32::try_from(cores).ok())
                .filter(|cores| *cores > 0),
            memory_gib: asset.memory_gb.filter(|memory| *memory > 0.0),
            disks: self.disks(asset),
            nics: self.nics.get(&asset.id).copied().unwrap_or(0),
            boot_type: asset.boot_type.clone(),
            architecture: asset.os_architecture.clone(),
            operating_system: operating_system(asset),
            os_support_ends: support_ends(asset, assessor),
            measured: measured(asset, rows),
        }
    }

    /// Its disks; one of the stated capacity where a source knows no more.
    fn disks(&self, asset: &assets::Model) -> Vec<Disk> {
        let known: Vec<Disk> = self
            .disks
            .get(&asset.id)
            .into_iter()
            .flatten()
            .filter_map(|disk| {
                Some(Disk {
                    label: disk.label.clone(),
                    size_gib: disk.size_gb.filter(|size| *size > 0.0)?,
                })
            })
            .collect();
        if !known.is_empty() {
            return known;
        }
        let stated = asset.storage_gb.filter(|size| *size > 0.0);
        stated
            .map(|size_gib| Disk {
                label: "storage".to_owned(),
                size_gib,
            })
            .into_iter()
            .collect()
    }
}

fn operating_system(asset: &assets::Model) -> Option<String> {
    let name = asset.operating_system.as_deref()?.trim();
    let version = asset.os_version.as_deref().unwrap_or_default().trim();
    Some(if version.is_empty() || name.contains(version) {
        name.to_owned()
    } else {
        format!("{name} {version}")
    })
}

fn support_ends(asset: &assets::Model, assessor: &mut Assessor<'_>) -> Option<chrono::NaiveDate> {
    let findings = assessor.assess(&AssetFacts {
        operating_system: asset.operating_system.as_deref(),
        os_version: asset.os_version.as_deref(),
        ..AssetFacts::default()
    });
    findings
        .into_iter()
        .find(|finding| finding.kind == FindingKind::OsEndOfLife)?
        .end_of_support
}

/// Measurements of the machine. Where none was imported, the mean that the asset's own fields state counts.
fn measured(asset: &assets::Model, rows: &[asset_metrics::Model]) -> Vec<Measured> {
    let mut found: Vec<Measured> = Vec::new();
    let mut add = |measured: Measured| {
        if !found.iter().any(|known| known.metric == measured.metric) {
            found.push(measured);
        }
    };
    for row in rows {
        if let Some(metric) = metric_of(&row.metric) {
            add(imported(row, metric, 1.0));
        } else if row.metric == "memory_used_gib"
            && let Some(memory) = asset.memory_gb.filter(|memory| *memory > 0.0)
        {
            add(imported(row, Metric::MemoryPercent, 100.0 / memory));
        }
    }
    let has_disk = rows
        .iter()
        .any(|row| row.metric.starts_with("disk_") && row.metric.ends_with("_ops"));
    let fields = [
        (Metric::CpuPercent, asset.cpu_utilization_percent),
        (Metric::MemoryPercent, asset.memory_utilization_percent),
        // Reads and writes together: sizing adds them up anyway.
        (Metric::DiskReadOps, asset.disk_iops.filter(|_| !has_disk)),
        (Metric::NetworkOutMbps, asset.network_throughput_mbps),
    ];
    for (metric, average) in fields {
        if average.is_some() {
            add(Measured {
                metric,
                average,
                p50: None,
                p95: None,
                maximum: None,
                days: None,
            });
        }
    }
    found
}

fn metric_of(name: &str) -> Option<Metric> {
    Some(match name {
        "cpu_utilization_percent" => Metric::CpuPercent,
        "memory_utilization_percent" => Metric::MemoryPercent,
        "disk_read_ops" => Metric::DiskReadOps,
        "disk_write_ops" => Metric::DiskWriteOps,
        "disk_read_mb_per_second" => Metric::DiskReadMbPerSecond,
        "disk_write_mb_per_second" => Metric::DiskWriteMbPerSecond,
        "network_in_mbps" => Metric::NetworkInMbps,
        "network_out_mbps" => Metric::NetworkOutMbps,
        _ => return None,
    })
}

fn imported(row: &asset_metrics::Model, metric: Metric, factor: f64) -> Measured {
    let scaled = |value: Option<f64>| value.map(|value| value * factor);
    let span = row
        .window_start
        .zip(row.window_end)
        .map(|(start, end)| end - start);
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds between two days are far below 2^52"
    )]
    let days = span
        .map(|span| span.num_seconds() as f64 / DAY)
        .filter(|days| *days > 0.0);
    Measured {
        metric,
        average: scaled(row.average),
        p50: scaled(row.p50),
        p95: scaled(row.p95),
        maximum: scaled(row.maximum),
        days,
    }
}
