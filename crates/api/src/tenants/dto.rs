//! Tenants on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::{Actor, ClientAccountId};
use landfall_services::tenants::{ClientAccount, NewClientAccount};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A tenant to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Acme Retail", "industry": "Retail"}))]
pub(crate) struct TenantIn {
    /// Its name; no two tenants have the same.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: String,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// Branch of business.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    industry: Option<String>,
}

impl Body for TenantIn {}

impl TenantIn {
    pub(super) fn into_new(self, actor: &Actor) -> NewClientAccount {
        let Self {
            name,
            description,
            industry,
        } = self;
        NewClientAccount {
            id: None,
            name,
            description,
            industry,
            created_by: actor.user_id,
        }
    }
}

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantOut {
    /// Its id, for the header `X-Client-Account-ID`.
    id: ClientAccountId,
    /// Its name.
    #[schema(example = "Acme Retail")]
    name: String,
    /// Its name in addresses.
    #[schema(example = "acme-retail")]
    slug: String,
    /// Free text.
    description: Option<String>,
    /// Branch of business.
    industry: Option<String>,
    /// Whether it is in use.
    is_active: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<ClientAccount> for TenantOut {
    fn from(row: ClientAccount) -> Self {
        let ClientAccount {
            id,
            name,
            slug,
            description,
            industry,
            is_active,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            name,
            slug,
            description,
            industry,
            is_active,
            created_at,
            updated_at,
        }
    }
}
