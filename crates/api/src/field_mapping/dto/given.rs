//! What is asked and sent.

use crate::data_import::reports::DataValidationRule;
use crate::extract::{Body, Params};
use landfall_compat::Resource;
use landfall_domain::{DiscoveryFlowId, MasterFlowId};
use landfall_services::PageNumber;
use landfall_services::flows::report::DiscoveryFilter;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// The only schema that columns are mapped to.
pub(in crate::field_mapping) const SCHEMA: &str = "asset_inventory";

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
#[schema(example = json!({"flow_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "source_fields": ["Host Name", "RAM (GB)"], "target_schema": "asset_inventory"}))]
pub(crate) struct FieldMappingCreate {
    /// The flow.
    #[schema(value_type = DiscoveryFlowId)]
    pub(in crate::field_mapping) flow_id: Uuid,
    /// Columns that are meant; all if empty.
    pub(in crate::field_mapping) source_fields: Vec<String>,
    /// `asset_inventory`.
    pub(in crate::field_mapping) target_schema: String,
    /// Column to field, decided.
    #[schema(value_type = Option<Object>)]
    pub(in crate::field_mapping) mapping_rules: Option<Map<String, Value>>,
    /// Approves what is suggested with enough certainty.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub(in crate::field_mapping) auto_map: bool,
}

impl Body for FieldMappingCreate {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

/// What is to be changed in a flow's mappings.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"mappings": {"Host Name": "hostname"}}))]
pub(crate) struct FieldMappingUpdate {
    /// Column to field; an empty field leaves the column a custom attribute. Others stay.
    pub(in crate::field_mapping) mappings: BTreeMap<String, String>,
    /// How sure that is, 0–1, by column.
    #[validate(custom(function = "scores"))]
    pub(in crate::field_mapping) confidence_scores: Option<BTreeMap<String, f64>>,
    /// Why, by column.
    pub(in crate::field_mapping) validation_notes: Option<BTreeMap<String, String>>,
}

impl Body for FieldMappingUpdate {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

/// A mapping to be checked.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"mappings": {"Host Name": "hostname"}, "sample_data": [{"Host Name": "web01"}]}))]
pub(crate) struct FieldMappingValidation {
    /// Column to field.
    pub(in crate::field_mapping) mappings: BTreeMap<String, String>,
    /// Rows to check it on; the import's own values if there are none.
    #[schema(value_type = Option<Vec<Object>>)]
    pub(in crate::field_mapping) sample_data: Option<Vec<Map<String, Value>>>,
}

impl Body for FieldMappingValidation {
    const RESOURCE: Option<Resource> = Some(Resource::ImportFieldMappings);
}

/// Which flows' mappings are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct MappingListQuery {
    /// Of this flow.
    pub(in crate::field_mapping) flow_id: Option<Uuid>,
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
    pub(in crate::field_mapping) fn filter(&self) -> DiscoveryFilter {
        DiscoveryFilter {
            master_flow_id: self.master_flow_id,
            mappings_applied: self.status.as_deref().map(|status| status == "applied"),
            ..DiscoveryFilter::default()
        }
    }

    pub(in crate::field_mapping) fn number(&self) -> PageNumber {
        PageNumber {
            page: self.page.unwrap_or(1),
            size: self.page_size.unwrap_or(20),
        }
    }
}

/// Which column is asked about.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub(crate) struct SuggestionQuery {
    /// The column.
    pub(in crate::field_mapping) source_field: String,
}

impl Params for SuggestionQuery {}

/// Columns that are asked about.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"source_fields": ["Host Name", "RAM (GB)"]}))]
pub(crate) struct BulkSuggestions {
    /// The columns.
    #[validate(length(max = 2000, message = "must be at most 2000"))]
    #[schema(max_items = 2000)]
    pub(in crate::field_mapping) source_fields: Vec<String>,
}

impl Body for BulkSuggestions {}

/// What is to be approved.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"source_fields": ["Host Name", "RAM (GB)"], "target_schema": "asset_inventory", "confidence_threshold": 0.8}))]
pub(crate) struct AutoMap {
    /// Columns that are meant; all if empty.
    #[serde(default)]
    pub(in crate::field_mapping) source_fields: Vec<String>,
    /// `asset_inventory`.
    #[serde(default = "asset_inventory")]
    #[schema(default = "asset_inventory")]
    pub(in crate::field_mapping) target_schema: String,
    /// Least certainty, 0–1.
    #[serde(default = "threshold")]
    #[validate(range(min = 0.0, max = 1.0, message = "must be from 0 to 1"))]
    #[schema(default = 0.7, minimum = 0.0, maximum = 1.0)]
    pub(in crate::field_mapping) confidence_threshold: f64,
}

impl Body for AutoMap {}

/// A template to be applied.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"template_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11"}))]
pub(crate) struct ApplyTemplate {
    /// The template.
    pub(in crate::field_mapping) template_id: Uuid,
}

impl Body for ApplyTemplate {}

/// A template to be kept.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"template_name": "Export of the CMDB"}))]
pub(crate) struct SaveTemplate {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(in crate::field_mapping) template_name: String,
    /// What it is for.
    pub(in crate::field_mapping) description: Option<String>,
}

impl Body for SaveTemplate {}

/// Rules for the values of columns.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"rules": [{"source_field": "Host Name", "target_field": "hostname"}]}))]
pub(crate) struct ValidateRules {
    /// The rules.
    #[validate(length(max = 500, message = "must be at most 500"))]
    #[schema(max_items = 500)]
    pub(in crate::field_mapping) rules: Vec<DataValidationRule>,
}

impl Body for ValidateRules {}

/// What a person says about one column's mapping.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ColumnFeedbackIn {
    /// Whether it is right.
    pub(in crate::field_mapping) is_correct: bool,
    /// The field that it should be.
    pub(in crate::field_mapping) suggested_mapping: Option<String>,
    /// How sure the person is, 0–1.
    pub(in crate::field_mapping) confidence: Option<f64>,
    /// Why.
    pub(in crate::field_mapping) notes: Option<String>,
}

/// What a person says about a flow's mappings.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"field_mappings": {"Host Name": "hostname"}, "overall_satisfaction": 5}))]
pub(crate) struct MappingFeedbackIn {
    /// By column.
    pub(in crate::field_mapping) field_mappings: BTreeMap<String, ColumnFeedbackIn>,
    /// 1 (bad) to 5 (good).
    #[validate(range(min = 1, max = 5, message = "must be from 1 to 5"))]
    #[schema(minimum = 1, maximum = 5)]
    pub(in crate::field_mapping) overall_satisfaction: u8,
    /// Anything else.
    pub(in crate::field_mapping) comments: Option<String>,
}

impl Body for MappingFeedbackIn {}

/// A file with mappings.
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
#[derive(ToSchema)]
#[schema(example = json!({"file": "Source Field,Target Field\nHost Name,hostname\n"}))]
pub(crate) struct MappingFile {
    /// CSV, JSON, XLSX or XLS with a column `source_field`.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
