//! How good the data of an import is: five numbers from 0 to 1, each by its formula.

use super::columns::{ImportColumns, completeness, rounded, share};
use crate::cleansing::{DateOrder, TransformationRules};
use crate::mappings::{ColumnProfile, ColumnType};
use landfall_domain::Phase;
use serde::Serialize;
use std::collections::HashMap;

/// What completeness counts in the overall score.
const COMPLETENESS: f64 = 0.35;
/// What validity counts.
const VALIDITY: f64 = 0.25;
/// What consistency counts.
const CONSISTENCY: f64 = 0.2;
/// What accuracy counts.
const ACCURACY: f64 = 0.2;

/// How good the data is, each number 0–1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DataQuality {
    /// 0.35 completeness + 0.25 validity + 0.2 consistency + 0.2 accuracy.
    pub overall_score: f64,
    /// Mean over the columns of the part of the records in which they say something.
    pub completeness: f64,
    /// Mean over the columns of the part of their values that are written alike: for typed columns, those of the type that
    /// most have; for text, those that differ from no other value by case or spaces alone.
    pub consistency: f64,
    /// Part of the records that became an asset without contradicting another source; before the inventory is made, part
    /// of the records with nothing wrong.
    pub accuracy: f64,
    /// Part of the values that break no rule.
    pub validity: f64,
}

/// The quality of an import's data.
pub(crate) fn quality(columns: &ImportColumns) -> DataQuality {
    let profiles = &columns.profiles;
    let completeness = mean(profiles.iter().map(completeness));
    let consistency = mean(
        profiles
            .iter()
            .filter(|profile| !profile.samples.is_empty())
            .map(consistency),
    );
    let values: u64 = profiles.iter().map(|profile| profile.filled).sum();
    let faults: u64 = profiles
        .iter()
        .map(|profile| columns.faults_of(&profile.name))
        .sum();
    let validity = if values == 0 {
        0.0
    } else {
        1.0 - share(faults, values)
    };
    let accuracy = accuracy(columns);
    let overall =
        COMPLETENESS * completeness + VALIDITY * validity + CONSISTENCY * consistency + ACCURACY * accuracy;
    DataQuality {
        overall_score: rounded(overall),
        completeness: rounded(completeness),
        consistency: rounded(consistency),
        accuracy: rounded(accuracy),
        validity: rounded(validity),
    }
}

/// The part of an import's records with nothing wrong, as lists show it; 0 for an import without records.
pub fn clean_share(total: Option<i64>, failed: i64) -> f64 {
    let total = total.and_then(|total| u64::try_from(total).ok()).unwrap_or(0);
    let failed = u64::try_from(failed).unwrap_or(0);
    share(total.saturating_sub(failed), total)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    if count == 0.0 { 0.0 } else { sum / count }
}

fn accuracy(columns: &ImportColumns) -> f64 {
    let inventory = columns
        .flow
        .as_ref()
        .and_then(|flow| flow.crew_outputs.get(Phase::AssetInventory.as_str()));
    let count = |name: &str| inventory.and_then(|i| i.get(name)?.as_u64()).unwrap_or(0);
    let good = count("created") + count("updated") + count("merged");
    let considered = good + count("unidentified");
    if considered > 0 {
        return share(good.saturating_sub(count("conflicts")), considered);
    }
    clean_share(columns.import.total_records, columns.import.failed_records)
}

/// The part of a column's samples that are written like most of them.
pub(crate) fn consistency(profile: &ColumnProfile) -> f64 {
    let kind = profile.column_type();
    if kind != ColumnType::Text {
        return alike(profile);
    }
    let mut spellings: HashMap<String, u64> = HashMap::new();
    for sample in &profile.samples {
        *spellings.entry(folded(sample)).or_default() += 1;
    }
    let odd: u64 = spellings.values().map(|count| count - 1).sum();
    1.0 - share(odd, profile.samples.len() as u64)
}

/// For typed columns: the part of the samples with the most frequent shape.
fn alike(profile: &ColumnProfile) -> f64 {
    let mut shapes: HashMap<String, u64> = HashMap::new();
    for sample in &profile.samples {
        *shapes.entry(shape(sample)).or_default() += 1;
    }
    let most = shapes.values().copied().max().unwrap_or(0);
    share(most, profile.samples.len() as u64)
}

/// What a text looks like: runs of digits and letters each become one sign.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.trim().chars() {
        let sign = match c {
            '0'..='9' => '9',
            c if c.is_alphabetic() => 'a',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if !shape.ends_with(sign) {
            shape.push(sign);
        }
    }
    shape
}

/// The text without case and superfluous spaces.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The kinds of values among a column's samples: one of `integer`, `number`, `boolean`, `datetime`, `string` each, the most
/// frequent first.
pub(crate) fn kinds(profile: &ColumnProfile) -> Vec<&'static str> {
    let rules = TransformationRules {
        decimal_style: profile.decimals.decide(false),
        date_order: Some(profile.dates.decide().unwrap_or(DateOrder::DayFirst)),
        ..TransformationRules::default()
    };
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    for sample in &profile.samples {
        *counts.entry(kind(sample, &rules)).or_default() += 1;
    }
    let mut kinds: Vec<_> = counts.into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    kinds.into_iter().map(|(kind, _)| kind).collect()
}

fn kind(text: &str, rules: &TransformationRules) -> &'static str {
    use crate::cleansing::{dates, numbers};
    let number = numbers::scan(text, rules.decimal_style)
        .ok()
        .filter(|(_, rest)| rest.is_empty())
        .map(|(number, _)| number);
    match number {
        Some(number) if number.fract() == 0.0 => "integer",
        Some(_) => "number",
        None if ["true", "false", "yes", "no"].contains(&text.to_lowercase().as_str()) => "boolean",
        None if dates::parse(text, rules.date_order).is_ok() => "datetime",
        None => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(samples: &[&str]) -> ColumnProfile {
        ColumnProfile::from_samples("c", samples.iter().copied(), samples.len() as u64, 4)
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-4
    }

    #[test]
    fn spellings_that_differ_by_case_or_spaces_cost_consistency() {
        assert!(near(
            consistency(&profile(&["Prod", "prod", "Dev", "Test"])),
            0.75
        ));
        assert!(near(consistency(&profile(&["a b", "c"])), 1.0));
        assert!(near(
            consistency(&profile(&["2024-01-01", "2024-02-03", "01.02.2024"])),
            0.6667
        ));
    }

    #[test]
    fn kinds_are_told_the_most_frequent_first() {
        assert_eq!(kinds(&profile(&["1", "2", "x"])), ["integer", "string"]);
        assert_eq!(kinds(&profile(&["1.5"])), ["number"]);
        assert_eq!(kinds(&profile(&["yes", "2024-01-01"])).len(), 2);
    }

    #[test]
    fn the_clean_share_is_of_all_records_and_of_none_it_is_nothing() {
        assert!(near(clean_share(Some(4), 1), 0.75));
        assert!(near(clean_share(None, 0), 0.0));
        assert!(near(clean_share(Some(2), 5), 0.0));
    }
}
