//! The rules that a column's header and values call for.

use std::collections::BTreeMap;

use landfall_domain::fields::{Field, FieldKind, ValueType};

use super::{column::ColumnProfile, header::Header};
use crate::cleansing::{
    SourceUnit, TransformationRules, numbers,
    units::{Dimension, dimension_of},
};

/// The rules by which a column is read as a field, and what a person should know about them, each a short phrase.
///
/// The unit is that of the header; else, for memory and storage, the one in which the numbers make sense; the decimal mark,
/// the order of dates and the separator of lists are those that the values show.
pub fn rules_for(profile: &ColumnProfile, field: &'static Field) -> (TransformationRules, Vec<String>) {
    let header = Header::of(&profile.name);
    let mut rules = TransformationRules::default();
    let mut notes = Vec::new();
    if let Some(stored) = field.unit {
        let dimension = dimension_of(stored);
        let style = profile.decimals.decide(true);
        let numbers = bare_numbers(profile, style);
        rules.unit = match dimension {
            Dimension::Size => header
                .unit
                .filter(|unit| unit.dimension() == dimension)
                .inspect(|unit| notes.push(format!("unit {unit} from the header")))
                .or_else(|| size_by_magnitude(field, &numbers, &mut notes)),
            Dimension::Share => share_unit(&numbers, &mut notes),
            Dimension::Throughput => header.unit.filter(|unit| unit.dimension() == dimension),
            Dimension::Money => {
                rules.currency = header.currency.map(str::to_owned);
                per_year(&header, &mut notes)
            }
            Dimension::Count | Dimension::Rate => None,
        };
        rules.decimal_style = profile.decimals.decide(counts_whole(field, rules.unit));
        if profile.decimals.is_mixed() {
            notes.push("its numbers use both decimal marks".to_owned());
        }
    }
    match field.kind {
        FieldKind::Timestamp => rules.date_order = profile.dates.decide(),
        FieldKind::AssetReferences | FieldKind::Tags => rules.list_separator = separator(profile),
        _ => {}
    }
    rules.value_map = value_map(&header, field, profile);
    if !rules.value_map.is_empty() {
        notes.push("codes are translated".to_owned());
    }
    (rules, notes)
}

/// Whether numbers of this field and unit have no decimals, so that three digits after a point are thousands.
fn counts_whole(field: &Field, unit: Option<SourceUnit>) -> bool {
    field.kind.value_type() == ValueType::Integer && field.kind != FieldKind::Money
        || matches!(
            unit,
            Some(SourceUnit::Bytes | SourceUnit::Kb | SourceUnit::Kib | SourceUnit::Mb | SourceUnit::Mib)
        )
}

/// The column's numbers that carry no unit.
fn bare_numbers(profile: &ColumnProfile, style: Option<numbers::DecimalStyle>) -> Vec<f64> {
    let mut bare: Vec<f64> = profile
        .samples
        .iter()
        .filter_map(|text| numbers::scan(text, style).ok())
        .filter(|(_, rest)| rest.trim().is_empty())
        .map(|(number, _)| number)
        .collect();
    bare.sort_by(f64::total_cmp);
    bare
}

/// A unit in which the median is a size that a machine may have. Half of all machines have less than 1 TiB of memory and
/// 20 TiB of storage, and more than 64 MiB of either.
fn size_by_magnitude(field: &Field, numbers: &[f64], notes: &mut Vec<String>) -> Option<SourceUnit> {
    let median = *numbers.get(numbers.len() / 2)?;
    let most_gib = if field.name.starts_with("memory") {
        1_024.0
    } else {
        20_480.0
    };
    let unit = if median >= 1.2e8 {
        SourceUnit::Bytes
    } else if median >= most_gib * 1_024.0 {
        SourceUnit::Kib
    } else if median >= most_gib {
        SourceUnit::Mib
    } else {
        return None;
    };
    notes.push(format!("unit {unit}, because the numbers are too large for GiB"));
    Some(unit)
}

/// Shares between 0 and 1, some of them strictly, are fractions.
fn share_unit(numbers: &[f64], notes: &mut Vec<String>) -> Option<SourceUnit> {
    let all = numbers.iter().all(|number| (0.0..=1.0).contains(number));
    let some = numbers.iter().any(|number| *number > 0.0 && *number < 1.0);
    if !(all && some) {
        return None;
    }
    notes.push("its numbers are fractions: 0.6 is 60 %".to_owned());
    Some(SourceUnit::Fraction)
}

fn per_year(header: &Header, notes: &mut Vec<String>) -> Option<SourceUnit> {
    let yearly = [
        "annual",
        "yearly",
        "peryear",
        "projahr",
        "jahreskosten",
        "perannum",
    ];
    if !yearly.iter().any(|word| header.compact.contains(word)) {
        return None;
    }
    notes.push("a year's cost is divided by twelve".to_owned());
    Some(SourceUnit::PerYear)
}

