//! Engagements on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::{Actor, ClientAccountId, EngagementId};
use landfall_services::tenants::{Engagement, NewEngagement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// An engagement to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Data centre exit", "currency": "EUR"}))]
pub(crate) struct EngagementIn {
    /// Its name; no two engagements of a tenant have the same.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: String,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// ISO 4217 code of the currency of all its money; USD if absent.
    #[validate(custom(function = currency_code))]
    currency: Option<String>,
}

impl Body for EngagementIn {}

fn currency_code(code: &str) -> Result<(), ValidationError> {
    if code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(ValidationError::new("currency").with_message("must be an ISO 4217 code such as EUR".into()))
}

impl EngagementIn {
    pub(super) fn into_new(self, actor: &Actor) -> NewEngagement {
        let Self {
            name,
            description,
            currency,
        } = self;
        NewEngagement {
            id: None,
            name,
            description,
            currency,
            created_by: actor.user_id,
        }
    }
}

/// An engagement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EngagementOut {
    /// Its id, for the header `X-Engagement-ID`.
    id: EngagementId,
    /// Whose it is.
    client_account_id: ClientAccountId,
    /// Its name.
    #[schema(example = "Data centre exit")]
    name: String,
    /// Free text.
    description: Option<String>,
    /// Currency of all its money.
    #[schema(example = "EUR")]
    currency: String,
    /// Whether it is in use.
    is_active: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Engagement> for EngagementOut {
    fn from(row: Engagement) -> Self {
        let Engagement {
            id,
            client_account_id,
            name,
            description,
            currency,
            is_active,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            client_account_id,
            name,
            description,
            currency,
            is_active,
            created_at,
            updated_at,
        }
    }
}
