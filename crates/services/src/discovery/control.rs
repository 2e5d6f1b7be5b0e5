//! Pausing, resuming, retrying and cancelling flows, and handing in what was done outside.

use super::executor::DiscoveryError;
use super::{DISCOVERY_JOB, runner};
use crate::services::Services;
use landfall_domain::PageRequest;
use landfall_domain::{DiscoveryFlowId, FlowStatus, MasterFlowId, Phase, Scope};
use landfall_repositories::entities::discovery_flows;
use landfall_repositories::{Change, DiscoveryFilter, FlowChange, NewJob, StoreError, StoreResult, Uow};
use serde_json::{Value, json};
use uuid::Uuid;

/// Names a flow by its own id or by that of the master flow that it hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKey {
    /// The discovery flow with this id.
    Discovery(DiscoveryFlowId),
    /// The newest discovery flow of this master flow.
    Master(MasterFlowId),
    /// Whichever of both has this id.
    Any(Uuid),
}

impl From<DiscoveryFlowId> for FlowKey {
    fn from(id: DiscoveryFlowId) -> Self {
        Self::Discovery(id)
    }
}

impl From<MasterFlowId> for FlowKey {
    fn from(id: MasterFlowId) -> Self {
        Self::Master(id)
    }
}

/// Why a flow could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum FlowControlError {
    /// The flow's state does not allow it.
    #[error("a flow that is {status} cannot be {action}")]
    NotNow {
        /// The state.
        status: FlowStatus,
        /// What was wanted, as a participle.
        action: &'static str,
    },
    /// The master flow has no discovery flow.
    #[error("the master flow {0} has no discovery flow")]
    NoDiscovery(MasterFlowId),
    /// The phase is not the one that the flow waits in.
    #[error("the flow is in phase {current}, not in {phase}")]
    OtherPhase {
        /// The phase that the flow is in.
        current: String,
        /// The phase that was handed in.
        phase: Phase,
    },
    /// The flow has no records to work on.
    #[error("the flow {0} has no records yet: send them with an import that names the flow's master_flow_id")]
    NoRecords(DiscoveryFlowId),
    /// An earlier phase is still to be done.
    #[error("the phase {phase} cannot be done before {before}")]
    TooEarly {
        /// The phase that was wanted.
        phase: Phase,
        /// The first phase that is not done.
        before: Phase,
    },
    /// What the flow's import brought could not be taken back.
    #[error(transparent)]
    Import(Box<crate::imports::ImportError>),
    /// What was handed in is no result of the phase, or could not be kept.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The database failed or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Services {
    /// Stops the work on a flow until it is resumed. A batch that is being written is either kept whole or not at all.
    pub async fn pause(
        &self,
        scope: &Scope,
        flow: impl Into<FlowKey>,
        reason: Option<String>,
    ) -> Result<(), FlowControlError> {
        let uow = self.store().begin(scope).await?;
        let discovery = current(&uow, flow.into()).await?;
        allow(&discovery, "paused", |s| {
            matches!(s, FlowStatus::Pending | FlowStatus::Running | FlowStatus::Waiting)
        })?;
        stop_job(&uow, discovery.flow_id).await?;
        change(
            &uow,
            &discovery,
            &FlowChange::Paused {
                reason: reason.clone(),
            },
            json!({ "reason": reason }),
        )
        .await?;
        Ok(uow.commit().await?)
    }

    /// Goes on with a paused or waiting flow. A flow that waits for mappings takes them as they are decided now; what is
    /// still undecided stays a custom attribute.
    pub async fn resume(&self, scope: &Scope, flow: impl Into<FlowKey>) -> Result<(), FlowControlError> {
        let uow = self.store().begin(scope).await?;
        let discovery = current(&uow, flow.into()).await?;
        allow(&discovery, "resumed", |s| {
            matches!(s, FlowStatus::Paused | FlowStatus::Waiting)
        })?;
        let waits_for_mappings = discovery.status == FlowStatus::Waiting
            && discovery.current_phase.as_deref() == Some(Phase::FieldMapping.as_str());
        if waits_for_mappings {
            let now = uow
                .discovery()
                .update_phase_completion(discovery.flow_id, Phase::FieldMapping, Value::Null)
                .await?;
            let done = json!({ "decided_by": scope.actor.name });
            uow.flows()
                .transition(
                    discovery.master_flow_id,
                    Phase::FieldMapping.as_str(),
                    FlowStatus::Completed,
                    done,
                )
                .await?;
            super::suggestions::learn_decided(&uow, &now).await?;
        }
        change(&uow, &discovery, &FlowChange::Running, json!({})).await?;
        start_job(&uow, discovery.flow_id).await?;
        Ok(uow.commit().await?)
    }

    /// Goes on with a failed flow where it stopped.
    pub async fn retry(&self, scope: &Scope, flow: impl Into<FlowKey>) -> Result<(), FlowControlError> {
        let uow = self.store().begin(scope).await?;
        let discovery = current(&uow, flow.into()).await?;
        allow(&discovery, "retried", |s| s == FlowStatus::Failed)?;
        if let Some(import) = discovery.data_import_id {
            uow.imports().reopen(import).await?;
        }
        change(&uow, &discovery, &FlowChange::Running, json!({ "retry": true })).await?;
        start_job(&uow, discovery.flow_id).await?;
        Ok(uow.commit().await?)
    }

    /// Stops a flow for good. What it has made stays; undoing the import takes that away.
    pub async fn cancel(
        &self,
        scope: &Scope,
        flow: impl Into<FlowKey>,
        reason: Option<String>,
    ) -> Result<(), FlowControlError> {
        let uow = self.store().begin(scope).await?;
        let discovery = current(&uow, flow.into()).await?;
        allow(&discovery, "cancelled", |s| {
            !matches!(s, FlowStatus::Completed | FlowStatus::Cancelled)
        })?;
        stop_job(&uow, discovery.flow_id).await?;
        change(
            &uow,
            &discovery,
            &FlowChange::Cancelled {
                reason: reason.clone(),
            },
            json!({ "reason": reason }),
        )
        .await?;
        if let Some(import) = discovery.data_import_id {
            uow.imports().cancel(import).await?;
        }
        Ok(uow.commit().await?)
    }

    /// Takes the result of the phase that a flow waits in, worked out outside, and goes on with the flow.
    pub async fn hand_in(
        &self,
        scope: &Scope,
        flow: impl Into<FlowKey>,
        phase: Phase,
        output: Value,
    ) -> Result<(), FlowControlError> {
        let uow = self.store().begin_read(scope).await?;
        let discovery = current(&uow, flow.into()).await?;
        drop(uow);
        allow(&discovery, "given a result", |s| s == FlowStatus::Waiting)?;
        let current_phase = discovery.current_phase.clone().unwrap_or_default();
        if current_phase != phase.as_str() {
            return Err(FlowControlError::OtherPhase {
                current: current_phase,
                phase,
            });
        }
        runner::accept_output(self, scope, discovery.flow_id, phase, output).await?;
        let uow = self.store().begin(scope).await?;
        start_job(&uow, discovery.flow_id).await?;
        Ok(uow.commit().await?)
    }
}

