//! Findings on the wire.

use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, DiscoveryFlowId, RiskLevel};
use landfall_services::findings::{Finding, FindingFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which findings are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindingQuery {
    /// Of this asset.
    asset_id: Option<AssetId>,
    /// Of this severity.
    severity: Option<RiskLevel>,
    /// Of this kind: `os_end_of_life`, `software_end_of_life`, `os_version_unknown`.
    kind: Option<String>,
    /// About this product.
    product: Option<String>,
    /// Of this discovery flow.
    discovery_flow_id: Option<DiscoveryFlowId>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl FindingQuery {
    pub(super) fn filter(self) -> FindingFilter {
        FindingFilter {
            asset_id: self.asset_id,
            severity: self.severity,
            discovery_flow_id: self.discovery_flow_id,
            kind: self.kind,
            product: self.product,
        }
    }
}

/// Which findings are counted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CountQuery {
    /// Of this asset.
    asset_id: Option<AssetId>,
    /// Of this kind.
    kind: Option<String>,
    /// About this product.
    product: Option<String>,
    /// Of this discovery flow.
    discovery_flow_id: Option<DiscoveryFlowId>,
}

impl CountQuery {
    pub(super) fn filter(self) -> FindingFilter {
        FindingFilter {
            asset_id: self.asset_id,
            severity: None,
            discovery_flow_id: self.discovery_flow_id,
            kind: self.kind,
            product: self.product,
        }
    }
}

/// How many findings have a severity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountOut {
    /// The severity.
    severity: RiskLevel,
    /// Their number.
    #[schema(example = 12)]
    count: i64,
}

impl From<(RiskLevel, i64)> for CountOut {
    fn from((severity, count): (RiskLevel, i64)) -> Self {
        Self { severity, count }
    }
}

/// Something about an asset that somebody should act on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingOut {
    /// Its id.
    id: Uuid,
    /// The asset.
    asset_id: AssetId,
    /// Kind.
    #[schema(example = "os_end_of_life")]
    kind: String,
    /// How bad it is.
    severity: RiskLevel,
    /// The product.
    #[schema(example = "Windows Server")]
    product: String,
    /// Its version.
    #[schema(example = "2012 R2")]
    product_version: Option<String>,
    /// Last day of support.
    #[schema(example = "2023-10-10")]
    end_of_support: Option<String>,
    /// Why it matters, in sentences.
    explanation: String,
    /// Where the facts are from.
    catalogue_source: String,
    /// As of which day.
    #[schema(example = "2026-06-30")]
    catalogue_date: String,
    /// The discovery flow that made it.
    discovery_flow_id: Option<DiscoveryFlowId>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was made anew.
    updated_at: DateTime<Utc>,
}

impl From<Finding> for FindingOut {
    fn from(row: Finding) -> Self {
        let Finding {
            id,
            asset_id,
            kind,
            severity,
            product,
            product_version,
            end_of_support,
            explanation,
            catalogue_source,
            catalogue_date,
            discovery_flow_id,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            asset_id,
            kind,
            severity,
            product,
            product_version,
            end_of_support,
            explanation,
            catalogue_source,
            catalogue_date,
            discovery_flow_id,
            created_at,
            updated_at,
        }
    }
}
