//! What is answered.

use super::given::SCHEMA;
use chrono::{DateTime, Utc};
use landfall_domain::{DiscoveryFlowId, MasterFlowId};
use landfall_services::mappings::flow_mappings::FlowMappings;
use landfall_services::mappings::templates::MappingTemplate;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What was found about a mapping.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldMappingValidationResponse {
    pub(in crate::field_mapping) is_valid: bool,
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub(in crate::field_mapping) validation_score: f64,
    /// `code`, `severity`, `message`, `fields` of each.
    #[schema(value_type = Vec<Object>)]
    pub(in crate::field_mapping) issues: Value,
    pub(in crate::field_mapping) recommendations: Vec<String>,
    #[schema(value_type = Object)]
    pub(in crate::field_mapping) field_coverage: Value,
    #[schema(value_type = Vec<Object>)]
    pub(in crate::field_mapping) data_type_conflicts: Value,
}

/// The mappings of a flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldMappingResponse {
    flow_id: DiscoveryFlowId,
    /// The master flow that it hangs on.
    master_flow_id: MasterFlowId,
    mapping_id: Uuid,
    /// `pending`, `suggested`, `approved` or `applied`.
    status: &'static str,
    /// Column to field.
    mappings: BTreeMap<String, String>,
    /// 0–1, by column.
    confidence_scores: BTreeMap<String, f64>,
    unmapped_fields: Vec<String>,
    #[schema(value_type = Object)]
    validation_results: Value,
    #[schema(value_type = Vec<Object>)]
    agent_insights: Vec<Value>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    total_fields: usize,
    mapped_fields: usize,
    /// 0–100.
    mapping_percentage: f64,
    /// 0–1.
    avg_confidence: f64,
}

impl From<FlowMappings> for FieldMappingResponse {
    fn from(known: FlowMappings) -> Self {
        let mappings: BTreeMap<String, String> = known
            .mapped()
            .map(|(mapping, target)| (mapping.source_field.clone(), target.to_owned()))
            .collect();
        let confidence_scores: BTreeMap<String, f64> = known
            .mapped()
            .filter_map(|(mapping, _)| Some((mapping.source_field.clone(), mapping.confidence_score?)))
            .collect();
        let total = known.mappings.len();
        #[expect(clippy::cast_precision_loss, reason = "few columns")]
        let (percentage, mean) = (
            if total == 0 {
                0.0
            } else {
                mappings.len() as f64 / total as f64 * 100.0
            },
            if confidence_scores.is_empty() {
                0.0
            } else {
                confidence_scores.values().sum::<f64>() / confidence_scores.len() as f64
            },
        );
        let undecided: Vec<Value> = known
            .mapped()
            .filter(|(mapping, _)| mapping.status == landfall_domain::MappingStatus::Suggested)
            .map(|(mapping, target)| {
                json!({
                    "title": "undecided mapping", "field": mapping.source_field, "target": target,
                    "description": mapping.reason, "confidence_score": mapping.confidence_score, "actionable": true,
                })
            })
            .collect();
        let flow = &known.flow;
        Self {
            flow_id: flow.flow_id,
            master_flow_id: flow.master_flow_id,
            mapping_id: flow.id,
            status: known.status(),
            unmapped_fields: known
                .unmapped()
                .map(|mapping| mapping.source_field.clone())
                .collect(),
            validation_results: json!({
                "total_fields": total, "mapped_fields": mappings.len(), "undecided_fields": undecided.len(),
                "is_applied": flow.field_mapping_completed,
            }),
            agent_insights: undecided,
            created_at: known
                .mappings
                .iter()
                .map(|m| m.created_at)
                .min()
                .unwrap_or(flow.created_at),
            updated_at: known
                .mappings
                .iter()
                .map(|m| m.updated_at)
                .max()
                .unwrap_or(flow.updated_at),
            total_fields: total,
            mapped_fields: mappings.len(),
            mapping_percentage: (percentage * 100.0).round() / 100.0,
            avg_confidence: (mean * 1e4).round() / 1e4,
            mappings,
            confidence_scores,
        }
    }
}

