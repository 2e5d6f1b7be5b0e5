//! Flows as existing clients know them: what is answered.

use super::dto::ExecutionMode;
use chrono::{DateTime, Utc};
use landfall_compat::words::{V3FlowStatus, V3Phase};
use landfall_domain::{
    ClientAccountId, DiscoveryFlowId, EngagementId, FlowStatus, ImportId, MasterFlowId, Phase,
};
use landfall_services::assets::Asset;
use landfall_services::flows::lifecycle::{flow_description, flow_execution_mode, flow_metadata};
use landfall_services::flows::report::FlowReport;
use landfall_services::flows::{DiscoveryFlow, is_phase_done, phase_states};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where one phase stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PhaseStatus {
    phase: V3Phase,
    #[schema(inline)]
    status: V3FlowStatus,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    #[schema(minimum = 0.0, maximum = 100.0)]
    progress_percentage: f64,
    #[schema(value_type = Vec<Object>)]
    agent_insights: Vec<Value>,
    #[schema(value_type = Option<Object>)]
    results: Option<Value>,
    errors: Vec<String>,
}

/// An asset in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssetInfo {
    asset_name: String,
    asset_type: &'static str,
    ip_address: Option<String>,
    operating_system: Option<String>,
    environment: Option<String>,
    location: Option<String>,
    business_owner: Option<String>,
    migration_complexity: Option<String>,
    migration_priority: Option<i32>,
    confidence_score: Option<f64>,
}

impl From<Asset> for AssetInfo {
    fn from(asset: Asset) -> Self {
        Self {
            asset_type: v3_asset_type(asset.asset_type),
            asset_name: asset.name,
            ip_address: asset.ip_address,
            operating_system: asset.operating_system,
            environment: asset.environment,
            location: asset.location,
            business_owner: asset.business_owner,
            migration_complexity: asset.migration_complexity.map(|word| word.clone().to_lowercase()),
            migration_priority: asset.migration_priority,
            confidence_score: asset.quality_score,
        }
    }
}

/// The predecessor's words for what an asset is are fewer.
const fn v3_asset_type(kind: landfall_domain::AssetType) -> &'static str {
    use landfall_domain::AssetType as Kind;
    match kind {
        Kind::Server => "server",
        Kind::Application => "application",
        Kind::Database => "database",
        Kind::Network | Kind::LoadBalancer | Kind::SecurityGroup => "network",
        Kind::Storage => "storage",
        Kind::Container => "container",
        Kind::VirtualMachine => "virtual_machine",
        Kind::Service => "service",
        Kind::Other | Kind::Unknown => "unknown",
    }
}

/// A flow.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them one by one")]
pub(crate) struct FlowResponse {
    flow_id: DiscoveryFlowId,
    /// The master flow that it hangs on.
    master_flow_id: MasterFlowId,
    /// The import that it works on.
    data_import_id: Option<ImportId>,
    name: String,
    description: Option<String>,
    #[schema(inline)]
    status: V3FlowStatus,
    current_phase: V3Phase,
    #[schema(minimum = 0.0, maximum = 100.0)]
    progress_percentage: f64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    client_account_id: ClientAccountId,
    engagement_id: EngagementId,
    user_id: Option<Uuid>,
    phases_completed: Vec<V3Phase>,
    phases_status: BTreeMap<String, PhaseStatus>,
    #[schema(inline)]
    execution_mode: ExecutionMode,
    /// No agents work on flows.
    crewai_status: Option<String>,
    /// The flow's state in Landfall's own words.
    database_status: Option<String>,
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
    #[schema(value_type = Option<Object>)]
    field_mapping: Option<Value>,
    #[schema(value_type = Option<Object>)]
    data_cleansing_results: Option<Value>,
    #[schema(value_type = Vec<Object>)]
    agent_insights: Vec<Value>,
    records_processed: i64,
    records_total: i64,
    records_valid: i64,
    records_failed: i64,
    assets_discovered: i64,
    dependencies_mapped: i64,
    assets: Vec<AssetInfo>,
    data_validation_completed: bool,
    field_mapping_completed: bool,
    data_cleansing_completed: bool,
    asset_inventory_completed: bool,
    dependency_analysis_completed: bool,
    tech_debt_assessment_completed: bool,
}

