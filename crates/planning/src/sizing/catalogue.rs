//! Price catalogues: the sizes and volumes of a target, their limits and their prices.
//!
//! Prices are whole millionths of the currency's unit, so that nothing is lost on the way to a month's whole minor units.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Bytes of a catalogue at most.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Sizes, volumes and prices of one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceCatalogue {
    /// Its name.
    pub name: String,
    /// Where the prices are from.
    pub source: String,
    /// As of which day.
    pub as_of: NaiveDate,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits of the minor unit: 2 for cents.
    pub minor_unit_digits: u8,
    /// Hours that a machine runs in a month.
    pub hours_per_month: u32,
    /// What the target can boot.
    #[serde(default)]
    pub platform: Platform,
    /// Prices of licences.
    #[serde(default)]
    pub licences: Vec<Licence>,
    /// Sizes of machines.
    pub sizes: Vec<Size>,
    /// Kinds of volumes.
    pub volumes: Vec<Volume>,
}

/// What the target can boot. An empty list says nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Platform {
    /// Firmware that boots.
    pub boot_types: Vec<String>,
    /// Firmware that boots under conditions.
    pub conditional_boot_types: Vec<String>,
    /// Processor architectures that run.
    pub architectures: Vec<String>,
    /// Architectures that run under conditions.
    pub conditional_architectures: Vec<String>,
}

/// A licence's price on top of a size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// `windows` or `linux`.
    pub os_family: String,
    /// Per virtual processor and hour.
    pub price_per_vcpu_hour_micros: u64,
}

/// A size of machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Its name.
    pub name: String,
    /// Virtual processors.
    pub vcpus: u32,
    /// Memory in GiB.
    pub memory_gib: f64,
    /// Disks at most.
    pub max_disks: u32,
    /// Network adapters at most.
    pub max_nics: u32,
    /// Disk operations per second at most, all disks together.
    pub max_iops: u64,
    /// Megabits per second at most.
    pub network_mbps: u64,
    /// Price of an hour without licences.
    pub price_per_hour_micros: u64,
}

/// A kind of volumes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// GiB at most.
    pub max_gib: u64,
    /// Operations per second at most.
    pub max_iops: u64,
    /// Megabytes per second at most.
    pub max_mb_per_second: u64,
    /// Price of a GiB for a month.
    pub price_per_gib_month_micros: u64,
    /// Operations per second that cost nothing more.
    #[serde(default)]
    pub included_iops: u64,
    /// Price of each further one for a month.
    #[serde(default)]
    pub price_per_iops_month_micros: u64,
    /// Megabytes per second that cost nothing more.
    #[serde(default)]
    pub included_mb_per_second: u64,
    /// Price of each further one for a month.
    #[serde(default)]
    pub price_per_mb_per_second_month_micros: u64,
}

/// Why a text is no price catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Too large to be one.
    #[error("the price catalogue has {0} bytes; at most {MAX_BYTES} are read")]
    TooLarge(usize),
    /// Not of the expected form.
    #[error("the price catalogue cannot be read: {0}")]
    Unreadable(String),
    /// Readable, with faults; all of them.
    #[error("the price catalogue has {} faults: {}", .0.len(), .0.join("; "))]
    Faults(Vec<String>),
}

impl PriceCatalogue {
    /// Reads a catalogue from TOML, or from JSON or YAML of the same form.
    pub fn read(text: &str) -> Result<Self, CatalogueError> {
        if text.len() > MAX_BYTES {
            return Err(CatalogueError::TooLarge(text.len()));
        }
        let is_json = text.trim_start().starts_with('{');
        let read: Result<Self, String> = if is_json {
            serde_json::from_str(text).map_err(|error| error.to_string())
        } else {
            toml::from_str(text).map_err(|error| error.to_string())
        };
        read.map_err(CatalogueError::Unreadable)?.checked()
    }

    /// The same catalogue, if nothing is wrong with it.
    pub fn checked(self) -> Result<Self, CatalogueError> {
        let faults = self.faults();
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(CatalogueError::Faults(faults))
        }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |wrong: bool, fault: &str| {
            if wrong {
                faults.push(fault.to_owned());
            }
        };
        check(self.name.trim().is_empty(), "it has no name");
        check(
            self.source.trim().is_empty(),
            "it does not say where its prices are from",
        );
        check(
            self.currency.len() != 3 || !self.currency.bytes().all(|letter| letter.is_ascii_uppercase()),
            "its currency is no ISO 4217 code such as EUR",
        );
        check(
            self.minor_unit_digits > 4,
            "no currency has more than 4 digits of its minor unit",
        );
        check(
            self.hours_per_month == 0 || self.hours_per_month > 744,
            "a machine runs 1 to 744 hours in a month",
        );
        check(self.sizes.is_empty(), "it has no sizes");
        check(self.volumes.is_empty(), "it has no volumes");
        let names: BTreeSet<&str> = self.sizes.iter().map(|size| size.name.as_str()).collect();
        check(names.len() != self.sizes.len(), "two sizes have the same name");
        let names: BTreeSet<&str> = self.volumes.iter().map(|volume| volume.name.as_str()).collect();
        check(
            names.len() != self.volumes.len(),
            "two volumes have the same name",
        );
        for size in &self.sizes {
            check(
                size.vcpus == 0 || !size.memory_gib.is_finite() || size.memory_gib <= 0.0,
                &format!("the size '{}' has no processors or no memory", size.name),
            );
            check(
                size.price_per_hour_micros > MAX_MICROS,
                &format!("the size '{}' costs more than a million an hour", size.name),
            );
        }
        for volume in &self.volumes {
            check(
                volume.max_gib == 0,
                &format!("the volume '{}' holds nothing", volume.name),
            );
            let prices = [
                volume.price_per_gib_month_micros,
                volume.price_per_iops_month_micros,
                volume.price_per_mb_per_second_month_micros,
            ];
            check(
                prices.iter().any(|&price| price > MAX_MICROS),
                &format!(
                    "the volume '{}' costs more than a million a month and unit",
                    volume.name
                ),
            );
        }
        faults
    }

    /// Millionths of the currency's unit as whole minor units, halves rounded up.
    pub(super) fn minor_units(&self, micros: u128) -> i64 {
        let digits = u32::from(self.minor_unit_digits.min(6));
        let per_minor_unit = 10_u128.pow(6 - digits);
        i64::try_from((micros + per_minor_unit / 2) / per_minor_unit).unwrap_or(i64::MAX)
    }

    /// Price of a licence of this family, per virtual processor and hour.
    pub(super) fn licence(&self, os_family: &str) -> u64 {
        self.licences
            .iter()
            .find(|licence| licence.os_family.eq_ignore_ascii_case(os_family))
            .map_or(0, |licence| licence.price_per_vcpu_hour_micros)
    }
}

/// A million units.
const MAX_MICROS: u64 = 1_000_000_000_000;
