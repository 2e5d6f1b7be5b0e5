//! Units in which sources state numbers.

use std::{fmt, str::FromStr};

use landfall_domain::fields::Unit;
use serde::{Deserialize, Serialize};

/// A unit of a source's column.
///
/// `kb`, `mb`, `gb`, `tb`, `pb` count in steps of 1,024, exactly as `kib` to `pib`: hypervisors and inventory tools write MB
/// and GB for memory and disks and mean the binary units (RVTools renamed its columns from MB to MiB without changing a
/// number). The `…_si` units are for sources known to count in steps of 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the units")]
pub enum SourceUnit {
    Bytes,
    Kib,
    Mib,
    Gib,
    Tib,
    Pib,
    Kb,
    Mb,
    Gb,
    Tb,
    Pb,
    KbSi,
    MbSi,
    GbSi,
    TbSi,
    Percent,
    Fraction,
    Count,
    PerSecond,
    BitsPerSecond,
    KilobitsPerSecond,
    MegabitsPerSecond,
    GigabitsPerSecond,
    BytesPerSecond,
    KilobytesPerSecond,
    MegabytesPerSecond,
    GigabytesPerSecond,
    PerMonth,
    PerYear,
}

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Memory and storage.
    Size,
    /// A part of a whole.
    Share,
    /// Things.
    Count,
    /// Operations in a time.
    Rate,
    /// Data in a time.
    Throughput,
    /// Money in a time.
    Money,
}

const KIB: f64 = 1_024.0;
const GIB: f64 = KIB * KIB * KIB;

/// Unit, id, what it measures, and how many of the stored unit one of it is.
#[rustfmt::skip]
const UNITS: [(SourceUnit, &str, Dimension, f64); 29] = [
    (SourceUnit::Bytes, "bytes", Dimension::Size, 1.0 / GIB),
    (SourceUnit::Kib, "kib", Dimension::Size, KIB / GIB),
    (SourceUnit::Mib, "mib", Dimension::Size, 1.0 / KIB),
    (SourceUnit::Gib, "gib", Dimension::Size, 1.0),
    (SourceUnit::Tib, "tib", Dimension::Size, KIB),
    (SourceUnit::Pib, "pib", Dimension::Size, KIB * KIB),
    (SourceUnit::Kb, "kb", Dimension::Size, KIB / GIB),
    (SourceUnit::Mb, "mb", Dimension::Size, 1.0 / KIB),
    (SourceUnit::Gb, "gb", Dimension::Size, 1.0),
    (SourceUnit::Tb, "tb", Dimension::Size, KIB),
    (SourceUnit::Pb, "pb", Dimension::Size, KIB * KIB),
    (SourceUnit::KbSi, "kb_si", Dimension::Size, 1e3 / GIB),
    (SourceUnit::MbSi, "mb_si", Dimension::Size, 1e6 / GIB),
    (SourceUnit::GbSi, "gb_si", Dimension::Size, 1e9 / GIB),
    (SourceUnit::TbSi, "tb_si", Dimension::Size, 1e12 / GIB),
    (SourceUnit::Percent, "percent", Dimension::Share, 1.0),
    (SourceUnit::Fraction, "fraction", Dimension::Share, 100.0),
    (SourceUnit::Count, "count", Dimension::Count, 1.0),
    (SourceUnit::PerSecond, "per_second", Dimension::Rate, 1.0),
    (SourceUnit::BitsPerSecond, "bits_per_second", Dimension::Throughput, 1e-6),
    (SourceUnit::KilobitsPerSecond, "kilobits_per_second", Dimension::Throughput, 1e-3),
    (SourceUnit::MegabitsPerSecond, "megabits_per_second", Dimension::Throughput, 1.0),
    (SourceUnit::GigabitsPerSecond, "gigabits_per_second", Dimension::Throughput, 1e3),
    (SourceUnit::BytesPerSecond, "bytes_per_second", Dimension::Throughput, 8e-6),
    (SourceUnit::KilobytesPerSecond, "kilobytes_per_second", Dimension::Throughput, 8e-3),
    (SourceUnit::MegabytesPerSecond, "megabytes_per_second", Dimension::Throughput, 8.0),
    (SourceUnit::GigabytesPerSecond, "gigabytes_per_second", Dimension::Throughput, 8e3),
    (SourceUnit::PerMonth, "per_month", Dimension::Money, 1.0),
    (SourceUnit::PerYear, "per_year", Dimension::Money, 1.0 / 12.0),
];