/// Numbers about a flow's work, from what its phases said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) total: i64,
    pub(super) processed: i64,
    pub(super) failed: i64,
    pub(super) assets: i64,
    pub(super) merged: i64,
    pub(super) skipped: i64,
    pub(super) unidentified: i64,
    pub(super) dependencies: i64,
}

/// What a flow's phases have counted so far.
pub(super) fn counts(flow: &DiscoveryFlow) -> Counts {
    let of = |phase: Phase, name: &str| -> Option<i64> {
        flow.crew_outputs.get(phase.as_str())?.get(name)?.as_i64()
    };
    let inspected = || flow.flow_state.get("inspection")?.get("records")?.as_i64();
    let inventory = |name: &str| of(Phase::AssetInventory, name).unwrap_or(0);
    let skipped = flow.crew_outputs.get(Phase::AssetInventory.as_str());
    let skipped = skipped.and_then(|output| output.get("skipped")?.as_object());
    Counts {
        total: of(Phase::DataValidation, "records")
            .or_else(inspected)
            .unwrap_or(0),
        processed: of(Phase::DataCleansing, "records")
            .or_else(|| of(Phase::DataValidation, "records"))
            .unwrap_or(0),
        failed: of(Phase::DataCleansing, "faulty_records")
            .or_else(|| of(Phase::DataValidation, "faulty_records"))
            .unwrap_or(0),
        assets: inventory("created") + inventory("updated"),
        merged: inventory("merged"),
        skipped: skipped.map_or(0, |reasons| reasons.values().filter_map(Value::as_i64).sum()),
        unidentified: inventory("unidentified"),
        dependencies: of(Phase::DependencyAnalysis, "edges").unwrap_or(0),
    }
}

/// Each phase; with the master flow's transitions also when.
pub(super) fn phases(flow: &DiscoveryFlow, transitions: &Value) -> BTreeMap<String, PhaseStatus> {
    let mut phases = BTreeMap::new();
    for state in phase_states(flow, transitions) {
        let is_done = state.status == FlowStatus::Completed;
        let failed_here = flow.error_phase.as_deref() == Some(state.phase.as_str());
        for phase in V3Phase::of(state.phase) {
            let status = PhaseStatus {
                phase,
                status: state.status.into(),
                started_at: state.started_at,
                completed_at: state.completed_at,
                progress_percentage: if is_done { 100.0 } else { 0.0 },
                agent_insights: Vec::new(),
                results: Some(state.output.clone()).filter(Value::is_object),
                errors: flow
                    .error_message
                    .iter()
                    .filter(|_| failed_here)
                    .cloned()
                    .collect(),
            };
            phases.insert(phase.as_str().to_owned(), status);
        }
    }
    phases
}

/// What should be known about a flow, as the predecessor's agents put it.
pub(super) fn insights(report: &FlowReport) -> Vec<Value> {
    let advice = report.advice();
    let insights = advice.iter().map(|advice| {
        json!({
            "insight_id": format!("{}-{}", report.flow.flow_id, advice.action), "title": advice.action,
            "category": advice.priority, "description": advice.reason, "confidence_score": 1.0, "actionable": true,
            "action_items": [advice.description], "metadata": {},
        })
    });
    insights.collect()
}

