//! The cheapest place that holds what a machine needs.
//!
//! Source: Azure Migrate (Microsoft, 2018), "Sizing": effective cores = cores × processor utilization × comfort factor,
//! effective memory likewise, disk and network rates × comfort factor; among the sizes that fit the cheapest. What was not
//! measured is taken as allocated, without comfort factor.

use super::catalogue::{PriceCatalogue, Size, Volume};
use super::machine::{Machine, Metric};
use super::readiness::{Readiness, Reason};
use serde::{Deserialize, Serialize};

/// What a size is chosen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Measured load times comfort factor.
    #[default]
    Performance,
    /// What is allocated today.
    AsOnPremises,
}

/// Which statistic of the measured load counts. Where a source does not state it, the next greater one that it states
/// counts, and the mean where it states nothing greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Percentile {
    /// The median.
    P50,
    /// The 95th percentile.
    #[default]
    P95,
    /// The greatest value.
    Maximum,
}

/// How machines are sized.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// What a size is chosen by.
    pub criterion: Criterion,
    /// Which statistic counts.
    pub percentile: Percentile,
    /// Factor on measured load, 1 to 10.
    pub comfort_factor: f64,
    /// Days of load that a full rating needs, 1 to 365.
    pub performance_days: u16,
    /// Hours that a machine runs in a month; the catalogue's if absent.
    pub hours_per_month: Option<u32>,
    /// Discount on all prices, 0 to 100 percent.
    pub discount_percent: u8,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            criterion: Criterion::Performance,
            percentile: Percentile::P95,
            comfort_factor: 1.3,
            performance_days: 30,
            hours_per_month: None,
            discount_percent: 0,
        }
    }
}

/// An option outside of its range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{option} must be from {least} to {most}")]
pub struct OptionsError {
    /// Its name.
    pub option: &'static str,
    /// The least value.
    pub least: u32,
    /// The greatest value.
    pub most: u32,
}

impl Options {
    /// The same options, if all are in their ranges.
    pub fn checked(self) -> Result<Self, OptionsError> {
        let outside = |option, least, most| Err(OptionsError { option, least, most });
        if !(1.0..=10.0).contains(&self.comfort_factor) {
            return outside("comfort_factor", 1, 10);
        }
        if !(1..=365).contains(&self.performance_days) {
            return outside("performance_days", 1, 365);
        }
        if self
            .hours_per_month
            .is_some_and(|hours| !(1..=744).contains(&hours))
        {
            return outside("hours_per_month", 1, 744);
        }
        if self.discount_percent > 100 {
            return outside("discount_percent", 0, 100);
        }
        Ok(self)
    }
}

/// What a machine needs on the target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// Cores; `None` where nothing is known of them.
    pub cores: Option<f64>,
    /// Memory in GiB; `None` where nothing is known of it.
    pub memory_gib: Option<f64>,
    /// Disk operations per second.
    pub iops: f64,
    /// Megabytes per second to and from disks.
    pub mb_per_second: f64,
    /// Megabits per second that it sends.
    pub network_mbps: f64,
    /// The metrics that were considered.
    pub measured: Vec<Metric>,
}

