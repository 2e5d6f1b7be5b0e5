//! A run over a whole engagement: a durable job that goes on where its last batch ended. What has not changed since the last
//! run is not written again.

use super::analyses::{PHASE, new_flow};
use super::policies;
use super::run_batches::{Batches, Position};
use super::{SixrError, SixrRun};
use crate::Services;
use landfall_domain::{
    AnalysisStatus, FlowStatus, JobState, MasterFlowId, Page, PageRequest, QuestionType, Scope,
};
use landfall_planning::sixr::Kind;
use landfall_repositories::entities::jobs;
use landfall_repositories::{
    AskedQuestion, Change, NewJob, NewRun, RunCounts, StoreError, StoreResult, Uow, retry,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Kind of the jobs that judge an engagement.
pub const SIXR_JOB: &str = "sixr_run";

/// What a run judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subjects {
    /// Each asset by itself.
    #[default]
    Assets,
    /// Each application with its assets, whose strategy its assets take, and each asset that is part of none.
    Applications,
}

/// A run to be started.
#[derive(Clone, Debug, Default)]
pub struct NewSixrRun {
    /// Its name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// What it judges.
    pub subjects: Subjects,
}

/// What a job needs to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) run_id: Uuid,
    pub(super) flow_id: MasterFlowId,
    pub(super) subjects: Subjects,
    /// The version of the client account's policy; absent for the standard one.
    pub(super) policy_version: Option<i32>,
}

impl Payload {
    fn of(job: &jobs::Model) -> Result<Self, SixrError> {
        Ok(Self::deserialize(&job.payload)?)
    }
}

impl Services {
    /// Starts a run over the engagement. While one is queued or running, that one is given.
    pub async fn start_sixr_run(&self, scope: &Scope, new: NewSixrRun) -> Result<SixrRun, SixrError> {
        let key = format!("sixr:{}", scope.engagement_id);
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            if let Some(job) = uow.jobs().latest(&key).await?
                && matches!(job.state, JobState::Queued | JobState::Running)
            {
                return Ok(uow.sixr().run(Payload::of(&job)?.run_id).await?);
            }
            let policy = uow.sixr().policy(None).await?;
            let name = new
                .name
                .clone()
                .unwrap_or_else(|| "6R of the engagement".to_owned());
            let flow_id = new_flow(&uow, &name).await?;
            let run = uow
                .sixr()
                .create_run(NewRun {
                    name,
                    description: new.description.clone(),
                    results: json!({ "subjects": new.subjects, "master_flow_id": flow_id }),
                })
                .await?;
            let payload = Payload {
                run_id: run.id,
                flow_id,
                subjects: new.subjects,
                policy_version: policy.map(|policy| policy.policy_version),
            };
            let job = NewJob::new(SIXR_JOB, serde_json::to_value(payload)?).once(&key);
            uow.jobs().enqueue(job).await?;
            uow.commit().await?;
            Ok(run)
        })
        .await
    }

    /// One run, with its totals.
    pub async fn sixr_run(&self, scope: &Scope, id: Uuid) -> StoreResult<SixrRun> {
        self.store().begin_read(scope).await?.sixr().run(id).await
    }

    /// Runs, the newest first.
    pub async fn sixr_runs(&self, scope: &Scope, page: &PageRequest) -> StoreResult<Page<SixrRun>> {
        self.store().begin_read(scope).await?.sixr().runs(page).await
    }

    /// Stops a run; what it has judged stays.
    ///
    /// # Errors
    /// [`SixrError::Ended`] for a run that has ended.
    pub async fn cancel_sixr_run(&self, scope: &Scope, id: Uuid) -> Result<SixrRun, SixrError> {
        let key = format!("sixr:{}", scope.engagement_id);
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let run = uow.sixr().run(id).await?;
            let status = status_of(&run);
            let job = uow.jobs().latest(&key).await?;
            let job = job.filter(|job| Payload::of(job).is_ok_and(|payload| payload.run_id == id));
            let Some(job) = job.filter(|job| matches!(job.state, JobState::Queued | JobState::Running))
            else {
                return Err(SixrError::Ended(status));
            };
            let payload = Payload::of(&job)?;
            uow.jobs().cancel(job.id).await?;
            let position = Position::of(&job);
            let mut results = run.analysis_results.clone().unwrap_or_else(|| json!({}));
            results["error"] = json!("It was cancelled.");
            uow.sixr()
                .settle_run(id, AnalysisStatus::Failed, &position.counts, results)
                .await?;
            uow.flows()
                .transition(payload.flow_id, PHASE, FlowStatus::Cancelled, json!({}))
                .await?;
            let run = uow.sixr().run(id).await?;
            uow.commit().await?;
            Ok(run)
        })
        .await
    }
}

