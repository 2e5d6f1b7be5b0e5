//! A discovery flow to be made.

use chrono::{DateTime, Utc};
use landfall_domain::{DiscoveryFlowId, FlowStatus, ImportId, MasterFlowId, Phase, Scope, ids};
use landfall_entities::discovery_flows;
use serde_json::{Map, Value};

/// A discovery flow to be made.
#[derive(Clone, Debug)]
pub struct NewDiscoveryFlow {
    /// The master flow that it hangs on.
    pub master_flow_id: MasterFlowId,
    /// The import that it works on.
    pub data_import_id: Option<ImportId>,
    /// A name for a person.
    pub flow_name: String,
    /// Settings and whatever else the caller wants to find again, a JSON object.
    pub flow_state: Map<String, Value>,
}

/// The row of a flow at the start of its first phase.
pub(super) fn new_row(scope: &Scope, now: DateTime<Utc>, new: NewDiscoveryFlow) -> discovery_flows::Model {
    let object = || Value::Object(Map::new());
    discovery_flows::Model {
        client_account_id: scope.client_account_id,
        id: ids::new_uuid(),
        engagement_id: scope.engagement_id,
        flow_id: DiscoveryFlowId::new(),
        master_flow_id: new.master_flow_id,
        data_import_id: new.data_import_id,
        flow_name: new.flow_name,
        flow_type: "discovery".to_owned(),
        user_id: scope
            .actor
            .user_id
            .map_or_else(|| scope.actor.name.clone(), |id| id.to_string()),
        status: FlowStatus::Pending,
        current_phase: Some(Phase::ALL[0].as_str().to_owned()),
        progress_percentage: 0.0,
        data_validation_completed: false,
        field_mapping_completed: false,
        data_cleansing_completed: false,
        asset_inventory_completed: false,
        dependency_analysis_completed: false,
        tech_debt_assessment_completed: false,
        phases_completed: Value::Array(Vec::new()),
        crew_outputs: object(),
        field_mappings: None,
        discovered_assets: None,
        dependencies: None,
        tech_debt_analysis: None,
        flow_state: Value::Object(new.flow_state),
        crewai_state_data: object(),
        error_message: None,
        error_phase: None,
        error_details: None,
        crewai_persistence_id: None,
        import_session_id: None,
        learning_scope: "engagement".to_owned(),
        memory_isolation_level: "strict".to_owned(),
        assessment_ready: false,
        started_at: None,
        completed_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}
