//! Flows on the wire.

use chrono::{DateTime, Utc};
use landfall_domain::{DiscoveryFlowId, FlowStatus, FlowType, ImportId, MasterFlowId, Phase};
use landfall_services::flows::{
    DiscoveryFlow, FlowDetail, FlowProgress, MasterFlow, MasterFlowFilter, PhaseState,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// Which flows are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlowQuery {
    /// In this state.
    #[param(inline)]
    status: Option<FlowStatus>,
    /// Of this kind.
    #[param(inline)]
    flow_type: Option<FlowType>,
    /// Part of this flow.
    parent_flow_id: Option<MasterFlowId>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
    /// Which fields of each row are sent, comma separated; all if absent. `id` is always sent.
    #[param(example = "name,status")]
    pub(crate) fields: Option<String>,
}

/// Why a flow is stopped.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReasonQuery {
    /// A sentence for others, kept with the flow.
    #[validate(length(max = 1000, message = "must have at most 1000 characters"))]
    pub(super) reason: Option<String>,
}

impl FlowQuery {
    pub(crate) fn filter(&self) -> MasterFlowFilter {
        MasterFlowFilter {
            statuses: self.status.into_iter().collect(),
            flow_type: self.flow_type,
            parent_flow_id: self.parent_flow_id,
        }
    }
}

