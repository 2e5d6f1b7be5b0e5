//! Who asks, and what they may do: keys, logins, tokens of identity providers, roles, and the log of all that.
//!
//! [`Services::authenticate`] turns a token into an [`Identity`]; [`Services::access_to`] says what that identity may do in a
//! client account. Nothing here trusts a header.

mod audit;
mod authenticate;
mod identity;
mod keys;
mod logins;
mod members;
pub mod oidc;
mod passwords;
mod recent;
mod secret;
mod users;

pub use audit::Origin;
pub use identity::{Access, Identity, Subject};
pub use keys::{KeyTerms, MadeKey};
pub use landfall_repositories::entities::access_audit_log::Model as AccessDecision;
pub use landfall_repositories::entities::api_keys::Model as ApiKey;
pub use landfall_repositories::entities::security_audit_logs::Model as SecurityEvent;
pub use landfall_repositories::entities::users::Model as User;
pub use landfall_repositories::{Grant, StoreError};
pub use logins::{ACCESS_LIFETIME, REFRESH_LIFETIME, STREAM_LIFETIME, Session};
pub use members::Member;
pub use oidc::IdentityProvider;
pub use secret::Secret;
pub use users::{MadeUser, NewPassword, NewPerson};

use landfall_domain::{ClientAccountId, UserId};
use landfall_repositories::Transient;
use oidc::Provider;
use passwords::Passwords;
use recent::Recent;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long an answer of the database about somebody's access is believed. So long does a change made by another process
/// take to be noticed here; one made by this process is noticed at once.
const BELIEVED: Duration = Duration::from_secs(5);
/// How often at most the use of a key is written down.
const USE_NOTED: Duration = Duration::from_mins(1);

/// Why somebody is not let in, or a change to users, keys or roles is refused.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The token does not say who asks. The client learns no more; the reason is for the log.
    #[error("the token is not known here, has ended or was revoked: log in again, or use another key")]
    Token(Refusal),
    /// Wrong address or password, or a user who is kept out: the three look the same.
    #[error("the e-mail address or the password is wrong")]
    Credentials,
    /// An identity provider cannot be asked.
    #[error("the identity provider {issuer} cannot be asked just now: try again")]
    Provider {
        /// Which.
        issuer: String,
        /// What happened, for the log.
        cause: String,
    },
    /// The password does not do.
    #[error("{0}")]
    WeakPassword(String),
    /// The address is in use.
    #[error("there is a user with the e-mail address {0} already")]
    EmailTaken(String),
    /// A value that cannot be meant.
    #[error("{message}")]
    Invalid {
        /// Which field it is about.
        field: &'static str,
        /// A sentence.
        message: String,
    },
    /// Nobody can be given more than the giver has.
    #[error("nobody can give more than he may do himself: you are {yours} here, and {wanted} was asked for")]
    TooMuch {
        /// The giver's role.
        yours: String,
        /// The role to be given.
        wanted: String,
    },
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Transient for AccessError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// Why a token is refused: written to the log, never sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no token of any kind that is known.
    #[error("it is no token")]
    NoToken,
    /// It looks right, and nobody has it.
    #[error("nobody has it")]
    Unknown,
    /// Its time is over.
    #[error("its time is over")]
    Ended,
    /// It was revoked.
    #[error("it was revoked")]
    Revoked,
    /// A refresh token that was used before: somebody else has it too.
    #[error("it was used before")]
    Reused,
    /// Its user is kept out.
    #[error("its user is kept out")]
    Inactive,
    /// A token of an identity provider that breaks a rule.
    #[error("{0}")]
    Jwt(String),
}

/// What all clones of [`Services`](crate::Services) share about access.
#[derive(Debug)]
pub(crate) struct AccessState {
    passwords: Passwords,
    providers: Vec<Provider>,
    identities: Recent<String, Identity>,
    grants: Recent<(UserId, ClientAccountId), Arc<Vec<Grant>>>,
    uses: Recent<Uuid, ()>,
}

impl AccessState {
    pub(crate) fn new(providers: &[IdentityProvider]) -> Self {
        Self {
            passwords: Passwords::default(),
            providers: providers.iter().cloned().map(Provider::new).collect(),
            identities: Recent::new(BELIEVED),
            grants: Recent::new(BELIEVED),
            uses: Recent::new(USE_NOTED),
        }
    }

    /// Something about users, keys or roles was changed: what was known is asked again.
    fn forget(&self) {
        self.identities.clear();
        self.grants.clear();
    }
}
