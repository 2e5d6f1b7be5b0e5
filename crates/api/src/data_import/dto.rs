//! Imports as existing clients know them.

use crate::extract::{Body, Params, flag};
use chrono::{DateTime, Utc};
use landfall_compat::{Resource, words};
use landfall_domain::{
    ClientAccountId, DiscoveryFlowId, EngagementId, ImportId, ImportStatus, MasterFlowId, UserId,
};
use landfall_services::imports::quality::clean_share;
use landfall_services::imports::{Import, ImportFilter, ImportOptions, ImportSort};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

const fn yes() -> bool {
    true
}

/// Records to be imported.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"name": "Servers", "source_type": "cmdb", "data": [{"hostname": "web01", "ip_address": "10.0.0.1"}]}))]
pub(crate) struct DataImportCreate {
    /// Name of the import.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) name: String,
    /// What it is about.
    pub(super) description: Option<String>,
    /// Kind of source, such as `csv` or `cmdb`.
    #[validate(length(max = 100, message = "must have at most 100 characters"))]
    pub(super) source_type: String,
    /// The records.
    #[validate(length(min = 1, message = "must have at least one record"))]
    #[schema(value_type = Vec<Object>, min_items = 1)]
    pub(super) data: Vec<Map<String, Value>>,
    /// Anything that the sender wants to find again.
    #[schema(value_type = Option<Object>)]
    pub(super) metadata: Option<Map<String, Value>>,
    /// Whether work on it begins at once; else `process` begins it.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub(super) auto_create_flow: bool,
    /// What the file is called; the name with the kind of source if absent.
    pub(super) filename: Option<String>,
    /// Its length in bytes where it came from.
    #[validate(range(min = 0, message = "must not be negative"))]
    #[schema(minimum = 0)]
    pub(super) file_size: Option<i64>,
    /// Its media type.
    pub(super) mime_type: Option<String>,
    /// System that it comes from; the kind of source if absent.
    pub(super) source_system: Option<String>,
    /// The master flow it belongs to; a new one if absent.
    pub(super) master_flow_id: Option<MasterFlowId>,
}

impl Body for DataImportCreate {
    const RESOURCE: Option<Resource> = Some(Resource::DataImports);
}

/// A change of an import.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({"name": "Servers in Lyon", "description": "Export of May"}))]
pub(crate) struct DataImportUpdate {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) name: Option<String>,
    /// What it is about.
    pub(super) description: Option<String>,
    /// Added to what is kept with it.
    #[schema(value_type = Option<Object>)]
    pub(super) metadata: Option<Map<String, Value>>,
    /// `cancelled` stops the work on it, `processing` begins or resumes it; other states come by themselves.
    pub(super) status: Option<String>,
}

impl Body for DataImportUpdate {
    const RESOURCE: Option<Resource> = Some(Resource::DataImports);
}

/// How a list is read.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportListQuery {
    /// In this state.
    status_filter: Option<String>,
    /// From this kind of source.
    source_type: Option<String>,
    /// Of this master flow.
    master_flow_id: Option<MasterFlowId>,
    /// Number of the page.
    #[validate(range(min = 1, message = "must be at least 1"))]
    #[param(minimum = 1, default = 1)]
    pub(super) page: Option<u64>,
    /// Imports of a page.
    #[validate(range(min = 1, max = 100, message = "must be from 1 to 100"))]
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub(super) page_size: Option<u64>,
    /// `created_at`, `updated_at`, `name`, `status` or `total_records`; anything else is `created_at`.
    #[param(default = "created_at")]
    sort_by: Option<String>,
    /// `asc` or `desc`.
    #[param(default = "desc", pattern = "^(asc|desc)$")]
    sort_order: Option<String>,
}

impl Params for ImportListQuery {
    const RESOURCE: Option<Resource> = Some(Resource::DataImports);
}

impl ImportListQuery {
    pub(super) fn filter(&self) -> ImportFilter {
        ImportFilter {
            statuses: self
                .status_filter
                .iter()
                .flat_map(|words| words.split(','))
                .filter_map(words::import_status)
                .collect(),
            source_type: self.source_type.clone(),
            master_flow_id: self.master_flow_id,
            ..ImportFilter::default()
        }
    }

    /// Whether the state that is asked for is none: then nothing is found.
    pub(super) fn finds_nothing(&self) -> bool {
        self.status_filter.is_some() && self.filter().statuses.is_empty()
    }

