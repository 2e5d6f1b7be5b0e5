//! Flows as existing clients know them: what is sent.

use crate::extract::{Body, Params, flag};
use chrono::{DateTime, Utc};
use landfall_compat::words::V3Phase;
use landfall_compat::{Resource, words};
use landfall_domain::{ClientAccountId, EngagementId, FlowStatus, MasterFlowId};
use landfall_services::PageNumber;
use landfall_services::flows::report::{DiscoveryFilter, DiscoverySort};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// How a flow is asked to be done. Landfall does each flow in the same way; the word is kept and shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExecutionMode {
    /// By agents.
    Crewai,
    /// By the database.
    Database,
    /// By both.
    #[default]
    Hybrid,
}

impl ExecutionMode {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Crewai => "crewai",
            Self::Database => "database",
            Self::Hybrid => "hybrid",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        match word {
            "crewai" => Self::Crewai,
            "database" => Self::Database,
            _ => Self::Hybrid,
        }
    }
}

/// A flow to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"name": "Servers in Lyon", "client_account_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "engagement_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "raw_data": [{"hostname": "web01"}]}))]
pub(crate) struct FlowCreate {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) name: String,
    /// What it is about.
    pub(super) description: Option<String>,
    /// The client account; that of the header.
    pub(super) client_account_id: ClientAccountId,
    /// The engagement; that of the header.
    pub(super) engagement_id: EngagementId,
    /// Records to work on. Without any, the flow works on `data_import_id`, or waits for an import.
    #[schema(value_type = Vec<Object>)]
    pub(super) raw_data: Vec<Map<String, Value>>,
    /// Anything that the maker wants to find again.
    #[schema(value_type = Option<Object>)]
    pub(super) metadata: Option<Map<String, Value>>,
    /// How it is asked to be done.
    #[serde(default)]
    #[schema(inline, default = "hybrid")]
    pub(super) execution_mode: ExecutionMode,
    /// An import to work on, if there are no records.
    pub(super) data_import_id: Option<String>,
    /// The master flow that it hangs on; a new one if absent.
    pub(super) master_flow_id: Option<MasterFlowId>,
}

impl Body for FlowCreate {
    const RESOURCE: Option<Resource> = Some(Resource::DiscoveryFlows);
}

/// A change of a flow.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(default)]
#[schema(example = json!({"name": "Servers in Lyon", "metadata": {"ticket": 7}}))]
pub(crate) struct FlowUpdate {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) name: Option<String>,
    /// What it is about.
    pub(super) description: Option<String>,
    /// Added to what is kept with it.
    #[schema(value_type = Option<Object>)]
    pub(super) metadata: Option<Map<String, Value>>,
    /// `paused`, `cancelled` and `in_progress` do what their words say; other states come by themselves.
    pub(super) status: Option<String>,
    /// Has this phase done, again if it was done already.
    pub(super) current_phase: Option<String>,
}

impl Body for FlowUpdate {
    const RESOURCE: Option<Resource> = Some(Resource::DiscoveryFlows);
}

/// A phase to be done.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"phase": "field_mapping", "human_input": {"mappings": {"Host Name": "hostname"}}}))]
pub(crate) struct PhaseExecution {
    /// The phase; that of the path.
    #[schema(value_type = V3Phase)]
    pub(super) phase: String,
    /// The phase's result, where the flow waits for one from outside.
    #[schema(value_type = Option<Object>)]
    pub(super) data: Option<Value>,
    /// How it is asked to be done.
    #[serde(default)]
    #[schema(inline, default = "hybrid")]
    #[expect(dead_code, reason = "each phase is done in the same way")]
    pub(super) execution_mode: ExecutionMode,
    /// What a person decided: for `field_mapping`, `mappings` of column to field.
    #[schema(value_type = Option<Object>)]
    pub(super) human_input: Option<Value>,
}

impl Body for PhaseExecution {
    const RESOURCE: Option<Resource> = Some(Resource::DiscoveryFlows);
}

/// Why and how a flow is stopped or goes on.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(default)]
pub(crate) struct FlowControl {
    /// A sentence for others, kept with the flow.
    #[validate(length(max = 1000, message = "must have at most 1000 characters"))]
    pub(super) reason: Option<String>,
    /// State is always kept.
    pub(super) save_state: Option<bool>,
    /// What is to be known about going on; kept with the flow's metadata.
    #[schema(value_type = Option<Object>)]
    pub(super) resume_context: Option<Map<String, Value>>,
    /// The phase to go on from.
    pub(super) target_phase: Option<String>,
    /// The same, for a retry.
    pub(super) from_phase: Option<String>,
    /// What a person decided: `mappings` of column to field.
    #[schema(value_type = Option<Object>)]
    pub(super) human_input: Option<Value>,
}

impl Body for FlowControl {
    const RESOURCE: Option<Resource> = Some(Resource::DiscoveryFlows);
}

