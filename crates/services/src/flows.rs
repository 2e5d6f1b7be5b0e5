//! Reading flows: a master flow with the discovery flows that work under it, and how far each phase is.

pub mod lifecycle;
pub mod master;
pub mod report;

use crate::Services;
use crate::discovery::runner::is_done;
use chrono::{DateTime, Utc};
use landfall_domain::{DiscoveryFlowId, FlowStatus, MasterFlowId, Page, PageRequest, Phase, Scope};
pub use landfall_repositories::entities::discovery_flows::Model as DiscoveryFlow;
pub use landfall_repositories::entities::master_flows::Model as MasterFlow;
use landfall_repositories::{DiscoveryFilter, StoreResult};
pub use landfall_repositories::{FlowChildren, FlowProgress, MasterFlowFilter};
use serde_json::Value;

/// A master flow and what hangs on it.
#[derive(Clone, Debug)]
pub struct FlowDetail {
    /// The master flow.
    pub flow: MasterFlow,
    /// Its discovery flows, newest first, at most [`PageRequest::MAX`].
    pub discovery_flows: Vec<DiscoveryFlow>,
    /// How many rows of each kind belong to it.
    pub children: FlowChildren,
}

/// Where one phase of a discovery flow stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseState {
    /// The discovery flow.
    pub discovery_flow_id: DiscoveryFlowId,
    /// The phase.
    pub phase: Phase,
    /// Pending, running, waiting, paused, failed, cancelled or completed.
    pub status: FlowStatus,
    /// When work on it began last, if it did.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was completed last, if it was.
    pub completed_at: Option<DateTime<Utc>>,
    /// What it worked out, or what it waits for.
    pub output: Value,
}

impl Services {
    /// Master flows, newest first.
    pub async fn flows(
        &self,
        scope: &Scope,
        filter: &MasterFlowFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<MasterFlow>> {
        self.store()
            .begin_read(scope)
            .await?
            .flows()
            .list(filter, page)
            .await
    }

    /// One master flow.
    pub async fn flow(&self, scope: &Scope, id: MasterFlowId) -> StoreResult<FlowDetail> {
        let uow = self.store().begin_read(scope).await?;
        let flow = uow.flows().get(id).await?;
        let of_flow = DiscoveryFilter {
            master_flow_id: Some(id),
            ..DiscoveryFilter::default()
        };
        let discovery_flows = uow
            .discovery()
            .list(&of_flow, &PageRequest::first(PageRequest::MAX))
            .await?
            .items;
        let children = uow.flows().children(id).await?;
        Ok(FlowDetail {
            flow,
            discovery_flows,
            children,
        })
    }

    /// How far a flow is. Cost: a few columns of two rows.
    pub async fn flow_status(&self, scope: &Scope, id: MasterFlowId) -> StoreResult<FlowProgress> {
        self.store().begin_read(scope).await?.flows().progress(id).await
    }

    /// The phases of each discovery flow of a master flow, in the order in which they run.
    pub async fn flow_phases(&self, scope: &Scope, id: MasterFlowId) -> StoreResult<Vec<PhaseState>> {
        let detail = self.flow(scope, id).await?;
        Ok(detail
            .discovery_flows
            .iter()
            .flat_map(|flow| phase_states(flow, &detail.flow.phase_transitions))
            .collect())
    }
}

/// Whether a phase of a flow is done.
pub fn is_phase_done(flow: &DiscoveryFlow, phase: Phase) -> bool {
    is_done(flow, phase)
}

/// Each phase of a flow. Times come from the master flow's transitions, which are shared by its discovery flows.
pub fn phase_states(flow: &DiscoveryFlow, transitions: &Value) -> Vec<PhaseState> {
    let last = |phase: Phase, status: FlowStatus| {
        let entries = transitions.as_array()?.iter().rev();
        let entry = entries
            .filter(|entry| entry["phase"] == phase.as_str())
            .find(|entry| entry["status"] == status.as_str())?;
        Some(
            DateTime::parse_from_rfc3339(entry["at"].as_str()?)
                .ok()?
                .with_timezone(&Utc),
        )
    };
    Phase::ALL
        .into_iter()
        .map(|phase| {
            let completed = is_done(flow, phase);
            PhaseState {
                discovery_flow_id: flow.flow_id,
                phase,
                status: status_of(flow, phase, completed),
                started_at: last(phase, FlowStatus::Running),
                completed_at: completed.then(|| last(phase, FlowStatus::Completed)).flatten(),
                output: flow
                    .crew_outputs
                    .get(phase.as_str())
                    .cloned()
                    .unwrap_or(Value::Null),
            }
        })
        .collect()
}

/// The flow's state is the state of its current phase; phases before it are completed, phases after it are pending.
fn status_of(flow: &DiscoveryFlow, phase: Phase, completed: bool) -> FlowStatus {
    if completed {
        FlowStatus::Completed
    } else if flow.current_phase.as_deref() == Some(phase.as_str()) {
        flow.status
    } else {
        FlowStatus::Pending
    }
}