impl Demand {
    /// The demand of a machine.
    pub fn of(machine: &Machine, options: &Options) -> Self {
        let mut demand = Self::default();
        let mut value = |metric: Metric, is_considered: bool| {
            let found = is_considered
                .then(|| statistic(machine, metric, options.percentile))
                .flatten();
            if found.is_some() {
                demand.measured.push(metric);
            }
            found
        };
        let by_load = options.criterion == Criterion::Performance;
        let cpu = value(Metric::CpuPercent, by_load);
        let memory = value(Metric::MemoryPercent, by_load);
        // Disks are chosen by their load in either case: nothing on premises says what they could do.
        let rates = [
            Metric::DiskReadOps,
            Metric::DiskWriteOps,
            Metric::DiskReadMbPerSecond,
            Metric::DiskWriteMbPerSecond,
        ]
        .map(|metric| value(metric, true).unwrap_or(0.0) * options.comfort_factor);
        let network = value(Metric::NetworkOutMbps, by_load).unwrap_or(0.0);
        let scaled = |allocated: f64, percent: Option<f64>| {
            percent.map_or(allocated, |percent| {
                allocated * percent / 100.0 * options.comfort_factor
            })
        };
        let [reads, writes, read_mb, written_mb] = rates;
        Self {
            cores: machine.cores.map(|cores| scaled(f64::from(cores), cpu)),
            memory_gib: machine.memory_gib.map(|allocated| scaled(allocated, memory)),
            iops: reads + writes,
            mb_per_second: read_mb + written_mb,
            network_mbps: network * options.comfort_factor,
            measured: demand.measured,
        }
    }
}

/// The statistic of a metric that counts.
fn statistic(machine: &Machine, metric: Metric, percentile: Percentile) -> Option<f64> {
    let measured = machine.measured(metric)?;
    let upwards = [measured.p50, measured.p95, measured.maximum];
    let first = match percentile {
        Percentile::P50 => 0,
        Percentile::P95 => 1,
        Percentile::Maximum => 2,
    };
    upwards
        .into_iter()
        .skip(first)
        .flatten()
        .next()
        .or(measured.average)
        .filter(|value| value.is_finite() && *value >= 0.0)
}

/// Where a machine would be placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Name of the size.
    pub size: String,
    /// Its virtual processors.
    pub vcpus: u32,
    /// Its memory in GiB.
    pub memory_gib: f64,
    /// A volume per disk.
    pub disks: Vec<PlacedDisk>,
    /// What it costs.
    pub cost: MonthlyCost,
}

/// A volume for a disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedDisk {
    /// The disk.
    pub label: String,
    /// Name of the volume.
    pub volume: String,
    /// Its GiB.
    pub size_gib: u64,
    /// Its operations per second.
    pub iops: u64,
    /// Its megabytes per second.
    pub mb_per_second: u64,
}

/// Cost of a month in whole minor units of the catalogue's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyCost {
    /// The size, without licences.
    pub compute: i64,
    /// The guest system's licence.
    pub licence: i64,
    /// The volumes.
    pub storage: i64,
    /// All of it.
    pub total: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// The cheapest size and volumes; on a tie the smaller size, then the one whose name comes first.
pub(super) fn place(
    machine: &Machine,
    demand: &Demand,
    catalogue: &PriceCatalogue,
    options: &Options,
) -> Result<Placement, Reason> {
    let disks = place_disks(machine, demand, catalogue)?;
    let (Some(cores), Some(memory)) = (demand.cores, demand.memory_gib) else {
        let message = "without cores and memory no size can be chosen";
        return Err(Reason::new("size", Readiness::Unknown, message));
    };
    #[expect(clippy::cast_precision_loss, reason = "limits of machines are far below 2^52")]
    let fits = |size: &&Size| {
        f64::from(size.vcpus) >= cores
            && size.memory_gib >= memory
            && size.max_disks as usize >= machine.disks.len()
            && size.max_nics >= machine.nics
            && size.max_iops as f64 >= demand.iops
            && size.network_mbps as f64 >= demand.network_mbps
    };
    let licence = catalogue.licence(machine.os_family().as_str());
    let hourly = |size: &Size| size.price_per_hour_micros + licence * u64::from(size.vcpus);
    let order = |one: &&Size, other: &&Size| {
        hourly(one)
            .cmp(&hourly(other))
            .then(one.vcpus.cmp(&other.vcpus))
            .then(one.memory_gib.total_cmp(&other.memory_gib))
            .then_with(|| one.name.cmp(&other.name))
    };
    let size = catalogue.sizes.iter().filter(fits).min_by(order).ok_or_else(|| {
        let message = format!(
            "no size has {cores:.2} cores, {memory:.2} GiB, {} disks, {} network adapters, {:.0} disk operations and {:.0} Mbit per second together",
            machine.disks.len(), machine.nics, demand.iops, demand.network_mbps
        );
        Reason::new("size", Readiness::NotReady, message)
    })?;
    let hours = u128::from(options.hours_per_month.unwrap_or(catalogue.hours_per_month));
    let price = |micros: u128| {
        let paid = u128::from(100 - options.discount_percent.min(100));
        catalogue.minor_units(micros * paid / 100)
    };
    let compute = price(u128::from(size.price_per_hour_micros) * hours);
    let licence = price(u128::from(licence) * u128::from(size.vcpus) * hours);
    let storage = price(disks.iter().map(|(_, micros)| micros).sum());
    Ok(Placement {
        size: size.name.clone(),
        vcpus: size.vcpus,
        memory_gib: size.memory_gib,
        disks: disks.into_iter().map(|(disk, _)| disk).collect(),
        cost: MonthlyCost {
            compute,
            licence,
            storage,
            total: compute.saturating_add(licence).saturating_add(storage),
            currency: catalogue.currency.clone(),
        },
    })
}

