//! What can be said about a flow: its numbers, its history, what should be done next, and how all flows of a scope are.

use super::DiscoveryFlow;
use crate::Services;
use crate::discovery::runner::is_done;
use crate::discovery::{FlowControlError, FlowKey, current};
use crate::imports::{Import, RecordCounts};
use chrono::{DateTime, Utc};
use landfall_domain::{FlowStatus, JobState, MappingStatus, Phase, Scope};
use landfall_repositories::entities::{jobs, master_flows};
pub use landfall_repositories::{DiscoveryFilter, DiscoverySort};
use landfall_repositories::{FindingFilter, NumberedPage, PageNumber, StoreResult};
use serde::Serialize;
use serde_json::Value;

/// Completed flows whose times make the mean.
const TIMES_CONSIDERED: u64 = 1_000;

/// A flow with what its numbers are made of.
#[derive(Clone, Debug)]
pub struct FlowReport {
    /// The flow.
    pub flow: DiscoveryFlow,
    /// The master flow that it hangs on.
    pub master: master_flows::Model,
    /// Its import.
    pub import: Option<Import>,
    /// Its import's records, by what became of them.
    pub records: RecordCounts,
    /// The job that drives it, or did last.
    pub job: Option<jobs::Model>,
    /// Columns that have a proposal which nobody has decided on.
    pub undecided_columns: usize,
    /// Columns that are no field.
    pub unmapped_columns: usize,
    /// Things that it found out of support.
    pub findings: i64,
}

/// Numbers about a flow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FlowMetrics {
    /// Seconds that its phases were worked on.
    pub execution_time: f64,
    /// Phases that are done.
    pub phases_completed: usize,
    /// All phases.
    pub total_phases: usize,
    /// Part of the attempts at phases that succeeded, 0–1: phases done of those and of failures.
    pub success_rate: f64,
    /// Errors that stopped it.
    pub error_count: usize,
    /// Records with something wrong.
    pub warning_count: i64,
}

/// One change of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowEvent {
    /// The phase.
    pub phase: String,
    /// The state that it then had.
    pub status: FlowStatus,
    /// When.
    pub at: DateTime<Utc>,
    /// Milliseconds since the phase's change before.
    pub duration_ms: Option<i64>,
    /// More about it.
    pub metadata: Value,
}

/// Something that should be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlowAdvice {
    /// What to do, one word.
    pub action: &'static str,
    /// What to do, a sentence.
    pub description: String,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
    /// Why.
    pub reason: String,
}

/// Numbers about all flows of a scope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowTotals {
    /// Flows in each state.
    pub by_status: Vec<(FlowStatus, i64)>,
    /// Jobs in each state.
    pub jobs: Vec<(JobState, i64)>,
    /// Mean seconds from start to end of the last thousand completed flows.
    pub mean_completion_seconds: Option<f64>,
}

impl FlowTotals {
    /// All flows.
    pub fn total(&self) -> i64 {
        self.by_status.iter().map(|(_, number)| number).sum()
    }

    /// Flows in one of these states.
    pub fn in_states(&self, states: &[FlowStatus]) -> i64 {
        let found = self
            .by_status
            .iter()
            .filter(|(status, _)| states.contains(status));
        found.map(|(_, number)| number).sum()
    }

    /// Flows that are not at their end.
    pub fn active(&self) -> i64 {
        self.total() - self.in_states(&[FlowStatus::Completed, FlowStatus::Failed, FlowStatus::Cancelled])
    }

    /// Jobs in a state.
    pub fn jobs_in(&self, state: JobState) -> i64 {
        let found = self.jobs.iter().filter(|(known, _)| *known == state);
        found.map(|(_, number)| number).sum()
    }
}

impl Services {
    /// A flow and what is known about it. Cost: a handful of rows, and a count over its import's part of an index.
    pub async fn flow_report(&self, scope: &Scope, key: FlowKey) -> Result<FlowReport, FlowControlError> {
        let uow = self.store().begin_read(scope).await?;
        let flow = current(&uow, key).await?;
        let master = uow.flows().get(flow.master_flow_id).await?;
        let job = uow
            .jobs()
            .latest(&crate::discovery::job_key(flow.flow_id))
            .await?;
        let filter = FindingFilter {
            discovery_flow_id: Some(flow.flow_id),
            ..FindingFilter::default()
        };
        let findings = uow.findings().count_by_severity(&filter).await?;
        let (mut import, mut records, mut mappings) = (None, RecordCounts::default(), Vec::new());
        if let Some(id) = flow.data_import_id {
            import = Some(uow.imports().get(id).await?);
            records = uow.records().counts(id).await?;
            mappings = uow.mappings().list(id).await?;
        }
        let undecided = |mapping: &&landfall_repositories::entities::import_field_mappings::Model| {
            mapping.status == MappingStatus::Suggested && mapping.target_field.is_some()
        };
        Ok(FlowReport {
            undecided_columns: mappings.iter().filter(undecided).count(),
            unmapped_columns: mappings
                .iter()
                .filter(|mapping| mapping.target_field.is_none())
                .count(),
            findings: findings.iter().map(|(_, number)| number).sum(),
            flow,
            master,
            import,
            records,
            job,
        })
    }

    /// A numbered page of flows.
    pub async fn discovery_flows(
        &self,
        scope: &Scope,
        filter: &DiscoveryFilter,
        sort: DiscoverySort,
        descending: bool,
        number: PageNumber,
    ) -> StoreResult<NumberedPage<DiscoveryFlow>> {
        let uow = self.store().begin_read(scope).await?;
        uow.discovery().numbered(filter, sort, descending, number).await
    }

