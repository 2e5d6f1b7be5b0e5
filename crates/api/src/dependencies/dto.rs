//! Dependencies on the wire.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Body, Change};
use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, ImportId};
use landfall_services::dependencies::{Dependency, DependencyFilter, DependencyPatch, NewDependency};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which dependencies are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DependencyQuery {
    /// What this asset needs.
    asset_id: Option<AssetId>,
    /// What needs this asset.
    depends_on_asset_id: Option<AssetId>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
    /// Which fields of each row are sent, comma separated; all if absent. `id` is always sent.
    #[param(example = "asset_id,depends_on_asset_id")]
    pub(super) fields: Option<String>,
}

impl DependencyQuery {
    pub(super) fn filter(&self) -> ApiResult<DependencyFilter> {
        match (self.asset_id, self.depends_on_asset_id) {
            (None, None) => Ok(DependencyFilter::All),
            (Some(asset), None) => Ok(DependencyFilter::NeededBy(asset)),
            (None, Some(asset)) => Ok(DependencyFilter::Needing(asset)),
            (Some(_), Some(_)) => Err(ApiError::validation(vec![Detail::of(
                "depends_on_asset_id",
                "exclusive",
                "give asset_id or depends_on_asset_id, not both",
            )])),
        }
    }
}

/// A dependency to be stated.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "asset_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "depends_on_asset_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b12",
    "dependency_type": "database", "port": 5432, "protocol": "tcp"
}))]
pub(crate) struct DependencyIn {
    /// The asset that needs the other.
    asset_id: AssetId,
    /// The asset that is needed.
    depends_on_asset_id: AssetId,
    /// Kind, such as `application`, `database`, `network`, `storage`, `hosting`; `application` if absent.
    #[validate(length(min = 1, max = 50, message = "must have 1 to 50 characters"))]
    dependency_type: Option<String>,
    /// Port of the needed asset; 0 or absent if unknown.
    #[validate(range(min = 0, max = 65535, message = "must be from 0 to 65535"))]
    port: Option<i32>,
    /// Protocol.
    #[validate(length(min = 1, max = 50, message = "must have 1 to 50 characters"))]
    protocol: Option<String>,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// How strong it is; 1 if absent.
    #[validate(range(min = 0.0, max = 1e12, message = "must be from 0 to 1000000000000"))]
    weight: Option<f64>,
    /// Whether the two cannot be separated; yes if absent.
    is_hard: Option<bool>,
}

impl Body for DependencyIn {}

impl DependencyIn {
    pub(super) fn into_new(self) -> NewDependency {
        let Self {
            asset_id,
            depends_on_asset_id,
            dependency_type,
            port,
            protocol,
            description,
            weight,
            is_hard,
        } = self;
        let stated = NewDependency::stated(asset_id, depends_on_asset_id);
        NewDependency {
            dependency_type: dependency_type.unwrap_or(stated.dependency_type),
            port: port.unwrap_or(stated.port),
            weight: weight.unwrap_or(stated.weight),
            is_hard: is_hard.unwrap_or(stated.is_hard),
            protocol,
            description,
            ..NewDependency::stated(asset_id, depends_on_asset_id)
        }
    }
}

/// What is to be changed about a dependency.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_hard": false, "weight": 12.0}))]
pub(crate) struct DependencyPatchIn {
    /// Free text; null takes it away.
    #[serde(default)]
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    #[schema(value_type = Option<String>, max_length = 4000)]
    description: Change<String>,
    /// How strong it is.
    #[validate(range(min = 0.0, max = 1e12, message = "must be from 0 to 1000000000000"))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    weight: Option<f64>,
    /// Whether the two cannot be separated.
    is_hard: Option<bool>,
}

impl Body for DependencyPatchIn {}

impl DependencyPatchIn {
    pub(super) fn into_patch(self) -> DependencyPatch {
        DependencyPatch {
            description: match self.description {
                Change::Absent => None,
                Change::Null => Some(None),
                Change::To(text) => Some(Some(text)),
            },
            weight: self.weight,
            is_hard: self.is_hard,
        }
    }
}

/// A dependency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DependencyOut {
    /// Its id.
    id: Uuid,
    /// The asset that needs the other.
    asset_id: AssetId,
    /// The asset that is needed.
    depends_on_asset_id: AssetId,
    /// Kind.
    #[schema(example = "database")]
    dependency_type: String,
    /// Free text.
    description: Option<String>,
    /// Port of the needed asset; 0 if unknown.
    #[schema(example = 5432)]
    port: i32,
    /// Protocol.
    #[schema(example = "tcp")]
    protocol: Option<String>,
    /// How strong it is: 1 for a statement, the number of connections for a measurement.
    weight: f64,
    /// Whether the two cannot be separated.
    is_hard: bool,
    /// `manual`, or what observed it.
    source: String,
    /// The import that observed it first.
    import_id: Option<ImportId>,
    /// Grows with each change.
    version: i64,
    /// When it was found.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Dependency> for DependencyOut {
    fn from(row: Dependency) -> Self {
        let Dependency {
            id,
            asset_id,
            depends_on_asset_id,
            dependency_type,
            description,
            port,
            protocol,
            weight,
            is_hard,
            source,
            data_import_id,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            asset_id,
            depends_on_asset_id,
            dependency_type,
            description,
            port,
            protocol,
            weight,
            is_hard,
            source,
            import_id: data_import_id,
            version,
            created_at,
            updated_at,
        }
    }
}
