//! Data cleansing: reads every record under the accepted mappings, and says what cannot be used and what was changed.
//!
//! The cleansed values themselves are written by the asset inventory, in the statement that links a record to its asset:
//! cleansing is a pure function of the row and its mappings, and working it out twice costs less than writing it twice.

use super::batches::{ReadRecord, RecordBatches};
use super::executor::{DiscoveryError, PhaseContext, PhaseExecutor, PhaseOutcome};
use super::facts::ReadRow;
use super::identity::keys_of;
use super::progress::{CLEANSING_PROGRESS, progress, signed};
use super::resolve::no_identity;
use crate::cleansing::{Cleansed, Issue};
use async_trait::async_trait;
use landfall_domain::Phase;
use landfall_repositories::{ImportProgress, RawRow, RecordFault};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Judges the records. Cost: one pass over them; only rows with faults are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataCleansing;

/// What cleansing found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Quality {
    /// Position of the last record read.
    pub last_index: Option<i64>,
    /// Records read.
    pub records: u64,
    /// Records that should become assets.
    pub asset_records: u64,
    /// Values that were brought into another form.
    pub values_changed: u64,
    /// Records with something wrong.
    pub faulty_records: u64,
    /// Values that cannot be used, by column and rule.
    pub faults: BTreeMap<String, BTreeMap<String, u64>>,
    /// How many records state each field.
    pub filled: BTreeMap<String, u64>,
}

impl Quality {
    fn take(&mut self, record: &Cleansed, issues: &[Issue]) {
        self.asset_records += 1;
        self.values_changed += u64::from(record.changes);
        for (field, _) in &record.fields {
            // The names are few and known: looked up before an owned one is made.
            match self.filled.get_mut(field.name) {
                Some(count) => *count += 1,
                None => {
                    self.filled.insert(field.name.to_owned(), 1);
                }
            }
        }
        self.count(issues);
    }

    fn count(&mut self, issues: &[Issue]) {
        for issue in issues {
            let rules = self.faults.entry(issue.column.clone()).or_default();
            *rules.entry(issue.rule.to_owned()).or_default() += 1;
        }
    }

    fn report(&self) -> Value {
        #[expect(clippy::cast_precision_loss, reason = "shares for display")]
        let share = |part: u64| {
            if self.records == 0 {
                1.0
            } else {
                part as f64 / self.records as f64
            }
        };
        let completeness: BTreeMap<_, _> = self
            .filled
            .iter()
            .map(|(field, count)| (field.clone(), (share(*count) * 1000.0).round() / 1000.0))
            .collect();
        json!({
            "records": self.records,
            "asset_records": self.asset_records,
            "values_changed": self.values_changed,
            "faulty_records": self.faulty_records,
            "faults": self.faults,
            "completeness": completeness,
            "quality_score": ((1.0 - share(self.faulty_records)) * 1000.0).round() / 1000.0,
        })
    }
}

#[async_trait]
impl PhaseExecutor for DataCleansing {
    fn phase(&self) -> Phase {
        Phase::DataCleansing
    }

    async fn execute(&self, context: &mut PhaseContext) -> Result<PhaseOutcome, DiscoveryError> {
        let mut quality: Quality = context.cursor(self.phase());
        let reader = context.record_reader(self.phase()).await?;
        let mut batches = RecordBatches::after(context, reader, quality.last_index.unwrap_or(-1));
        loop {
            let batch = batches.next().await?;
            if batch.is_empty() {
                return Ok(PhaseOutcome::Completed(quality.report()));
            }
            judge(context, &batch, &mut quality).await?;
        }
    }

    async fn accept(
        &self,
        context: &mut PhaseContext,
        output: Value,
    ) -> Result<PhaseOutcome, DiscoveryError> {
        let rows = handed_in_rows(&output).map_err(|reason| DiscoveryError::NotAResult {
            phase: self.phase(),
            reason,
        })?;
        for chunk in rows.chunks(context.services.settings().batch_rows) {
            let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
            bulk.put_cleansed(context.import.id, chunk.to_vec()).await?;
            context.commit(bulk, self.phase(), &Quality::default()).await?;
        }
        self.execute(context).await
    }
}

async fn judge(
    context: &mut PhaseContext,
    batch: &[ReadRecord],
    quality: &mut Quality,
) -> Result<(), DiscoveryError> {
    let mut faults = Vec::new();
    for (row, what) in batch {
        quality.last_index = Some(row.record_index);
        quality.records += 1;
        let issues = match what {
            ReadRow::Asset { record, .. } => {
                let mut issues = record.issues.clone();
                if keys_of(record, "").is_empty() {
                    issues.push(no_identity(
                        row.row_number
                            .and_then(|n| u64::try_from(n).ok())
                            .unwrap_or_default(),
                    ));
                }
                quality.take(record, &issues);
                issues
            }
            ReadRow::NoAsset { .. } => Vec::new(),
        };
        quality.faulty_records += u64::from(!issues.is_empty() || row.validation_errors.is_some());
        if let Some(validation_errors) = with_shape_faults(row, &issues) {
            faults.push(RecordFault {
                record_index: row.record_index,
                validation_errors,
            });
        }
    }
    let now = context.services.now();
    let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
    bulk.fault_records(context.import.id, faults).await?;
    let progress = ImportProgress {
        total_records: context
            .import
            .total_records
            .unwrap_or(0)
            .max(signed(quality.records)),
        processed_records: 0,
        failed_records: signed(quality.faulty_records),
        progress_percentage: progress(CLEANSING_PROGRESS, quality.records, context.import.total_records),
    };
    bulk.advance_import(context.import.id, progress, now).await?;
    context.commit(bulk, Phase::DataCleansing, quality).await
}

/// The faults of a row's shape, found when it was read, together with those of its values. Nothing if there is nothing new.
fn with_shape_faults(row: &RawRow, issues: &[Issue]) -> Option<Value> {
    if issues.is_empty() {
        return None;
    }
    let mut all = match &row.validation_errors {
        Some(Value::Array(known)) => known.clone(),
        _ => Vec::new(),
    };
    for issue in issues {
        let issue = json!(issue);
        // A batch that is done again finds its own faults there.
        if !all.contains(&issue) {
            all.push(issue);
        }
    }
    Some(Value::Array(all))
}

fn handed_in_rows(output: &Value) -> Result<Vec<(i64, Value)>, String> {
    let records = output
        .get("records")
        .and_then(Value::as_array)
        .ok_or("a list 'records' of {record_index, cleansed_data} is expected")?;
    records
        .iter()
        .enumerate()
        .map(|(at, record)| {
            let index = record.get("record_index").and_then(Value::as_i64);
            let data = record.get("cleansed_data").filter(|data| data.is_object());
            match (index, data) {
                (Some(index), Some(data)) => Ok((index, data.clone())),
                (None, _) => Err(format!("records[{at}] has no whole number record_index")),
                (_, None) => Err(format!("records[{at}] has no object cleansed_data")),
            }
        })
        .collect()
}
