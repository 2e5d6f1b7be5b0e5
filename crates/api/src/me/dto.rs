//! The caller on the wire.

use crate::extract::Body;
use landfall_domain::{ClientAccountId, EngagementId, Role, UserId};
use landfall_services::access::{Identity, Subject, User};
use landfall_services::tenants::{ClientAccount, Engagement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeOut {
    /// As what: `user`, `api_key`, or `local` where authentication is off.
    #[schema(example = "user")]
    kind: &'static str,
    /// A name for logs: e-mail address, or how the key begins.
    #[schema(example = "ann@example.com")]
    name: String,
    /// The user, if it is one.
    user_id: Option<UserId>,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// Whether he may do things across tenants.
    is_platform_admin: bool,
    /// Resources that the key is for; empty for all.
    scopes: Vec<String>,
    /// What he may see, by name.
    tenants: Vec<TenantAccessOut>,
}

/// A tenant that the caller may see.
#[derive(Serialize, ToSchema)]
pub(crate) struct TenantAccessOut {
    /// For the header `X-Client-Account-ID`.
    id: ClientAccountId,
    /// Its name.
    #[schema(example = "Acme Retail")]
    name: String,
    /// The caller's role in the tenant as a whole; null if he has roles in engagements only.
    role: Option<Role>,
    /// The engagements that he may see, by name.
    engagements: Vec<EngagementAccessOut>,
}

/// An engagement that the caller may see.
#[derive(Serialize, ToSchema)]
pub(crate) struct EngagementAccessOut {
    /// For the header `X-Engagement-ID`.
    id: EngagementId,
    /// Its name.
    #[schema(example = "Data centre exit")]
    name: String,
    /// The caller's role in it.
    role: Role,
}

impl MeOut {
    pub(super) fn of(identity: &Identity, user: Option<User>, tenants: Vec<TenantAccessOut>) -> Self {
        let (first_name, last_name) = user
            .map(|user| (user.first_name, user.last_name))
            .unwrap_or_default();
        Self {
            kind: match identity.subject {
                Subject::Local => "local",
                Subject::User { .. } | Subject::Stream { .. } => "user",
                Subject::Key { .. } => "api_key",
            },
            name: identity.name.clone(),
            user_id: identity.user_id,
            first_name,
            last_name,
            is_platform_admin: identity.is_platform_admin(),
            scopes: identity.resources.clone(),
            tenants,
        }
    }
}

impl TenantAccessOut {
    pub(super) fn of(
        client: ClientAccount,
        role: Option<Role>,
        engagements: impl Iterator<Item = (Engagement, Role)>,
    ) -> Self {
        Self {
            id: client.id,
            name: client.name,
            role,
            engagements: engagements
                .map(|(engagement, role)| EngagementAccessOut {
                    id: engagement.id,
                    name: engagement.name,
                    role,
                })
                .collect(),
        }
    }
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "correct horse battery staple", "new_password": "a longer one, still easy"}))]
pub(crate) struct PasswordIn {
    /// The password that is in force.
    #[validate(length(min = 1, max = 1024, message = "must have 1 to 1024 characters"))]
    pub(super) current_password: String,
    /// The password that shall be.
    #[validate(length(min = 1, max = 1024, message = "must have 1 to 1024 characters"))]
    pub(super) new_password: String,
}

impl Body for PasswordIn {}
