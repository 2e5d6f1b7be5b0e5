//! Logging in with a password: a short token, a refresh token that is good once, and the end of both.

use super::audit::Event;
use super::passwords::Passwords;
use super::secret::Kind;
use super::{AccessError, Identity, Origin, Refusal, Secret, Subject};
use crate::{Services, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use landfall_domain::{Scope, UserId, ids};
use landfall_repositories::entities::users;
use landfall_repositories::{IdentityUow, NewToken, Severity, TokenKind};
use uuid::Uuid;

/// How long the token of a login is good.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// How long a login can be continued without the password.
pub const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(14);
/// How long an event stream can be opened with its token. A stream that is open stays open.
pub const STREAM_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How long tokens are kept after their end.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A login: what to ask with, and what to continue with.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who logged in.
    pub user: users::Model,
    /// To ask with.
    pub access: Secret,
    /// When that ends.
    pub access_until: DateTime<Utc>,
    /// To get the next session with, once.
    pub refresh: Secret,
    /// When that ends.
    pub refresh_until: DateTime<Utc>,
}

fn no_random(error: getrandom::Error) -> AccessError {
    StoreError::Unfit(format!("the system gives no random bytes: {error}")).into()
}

impl Services {
    /// Begins a session with address and password.
    ///
    /// # Errors
    /// [`AccessError::Credentials`] whatever is wrong, after the same time.
    pub async fn login(&self, email: &str, password: &str, origin: &Origin) -> Result<Session, AccessError> {
        let user = self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .by_email(email)
            .await?;
        let kept = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let is_right = self.access().passwords.verify(password, kept).await?;
        let Some(user) = user.filter(|user| is_right && user.is_active) else {
            self.login_failed(email, origin).await?;
            return Err(AccessError::Credentials);
        };
        let rehashed = match &user.password_hash {
            Some(kept) if Passwords::is_outdated(kept) => Some(self.access().passwords.hash(password).await?),
            _ => None,
        };
        let uow = self.store().begin_identity().await?;
        if let Some(hash) = rehashed {
            uow.users().set_password_hash(user.id, &hash).await?;
        }
        uow.users().logged_in(user.id).await?;
        uow.tokens().forget_ended(uow.now() - KEPT).await?;
        let session = begin(&uow, user, ids::new_uuid()).await?;
        uow.commit().await?;
        let event = Event::authentication(
            "login_succeeded",
            session.user.id.to_string(),
            "somebody logged in",
        );
        let event = Event {
            actor_email: Some(session.user.email.clone()),
            ..event
        };
        self.note(event, origin).await;
        Ok(session)
    }

    async fn login_failed(&self, email: &str, origin: &Origin) -> Result<(), AccessError> {
        let uow = self.store().begin_identity().await?;
        let user = uow.users().by_email(email).await?;
        if let Some(user) = &user {
            uow.users().login_failed(user.id).await?;
        }
        uow.commit().await?;
        // What is no address of ours may be a password that was typed into the wrong field: it is not written down.
        let target = user.map(|user| (user.id.to_string(), user.email));
        let (target, target_email) = target.unzip();
        let event = Event {
            severity: Severity::Warning,
            is_blocked: true,
            target,
            target_email,
            ..Event::authentication("login_failed", "unknown", "a login failed")
        };
        self.note(event, origin).await;
        Ok(())
    }

