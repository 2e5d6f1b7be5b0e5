//! Changes on the wire.

use chrono::{DateTime, Utc};
use landfall_domain::UserId;
use landfall_services::change_log::{ChangeFilter, LoggedChange};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which changes are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeQuery {
    /// Of things of this kind: `asset`, `dependency`, `import`, `mapping`, `flow` and so on.
    #[param(example = "asset")]
    entity_type: Option<String>,
    /// Of the thing with this id.
    entity_id: Option<String>,
    /// Of this kind, such as `created`, `updated`, `deleted`.
    #[param(example = "updated")]
    action: Option<String>,
    /// Made by whoever has this name: a user's e-mail, a key's prefix, `worker`.
    actor: Option<String>,
    /// Made by this user.
    actor_user_id: Option<UserId>,
    /// Made in this request.
    request_id: Option<String>,
    /// Made at this time or later.
    since: Option<DateTime<Utc>>,
    /// Made before this time.
    until: Option<DateTime<Utc>>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl ChangeQuery {
    pub(super) fn into_filter(self) -> ChangeFilter {
        ChangeFilter {
            entity_type: self.entity_type,
            entity_id: self.entity_id,
            action: self.action,
            actor_name: self.actor,
            actor_user_id: self.actor_user_id,
            request_id: self.request_id,
            since: self.since,
            until: self.until,
        }
    }
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeOut {
    /// Its id.
    id: Uuid,
    /// What kind of thing was changed.
    #[schema(example = "asset")]
    entity_type: String,
    /// Which one.
    #[schema(example = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11")]
    entity_id: String,
    /// What was done to it.
    #[schema(example = "updated")]
    action: String,
    /// The changed values as they were; null if there was nothing.
    #[schema(value_type = Option<Object>, example = json!({"environment": "Test"}))]
    before: Option<Value>,
    /// The changed values as they are since; null if there is nothing.
    #[schema(value_type = Option<Object>, example = json!({"environment": "Production"}))]
    after: Option<Value>,
    /// The user who did it, if one did.
    actor_user_id: Option<UserId>,
    /// Who did it: a user's e-mail, a key's prefix, `worker`.
    #[schema(example = "ann@example.com")]
    actor: String,
    /// The request that did it, as in `X-Request-ID`.
    request_id: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<LoggedChange> for ChangeOut {
    fn from(row: LoggedChange) -> Self {
        let LoggedChange {
            id,
            entity_type,
            entity_id,
            action,
            before,
            after,
            actor_user_id,
            actor_name,
            request_id,
            created_at,
            ..
        } = row;
        Self {
            id,
            entity_type,
            entity_id,
            action,
            before,
            after,
            actor_user_id,
            actor: actor_name,
            request_id,
            created_at,
        }
    }
}