/// A page of flows' mappings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldMappingList {
    pub(in crate::field_mapping) items: Vec<FieldMappingResponse>,
    pub(in crate::field_mapping) total: u64,
    pub(in crate::field_mapping) page: u64,
    pub(in crate::field_mapping) page_size: u64,
    pub(in crate::field_mapping) total_pages: u64,
    pub(in crate::field_mapping) has_next: bool,
    pub(in crate::field_mapping) has_previous: bool,
}

/// What a column could be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldSuggestions {
    pub(in crate::field_mapping) source_field: String,
    /// `target`, `confidence` (0–1), `reason` of each, the likeliest first, five at most.
    #[schema(value_type = Vec<Object>)]
    pub(in crate::field_mapping) suggestions: Value,
    /// Whether the first is certain enough to be taken without a person.
    pub(in crate::field_mapping) auto_mapping_available: bool,
}

/// A template that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedTemplate {
    pub(in crate::field_mapping) template_id: Uuid,
    pub(in crate::field_mapping) message: String,
}

/// A template.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingTemplateOut {
    template_id: Uuid,
    name: String,
    description: Option<String>,
    schema_type: &'static str,
    field_count: usize,
    created_at: DateTime<Utc>,
    usage_count: i64,
}

impl From<MappingTemplate> for MappingTemplateOut {
    fn from(row: MappingTemplate) -> Self {
        Self {
            template_id: row.id,
            name: row.name,
            description: row.description,
            schema_type: SCHEMA,
            field_count: row.columns.as_array().map_or(0, Vec::len),
            created_at: row.created_at,
            usage_count: row.usage_count,
        }
    }
}

/// What came of rules.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulesOutcome {
    pub(in crate::field_mapping) is_valid: bool,
    /// `rule`, `passed`, `message`, `affected_records` of each.
    #[schema(value_type = Vec<Object>)]
    pub(in crate::field_mapping) rule_results: Vec<Value>,
    /// Part of the rules that every record keeps, 0–1.
    pub(in crate::field_mapping) overall_score: f64,
}

/// How good the mappings of a flow are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingAnalyticsOut {
    /// `overall_score`, `completeness`, `confidence`, `consistency`, each 0–1.
    #[schema(value_type = Object)]
    pub(in crate::field_mapping) mapping_quality: Value,
    /// By column: `mapping_confidence`, `data_quality`, `completeness_rate`, `unique_values`, `data_types`.
    #[schema(value_type = Object)]
    pub(in crate::field_mapping) field_analysis: Value,
    /// `type`, `priority`, `message`, `field`, `action` of each.
    #[schema(value_type = Vec<Object>)]
    pub(in crate::field_mapping) recommendations: Value,
}

/// Rows before and after.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingPreviewOut {
    /// `source_record`, `mapped_record`, `mapping_issues` of each.
    #[schema(value_type = Vec<Object>)]
    pub(in crate::field_mapping) preview_records: Value,
    /// `total_fields`, `mapped_fields`, `unmapped_fields`, `mapping_issues`.
    #[schema(value_type = Object)]
    pub(in crate::field_mapping) summary: Value,
}

/// What became of feedback.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeedbackAnswer {
    pub(in crate::field_mapping) message: String,
    /// Whether the profile of these headers learnt something.
    pub(in crate::field_mapping) learning_applied: bool,
}

/// How the family is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldMappingHealth {
    pub(in crate::field_mapping) status: &'static str,
    pub(in crate::field_mapping) service: &'static str,
    pub(in crate::field_mapping) version: &'static str,
    pub(in crate::field_mapping) timestamp: DateTime<Utc>,
    pub(in crate::field_mapping) components: BTreeMap<&'static str, bool>,
}
