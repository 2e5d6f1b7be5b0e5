//! API keys on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::{ClientAccountId, EngagementId, Role, UserId};
use landfall_services::access::{ApiKey, KeyTerms, MadeKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A key to be made.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Nightly inventory upload", "role": "editor", "scopes": ["imports"], "expires_at": "2027-06-30T00:00:00Z"}))]
pub(crate) struct ApiKeyIn {
    /// What it is for.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: String,
    /// What it may do.
    role: Role,
    /// The one engagement in which it works; all of the tenant if absent.
    engagement_id: Option<EngagementId>,
    /// Resources that it may ask for, the part of the path after `/api/v3/`; all if empty.
    #[serde(default)]
    #[validate(length(max = 50, message = "must be at most 50"))]
    scopes: Vec<String>,
    /// When it ends; never if absent.
    expires_at: Option<DateTime<Utc>>,
}

impl Body for ApiKeyIn {}

impl ApiKeyIn {
    pub(super) fn into_terms(self, client: ClientAccountId) -> KeyTerms {
        KeyTerms {
            name: self.name,
            client_account_id: Some(client),
            engagement_id: self.engagement_id,
            user_id: None,
            role: self.role,
            scopes: self.scopes,
            expires_at: self.expires_at,
        }
    }
}

/// A key, without what is secret of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyOut {
    /// Its id, to revoke it.
    id: Uuid,
    /// What it is for.
    #[schema(example = "Nightly inventory upload")]
    name: String,
    /// How it begins.
    #[schema(example = "lfk_k7mq2wxz")]
    prefix: String,
    /// What it may do.
    #[schema(example = "editor")]
    role: String,
    /// The one engagement in which it works; null for all of the tenant.
    engagement_id: Option<EngagementId>,
    /// Resources that it may ask for; empty for all.
    scopes: Vec<String>,
    /// When it ends; null for never.
    expires_at: Option<DateTime<Utc>>,
    /// When it was used last, to the minute.
    last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    revoked_at: Option<DateTime<Utc>>,
    /// Who made it.
    created_by: Option<UserId>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<ApiKey> for ApiKeyOut {
    fn from(row: ApiKey) -> Self {
        Self {
            id: row.id,
            name: row.name,
            prefix: row.prefix,
            role: row.role,
            engagement_id: row.engagement_id,
            scopes: serde_json::from_value(row.scopes).unwrap_or_default(),
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeApiKeyOut {
    /// What is kept of it.
    api_key: ApiKeyOut,
    /// The key itself, shown here only. Send it after `Bearer`.
    #[schema(example = "lfk_k7mq2wxz_…")]
    secret: String,
}

impl From<MadeKey> for MadeApiKeyOut {
    fn from(made: MadeKey) -> Self {
        Self {
            secret: made.secret.expose().to_owned(),
            api_key: made.key.into(),
        }
    }
}
