//! Columns of a source, observed row by row in bounded memory.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde_json::{Map, Value};

use super::column::{ColumnProfile, MOST_SAMPLES};
use crate::cleansing::{cell_text, is_absent};

/// Longest sample that is kept, in characters.
const LONGEST_SAMPLE: usize = 256;
/// Most columns that are observed; a source with more has its further columns listed nowhere.
const MOST_COLUMNS: usize = 16_384;
/// Hashes kept for counting distinct values.
const SKETCH: usize = 256;

/// Watches raw rows pass and says at the end what each column looks like. Memory is bounded by the number of columns, not
/// of rows: 200 samples and 256 hashes each.
#[derive(Clone, Debug, Default)]
pub struct ColumnProfiler {
    columns: Vec<Observed>,
    places: HashMap<String, usize>,
    /// The place of the n-th entry of the last row: rows of one source mostly look alike.
    order: Vec<usize>,
    rows: u64,
}

#[derive(Clone, Debug, Default)]
struct Observed {
    profile: ColumnProfile,
    sample_hashes: BTreeSet<u64>,
    /// The smallest hashes of the column's values.
    smallest: BTreeSet<u64>,
}

impl ColumnProfiler {
    /// A profiler that lists these columns first, in this order; columns that only rows name follow.
    pub fn new<S: Into<String>>(headers: impl IntoIterator<Item = S>) -> Self {
        let mut profiler = Self::default();
        for header in headers {
            profiler.add(header.into());
        }
        profiler
    }

    fn add(&mut self, name: String) -> Option<usize> {
        if let Some(place) = self.places.get(&name) {
            return Some(*place);
        }
        if self.columns.len() >= MOST_COLUMNS {
            return None;
        }
        let place = self.columns.len();
        self.places.insert(name.clone(), place);
        self.columns.push(Observed {
            profile: ColumnProfile {
                name,
                ..ColumnProfile::default()
            },
            ..Observed::default()
        });
        Some(place)
    }

    /// Takes one row into account.
    pub fn feed(&mut self, row: &Map<String, Value>) {
        self.rows += 1;
        for (index, (name, value)) in row.iter().enumerate() {
            let Some(text) = cell_text(value).filter(|text| !is_absent(text)) else {
                continue;
            };
            let Some(place) = self.place(index, name) else {
                continue;
            };
            if let Some(column) = self.columns.get_mut(place) {
                column.observe(&text);
            }
        }
    }

    fn place(&mut self, index: usize, name: &str) -> Option<usize> {
        if let Some(place) = self.order.get(index)
            && self
                .columns
                .get(*place)
                .is_some_and(|column| column.profile.name == name)
        {
            return Some(*place);
        }
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => self.add(name.to_owned())?,
        };
        if self.order.len() <= index {
            self.order.resize(index + 1, usize::MAX);
        }
        if let Some(slot) = self.order.get_mut(index) {
            *slot = place;
        }
        Some(place)
    }

    /// Rows seen so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// What is known of each column so far.
    pub fn profiles(&self) -> Vec<ColumnProfile> {
        self.columns
            .iter()
            .map(|column| ColumnProfile {
                total: self.rows,
                distinct: column.distinct(),
                ..column.profile.clone()
            })
            .collect()
    }
}

impl Observed {
    fn observe(&mut self, text: &str) {
        self.profile.filled += 1;
        self.profile.observe(text);
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let hash = hasher.finish();
        if self.smallest.len() < SKETCH {
            self.smallest.insert(hash);
        } else if self.smallest.last().is_some_and(|largest| hash < *largest) && self.smallest.insert(hash) {
            self.smallest.pop_last();
        }
        if self.profile.samples.len() < MOST_SAMPLES && self.sample_hashes.insert(hash) {
            self.profile
                .samples
                .push(text.chars().take(LONGEST_SAMPLE).collect());
        }
    }

    /// The k-th smallest of evenly spread hashes tells how many there are (Bar-Yossef et al., 2002: k − 1 over the k-th
    /// smallest as a part of the range).
    fn distinct(&self) -> u64 {
        if self.smallest.len() < SKETCH {
            return self.smallest.len() as u64;
        }
        let Some(largest) = self.smallest.last() else {
            return 0;
        };
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let estimate = (SKETCH as f64 - 1.0) / ((*largest as f64) / (u64::MAX as f64));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive; saturates"
        )]
        let estimate = estimate as u64;
        estimate.min(self.profile.filled)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(json: Value) -> Map<String, Value> {
        match json {
            Value::Object(map) => map,
            _ => panic!("a row is an object"),
        }
    }

    #[test]
    fn columns_are_counted_and_sampled_in_the_order_of_the_headers() {
        let mut profiler = ColumnProfiler::new(["b", "a"]);
        profiler.feed(&row(json!({"a": "1,5", "b": "x", "c": null})));
        profiler.feed(&row(json!({"a": "2,5", "b": "x", "d": "late"})));
        profiler.feed(&row(json!({"a": "N/A", "b": "  ", "d": ""})));
        let profiles = profiler.profiles();
        let names: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
        assert_eq!(names, ["b", "a", "d"]);
        assert_eq!(
            (profiles[0].filled, profiles[0].total, profiles[0].distinct),
            (2, 3, 1)
        );
        assert_eq!(profiles[1].samples, ["1,5", "2,5"]);
        assert_eq!(profiles[1].decimals.commas, 2);
        assert_eq!(profiler.rows(), 3);
    }

    #[test]
    fn memory_stays_bounded_and_distinct_values_are_estimated() {
        let mut profiler = ColumnProfiler::new(["id"]);
        for number in 0..20_000 {
            profiler.feed(&row(json!({"id": format!("server-{number}")})));
        }
        let profile = &profiler.profiles()[0];
        assert_eq!(profile.samples.len(), MOST_SAMPLES);
        assert_eq!(profile.filled, 20_000);
        assert!(
            (15_000..=20_000).contains(&profile.distinct),
            "{}",
            profile.distinct
        );
    }
}
