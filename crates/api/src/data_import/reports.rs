//! What is sent and answered when the data of an import is judged, compared or put right.

use crate::extract::{Body, Params, flag};
use chrono::{DateTime, Utc};
use landfall_compat::Resource;
use landfall_domain::{ImportId, ImportStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

fn error() -> String {
    "error".to_owned()
}

const fn yes() -> bool {
    true
}

/// A rule for the values of a column.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(example = json!({"field": "hostname", "rule_type": "required", "parameters": {}, "severity": "error"}))]
pub(crate) struct DataValidationRule {
    /// The column.
    pub(crate) field: String,
    /// `required`, `unique`, `type`, `pattern`, `range`, `length`, `allowed_values` or `field`.
    pub(crate) rule_type: String,
    /// What the kind of rule needs.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(crate) parameters: Map<String, Value>,
    /// `error` or `warning`.
    #[serde(default = "error")]
    #[schema(default = "error")]
    pub(crate) severity: String,
}

/// Rules to check an import by; a bare list of rules is taken too.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(default)]
pub(crate) struct DataValidationRequest {
    /// The import; that of the path counts.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub(super) import_id: Option<Value>,
    /// The rules; none checks the columns alone.
    pub(super) validation_rules: Option<Vec<DataValidationRule>>,
}

impl Body for DataValidationRequest {}

/// What was found out about an import's data.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataValidationResponse {
    is_valid: bool,
    #[schema(minimum = 0.0, maximum = 1.0)]
    validation_score: f64,
    total_records: u64,
    valid_records: u64,
    invalid_records: u64,
    #[schema(value_type = Object)]
    field_validation: Value,
    #[schema(value_type = Object)]
    data_type_analysis: Value,
    #[schema(value_type = Object)]
    completeness_analysis: Value,
    #[schema(value_type = Vec<Object>)]
    validation_errors: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    validation_warnings: Vec<Value>,
    recommendations: Vec<String>,
}

/// Plain data of the services as JSON: writing it does not fail.
pub(crate) fn json(report: &impl Serialize) -> Value {
    serde_json::to_value(report).unwrap_or_default()
}

impl From<landfall_services::imports::validation::ImportValidation> for DataValidationResponse {
    fn from(found: landfall_services::imports::validation::ImportValidation) -> Self {
        let list = |value: Value| match value {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        Self {
            is_valid: found.is_valid,
            validation_score: found.validation_score,
            total_records: found.total_records,
            valid_records: found.valid_records,
            invalid_records: found.invalid_records,
            field_validation: json(&found.field_validation),
            data_type_analysis: json(&found.data_type_analysis),
            completeness_analysis: json(&found.completeness_analysis),
            validation_errors: list(json(&found.validation_errors)),
            validation_warnings: list(json(&found.validation_warnings)),
            recommendations: found.recommendations,
        }
    }
}

/// How many rows are shown.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct SampleQuery {
    /// Rows.
    #[validate(range(min = 1, max = 100, message = "must be from 1 to 100"))]
    #[param(minimum = 1, maximum = 100, default = 10)]
    pub(crate) sample_size: Option<u32>,
}

impl Params for SampleQuery {}

/// The first rows of an import and what its columns hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataPreviewResponse {
    #[schema(value_type = Vec<Object>)]
    pub(super) preview_data: Vec<Value>,
    pub(super) total_records: u64,
    pub(super) field_names: Vec<String>,
    pub(super) field_types: BTreeMap<String, String>,
    pub(super) sample_size: usize,
    pub(super) numeric_fields: Vec<String>,
    pub(super) text_fields: Vec<String>,
    pub(super) date_fields: Vec<String>,
    pub(super) completeness_rates: BTreeMap<String, f64>,
    pub(super) unique_value_counts: BTreeMap<String, u64>,
}

/// Numbers about an import's data; each is 0–1 and explained in the documentation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataImportStatistics {
    pub(super) data_quality: DataQualityOut,
    /// By column: `completeness_rate`, `unique_values`, `data_type`, `sample_values`, `issues`.
    #[schema(value_type = Object)]
    pub(super) field_statistics: Value,
    /// `category`, `priority`, `message`, `action` of each.
    #[schema(value_type = Vec<Object>)]
    pub(super) recommendations: Value,
}

/// How good the data is, each number 0–1.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataQualityOut {
    pub(super) overall_score: f64,
    pub(super) completeness: f64,
    pub(super) consistency: f64,
    pub(super) accuracy: f64,
    pub(super) validity: f64,
}

