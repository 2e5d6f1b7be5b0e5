//! Whose data, and on whose behalf.

use crate::ids::{ClientAccountId, EngagementId, UserId};

/// Who acts: written into the change log, never used to decide what may be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user, if a known one acts.
    pub user_id: Option<UserId>,
    /// A name for logs: e-mail, key prefix, `cli`, `worker`.
    pub name: String,
    /// The request that caused the work.
    pub request_id: Option<String>,
}

impl Actor {
    /// An actor that is a part of the program, such as `cli` or `worker`.
    pub fn system(name: &str) -> Self {
        Self {
            user_id: None,
            name: name.to_owned(),
            request_id: None,
        }
    }
}

/// The tenant and engagement that a unit of work may see. Nothing is read or written without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The tenant.
    pub client_account_id: ClientAccountId,
    /// The engagement inside the tenant.
    pub engagement_id: EngagementId,
    /// On whose behalf.
    pub actor: Actor,
}