    pub(super) fn sort(&self) -> (ImportSort, bool) {
        let sort = match self.sort_by.as_deref() {
            Some("updated_at") => ImportSort::UpdatedAt,
            Some("name" | "import_name") => ImportSort::Name,
            Some("status") => ImportSort::Status,
            Some("total_records") => ImportSort::TotalRecords,
            _ => ImportSort::CreatedAt,
        };
        (sort, self.sort_order.as_deref() != Some("asc"))
    }
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataImportResponse {
    import_id: ImportId,
    name: String,
    description: Option<String>,
    /// The system that it comes from.
    source_type: String,
    #[schema(value_type = String, example = "processing")]
    status: ImportStatus,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    client_account_id: ClientAccountId,
    engagement_id: EngagementId,
    user_id: Option<UserId>,
    total_records: i64,
    valid_records: i64,
    invalid_records: i64,
    processed_records: i64,
    /// Part of the records with nothing wrong, 0–1.
    #[schema(minimum = 0.0, maximum = 1.0)]
    data_quality_score: f64,
    #[schema(value_type = Vec<Object>)]
    validation_errors: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    validation_warnings: Vec<Value>,
    #[schema(value_type = Object)]
    field_analysis: Value,
    /// Column to field.
    suggested_mappings: BTreeMap<String, String>,
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
    flow_id: Option<DiscoveryFlowId>,
    /// The master flow that it belongs to.
    master_flow_id: Option<MasterFlowId>,
    filename: String,
    file_size: Option<i64>,
    mime_type: Option<String>,
    source_system: Option<String>,
    /// 0 to 100.
    #[schema(minimum = 0.0, maximum = 100.0)]
    progress_percentage: f64,
    error_message: Option<String>,
    #[schema(value_type = Option<Object>)]
    error_details: Option<Value>,
}

/// What an import's answer says beside its row.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) flow_id: Option<DiscoveryFlowId>,
    pub(super) errors: Vec<Value>,
    pub(super) warnings: Vec<Value>,
    pub(super) field_analysis: Value,
    pub(super) mappings: BTreeMap<String, String>,
}

impl DataImportResponse {
    pub(super) fn of(import: Import, beside: Beside) -> Self {
        let options: ImportOptions = serde_json::from_value(import.options).unwrap_or_default();
        let mut metadata = options.metadata;
        metadata.insert("filename".to_owned(), import.filename.clone().into());
        metadata.insert("file_size".to_owned(), import.file_size.into());
        metadata.insert(
            "upload_timestamp".to_owned(),
            import.created_at.to_rfc3339().into(),
        );
        let total = import.total_records.unwrap_or(0);
        let failed = import.failed_records.min(total);
        Self {
            import_id: import.id,
            name: import.import_name,
            description: import.description,
            source_type: import
                .source_system
                .clone()
                .unwrap_or_else(|| import.import_type.clone()),
            status: import.status,
            created_at: import.created_at,
            updated_at: import.updated_at,
            client_account_id: import.client_account_id,
            engagement_id: import.engagement_id,
            user_id: import.imported_by,
            total_records: total,
            valid_records: total - failed,
            invalid_records: failed,
            processed_records: import.processed_records,
            data_quality_score: clean_share(import.total_records, import.failed_records),
            validation_errors: beside.errors,
            validation_warnings: beside.warnings,
            field_analysis: match beside.field_analysis {
                Value::Null => Value::Object(Map::new()),
                analysis => analysis,
            },
            suggested_mappings: beside.mappings,
            metadata,
            flow_id: beside.flow_id,
            master_flow_id: import.master_flow_id,
            filename: import.filename,
            file_size: import.file_size,
            mime_type: import.mime_type,
            source_system: import.source_system,
            progress_percentage: import.progress_percentage,
            error_message: import.error_message,
            error_details: import.error_details,
        }
    }
}

/// A page of imports.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataImportListResponse {
    pub(super) imports: Vec<DataImportResponse>,
    pub(super) total: u64,
    pub(super) page: u64,
    pub(super) page_size: u64,
    pub(super) has_next: bool,
    pub(super) has_previous: bool,
}

/// How an import is deleted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportDeleteQuery {
    /// Takes away what it brought into the inventory, too.
    #[serde(deserialize_with = "flag")]
    #[param(default = false)]
    pub(super) cascade: bool,
}

impl Params for ImportDeleteQuery {}