    /// Continues a session. The refresh token is used up by that: when it comes a second time, somebody has a copy, and the
    /// whole login ends.
    ///
    /// # Errors
    /// [`AccessError::Token`].
    pub async fn refresh(&self, token: &str, origin: &Origin) -> Result<Session, AccessError> {
        let Some((Kind::Token(TokenKind::Refresh), secret)) = Secret::sent(token) else {
            return Err(AccessError::Token(Refusal::NoToken));
        };
        let uow = self.store().begin_identity().await?;
        let found = uow.tokens().by_hash(TokenKind::Refresh, &secret.hash()).await?;
        let (Some(found), now) = (found, uow.now()) else {
            return Err(AccessError::Token(Refusal::Unknown));
        };
        if found.revoked_at.is_some() && found.used_at.is_none() {
            return Err(AccessError::Token(Refusal::Revoked));
        }
        if found.expires_at <= now {
            return Err(AccessError::Token(Refusal::Ended));
        }
        let Some(user) = found.user_id else {
            return Err(AccessError::Token(Refusal::Unknown));
        };
        if !uow.tokens().use_up(found.id).await? {
            uow.tokens().revoke_family(found.family_id).await?;
            uow.commit().await?;
            self.access().forget();
            self.note(reused(user), origin).await;
            return Err(AccessError::Token(Refusal::Reused));
        }
        let user = uow.users().get(user).await?;
        if !user.is_active {
            return Err(AccessError::Token(Refusal::Inactive));
        }
        let session = begin(&uow, user, found.family_id).await?;
        uow.commit().await?;
        Ok(session)
    }

    /// Ends the login that the identity came with; another kind of identity has none.
    pub async fn logout(&self, identity: &Identity, origin: &Origin) -> Result<(), AccessError> {
        let Subject::User {
            login: Some(family), ..
        } = identity.subject
        else {
            return Ok(());
        };
        let uow = self.store().begin_identity().await?;
        uow.tokens().revoke_family(family).await?;
        uow.commit().await?;
        self.access().forget();
        let event = Event::authentication(
            "logout",
            identity.user_id.map(|id| id.to_string()).unwrap_or_default(),
            "somebody logged out",
        );
        self.note(event, origin).await;
        Ok(())
    }

    /// A token with which event streams of this engagement can be opened, and nothing else: it travels in addresses, where
    /// others may read it.
    pub async fn stream_token(
        &self,
        identity: &Identity,
        scope: &Scope,
    ) -> Result<(Secret, DateTime<Utc>), AccessError> {
        let secret = Secret::token(TokenKind::Stream).map_err(no_random)?;
        let uow = self.store().begin_identity().await?;
        let until = uow.now() + STREAM_LIFETIME;
        let (api_key, family) = match identity.subject {
            Subject::Key { id, .. } => (Some(id), ids::new_uuid()),
            Subject::User {
                login: Some(login), ..
            } => (None, login),
            _ => (None, ids::new_uuid()),
        };
        let token = NewToken {
            kind: TokenKind::Stream,
            family,
            hash: secret.hash(),
            user: identity.user_id,
            api_key,
            place: Some((scope.client_account_id, scope.engagement_id)),
            expires_at: until,
        };
        uow.tokens().create(token).await?;
        uow.commit().await?;
        Ok((secret, until))
    }
}

fn reused(user: UserId) -> Event {
    Event {
        severity: Severity::Critical,
        is_blocked: true,
        target: Some(user.to_string()),
        ..Event::authentication(
            "refresh_token_reused",
            "unknown",
            "a refresh token came a second time: somebody has a copy, and the login was ended",
        )
    }
}

async fn begin(uow: &IdentityUow, user: users::Model, family: Uuid) -> Result<Session, AccessError> {
    let now = uow.now();
    let (access_until, refresh_until) = (now + ACCESS_LIFETIME, now + REFRESH_LIFETIME);
    let access = Secret::token(TokenKind::Access).map_err(no_random)?;
    let refresh = Secret::token(TokenKind::Refresh).map_err(no_random)?;
    for (kind, secret, expires_at) in [
        (TokenKind::Access, &access, access_until),
        (TokenKind::Refresh, &refresh, refresh_until),
    ] {
        let token = NewToken {
            kind,
            family,
            hash: secret.hash(),
            user: Some(user.id),
            api_key: None,
            place: None,
            expires_at,
        };
        uow.tokens().create(token).await?;
    }
    Ok(Session {
        user,
        access,
        access_until,
        refresh,
        refresh_until,
    })
}
