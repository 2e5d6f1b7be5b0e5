//! Mappings on the wire.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Body, Change};
use chrono::{DateTime, Utc};
use landfall_compat::Resource;
use landfall_domain::{ImportId, MappingStatus, MatchType};
use landfall_services::mappings::decisions::{ColumnDecision, Decision, Mapping};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Whose mappings are listed.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MappingQuery {
    /// The import.
    pub(super) import_id: ImportId,
}

/// What a column means.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingOut {
    /// Its id.
    id: Uuid,
    /// The import.
    import_id: ImportId,
    /// Header of the column.
    #[schema(example = "RAM (GB)")]
    source_field: String,
    /// The field; none leaves the column a custom attribute.
    #[schema(example = "memory_gb")]
    target_field: Option<String>,
    /// How it was found.
    match_type: MatchType,
    /// Certainty, 0 to 1.
    #[schema(example = 0.95)]
    confidence_score: Option<f64>,
    /// Decision.
    status: MappingStatus,
    /// Why it was suggested.
    reason: Option<String>,
    /// Other fields it could be, best first: `target`, `confidence`, `reason`.
    #[schema(value_type = Vec<Object>)]
    alternatives: Value,
    /// Who decided.
    approved_by: Option<String>,
    /// When.
    approved_at: Option<DateTime<Utc>>,
    /// How values are read.
    #[schema(value_type = Object, example = json!({"unit": "gib"}))]
    transformation_rules: Value,
    /// Grows with each change; also the `ETag`.
    version: i64,
}

impl From<Mapping> for MappingOut {
    fn from(row: Mapping) -> Self {
        let Mapping {
            id,
            data_import_id,
            source_field,
            target_field,
            match_type,
            confidence_score,
            status,
            reason,
            alternatives,
            approved_by,
            approved_at,
            transformation_rules,
            version,
            ..
        } = row;
        Self {
            id,
            import_id: data_import_id,
            source_field,
            target_field,
            match_type,
            confidence_score,
            status,
            reason,
            alternatives,
            approved_by,
            approved_at,
            transformation_rules,
            version,
        }
    }
}

/// A change of a mapping.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"target_field": "memory_gb", "transformation_rules": {"unit": "mib"}}))]
pub(crate) struct MappingChange {
    /// The field that the column is; null leaves it a custom attribute.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    target_field: Change<String>,
    /// How values are read; as before if absent.
    #[schema(value_type = Option<Object>)]
    transformation_rules: Option<Value>,
}

impl Body for MappingChange {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

impl MappingChange {
    /// The decision; none if nothing is said about the field.
    pub(super) fn into_decision(self) -> Option<Decision> {
        let Self {
            target_field,
            transformation_rules,
        } = self;
        match target_field {
            Change::Absent => None,
            Change::Null => Some(Decision::Reject),
            Change::To(target_field) => Some(Decision::Modify {
                target_field,
                transformation_rules,
            }),
        }
    }
}

/// Decisions of one request: as many as a table has columns.
const MOST_DECISIONS: usize = 2000;

/// What is decided on one column.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// The proposal is right.
    Approve,
    /// The column is no field.
    Reject,
    /// The column is the field `target_field`.
    Modify,
}

/// A decision on one column.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionIn {
    /// Header of the column.
    #[schema(example = "RAM (GB)")]
    source_field: String,
    /// What is decided.
    action: Action,
    /// The field, for `modify`.
    #[schema(example = "memory_gb")]
    target_field: Option<String>,
    /// How values are read, for `modify`; as before if absent.
    #[schema(value_type = Option<Object>)]
    transformation_rules: Option<Value>,
}

/// Decisions on columns of an import.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "decisions": [{"source_field": "RAM", "action": "modify", "target_field": "memory_gb"}],
    "approve_at_least": 0.7
}))]
pub(crate) struct DecisionsIn {
    /// Decisions on single columns; all are taken or none.
    #[serde(default)]
    #[schema(max_items = 2000)]
    decisions: Vec<DecisionIn>,
    /// Then every column that is still undecided and has a proposal of at least this certainty is approved.
    #[validate(range(min = 0.0, max = 1.0, message = "must be from 0 to 1"))]
    approve_at_least: Option<f64>,
}

impl Body for DecisionsIn {}

impl DecisionsIn {
    /// The decisions, and the certainty from which the rest is approved.
    pub(super) fn into_decisions(self) -> ApiResult<(Vec<ColumnDecision>, Option<f64>)> {
        let Self {
            decisions,
            approve_at_least,
        } = self;
        if decisions.len() > MOST_DECISIONS {
            let message = format!("at most {MOST_DECISIONS} decisions are taken at once");
            return Err(ApiError::validation(vec![Detail::of(
                "decisions",
                "length",
                message,
            )]));
        }
        let mut details = Vec::new();
        let mut taken = Vec::with_capacity(decisions.len());
        for (index, each) in decisions.into_iter().enumerate() {
            let DecisionIn {
                source_field,
                action,
                target_field,
                transformation_rules,
            } = each;
            let decision = match (action, target_field) {
                (Action::Approve, None) => Decision::Approve,
                (Action::Reject, None) => Decision::Reject,
                (Action::Modify, Some(target_field)) => Decision::Modify {
                    target_field,
                    transformation_rules,
                },
                (Action::Modify, None) => {
                    let field = format!("decisions[{index}].target_field");
                    details.push(Detail::of(
                        field,
                        "missing",
                        format!("to modify '{source_field}', name its target_field"),
                    ));
                    continue;
                }
                (Action::Approve | Action::Reject, Some(_)) => {
                    let field = format!("decisions[{index}].target_field");
                    let message =
                        format!("'{source_field}': a target_field goes with the action modify only");
                    details.push(Detail::of(field, "action", message));
                    continue;
                }
            };
            taken.push(ColumnDecision {
                source_field,
                decision,
            });
        }
        if details.is_empty() {
            Ok((taken, approve_at_least))
        } else {
            Err(ApiError::validation(details))
        }
    }
}