/// The discovery flow with this key; of a master flow the newest.
pub(crate) async fn current(uow: &Uow, flow: FlowKey) -> Result<discovery_flows::Model, FlowControlError> {
    let master = match flow {
        FlowKey::Discovery(id) => return Ok(uow.discovery().get(id).await?),
        FlowKey::Master(id) => id,
        FlowKey::Any(id) => match uow.discovery().get(DiscoveryFlowId::from(id)).await {
            Ok(flow) => return Ok(flow),
            Err(StoreError::NotFound { .. }) => MasterFlowId::from(id),
            Err(error) => return Err(error.into()),
        },
    };
    match uow.flows().get(master).await {
        Ok(_) => {}
        Err(StoreError::NotFound { .. }) if matches!(flow, FlowKey::Any(_)) => {
            return Err(StoreError::not_found("flow", master).into());
        }
        Err(error) => return Err(error.into()),
    }
    let filter = DiscoveryFilter {
        master_flow_id: Some(master),
        ..DiscoveryFilter::default()
    };
    let page = uow.discovery().list(&filter, &PageRequest::first(1)).await?;
    page.items
        .into_iter()
        .next()
        .ok_or(FlowControlError::NoDiscovery(master))
}

fn allow(
    flow: &discovery_flows::Model,
    action: &'static str,
    allowed: impl Fn(FlowStatus) -> bool,
) -> Result<(), FlowControlError> {
    if allowed(flow.status) {
        return Ok(());
    }
    Err(FlowControlError::NotNow {
        status: flow.status,
        action,
    })
}

pub(super) async fn change(
    uow: &Uow,
    flow: &discovery_flows::Model,
    change: &FlowChange,
    metadata: Value,
) -> StoreResult<()> {
    uow.discovery().set_status(flow.flow_id, change).await?;
    let phase = flow.current_phase.as_deref().unwrap_or("discovery");
    uow.flows()
        .transition(flow.master_flow_id, phase, change.status(), metadata.clone())
        .await?;
    let logged = Change {
        entity_type: "flow",
        entity_id: flow.master_flow_id.to_string(),
        action: "status changed",
        before: Some(json!({ "status": flow.status, "phase": flow.current_phase })),
        after: Some(json!({ "status": change.status(), "phase": flow.current_phase, "why": metadata })),
    };
    uow.change_log().record(logged).await
}

/// The key of the jobs that drive a flow.
pub(crate) fn job_key(flow: DiscoveryFlowId) -> String {
    format!("{DISCOVERY_JOB}:{flow}")
}

/// The job that drives a flow, beginning where the job before it stopped; one at a time for each flow.
pub(crate) async fn start_job(uow: &Uow, flow: DiscoveryFlowId) -> StoreResult<Uuid> {
    let before = uow.jobs().latest(&job_key(flow)).await?;
    let cursor = before.and_then(|job| job.cursor.or_else(|| job.payload.get("cursor").cloned()));
    let payload = json!({ "flow_id": flow, "cursor": cursor });
    Ok(uow
        .jobs()
        .enqueue(NewJob::new(DISCOVERY_JOB, payload).once(job_key(flow)))
        .await?
        .id)
}

/// The job that drives a flow whose phases are done again, from the beginning.
pub(super) async fn start_over(uow: &Uow, flow: DiscoveryFlowId) -> StoreResult<Uuid> {
    let payload = json!({ "flow_id": flow });
    Ok(uow
        .jobs()
        .enqueue(NewJob::new(DISCOVERY_JOB, payload).once(job_key(flow)))
        .await?
        .id)
}

pub(super) async fn stop_job(uow: &Uow, flow: DiscoveryFlowId) -> StoreResult<()> {
    use landfall_domain::JobState;
    match uow.jobs().latest(&job_key(flow)).await? {
        Some(job) if matches!(job.state, JobState::Queued | JobState::Running) => {
            uow.jobs().cancel(job.id).await.map(|_| ())
        }
        _ => Ok(()),
    }
}