/// A volume for each disk, with its price for a month. The machine's load is divided over its disks by their sizes.
fn place_disks(
    machine: &Machine,
    demand: &Demand,
    catalogue: &PriceCatalogue,
) -> Result<Vec<(PlacedDisk, u128)>, Reason> {
    let total: f64 = machine.disks.iter().map(|disk| disk.size_gib).sum();
    let place = |disk: &super::Disk| {
        let share = if total > 0.0 { disk.size_gib / total } else { 0.0 };
        let wanted = PlacedDisk {
            label: disk.label.clone(),
            volume: String::new(),
            size_gib: whole(disk.size_gib).max(1),
            iops: whole(demand.iops * share),
            mb_per_second: whole(demand.mb_per_second * share),
        };
        let (volume, micros) = cheapest(&wanted, catalogue).ok_or_else(|| {
            let message = format!(
                "no volume gives its disk '{}' {} GiB, {} operations and {} MB per second together",
                wanted.label, wanted.size_gib, wanted.iops, wanted.mb_per_second
            );
            Reason::new("disk_performance", Readiness::NotReady, message)
        })?;
        let volume = volume.name.clone();
        Ok((PlacedDisk { volume, ..wanted }, micros))
    };
    machine.disks.iter().map(place).collect()
}

fn cheapest<'c>(wanted: &PlacedDisk, catalogue: &'c PriceCatalogue) -> Option<(&'c Volume, u128)> {
    let fits = |volume: &&Volume| {
        volume.max_gib >= wanted.size_gib
            && volume.max_iops >= wanted.iops
            && volume.max_mb_per_second >= wanted.mb_per_second
    };
    let micros = |volume: &Volume| {
        let further = |wanted: u64, included: u64, price: u64| {
            u128::from(wanted.saturating_sub(included)) * u128::from(price)
        };
        further(wanted.size_gib, 0, volume.price_per_gib_month_micros)
            + further(
                wanted.iops,
                volume.included_iops,
                volume.price_per_iops_month_micros,
            )
            + further(
                wanted.mb_per_second,
                volume.included_mb_per_second,
                volume.price_per_mb_per_second_month_micros,
            )
    };
    catalogue
        .volumes
        .iter()
        .filter(fits)
        .map(|volume| (volume, micros(volume)))
        .min_by(|one, other| one.1.cmp(&other.1).then_with(|| one.0.name.cmp(&other.0.name)))
}

/// The next whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is cut to the range first"
)]
fn whole(number: f64) -> u64 {
    // A hair above a whole number is the trace of a multiplication, not a demand.
    (number - 1e-9).ceil().clamp(0.0, 1e15) as u64
}
