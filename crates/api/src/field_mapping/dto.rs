//! Mappings of flows as existing clients know them.

use crate::data_import::reports::DataValidationRule;
use crate::extract::{Body, Params};
use chrono::{DateTime, Utc};
use landfall_compat::Resource;
use landfall_domain::{DiscoveryFlowId, MasterFlowId};
use landfall_services::PageNumber;
use landfall_services::flows::report::DiscoveryFilter;
use landfall_services::mappings::flow_mappings::FlowMappings;
use landfall_services::mappings::templates::MappingTemplate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// The only schema that columns are mapped to.
pub(super) const SCHEMA: &str = "asset_inventory";

const fn yes() -> bool {
    true
}

fn asset_inventory() -> String {
    SCHEMA.to_owned()
}

const fn threshold() -> f64 {
    0.7
}

fn scores(scores: &BTreeMap<String, f64>) -> Result<(), ValidationError> {
    if scores.values().all(|score| (0.0..=1.0).contains(score)) {
        return Ok(());
    }
    Err(ValidationError::new("range").with_message("must be from 0 to 1 each".into()))
}

/// Mappings to be made for a flow.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"flow_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "source_fields": ["Host Name", "RAM (GB)"], "target_schema": "asset"}))]
pub(crate) struct FieldMappingCreate {
    /// The flow.
    #[schema(value_type = DiscoveryFlowId)]
    pub(super) flow_id: Uuid,
    /// Columns that are meant; all if empty.
    pub(super) source_fields: Vec<String>,
    /// `asset_inventory`.
    pub(super) target_schema: String,
    /// Column to field, decided.
    #[schema(value_type = Option<Object>)]
    pub(super) mapping_rules: Option<Map<String, Value>>,
    /// Approves what is suggested with enough certainty.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub(super) auto_map: bool,
}

impl Body for FieldMappingCreate {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

/// What is to be changed in a flow's mappings.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"mappings": {"Host Name": "hostname"}}))]
pub(crate) struct FieldMappingUpdate {
    /// Column to field; an empty field leaves the column a custom attribute. Others stay.
    pub(super) mappings: BTreeMap<String, String>,
    /// How sure that is, 0–1, by column.
    #[validate(custom(function = "scores"))]
    pub(super) confidence_scores: Option<BTreeMap<String, f64>>,
    /// Why, by column.
    pub(super) validation_notes: Option<BTreeMap<String, String>>,
}

impl Body for FieldMappingUpdate {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

/// A mapping to be checked.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"mappings": {"Host Name": "hostname"}, "sample_data": [{"Host Name": "web01"}]}))]
pub(crate) struct FieldMappingValidation {
    /// Column to field.
    pub(super) mappings: BTreeMap<String, String>,
    /// Rows to check it on; the import's own values if there are none.
    #[schema(value_type = Option<Vec<Object>>)]
    pub(super) sample_data: Option<Vec<Map<String, Value>>>,
}

impl Body for FieldMappingValidation {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

/// What was found about a mapping.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldMappingValidationResponse {
    pub(super) is_valid: bool,
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub(super) validation_score: f64,
    /// `code`, `severity`, `message`, `fields` of each.
    #[schema(value_type = Vec<Object>)]
    pub(super) issues: Value,
    pub(super) recommendations: Vec<String>,
    #[schema(value_type = Object)]
    pub(super) field_coverage: Value,
    #[schema(value_type = Vec<Object>)]
    pub(super) data_type_conflicts: Value,
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

/// Which flows' mappings are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct MappingListQuery {
    /// Of this flow.
    pub(super) flow_id: Option<Uuid>,
    /// `applied`, or anything else for those that are not.
    status: Option<String>,
    /// Of this master flow.
    master_flow_id: Option<MasterFlowId>,
    /// Number of the page.
    #[validate(range(min = 1, message = "must be at least 1"))]
    #[param(minimum = 1, default = 1)]
    page: Option<u64>,
    /// Flows of a page.
    #[validate(range(min = 1, max = 100, message = "must be from 1 to 100"))]
    #[param(minimum = 1, maximum = 100, default = 20)]
    page_size: Option<u64>,
}

impl Params for MappingListQuery {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

impl MappingListQuery {
    pub(super) fn filter(&self) -> DiscoveryFilter {
        DiscoveryFilter {
            master_flow_id: self.master_flow_id,
            mappings_applied: self.status.as_deref().map(|status| status == "applied"),
            ..DiscoveryFilter::default()
        }
    }

    pub(super) fn number(&self) -> PageNumber {
        PageNumber {
            page: self.page.unwrap_or(1),
            size: self.page_size.unwrap_or(20),
        }
    }
}

/// A page of flows' mappings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldMappingList {
    pub(super) items: Vec<FieldMappingResponse>,
    pub(super) total: u64,
    pub(super) page: u64,
    pub(super) page_size: u64,
    pub(super) total_pages: u64,
    pub(super) has_next: bool,
    pub(super) has_previous: bool,
}

/// Which column is asked about.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub(crate) struct SuggestionQuery {
    /// The column.
    pub(super) source_field: String,
}

impl Params for SuggestionQuery {}

/// What a column could be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldSuggestions {
    pub(super) source_field: String,
    /// `target`, `confidence` (0–1), `reason` of each, the likeliest first, five at most.
    #[schema(value_type = Vec<Object>)]
    pub(super) suggestions: Value,
    /// Whether the first is certain enough to be taken without a person.
    pub(super) auto_mapping_available: bool,
}

