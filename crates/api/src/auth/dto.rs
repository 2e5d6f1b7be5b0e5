//! Sessions on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::UserId;
use landfall_services::access::{Secret, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Who wants to come in.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ann@example.com", "password": "correct horse battery staple"}))]
pub(crate) struct LoginIn {
    /// The user's e-mail address.
    #[validate(length(min = 1, max = 254, message = "must have 1 to 254 characters"))]
    pub(super) email: String,
    /// The user's password.
    #[validate(length(min = 1, max = 1024, message = "must have 1 to 1024 characters"))]
    pub(super) password: String,
}

impl Body for LoginIn {}

/// A session to be continued.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "lfr_…"}))]
pub(crate) struct RefreshIn {
    /// The refresh token of the last answer.
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub(super) refresh_token: String,
}

impl Body for RefreshIn {}

/// A session. The tokens are shown here only.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionOut {
    /// To be sent with every request, after `Bearer`.
    #[schema(example = "lfa_…")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token ends.
    #[schema(example = 900)]
    expires_in: i64,
    /// Gets the next session, once.
    #[schema(example = "lfr_…")]
    refresh_token: String,
    /// Seconds until the refresh token ends.
    #[schema(example = 1_209_600)]
    refresh_expires_in: i64,
    /// Who logged in.
    user_id: UserId,
    /// By this address.
    #[schema(example = "ann@example.com")]
    email: String,
}

impl SessionOut {
    pub(super) fn of(session: Session, now: DateTime<Utc>) -> Self {
        Self {
            access_token: session.access.expose().to_owned(),
            token_type: "Bearer",
            expires_in: (session.access_until - now).num_seconds(),
            refresh_token: session.refresh.expose().to_owned(),
            refresh_expires_in: (session.refresh_until - now).num_seconds(),
            user_id: session.user.id,
            email: session.user.email,
        }
    }
}

/// A token for event streams.
#[derive(Serialize, ToSchema)]
pub(crate) struct StreamTokenOut {
    /// For the parameter `stream_token`.
    #[schema(example = "lfs_…")]
    token: String,
    /// Seconds in which a stream can be opened with it. One that is open stays open.
    #[schema(example = 600)]
    expires_in: i64,
}

impl StreamTokenOut {
    pub(super) fn of(token: &Secret, until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            token: token.expose().to_owned(),
            expires_in: (until - now).num_seconds(),
        }
    }
}