impl SourceUnit {
    fn row(self) -> &'static (Self, &'static str, Dimension, f64) {
        // The table has one row for each unit, in order of declaration.
        UNITS.get(self as usize).unwrap_or(&UNITS[0])
    }

    /// The id, as stored in mappings and profiles.
    pub fn id(self) -> &'static str {
        self.row().1
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        self.row().2
    }

    /// An amount of this unit in the unit in which fields of its dimension are stored: GiB, percent, megabits per
    /// second, money per month.
    pub fn convert(self, amount: f64) -> f64 {
        let factor = self.row().3;
        if (factor - 1.0).abs() < f64::EPSILON {
            return amount;
        }
        let exact = amount * factor;
        // Conversions such as 0.07 × 100 leave noise in the last digits.
        let rounded = (exact * 1e9).round() / 1e9;
        if rounded.is_finite() { rounded } else { exact }
    }

    /// The unit that a short word after a number or in a header stands for. `Mb/s` and `MB/s` are told apart by case.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().trim_end_matches('.');
        if word.len() > 24 {
            return None;
        }
        let lower = word.to_ascii_lowercase();
        Some(match lower.as_str() {
            "b" | "byte" | "bytes" => Self::Bytes,
            "kib" => Self::Kib,
            "mib" => Self::Mib,
            "gib" => Self::Gib,
            "tib" => Self::Tib,
            "pib" => Self::Pib,
            "k" | "kb" | "kilobyte" | "kilobytes" => Self::Kb,
            "m" | "mb" | "megabyte" | "megabytes" => Self::Mb,
            "g" | "gb" | "gigabyte" | "gigabytes" | "gig" => Self::Gb,
            "t" | "tb" | "terabyte" | "terabytes" => Self::Tb,
            "pb" | "petabyte" | "petabytes" => Self::Pb,
            "%" | "percent" | "percentage" | "pct" | "prozent" => Self::Percent,
            "iops" | "ops" | "ops/s" | "io/s" | "/s" => Self::PerSecond,
            "bps" | "bit/s" | "bits/s" => Self::BitsPerSecond,
            "kbps" if word.contains('B') => Self::KilobytesPerSecond,
            "kbps" | "kbit/s" => Self::KilobitsPerSecond,
            "mbps" if word.contains('B') => Self::MegabytesPerSecond,
            "mbps" | "mbit/s" | "mbits/s" => Self::MegabitsPerSecond,
            "gbps" if word.contains('B') => Self::GigabytesPerSecond,
            "gbps" | "gbit/s" | "gbits/s" => Self::GigabitsPerSecond,
            "mb/s" if word.contains('b') => Self::MegabitsPerSecond,
            "b/s" | "byte/s" | "bytes/s" => Self::BytesPerSecond,
            "kb/s" | "kib/s" => Self::KilobytesPerSecond,
            "mb/s" | "mib/s" => Self::MegabytesPerSecond,
            "gb/s" | "gib/s" => Self::GigabytesPerSecond,
            _ => return None,
        })
    }
}

/// What a field's unit measures.
pub fn dimension_of(unit: Unit) -> Dimension {
    match unit {
        Unit::Gibibytes => Dimension::Size,
        Unit::Percent => Dimension::Share,
        Unit::Count => Dimension::Count,
        Unit::PerSecond => Dimension::Rate,
        Unit::MegabitsPerSecond => Dimension::Throughput,
        Unit::MinorUnitsPerMonth => Dimension::Money,
    }
}

/// A word that names no unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no unit; known: bytes, kib, mib, gib, tib, kb, mb, gb, tb, percent, fraction, count and others"
)]
pub struct UnknownUnit(pub String);

impl FromStr for SourceUnit {
    type Err = UnknownUnit;

    fn from_str(id: &str) -> Result<Self, UnknownUnit> {
        UNITS
            .iter()
            .find(|row| row.1.eq_ignore_ascii_case(id.trim()))
            .map(|row| row.0)
            .or_else(|| Self::from_word(id))
            .ok_or_else(|| UnknownUnit(id.to_owned()))
    }
}

impl fmt::Display for SourceUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_each_unit_once_and_in_order() {
        for (index, (unit, id, ..)) in UNITS.iter().enumerate() {
            assert_eq!(*unit as usize, index);
            assert_eq!(id.parse::<SourceUnit>().unwrap(), *unit);
            assert_eq!(serde_json::to_value(unit).unwrap(), *id);
        }
    }

    #[test]
    fn amounts_become_the_stored_unit() {
        for (unit, amount, stored) in [
            (SourceUnit::Mb, 16_384.0, 16.0),
            (SourceUnit::Mib, 512.0, 0.5),
            (SourceUnit::Bytes, 4_294_967_296.0, 4.0),
            (SourceUnit::Tb, 1.5, 1_536.0),
            (SourceUnit::Fraction, 0.07, 7.0),
            (SourceUnit::MegabytesPerSecond, 4.0, 32.0),
            (SourceUnit::PerYear, 3_600.0, 300.0),
        ] {
            assert!((unit.convert(amount) - stored).abs() < 1e-9, "{unit} {amount}");
        }
    }

    #[test]
    fn bits_and_bytes_per_second_are_told_apart_by_case() {
        assert_eq!(
            SourceUnit::from_word("MBps"),
            Some(SourceUnit::MegabytesPerSecond)
        );
        assert_eq!(SourceUnit::from_word("Mbps"), Some(SourceUnit::MegabitsPerSecond));
        assert_eq!(SourceUnit::from_word("mbps"), Some(SourceUnit::MegabitsPerSecond));
        assert_eq!(
            SourceUnit::from_word("MB/s"),
            Some(SourceUnit::MegabytesPerSecond)
        );
        assert_eq!(SourceUnit::from_word("Mb/s"), Some(SourceUnit::MegabitsPerSecond));
        assert_eq!(SourceUnit::from_word("parsec"), None);
    }
}