/// A master flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowOut {
    /// Its id.
    id: MasterFlowId,
    /// Its name.
    #[schema(example = "rvtools.xlsx")]
    name: Option<String>,
    /// Kind of its current work.
    flow_type: FlowType,
    /// Its state.
    status: FlowStatus,
    /// The phase it is in.
    #[schema(example = "field_mapping")]
    current_phase: Option<String>,
    /// The flow it is part of.
    parent_flow_id: Option<MasterFlowId>,
    /// How often work on it failed.
    retry_count: i32,
    /// Grows with each change.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<MasterFlow> for FlowOut {
    fn from(row: MasterFlow) -> Self {
        let MasterFlow {
            flow_id,
            flow_name,
            flow_type,
            flow_status,
            current_phase,
            parent_flow_id,
            retry_count,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id: flow_id,
            name: flow_name,
            flow_type,
            status: flow_status,
            current_phase,
            parent_flow_id,
            retry_count,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A master flow and what hangs on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowDetailOut {
    /// The master flow.
    #[serde(flatten)]
    flow: FlowOut,
    /// Its discovery flows, newest first.
    discovery_flows: Vec<DiscoveryFlowOut>,
    /// How many rows of each kind belong to it.
    #[schema(value_type = Object, example = json!({"data_imports": 1, "discovery_flows": 1, "assets": 200}))]
    children: Value,
    /// Every change of phase and state: `phase`, `status`, `at`, `duration_ms`, `metadata`.
    #[schema(value_type = Vec<Object>)]
    transitions: Value,
    /// What went wrong, the latest last: `phase`, `message`, `details`, `at`.
    #[schema(value_type = Vec<Object>)]
    errors: Value,
}

impl From<FlowDetail> for FlowDetailOut {
    fn from(detail: FlowDetail) -> Self {
        let FlowDetail {
            mut flow,
            discovery_flows,
            children,
        } = detail;
        let (transitions, errors) = (flow.phase_transitions.take(), flow.error_history.take());
        Self {
            flow: flow.into(),
            discovery_flows: discovery_flows.into_iter().map(Into::into).collect(),
            children: serde_json::to_value(children).unwrap_or_default(),
            transitions,
            errors,
        }
    }
}

/// The work on one import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiscoveryFlowOut {
    /// Its id.
    id: DiscoveryFlowId,
    /// Its name.
    #[schema(example = "Discovery of rvtools.xlsx")]
    name: String,
    /// The import it works on.
    import_id: Option<ImportId>,
    /// Its state.
    status: FlowStatus,
    /// The phase it is in.
    #[schema(example = "field_mapping")]
    current_phase: Option<String>,
    /// 0 to 100.
    #[schema(example = 16.7)]
    progress_percentage: f64,
    /// The completed phases in the order in which they were completed.
    #[schema(value_type = Vec<String>)]
    phases_completed: Value,
    /// Why it failed, if it did.
    error_message: Option<String>,
    /// The phase in which it failed.
    error_phase: Option<String>,
    /// Whether its assets can be assessed.
    assessment_ready: bool,
    /// When work began.
    started_at: Option<DateTime<Utc>>,
    /// When it was completed.
    completed_at: Option<DateTime<Utc>>,
}

impl From<DiscoveryFlow> for DiscoveryFlowOut {
    fn from(row: DiscoveryFlow) -> Self {
        let DiscoveryFlow {
            flow_id,
            flow_name,
            data_import_id,
            status,
            current_phase,
            progress_percentage,
            phases_completed,
            error_message,
            error_phase,
            assessment_ready,
            started_at,
            completed_at,
            ..
        } = row;
        Self {
            id: flow_id,
            name: flow_name,
            import_id: data_import_id,
            status,
            current_phase,
            progress_percentage,
            phases_completed,
            error_message,
            error_phase,
            assessment_ready,
            started_at,
            completed_at,
        }
    }
}

/// How far a flow is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowStatusOut {
    /// The master flow.
    id: MasterFlowId,
    /// Kind of its current work.
    flow_type: FlowType,
    /// Its state.
    status: FlowStatus,
    /// The phase it is in.
    #[schema(example = "field_mapping")]
    current_phase: Option<String>,
    /// How far the newest discovery flow is, 0 to 100; null if there is none.
    #[schema(example = 33.3)]
    progress_percentage: Option<f64>,
    /// The newest discovery flow.
    discovery_flow_id: Option<DiscoveryFlowId>,
    /// The import that it works on.
    import_id: Option<ImportId>,
    /// Why it failed, if it did.
    error_message: Option<String>,
    /// The phase in which it failed.
    error_phase: Option<String>,
    /// Grows with each change of the master flow.
    version: i64,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<FlowProgress> for FlowStatusOut {
    fn from(progress: FlowProgress) -> Self {
        let FlowProgress { flow, discovery } = progress;
        let updated_at = discovery.as_ref().map_or(flow.updated_at, |discovery| {
            discovery.updated_at.max(flow.updated_at)
        });
        let mut status = Self {
            id: flow.flow_id,
            flow_type: flow.flow_type,
            status: flow.flow_status,
            current_phase: flow.current_phase,
            progress_percentage: None,
            discovery_flow_id: None,
            import_id: None,
            error_message: None,
            error_phase: None,
            version: flow.version,
            updated_at,
        };
        if let Some(discovery) = discovery {
            status.progress_percentage = Some(discovery.progress_percentage);
            status.discovery_flow_id = Some(discovery.flow_id);
            status.import_id = discovery.data_import_id;
            status.error_message = discovery.error_message;
            status.error_phase = discovery.error_phase;
        }
        status
    }
}

/// Where one phase stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PhaseOut {
    /// The discovery flow.
    discovery_flow_id: DiscoveryFlowId,
    /// The phase.
    phase: Phase,
    /// Its state.
    status: FlowStatus,
    /// When work on it began last.
    started_at: Option<DateTime<Utc>>,
    /// When it was completed.
    completed_at: Option<DateTime<Utc>>,
    /// What it worked out, or what it waits for.
    #[schema(value_type = Object)]
    output: Value,
}

impl From<PhaseState> for PhaseOut {
    fn from(state: PhaseState) -> Self {
        let PhaseState {
            discovery_flow_id,
            phase,
            status,
            started_at,
            completed_at,
            output,
        } = state;
        Self {
            discovery_flow_id,
            phase,
            status,
            started_at,
            completed_at,
            output,
        }
    }
}