fn status_of(run: &SixrRun) -> AnalysisStatus {
    let word = run.status.as_deref().unwrap_or_default();
    word.parse().unwrap_or(AnalysisStatus::Pending)
}

/// Does a run, or what is left of it.
pub(crate) async fn work(services: &Services, scope: &Scope, job: &jobs::Model) -> Result<(), SixrError> {
    let payload = Payload::of(job)?;
    let uow = services.store().begin_read(scope).await?;
    // The cursor may have moved since the job was claimed.
    let job = uow.jobs().get(job.id).await?;
    let policy = policies::of_version(&uow, payload.policy_version).await?;
    let mut batches = Batches::of(services, scope, &job, &payload, policy, &uow).await?;
    drop(uow);
    loop {
        report(services, scope, &payload, &batches, AnalysisStatus::InProgress).await?;
        if !batches.next().await? {
            break;
        }
    }
    report(services, scope, &payload, &batches, AnalysisStatus::Completed).await
}

/// Writes how far the run is; at its end also what is open, and that the flow is done.
async fn report(
    services: &Services,
    scope: &Scope,
    payload: &Payload,
    batches: &Batches<'_>,
    status: AnalysisStatus,
) -> Result<(), SixrError> {
    let uow = services.store().begin(scope).await?;
    let position = batches.position();
    let counts: &RunCounts = &position.counts;
    let results = json!({
        "subjects": payload.subjects,
        "master_flow_id": payload.flow_id,
        "policy": batches.policy_label(),
        "total": batches.total(),
        "by_strategy": counts.by_strategy,
        "changed": position.changed,
        "unchanged": position.unchanged,
        "requires_input": position.requires_input,
        "overridden": position.overridden,
        "questions": position.tally.ranked(),
    });
    uow.sixr()
        .settle_run(payload.run_id, status, counts, results.clone())
        .await?;
    if status == AnalysisStatus::Completed {
        uow.sixr().put_questions(asked(position)).await?;
        uow.flows()
            .transition(payload.flow_id, PHASE, FlowStatus::Completed, json!({}))
            .await?;
        uow.change_log()
            .record(Change {
                entity_type: "sixr_run",
                entity_id: payload.run_id.to_string(),
                action: "completed",
                before: None,
                after: Some(results),
            })
            .await?;
    }
    Ok(uow.commit().await?)
}

/// What is open, in the order in which to ask.
fn asked(position: &Position) -> Vec<AskedQuestion> {
    let ranked = position.tally.ranked().into_iter().zip(1..);
    let question = |(question, priority): (landfall_planning::sixr::RankedQuestion, i32)| {
        let (kind, options) = match question.input.definition().kind {
            Kind::Flag => (QuestionType::Boolean, None),
            Kind::Choice(words) => (QuestionType::Select, Some(json!(words))),
            Kind::Number { .. } => (QuestionType::Numeric, None),
        };
        AskedQuestion {
            question_id: question.input.name().to_owned(),
            text: question.text.to_owned(),
            kind,
            options,
            help_text: Some(format!(
                "An answer could change {} of {} recommendations.",
                question.decisions, position.counts.subjects
            )),
            priority,
        }
    };
    ranked.map(question).collect()
}

/// Says that a run was given up, and why.
pub(crate) async fn fail(
    services: &Services,
    scope: &Scope,
    job: &jobs::Model,
    error: &SixrError,
) -> StoreResult<()> {
    let Ok(payload) = Payload::of(job) else {
        return Ok(());
    };
    let uow: Uow = services.store().begin(scope).await?;
    let message = match error {
        SixrError::Store(_) => "the database failed; start the run again".to_owned(),
        other => other.to_string(),
    };
    let run = uow.sixr().run(payload.run_id).await?;
    let mut results = run.analysis_results.unwrap_or_else(|| json!({}));
    results["error"] = Json::String(message.clone());
    uow.sixr()
        .settle_run(
            payload.run_id,
            AnalysisStatus::Failed,
            &Position::of(job).counts,
            results,
        )
        .await?;
    uow.flows()
        .record_error(payload.flow_id, PHASE, &message, json!({ "type": "sixr" }))
        .await?;
    uow.flows()
        .transition(payload.flow_id, PHASE, FlowStatus::Failed, Json::Null)
        .await?;
    uow.commit().await
}

impl SixrError {
    /// Whether the work may succeed when it is done again.
    pub(crate) fn may_pass(&self) -> bool {
        let Self::Store(error) = self else { return false };
        matches!(
            error,
            StoreError::Retryable(_) | StoreError::Database(_) | StoreError::LeaseLost { .. }
        )
    }
}
