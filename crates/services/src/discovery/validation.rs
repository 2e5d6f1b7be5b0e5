//! Data validation: every row of the file becomes a raw record, with what is wrong with its shape.

use super::executor::{DiscoveryError, PhaseContext, PhaseExecutor, PhaseOutcome};
use super::progress::{VALIDATION_PROGRESS, progress, signed};
use crate::cleansing::Issue;
use crate::imports::readers::{OpenOptions, RawRecord, RowFault};
use crate::imports::{RecordBatch, read_in_background};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use landfall_domain::Phase;
use landfall_domain::ids::new_uuid;
use landfall_repositories::ImportProgress;
use landfall_repositories::entities::raw_import_records;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Reads the kept file into raw records. Cost: one pass over the file, one batch of rows in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataValidation;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    records: u64,
    faulty_records: u64,
}

#[async_trait]
impl PhaseExecutor for DataValidation {
    fn phase(&self) -> Phase {
        Phase::DataValidation
    }

    async fn execute(&self, context: &mut PhaseContext) -> Result<PhaseOutcome, DiscoveryError> {
        let mut position: Position = context.cursor(self.phase());
        let Some(key) = context.import.object_key.clone() else {
            return Ok(PhaseOutcome::Completed(
                json!({ "records": context.import.total_records }),
            ));
        };
        let file = context.services.files().open(&key).await?;
        let options = OpenOptions {
            include: context.options().include,
            ..OpenOptions::default()
        };
        let batch_rows = context.services.settings().batch_rows;
        let name = context.import.filename.clone();
        let mut batches = read_in_background(
            file.path().to_owned(),
            name,
            options,
            position.records,
            batch_rows,
        );
        while let Some(batch) = batches.recv().await {
            keep(context, batch?, &mut position).await?;
        }
        let summary = context
            .import
            .summary
            .get("inspection")
            .cloned()
            .unwrap_or(Value::Null);
        Ok(PhaseOutcome::Completed(json!({
            "records": position.records,
            "faulty_records": position.faulty_records,
            "inspection": summary,
        })))
    }

    async fn accept(
        &self,
        context: &mut PhaseContext,
        output: Value,
    ) -> Result<PhaseOutcome, DiscoveryError> {
        // The rows are Landfall's own to keep; an outside check adds its judgement to them.
        if !output.is_object() {
            let reason = "a JSON object with the findings is expected".to_owned();
            return Err(DiscoveryError::NotAResult {
                phase: self.phase(),
                reason,
            });
        }
        match self.execute(context).await? {
            PhaseOutcome::Completed(own) => Ok(PhaseOutcome::Completed(
                json!({ "landfall": own, "outside": output }),
            )),
            waiting @ PhaseOutcome::Waiting { .. } => Ok(waiting),
        }
    }
}

async fn keep(
    context: &mut PhaseContext,
    batch: RecordBatch,
    position: &mut Position,
) -> Result<(), DiscoveryError> {
    let now = context.services.now();
    position.records += batch.len() as u64;
    position.faulty_records += batch.iter().filter(|record| !record.faults.is_empty()).count() as u64;
    let rows = batch
        .into_iter()
        .map(|record| raw_record(context, record, now))
        .collect();
    let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
    bulk.add_raw_records(rows).await?;
    let progress = ImportProgress {
        total_records: context
            .import
            .total_records
            .unwrap_or(0)
            .max(signed(position.records)),
        processed_records: 0,
        failed_records: signed(position.faulty_records),
        progress_percentage: progress(
            VALIDATION_PROGRESS,
            position.records,
            context.import.total_records,
        ),
    };
    bulk.advance_import(context.import.id, progress, now).await?;
    context.commit(bulk, Phase::DataValidation, position).await
}

fn raw_record(context: &PhaseContext, record: RawRecord, now: DateTime<Utc>) -> raw_import_records::Model {
    let issues: Vec<Issue> = record.faults.iter().map(issue).collect();
    raw_import_records::Model {
        client_account_id: context.scope.client_account_id,
        id: new_uuid(),
        engagement_id: context.scope.engagement_id,
        data_import_id: context.import.id,
        master_flow_id: context.import.master_flow_id,
        record_index: signed(record.index),
        row_number: Some(signed(record.row_number)),
        raw_data: Value::Object(record.data),
        cleansed_data: None,
        is_valid: issues.is_empty(),
        validation_errors: super::resolve::issues_json(&issues),
        is_processed: false,
        processing_notes: None,
        asset_id: None,
        created_at: now,
        processed_at: None,
    }
}

/// A fault of a row's shape, in the form in which all faults of rows are told.
pub(crate) fn issue(fault: &RowFault) -> Issue {
    Issue {
        row_number: fault.row_number,
        column: fault.column.clone().unwrap_or_default(),
        value: fault.value.clone().unwrap_or_default(),
        rule: fault.rule,
        message: fault.message.clone(),
    }
}