impl FlowResponse {
    /// A flow in a list.
    pub(super) fn of(flow: DiscoveryFlow) -> Self {
        let counts = counts(&flow);
        let done = |phase| is_phase_done(&flow, phase);
        Self {
            current_phase: V3Phase::current(flow.current_phase.as_deref(), done),
            phases_completed: V3Phase::completed(done),
            phases_status: phases(&flow, &Value::Null),
            description: flow_description(&flow),
            status: flow.status.into(),
            execution_mode: ExecutionMode::of(flow_execution_mode(&flow)),
            crewai_status: None,
            database_status: Some(flow.status.to_string()),
            metadata: flow_metadata(&flow),
            data_cleansing_results: flow.crew_outputs.get(Phase::DataCleansing.as_str()).cloned(),
            field_mapping: flow.field_mappings,
            agent_insights: Vec::new(),
            records_processed: counts.processed,
            records_total: counts.total,
            records_valid: (counts.total - counts.failed).max(0),
            records_failed: counts.failed,
            assets_discovered: counts.assets,
            dependencies_mapped: counts.dependencies,
            assets: Vec::new(),
            flow_id: flow.flow_id,
            master_flow_id: flow.master_flow_id,
            data_import_id: flow.data_import_id,
            name: flow.flow_name,
            progress_percentage: flow.progress_percentage,
            created_at: flow.created_at,
            updated_at: flow.updated_at,
            client_account_id: flow.client_account_id,
            engagement_id: flow.engagement_id,
            user_id: flow.user_id.parse().ok(),
            data_validation_completed: flow.data_validation_completed,
            field_mapping_completed: flow.field_mapping_completed,
            data_cleansing_completed: flow.data_cleansing_completed,
            asset_inventory_completed: flow.asset_inventory_completed,
            dependency_analysis_completed: flow.dependency_analysis_completed,
            tech_debt_assessment_completed: flow.tech_debt_assessment_completed,
        }
    }

    /// A flow alone, with its first assets.
    pub(super) fn whole(report: FlowReport, assets: Vec<Asset>) -> Self {
        let (phases, insights) = (
            phases(&report.flow, &report.master.phase_transitions),
            insights(&report),
        );
        Self {
            phases_status: phases,
            agent_insights: insights,
            assets: assets.into_iter().map(AssetInfo::from).collect(),
            ..Self::of(report.flow)
        }
    }
}

/// A page of flows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowListResponse {
    pub(super) flows: Vec<FlowResponse>,
    pub(super) total: u64,
    pub(super) page: u64,
    pub(super) page_size: u64,
    pub(super) has_next: bool,
    pub(super) has_previous: bool,
}

/// How far a flow is.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them one by one")]
pub(crate) struct FlowStatusResponse {
    flow_id: DiscoveryFlowId,
    master_flow_id: MasterFlowId,
    #[schema(inline)]
    status: V3FlowStatus,
    current_phase: V3Phase,
    #[schema(minimum = 0.0, maximum = 100.0)]
    progress_percentage: f64,
    updated_at: DateTime<Utc>,
    is_running: bool,
    is_paused: bool,
    can_resume: bool,
    can_cancel: bool,
    current_phase_status: Option<PhaseStatus>,
    next_phase: Option<V3Phase>,
    #[schema(inline)]
    execution_mode: ExecutionMode,
    crewai_status: Option<String>,
    database_status: Option<String>,
    #[schema(value_type = Vec<Object>)]
    latest_insights: Vec<Value>,
}

/// The newest of a flow's insights that are shown with its status.
const INSIGHTS_SHOWN: usize = 5;

impl From<FlowReport> for FlowStatusResponse {
    fn from(report: FlowReport) -> Self {
        let flow = &report.flow;
        let done = |phase| is_phase_done(flow, phase);
        let current = V3Phase::current(flow.current_phase.as_deref(), done);
        let is_paused = matches!(flow.status, FlowStatus::Paused | FlowStatus::Waiting);
        Self {
            flow_id: flow.flow_id,
            master_flow_id: flow.master_flow_id,
            status: flow.status.into(),
            current_phase: current,
            progress_percentage: flow.progress_percentage,
            updated_at: flow.updated_at,
            is_running: flow.status == FlowStatus::Running,
            is_paused,
            can_resume: is_paused || flow.status == FlowStatus::Failed,
            can_cancel: !matches!(flow.status, FlowStatus::Completed | FlowStatus::Cancelled),
            current_phase_status: phases(flow, &report.master.phase_transitions).remove(current.as_str()),
            next_phase: current.next(),
            execution_mode: ExecutionMode::of(flow_execution_mode(flow)),
            crewai_status: None,
            database_status: Some(flow.status.to_string()),
            latest_insights: insights(&report).into_iter().take(INSIGHTS_SHOWN).collect(),
        }
    }
}