    /// Flows that were changed at `since` or later, in the order of their changes, at most five hundred.
    pub async fn flows_changed_since(
        &self,
        scope: &Scope,
        since: DateTime<Utc>,
    ) -> StoreResult<Vec<DiscoveryFlow>> {
        let uow = self.store().begin_read(scope).await?;
        uow.discovery().changed_since(since).await
    }

    /// Numbers about all flows of the scope. Cost: two aggregates, and the times of a thousand flows.
    pub async fn flow_totals(&self, scope: &Scope) -> StoreResult<FlowTotals> {
        let uow = self.store().begin_read(scope).await?;
        let by_status = uow.discovery().count_by_status().await?;
        let jobs = uow.jobs().count_by_state().await?;
        let times = uow.discovery().completion_times(TIMES_CONSIDERED).await?;
        #[expect(clippy::cast_precision_loss, reason = "a mean for display")]
        let mean = (!times.is_empty()).then(|| {
            let sum: i64 = times
                .iter()
                .map(|(start, end)| (*end - *start).num_milliseconds())
                .sum();
            sum as f64 / times.len() as f64 / 1000.0
        });
        Ok(FlowTotals {
            by_status,
            jobs,
            mean_completion_seconds: mean,
        })
    }
}

impl FlowReport {
    /// Its numbers.
    pub fn metrics(&self) -> FlowMetrics {
        let done = Phase::ALL
            .iter()
            .filter(|phase| is_done(&self.flow, **phase))
            .count();
        let errors = self.master.error_history.as_array().map_or(0, Vec::len);
        let times = self.master.phase_execution_times.as_object();
        let milliseconds: i64 = times.map_or(0, |times| times.values().filter_map(Value::as_i64).sum());
        #[expect(clippy::cast_precision_loss, reason = "few phases, few errors, short times")]
        let (rate, seconds) = (
            if done + errors == 0 {
                0.0
            } else {
                done as f64 / (done + errors) as f64
            },
            milliseconds as f64 / 1000.0,
        );
        FlowMetrics {
            execution_time: seconds,
            phases_completed: done,
            total_phases: Phase::ALL.len(),
            success_rate: (rate * 1e4).round() / 1e4,
            error_count: errors,
            warning_count: self.records.invalid,
        }
    }

    /// Its changes, the oldest first.
    pub fn events(&self) -> Vec<FlowEvent> {
        self.master
            .phase_transitions
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let at = DateTime::parse_from_rfc3339(entry.get("at")?.as_str()?).ok()?;
                Some(FlowEvent {
                    phase: entry.get("phase")?.as_str()?.to_owned(),
                    status: entry.get("status")?.as_str()?.parse().ok()?,
                    at: at.with_timezone(&Utc),
                    duration_ms: entry.get("duration_ms").and_then(Value::as_i64),
                    metadata: entry.get("metadata").cloned().unwrap_or_default(),
                })
            })
            .collect()
    }

    /// What should be done next, the most urgent first.
    pub fn advice(&self) -> Vec<FlowAdvice> {
        let mut found = Vec::new();
        let mut add = |action, priority, description: String, reason: String| {
            found.push(FlowAdvice {
                action,
                description,
                priority,
                reason,
            });
        };
        let waiting = self.flow.flow_state.get("waiting_for").and_then(Value::as_str);
        match self.flow.status {
            FlowStatus::Failed => {
                let why = self.flow.error_message.clone().unwrap_or_default();
                add(
                    "retry",
                    "high",
                    "retry the flow: it goes on where it stopped".to_owned(),
                    why,
                );
            }
            FlowStatus::Waiting if waiting == Some("mapping_approval") => add(
                "approve_mappings",
                "high",
                "decide on the mappings, then resume the flow".to_owned(),
                format!(
                    "{} columns have a suggestion that is not certain enough",
                    self.undecided_columns
                ),
            ),
            FlowStatus::Waiting => add(
                "hand_in_result",
                "high",
                "hand in the result of the phase that is done outside".to_owned(),
                format!("the flow waits for {}", waiting.unwrap_or("a person")),
            ),
            FlowStatus::Paused => add(
                "resume",
                "medium",
                "resume the flow".to_owned(),
                "somebody paused it".to_owned(),
            ),
            FlowStatus::Pending if self.import.is_none() => add(
                "import_data",
                "high",
                "send records with an import that names this flow's master_flow_id".to_owned(),
                "the flow has nothing to work on".to_owned(),
            ),
            _ => {}
        }
        if self.records.invalid > 0 {
            add(
                "review_faults",
                "medium",
                "look at the cleansing suggestions of the import".to_owned(),
                format!(
                    "{} of {} records have something wrong",
                    self.records.invalid, self.records.total
                ),
            );
        }
        if self.unmapped_columns > 0 {
            add(
                "map_columns",
                "low",
                "choose fields for the columns that have none, or leave them custom attributes".to_owned(),
                format!("{} columns are no field", self.unmapped_columns),
            );
        }
        if self.findings > 0 {
            add(
                "assess_technical_debt",
                "medium",
                "plan upgrades or replacements of what is out of support".to_owned(),
                format!("{} products are out of support or soon will be", self.findings),
            );
        }
        if self.flow.assessment_ready || self.flow.status == FlowStatus::Completed {
            add(
                "assess",
                "medium",
                "go on with the assessment of the inventory".to_owned(),
                "all phases of discovery are done".to_owned(),
            );
        }
        found
    }
}