/// What is wanted of the work on an import.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(default)]
pub(crate) struct DataImportProcess {
    /// Applies the cleansing suggestions that are certain.
    pub(super) auto_clean: Option<bool>,
    /// Rows of the same thing always become one asset.
    pub(super) remove_duplicates: Option<bool>,
    /// Values are always brought into one form.
    pub(super) standardize_formats: Option<bool>,
    /// Has every row judged again by the rules of the fields.
    pub(super) validate_business_rules: Option<bool>,
    /// Statistics and recommendations are always there to be asked for.
    pub(super) generate_insights: Option<bool>,
}

impl Body for DataImportProcess {
    const RESOURCE: Option<Resource> = Some(Resource::DataImports);
}

/// In which form a file is written.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `json`, `csv` or `excel`.
    #[param(default = "json")]
    pub(crate) format: Option<String>,
    /// Says of each row what became of it.
    #[serde(deserialize_with = "flag")]
    #[param(default = false)]
    pub(crate) include_metadata: bool,
}

impl Params for ExportQuery {}

/// What could be put right in an import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CleansingSuggestions {
    /// `field`, `issue_type`, `description`, `suggested_action`, `confidence` (0–1), `affected_records`, `examples`
    /// (`original_value`, `suggested_value`) and `rule`, which can be applied as it is.
    #[schema(value_type = Vec<Object>)]
    pub(super) suggestions: Value,
    /// How many are certain enough to be applied without a person.
    pub(super) auto_applicable: usize,
    /// How many are not.
    pub(super) manual_review_required: usize,
}

/// A rule for the texts of a column.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(example = json!({"field": "Environment", "rule_type": "replace", "parameters": {"from": "prd", "to": "Production"}}))]
pub(crate) struct CleansingRuleIn {
    /// The column.
    pub(super) field: String,
    /// `trim`, `uppercase`, `lowercase`, `title_case`, `replace`, `fill_missing` or `clear`.
    pub(super) rule_type: String,
    /// What the kind of rule needs.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(super) parameters: Map<String, Value>,
    /// Rules hold for every value of the column that they speak of; false is taken and changes nothing.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub(super) apply_to_all: bool,
}

/// Rules to be applied, all or none.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"rules": [{"field": "Env", "rule_type": "replace", "parameters": {"values": {"prd": "Production"}}}]}))]
pub(crate) struct ApplyCleansing {
    /// The rules.
    #[validate(length(max = 500, message = "must be at most 500"))]
    #[schema(max_items = 500)]
    pub(super) rules: Vec<CleansingRuleIn>,
}

impl Body for ApplyCleansing {}

/// What applying rules did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CleansingOutcome {
    pub(super) applied_rules: u64,
    pub(super) records_affected: u64,
    pub(super) issues_resolved: u64,
    /// Seconds.
    pub(super) processing_time: f64,
    /// What was done and what follows, a sentence.
    pub(super) summary: String,
}

/// Which imports of the past are shown.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// From this kind of source.
    pub(super) source_type: Option<String>,
    /// Imports.
    #[validate(range(min = 1, max = 100, message = "must be from 1 to 100"))]
    #[param(minimum = 1, maximum = 100, default = 10)]
    pub(super) limit: Option<u64>,
}

impl Params for HistoryQuery {}

/// An import of the past.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportHistoryEntry {
    pub(super) import_id: ImportId,
    pub(super) name: String,
    pub(super) source_type: String,
    #[schema(value_type = String)]
    pub(super) status: ImportStatus,
    pub(super) created_at: DateTime<Utc>,
    pub(super) record_count: i64,
    pub(super) quality_score: f64,
}

/// Two imports to be compared.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"import_id_1": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "import_id_2": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b12"}))]
pub(crate) struct CompareImports {
    pub(super) import_id_1: ImportId,
    pub(super) import_id_2: ImportId,
}

impl Body for CompareImports {}

/// What two imports have in common and where they differ.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportComparisonOut {
    /// `common_fields`, `unique_to_import1`, `unique_to_import2`, `data_type_differences`.
    #[schema(value_type = Object)]
    pub(super) schema_comparison: Value,
    /// `record_count_diff`, `quality_score_diff`, `common_values`, `value_differences`.
    #[schema(value_type = Object)]
    pub(super) data_comparison: Value,
    pub(super) recommendations: Vec<String>,
}

/// How the family is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataImportHealth {
    pub(super) status: &'static str,
    pub(super) service: &'static str,
    pub(super) version: &'static str,
    pub(super) timestamp: DateTime<Utc>,
    pub(super) components: BTreeMap<&'static str, bool>,
    /// Imports that are being worked on.
    pub(super) active_imports: u64,
    /// Jobs that wait for a worker.
    pub(super) processing_queue_size: i64,
}
