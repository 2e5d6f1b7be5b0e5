//! What is known about a column before anybody decides what it means.

use landfall_domain::fields::{Field, field};
use serde::{Deserialize, Serialize};

use crate::cleansing::{
    Reading, TransformationRules,
    dates::{self, DateEvidence},
    is_absent,
    numbers::{self, DecimalEvidence},
    read,
};

/// Most samples a profile holds.
pub const MOST_SAMPLES: usize = 200;

/// A column's header and what its values look like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnProfile {
    /// The header as the source writes it.
    pub name: String,
    /// Up to 200 distinct values that say something, in order of appearance.
    pub samples: Vec<String>,
    /// Rows in which the column says something.
    pub filled: u64,
    /// Rows.
    pub total: u64,
    /// Number of distinct values; exact up to 256, else an estimate.
    pub distinct: u64,
    /// Length of the longest value in characters.
    pub longest: u64,
    /// What the column's numbers show about their decimal mark.
    pub decimals: DecimalEvidence,
    /// What the column's dates show about their order.
    pub dates: DateEvidence,
}

/// What nearly all values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Nothing is there.
    Empty,
    /// Whole numbers.
    Integer,
    /// Numbers, also with units.
    Number,
    /// Yes or no.
    Boolean,
    /// Dates.
    Timestamp,
    /// IP addresses.
    IpAddress,
    /// MAC addresses.
    MacAddress,
    /// UUIDs.
    Uuid,
    /// Anything else.
    Text,
}

impl ColumnProfile {
    /// The profile of a column of which only some values are at hand.
    pub fn from_samples<S: Into<String>>(
        name: impl Into<String>,
        samples: impl IntoIterator<Item = S>,
        filled: u64,
        total: u64,
    ) -> Self {
        let mut profile = Self {
            name: name.into(),
            filled,
            total,
            ..Self::default()
        };
        for sample in samples {
            let sample: String = sample.into();
            if !is_absent(&sample)
                && !profile.samples.contains(&sample)
                && profile.samples.len() < MOST_SAMPLES
            {
                profile.observe(&sample);
                profile.samples.push(sample);
            }
        }
        profile.distinct = profile.samples.len() as u64;
        profile
    }

    pub(super) fn observe(&mut self, text: &str) {
        self.decimals.observe(text);
        self.dates.observe(text);
        if text.len() as u64 > self.longest {
            self.longest = self.longest.max(text.chars().count() as u64);
        }
    }

    /// What nearly all samples are: nineteen in twenty.
    pub fn column_type(&self) -> ColumnType {
        if self.samples.is_empty() {
            return ColumnType::Empty;
        }
        let rules = TransformationRules {
            decimal_style: self.decimals.decide(false),
            date_order: self.dates.decide(),
            ..TransformationRules::default()
        };
        let reads_as = |name: &str| {
            field(name).is_some_and(|field| self.share(|text| reads(field, &rules, text)) >= 0.95)
        };
        let number = |text: &str| {
            numbers::scan(text, rules.decimal_style)
                .ok()
                .filter(|(_, rest)| rest.is_empty())
                .map(|(number, _)| number)
        };
        let boolean = |text: &str| !text.bytes().all(|b| b.is_ascii_digit()) && reads_bool(text, &rules);
        if self.share(boolean) >= 0.95 {
            ColumnType::Boolean
        } else if self.share(|text| number(text).is_some_and(|number| number.fract() == 0.0)) >= 0.95 {
            ColumnType::Integer
        } else if reads_as("ip_address") {
            ColumnType::IpAddress
        } else if reads_as("mac_address") {
            ColumnType::MacAddress
        } else if reads_as("system_uuid") {
            ColumnType::Uuid
        } else if self.share(|text| is_date(text, &rules)) >= 0.95 {
            ColumnType::Timestamp
        } else if reads_as("storage_gb")
            || reads_as("cpu_utilization_percent")
            || self.share(|text| number(text).is_some()) >= 0.95
        {
            ColumnType::Number
        } else {
            ColumnType::Text
        }
    }

    /// The part of the samples for which something holds, 0–1; 0 without samples.
    #[expect(clippy::cast_precision_loss, reason = "at most 200 samples")]
    pub(super) fn share(&self, holds: impl Fn(&str) -> bool) -> f64 {
        if self.samples.is_empty() {
            return 0.0;
        }
        self.samples.iter().filter(|text| holds(text)).count() as f64 / self.samples.len() as f64
    }
}

/// Whether the text is a date in some order.
pub(super) fn is_date(text: &str, rules: &TransformationRules) -> bool {
    match dates::parse(text, rules.date_order) {
        Ok(_) => true,
        Err(fault) => fault.rule == "date_order",
    }
}

/// Whether the text is a usable value of the field.
pub(super) fn reads(field: &'static Field, rules: &TransformationRules, text: &str) -> bool {
    matches!(
        read(field, rules, text),
        Ok(Reading::Value(_) | Reading::Partial(_) | Reading::Unused)
    )
}

pub(super) fn reads_bool(text: &str, rules: &TransformationRules) -> bool {
    field("is_virtual").is_some_and(|field| reads(field, rules, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_type_of_nearly_all_their_values() {
        for (samples, expected) in [
            (vec![], ColumnType::Empty),
            (vec!["1", "2", "16,384"], ColumnType::Integer),
            (vec!["1.5", "2"], ColumnType::Number),
            (vec!["16 GiB", "8 GiB"], ColumnType::Number),
            (vec!["12.5%", "7 %"], ColumnType::Number),
            (vec!["True", "False"], ColumnType::Boolean),
            (vec!["10.0.0.1", "fd00::4"], ColumnType::IpAddress),
            (vec!["00:50:56:01:02:03"], ColumnType::MacAddress),
            (vec!["422e6d92-22c1-c6c1-1de8-eceec50f94bc"], ColumnType::Uuid),
            (vec!["2024-01-15", "2024-02-01"], ColumnType::Timestamp),
            (vec!["01/02/2024", "03/04/2024"], ColumnType::Timestamp),
            (vec!["web01", "7"], ColumnType::Text),
        ] {
            let profile = ColumnProfile::from_samples("c", samples.clone(), 0, 0);
            assert_eq!(profile.column_type(), expected, "{samples:?}");
        }
    }
}
