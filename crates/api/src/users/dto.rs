//! Users on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::{EngagementId, Role, UserId};
use landfall_services::access::{Grant, Member, NewPassword, NewPerson, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Somebody who shall have a role.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ann@example.com", "first_name": "Ann", "role": "editor"}))]
pub(crate) struct UserIn {
    /// E-mail address, by which he is known.
    #[validate(length(min = 3, max = 254, message = "must have 3 to 254 characters"))]
    email: String,
    /// Given name, for somebody new.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    first_name: Option<String>,
    /// Family name, for somebody new.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    last_name: Option<String>,
    /// What he may do.
    role: Role,
    /// In which engagement; in the whole tenant if absent.
    engagement_id: Option<EngagementId>,
    /// Whether somebody new gets a password; without one he comes through an identity provider. Yes if absent.
    with_password: Option<bool>,
}

impl Body for UserIn {}

impl UserIn {
    pub(super) fn into_parts(self) -> (NewPerson, Role, Option<EngagementId>) {
        let password = if self.with_password.unwrap_or(true) {
            NewPassword::Generated
        } else {
            NewPassword::None
        };
        let person = NewPerson {
            email: self.email,
            first_name: self.first_name,
            last_name: self.last_name,
            password,
        };
        (person, self.role, self.engagement_id)
    }
}

/// Another role.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "approver"}))]
pub(crate) struct RoleIn {
    /// What he may do.
    pub(super) role: Role,
    /// In which engagement; in the whole tenant if absent.
    pub(super) engagement_id: Option<EngagementId>,
}

impl Body for RoleIn {}

/// A user with his roles in the tenant.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserOut {
    /// His id.
    id: UserId,
    /// His e-mail address.
    #[schema(example = "ann@example.com")]
    email: String,
    /// Given name.
    #[schema(example = "Ann")]
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// Whether he may come in at all.
    is_active: bool,
    /// When he logged in last.
    last_login: Option<DateTime<Utc>>,
    /// His roles here.
    roles: Vec<GrantOut>,
}

/// A role that a user has.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantOut {
    /// What he may do.
    role: Role,
    /// In which engagement; null for the whole tenant.
    engagement_id: Option<EngagementId>,
    /// When it ends.
    expires_at: Option<DateTime<Utc>>,
}

impl From<Grant> for GrantOut {
    fn from(grant: Grant) -> Self {
        Self {
            role: grant.role,
            engagement_id: grant.engagement_id,
            expires_at: grant.expires_at,
        }
    }
}

impl From<Member> for UserOut {
    fn from(member: Member) -> Self {
        let Member { user, grants } = member;
        Self {
            id: user.id,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            is_active: user.is_active,
            last_login: user.last_login,
            roles: grants.into_iter().map(GrantOut::from).collect(),
        }
    }
}

/// A user who was given a role.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeUserOut {
    /// The user.
    user: UserOut,
    /// The password of somebody new, shown here only; null for somebody who was known.
    initial_password: Option<String>,
}

impl MadeUserOut {
    pub(super) fn of(member: Member, password: Option<&Secret>) -> Self {
        Self {
            user: UserOut::from(member),
            initial_password: password.map(|password| password.expose().to_owned()),
        }
    }
}
