//! Samples of load, summed up for each machine and column: there may be thousands.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::imports::formats::cells::cell;
use crate::imports::formats::numbers::number;
use crate::imports::formats::{Collector, Row};

/// Values by column, and the time they span.
#[derive(Default)]
pub(super) struct Samples {
    columns: BTreeMap<String, Vec<f64>>,
    from: Option<String>,
    to: Option<String>,
    stopped: bool,
}

impl Collector for Samples {
    fn add(&mut self, row: Row) -> usize {
        if self.stopped {
            return 0;
        }
        if let Some(time) = cell(&row, &["TimeStamp"]) {
            // ISO times and the tool's own sort as text.
            if self.from.as_deref().is_none_or(|from| *time < *from) {
                self.from = Some(time.clone().into_owned());
            }
            if self.to.as_deref().is_none_or(|to| *time > *to) {
                self.to = Some(time.into_owned());
            }
        }
        let mut bytes = 0;
        for (name, value) in &row {
            let value = value.as_f64().or_else(|| value.as_str().and_then(number));
            if let Some(value) = value.filter(|_| !["MachineId", "TimeStamp"].contains(&name.as_str())) {
                self.columns.entry(name.clone()).or_default().push(value);
                bytes += size_of::<f64>();
            }
        }
        bytes
    }

    fn stop(&mut self) {
        self.stopped = true;
    }

    fn finish(self: Box<Self>) -> Vec<Value> {
        let (from, to) = (self.from, self.to);
        let summary = |(name, values): (String, Vec<f64>)| {
            let (average, maximum, p95) = summary_of(values.clone())?;
            Some(json!({
                "metric": name, "average": average, "maximum": maximum, "p95": p95,
                "samples": values.len(), "from": from, "to": to,
            }))
        };
        self.columns.into_iter().filter_map(summary).collect()
    }
}

/// Mean, greatest value, and 95th percentile by nearest rank: the value at position ⌈0.95 n⌉ of the sorted ones.
#[expect(clippy::cast_precision_loss, reason = "counts of samples are far below 2^53")]
fn summary_of(mut values: Vec<f64>) -> Option<(f64, f64, f64)> {
    values.sort_by(f64::total_cmp);
    let count = values.len();
    let average = values.iter().sum::<f64>() / count as f64;
    let rank = (count * 95).div_ceil(100);
    Some((average, *values.last()?, *values.get(rank.checked_sub(1)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_summed_up_by_column() {
        let mut samples = Box::<Samples>::default();
        for n in (1..=100).rev() {
            let row = json!({"MachineId": "7", "TimeStamp": format!("2026-01-01 00:{n:02}"), "CpuUtilizationPercentage": n.to_string(), "Note": "x"});
            samples.add(row.as_object().unwrap().clone());
        }
        let summary = samples.finish();
        assert_eq!(summary.len(), 1);
        assert_eq!(
            summary[0],
            json!({"metric": "CpuUtilizationPercentage", "average": 50.5, "maximum": 100.0, "p95": 95.0, "samples": 100,
                "from": "2026-01-01 00:01", "to": "2026-01-01 00:99"})
        );
    }

    #[test]
    fn one_sample_is_its_own_percentile() {
        assert_eq!(summary_of(vec![7.0]), Some((7.0, 7.0, 7.0)));
        assert_eq!(summary_of(vec![]), None);
    }
}