/// A name for a copy.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"name": "Servers in Lyon, once more"}))]
pub(crate) struct FlowDuplicate {
    /// The copy's name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) name: String,
}

impl Body for FlowDuplicate {}

/// Which flows are listed, and how.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlowListQuery {
    /// In one of these states, comma separated.
    status: Option<String>,
    /// The same.
    status_filter: Option<String>,
    /// In this phase.
    current_phase: Option<String>,
    /// Asked to be done in this way.
    #[param(inline)]
    execution_mode: Option<ExecutionMode>,
    /// The client account; that of the header.
    client_account_id: Option<String>,
    /// The engagement; that of the header.
    engagement_id: Option<String>,
    /// Of this master flow.
    master_flow_id: Option<MasterFlowId>,
    /// Made at this time or later.
    created_after: Option<DateTime<Utc>>,
    /// Made before this time.
    created_before: Option<DateTime<Utc>>,
    /// Changed at this time or later.
    updated_after: Option<DateTime<Utc>>,
    /// Changed before this time.
    updated_before: Option<DateTime<Utc>>,
    /// Number of the page.
    #[validate(range(min = 1, message = "must be at least 1"))]
    #[param(minimum = 1, default = 1)]
    page: Option<u64>,
    /// Flows of a page.
    #[validate(range(min = 1, max = 100, message = "must be from 1 to 100"))]
    #[param(minimum = 1, maximum = 100, default = 20)]
    page_size: Option<u64>,
    /// `created_at`, `updated_at`, `name`, `status`, `current_phase` or `progress_percentage`; anything else is `created_at`.
    #[param(default = "created_at")]
    sort_by: Option<String>,
    /// `asc` or `desc`.
    #[param(default = "desc", pattern = "^(asc|desc)$")]
    sort_order: Option<String>,
}

impl Params for FlowListQuery {
    const RESOURCE: Option<Resource> = Some(Resource::DiscoveryFlows);
}

impl FlowListQuery {
    fn statuses(&self) -> Vec<FlowStatus> {
        let words = self
            .status
            .iter()
            .chain(&self.status_filter)
            .flat_map(|words| words.split(','));
        words.flat_map(words::flow_statuses_of).collect()
    }

    /// The filter; nothing if it asks for a state or phase that no flow can have, or for somebody else's flows.
    pub(super) fn filter(&self, scope: &landfall_domain::Scope) -> Option<DiscoveryFilter> {
        let statuses = self.statuses();
        let asks_status = self.status.is_some() || self.status_filter.is_some();
        let phase = self.current_phase.as_deref().map(V3Phase::parse);
        let is_mine = |given: &Option<String>, mine: String| {
            given.as_ref().is_none_or(|id| id.eq_ignore_ascii_case(&mine))
        };
        if (asks_status && statuses.is_empty())
            || phase == Some(None)
            || !is_mine(&self.client_account_id, scope.client_account_id.to_string())
            || !is_mine(&self.engagement_id, scope.engagement_id.to_string())
        {
            return None;
        }
        let phase = phase.flatten();
        Some(DiscoveryFilter {
            statuses: match phase {
                Some(V3Phase::Completed) => vec![FlowStatus::Completed],
                _ => statuses,
            },
            current_phase: phase.and_then(V3Phase::phase),
            master_flow_id: self.master_flow_id,
            created_after: self.created_after,
            created_before: self.created_before,
            updated_after: self.updated_after,
            updated_before: self.updated_before,
            execution_mode: self.execution_mode.map(|mode| mode.as_str().to_owned()),
            ..DiscoveryFilter::default()
        })
    }

    pub(super) fn sort(&self) -> (DiscoverySort, bool) {
        let sort = match self.sort_by.as_deref() {
            Some("updated_at") => DiscoverySort::UpdatedAt,
            Some("name" | "flow_name") => DiscoverySort::Name,
            Some("status") => DiscoverySort::Status,
            Some("current_phase") => DiscoverySort::CurrentPhase,
            Some("progress_percentage" | "progress") => DiscoverySort::Progress,
            _ => DiscoverySort::CreatedAt,
        };
        (sort, self.sort_order.as_deref() != Some("asc"))
    }

    pub(super) fn number(&self) -> PageNumber {
        PageNumber {
            page: self.page.unwrap_or(1),
            size: self.page_size.unwrap_or(20),
        }
    }
}

/// How a flow is deleted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlowDeleteQuery {
    /// Takes its import away too, and what that brought into the inventory.
    #[serde(deserialize_with = "flag")]
    #[param(default = false)]
    pub(super) force_delete: bool,
}

impl Params for FlowDeleteQuery {}

/// How many events are shown.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Events.
    #[validate(range(min = 1, max = 1000, message = "must be from 1 to 1000"))]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Option<usize>,
}

impl Params for EventsQuery {}