/// Columns that are asked about.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"source_fields": ["Host Name", "RAM (GB)"]}))]
pub(crate) struct BulkSuggestions {
    /// The columns.
    #[validate(length(max = 2000, message = "must be at most 2000"))]
    #[schema(max_items = 2000)]
    pub(super) source_fields: Vec<String>,
}

impl Body for BulkSuggestions {}

/// What is to be approved.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"source_fields": ["Host Name", "RAM (GB)"], "target_schema": "asset", "confidence_threshold": 0.8}))]
pub(crate) struct AutoMap {
    /// Columns that are meant; all if empty.
    #[serde(default)]
    pub(super) source_fields: Vec<String>,
    /// `asset_inventory`.
    #[serde(default = "asset_inventory")]
    #[schema(default = "asset_inventory")]
    pub(super) target_schema: String,
    /// Least certainty, 0–1.
    #[serde(default = "threshold")]
    #[validate(range(min = 0.0, max = 1.0, message = "must be from 0 to 1"))]
    #[schema(default = 0.7, minimum = 0.0, maximum = 1.0)]
    pub(super) confidence_threshold: f64,
}

impl Body for AutoMap {}

/// A template to be applied.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"template_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11"}))]
pub(crate) struct ApplyTemplate {
    /// The template.
    pub(super) template_id: Uuid,
}

impl Body for ApplyTemplate {}

/// A template to be kept.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"template_name": "Export of the CMDB"}))]
pub(crate) struct SaveTemplate {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) template_name: String,
    /// What it is for.
    pub(super) description: Option<String>,
}

impl Body for SaveTemplate {}

/// A template that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedTemplate {
    pub(super) template_id: Uuid,
    pub(super) message: String,
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

/// Rules for the values of columns.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"rules": [{"source_field": "Host Name", "target_field": "hostname"}]}))]
pub(crate) struct ValidateRules {
    /// The rules.
    #[validate(length(max = 500, message = "must be at most 500"))]
    #[schema(max_items = 500)]
    pub(super) rules: Vec<DataValidationRule>,
}

impl Body for ValidateRules {}

/// What came of rules.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulesOutcome {
    pub(super) is_valid: bool,
    /// `rule`, `passed`, `message`, `affected_records` of each.
    #[schema(value_type = Vec<Object>)]
    pub(super) rule_results: Vec<Value>,
    /// Part of the rules that every record keeps, 0–1.
    pub(super) overall_score: f64,
}

/// How good the mappings of a flow are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingAnalyticsOut {
    /// `overall_score`, `completeness`, `confidence`, `consistency`, each 0–1.
    #[schema(value_type = Object)]
    pub(super) mapping_quality: Value,
    /// By column: `mapping_confidence`, `data_quality`, `completeness_rate`, `unique_values`, `data_types`.
    #[schema(value_type = Object)]
    pub(super) field_analysis: Value,
    /// `type`, `priority`, `message`, `field`, `action` of each.
    #[schema(value_type = Vec<Object>)]
    pub(super) recommendations: Value,
}

/// Rows before and after.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingPreviewOut {
    /// `source_record`, `mapped_record`, `mapping_issues` of each.
    #[schema(value_type = Vec<Object>)]
    pub(super) preview_records: Value,
    /// `total_fields`, `mapped_fields`, `unmapped_fields`, `mapping_issues`.
    #[schema(value_type = Object)]
    pub(super) summary: Value,
}

/// What a person says about one column's mapping.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ColumnFeedbackIn {
    /// Whether it is right.
    pub(super) is_correct: bool,
    /// The field that it should be.
    pub(super) suggested_mapping: Option<String>,
    /// How sure the person is, 0–1.
    pub(super) confidence: Option<f64>,
    /// Why.
    pub(super) notes: Option<String>,
}

/// What a person says about a flow's mappings.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"field_mappings": {"Host Name": "hostname"}, "overall_satisfaction": 5}))]
pub(crate) struct MappingFeedbackIn {
    /// By column.
    pub(super) field_mappings: BTreeMap<String, ColumnFeedbackIn>,
    /// 1 (bad) to 5 (good).
    #[validate(range(min = 1, max = 5, message = "must be from 1 to 5"))]
    #[schema(minimum = 1, maximum = 5)]
    pub(super) overall_satisfaction: u8,
    /// Anything else.
    pub(super) comments: Option<String>,
}

impl Body for MappingFeedbackIn {}

/// What became of feedback.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeedbackAnswer {
    pub(super) message: String,
    /// Whether the profile of these headers learnt something.
    pub(super) learning_applied: bool,
}

/// A file with mappings.
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
#[derive(ToSchema)]
#[schema(example = json!({"file": "Source Field,Target Field\nHost Name,hostname\n"}))]
pub(crate) struct MappingFile {
    /// CSV, JSON, XLSX or XLS with a column `source_field`.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// How the family is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldMappingHealth {
    pub(super) status: &'static str,
    pub(super) service: &'static str,
    pub(super) version: &'static str,
    pub(super) timestamp: DateTime<Utc>,
    pub(super) components: BTreeMap<&'static str, bool>,
}
