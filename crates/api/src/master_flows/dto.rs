//! Master flows on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::{FlowStatus, FlowType, ImportId, ImportStatus, MasterFlowId};
use landfall_services::flows::MasterFlow;
use landfall_services::flows::master::{MasterFlowSummary, MasterFlowTotals};
use landfall_services::imports::Import;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use validator::Validate;

/// A change of a master flow.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Datacentre exit"}))]
pub(crate) struct MasterFlowChange {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) name: Option<String>,
    /// Its settings, replaced as a whole.
    #[schema(value_type = Option<Object>)]
    pub(super) configuration: Option<Map<String, Value>>,
}

impl Body for MasterFlowChange {}

/// An import of a master flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MasterFlowImport {
    id: ImportId,
    name: String,
    filename: String,
    status: ImportStatus,
    total_records: Option<i64>,
    created_at: DateTime<Utc>,
}

impl From<Import> for MasterFlowImport {
    fn from(row: Import) -> Self {
        Self {
            id: row.id,
            name: row.import_name,
            filename: row.filename,
            status: row.status,
            total_records: row.total_records,
            created_at: row.created_at,
        }
    }
}

/// A part of a master flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MasterFlowPart {
    master_flow_id: MasterFlowId,
    name: Option<String>,
    flow_type: FlowType,
    status: FlowStatus,
    created_at: DateTime<Utc>,
}

impl From<MasterFlow> for MasterFlowPart {
    fn from(row: MasterFlow) -> Self {
        Self {
            master_flow_id: row.flow_id,
            name: row.flow_name,
            flow_type: row.flow_type,
            status: row.flow_status,
            created_at: row.created_at,
        }
    }
}

/// A master flow summarised.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MasterFlowSummaryOut {
    master_flow_id: MasterFlowId,
    name: Option<String>,
    flow_type: FlowType,
    status: FlowStatus,
    current_phase: Option<String>,
    /// How many rows of each kind hang on it, in every phase.
    #[schema(value_type = Object)]
    children: Value,
    /// Flows that are part of it, at most five hundred.
    parts: Vec<MasterFlowPart>,
    /// Its imports, newest first, at most five hundred.
    imports: Vec<MasterFlowImport>,
    /// Milliseconds that each phase was worked on.
    #[schema(value_type = Object)]
    phase_execution_times: Value,
    /// Errors that are kept.
    error_count: usize,
    /// What persons said about its results.
    #[schema(value_type = Vec<Object>)]
    feedback: Value,
    /// Its settings.
    #[schema(value_type = Object)]
    configuration: Value,
    /// Grows with each change; also the `ETag`.
    pub(super) version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<MasterFlowSummary> for MasterFlowSummaryOut {
    fn from(summary: MasterFlowSummary) -> Self {
        let MasterFlowSummary {
            flow,
            children,
            parts,
            imports,
        } = summary;
        Self {
            master_flow_id: flow.flow_id,
            name: flow.flow_name,
            flow_type: flow.flow_type,
            status: flow.flow_status,
            current_phase: flow.current_phase,
            children: serde_json::to_value(children).unwrap_or_default(),
            parts: parts.into_iter().map(Into::into).collect(),
            imports: imports.into_iter().map(Into::into).collect(),
            phase_execution_times: flow.phase_execution_times,
            error_count: flow.error_history.as_array().map_or(0, Vec::len),
            feedback: flow.user_feedback_history,
            configuration: flow.flow_configuration,
            version: flow.version,
            created_at: flow.created_at,
            updated_at: flow.updated_at,
        }
    }
}

/// How the master flows of the engagement are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MasterFlowTotalsOut {
    total: i64,
    /// By state.
    by_status: BTreeMap<String, i64>,
    /// By kind.
    by_type: BTreeMap<String, i64>,
}

impl From<MasterFlowTotals> for MasterFlowTotalsOut {
    fn from(totals: MasterFlowTotals) -> Self {
        let mut out = Self {
            total: 0,
            by_status: BTreeMap::new(),
            by_type: BTreeMap::new(),
        };
        for (kind, status, number) in totals.by_type_and_status {
            out.total += number;
            *out.by_status.entry(status.to_string()).or_default() += number;
            *out.by_type.entry(kind.to_string()).or_default() += number;
        }
        out
    }
}