/// What was done with a flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowExecutionResponse {
    pub(super) success: bool,
    pub(super) flow_id: DiscoveryFlowId,
    pub(super) master_flow_id: MasterFlowId,
    pub(super) action: String,
    #[schema(inline)]
    pub(super) status: V3FlowStatus,
    pub(super) message: String,
    pub(super) timestamp: DateTime<Utc>,
    pub(super) phase: Option<V3Phase>,
    pub(super) phase_status: Option<PhaseStatus>,
    pub(super) next_phase: Option<V3Phase>,
    pub(super) crewai_execution: Option<String>,
    pub(super) database_execution: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub(super) results: Option<Value>,
    #[schema(value_type = Vec<Object>)]
    pub(super) agent_insights: Vec<Value>,
    pub(super) errors: Vec<String>,
}

/// What deleting a flow did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowDeletionResponse {
    pub(super) success: bool,
    pub(super) flow_id: DiscoveryFlowId,
    pub(super) action: &'static str,
    pub(super) force_delete: bool,
    pub(super) message: String,
    pub(super) timestamp: DateTime<Utc>,
    /// `cancelled`, `assets_released`, `assets_removed`, `records_removed`, `mappings_removed`.
    #[schema(value_type = Object)]
    pub(super) cleanup_summary: Value,
    #[schema(value_type = Option<Object>)]
    pub(super) crewai_cleanup: Option<Value>,
    #[schema(value_type = Option<Object>)]
    pub(super) database_cleanup: Option<Value>,
}

/// What became of a flow's records in the inventory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssetPromotionResponse {
    pub(super) success: bool,
    pub(super) flow_id: DiscoveryFlowId,
    pub(super) master_flow_id: MasterFlowId,
    pub(super) action: &'static str,
    pub(super) message: String,
    pub(super) timestamp: DateTime<Utc>,
    /// Assets that are new or were changed.
    pub(super) assets_promoted: i64,
    /// Records that joined another's asset, or make none.
    pub(super) assets_skipped: i64,
    /// Records that nothing identifies.
    pub(super) errors: i64,
    #[schema(value_type = Object)]
    pub(super) statistics: Value,
}

/// Numbers about a flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowMetricsOut {
    /// Seconds that its phases were worked on.
    pub(super) execution_time: f64,
    pub(super) phases_completed: usize,
    pub(super) total_phases: usize,
    /// 0–1.
    pub(super) success_rate: f64,
    pub(super) error_count: usize,
    pub(super) warning_count: i64,
}

/// What should be done next.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowRecommendations {
    /// `action`, `description`, `priority`, `reason` of each.
    #[schema(value_type = Vec<Object>)]
    pub(super) recommendations: Value,
}

/// Whether a flow could be made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowValidation {
    pub(super) is_valid: bool,
    /// `field`, `message`, `severity` of each.
    #[schema(value_type = Vec<Object>)]
    pub(super) issues: Vec<Value>,
    pub(super) recommendations: Vec<String>,
}

/// How flows are in this engagement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowHealthResponse {
    pub(super) status: &'static str,
    pub(super) service: &'static str,
    pub(super) version: &'static str,
    pub(super) timestamp: DateTime<Utc>,
    pub(super) components: BTreeMap<&'static str, bool>,
    pub(super) architecture: &'static str,
    pub(super) active_flows: i64,
    pub(super) total_flows: i64,
    pub(super) avg_response_time_ms: Option<f64>,
}