fn separator(profile: &ColumnProfile) -> Option<char> {
    [';', '\n', '|', ',']
        .into_iter()
        .find(|mark| profile.samples.iter().any(|text| text.contains(*mark)))
}

/// Codes of ServiceNow's choice lists, and questions asked the other way round.
fn value_map(header: &Header, field: &Field, profile: &ColumnProfile) -> BTreeMap<String, String> {
    let codes: &[(&str, &str)] = match (header.compact.as_str(), field.name) {
        ("operationalstatus", "status") => &[
            ("1", "Active"),
            ("2", "Inactive"),
            ("3", "Maintenance"),
            ("4", "DR standby"),
            ("5", "Ready"),
            ("6", "Retired"),
        ],
        ("installstatus", "status") => &[
            ("1", "Active"),
            ("2", "Planned"),
            ("3", "Maintenance"),
            ("4", "Planned"),
            ("5", "Maintenance"),
            ("6", "In stock"),
            ("7", "Retired"),
            ("8", "Stolen"),
            ("100", "Absent"),
        ],
        ("isphysical" | "physical", "is_virtual") => &[
            ("true", "no"),
            ("false", "yes"),
            ("1", "no"),
            ("0", "yes"),
            ("yes", "no"),
            ("no", "yes"),
            ("ja", "no"),
            ("nein", "yes"),
        ],
        _ => &[],
    };
    let numeric =
        !profile.samples.is_empty() && profile.share(|text| text.bytes().all(|b| b.is_ascii_digit())) < 0.5;
    if field.name == "status" && numeric {
        return BTreeMap::new();
    }
    codes
        .iter()
        .map(|(code, meaning)| ((*code).to_owned(), (*meaning).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use landfall_domain::fields::field;

    use super::*;
    use crate::cleansing::DecimalStyle;

    fn rules(header: &str, name: &str, samples: &[&str]) -> TransformationRules {
        rules_for(
            &ColumnProfile::from_samples(header, samples.iter().copied(), 9, 9),
            field(name).unwrap(),
        )
        .0
    }

    #[test]
    fn the_unit_comes_from_the_header_or_from_numbers_that_are_too_large() {
        assert_eq!(
            rules("RAM (GB)", "memory_gb", &["4096"]).unit,
            Some(SourceUnit::Gb)
        );
        assert_eq!(
            rules("Memory", "memory_gb", &["16,384", "4,096"]).unit,
            Some(SourceUnit::Mib)
        );
        assert_eq!(rules("Memory", "memory_gb", &["16", "512"]).unit, None);
        assert_eq!(
            rules("MemoryAssigned", "memory_gb", &["8589934592"]).unit,
            Some(SourceUnit::Bytes)
        );
        assert_eq!(
            rules("Memory", "memory_gb", &["16777216"]).unit,
            Some(SourceUnit::Kib)
        );
        assert_eq!(rules("Memory", "memory_gb", &["16 GiB"]).unit, None);
        assert_eq!(
            rules("Annual Cost (USD)", "current_monthly_cost", &["3400"]).unit,
            Some(SourceUnit::PerYear)
        );
        assert_eq!(
            rules("Annual Cost (USD)", "current_monthly_cost", &[])
                .currency
                .as_deref(),
            Some("USD")
        );
    }

    #[test]
    fn fractions_and_decimal_marks_come_from_all_values_of_the_column() {
        assert_eq!(
            rules("CPU (%)", "cpu_utilization_percent", &["0.60", "1.00"]).unit,
            Some(SourceUnit::Fraction)
        );
        assert_eq!(
            rules("CPU (%)", "cpu_utilization_percent", &["0.60", "12"]).unit,
            None
        );
        assert_eq!(
            rules("RAM MB", "memory_gb", &["16.384", "4.096"]).decimal_style,
            Some(DecimalStyle::Comma)
        );
        assert_eq!(
            rules("RAM GB", "memory_gb", &["16.5", "4"]).decimal_style,
            Some(DecimalStyle::Point)
        );
    }

    #[test]
    fn codes_are_translated_where_the_header_says_whose_they_are() {
        let status = rules("operational_status", "status", &["1", "6"]);
        assert_eq!(status.value_map.get("6").map(String::as_str), Some("Retired"));
        assert!(
            rules("operational_status", "status", &["Operational"])
                .value_map
                .is_empty()
        );
        assert_eq!(
            rules("IsPhysical", "is_virtual", &["0"])
                .value_map
                .get("0")
                .map(String::as_str),
            Some("yes")
        );
    }
}
