//! From a token to an identity, and from an identity to what it may do.

use super::audit::Event;
use super::secret::Kind;
use super::{Access, AccessError, Identity, Origin, Refusal, Secret, Subject};
use crate::Services;
use chrono::{DateTime, Utc};
use landfall_domain::{Actor, ClientAccountId, EngagementId, Scope, UserId};
use landfall_repositories::entities::{api_keys, users};
use landfall_repositories::{Grant, IdentityUow, Severity, StoreError, StoreResult, TokenKind};
use std::sync::Arc;
use uuid::Uuid;

impl Services {
    /// Who sends this token: an API key, the token of a login, or the token of an identity provider.
    ///
    /// # Errors
    /// [`AccessError::Token`] with a reason for the log.
    pub async fn authenticate(&self, token: &str, origin: &Origin) -> Result<Identity, AccessError> {
        let Some((kind, secret)) = Secret::sent(token) else {
            return Err(AccessError::Token(Refusal::NoToken));
        };
        match kind {
            Kind::Token(TokenKind::Refresh | TokenKind::Stream) => Err(AccessError::Token(Refusal::NoToken)),
            Kind::Key | Kind::Token(TokenKind::Access) | Kind::Jwt => self.known(kind, &secret, origin).await,
        }
    }

    /// Who opens an event stream with this token.
    ///
    /// # Errors
    /// As [`Services::authenticate`].
    pub async fn authenticate_stream(&self, token: &str, origin: &Origin) -> Result<Identity, AccessError> {
        match Secret::sent(token) {
            Some((kind @ Kind::Token(TokenKind::Stream), secret)) => self.known(kind, &secret, origin).await,
            _ => Err(AccessError::Token(Refusal::NoToken)),
        }
    }

    /// What was found out a moment ago need not be found out again; only its end is looked at.
    async fn known(&self, kind: Kind, secret: &Secret, origin: &Origin) -> Result<Identity, AccessError> {
        let hash = secret.hash();
        let identity = if let Some(identity) = self.access().identities.get(&hash) {
            identity
        } else {
            let found = match kind {
                Kind::Key => self.by_key(secret, origin).await?,
                Kind::Token(TokenKind::Stream) => self.by_stream_token(&hash).await?,
                Kind::Token(_) => self.by_access_token(&hash).await?,
                Kind::Jwt => self.by_provider(secret).await?,
            };
            self.access().identities.put(hash, found.clone());
            found
        };
        ended(identity.expires_at, self.now())?;
        if let Subject::Key { id, .. } = identity.subject {
            self.note_use(id).await?;
        }
        Ok(identity)
    }

    async fn by_key(&self, secret: &Secret, origin: &Origin) -> Result<Identity, AccessError> {
        let uow = self.store().begin_identity_read().await?;
        let found = uow
            .api_keys()
            .by_prefix(secret.prefix().unwrap_or_default())
            .await?;
        let Some(key) = found.filter(|key| secret.is(&key.key_hash)) else {
            return Err(AccessError::Token(Refusal::Unknown));
        };
        let refused = match usable(&uow, &key).await {
            Ok(identity) => return Ok(identity),
            Err(refused) => refused,
        };
        drop(uow);
        if let AccessError::Token(reason) = &refused {
            let event = Event {
                severity: Severity::Warning,
                is_blocked: true,
                target: Some(key.id.to_string()),
                client: key.client_account_id,
                ..Event::authentication(
                    "api_key_refused",
                    key.prefix.clone(),
                    format!("the API key \"{}\" was used: {reason}", key.name),
                )
            };
            self.note(event, origin).await;
        }
        Err(refused)
    }

    async fn by_access_token(&self, hash: &str) -> Result<Identity, AccessError> {
        let uow = self.store().begin_identity_read().await?;
        let token = uow.tokens().by_hash(TokenKind::Access, hash).await?;
        let token = token.ok_or(AccessError::Token(Refusal::Unknown))?;
        if token.revoked_at.is_some() {
            return Err(AccessError::Token(Refusal::Revoked));
        }
        let user = token.user_id.ok_or(AccessError::Token(Refusal::Unknown))?;
        let user = uow.users().get(user).await?;
        of_user(&uow, &user, Some(token.family_id), Some(token.expires_at)).await
    }

    async fn by_stream_token(&self, hash: &str) -> Result<Identity, AccessError> {
        let uow = self.store().begin_identity_read().await?;
        let token = uow.tokens().by_hash(TokenKind::Stream, hash).await?;
        let token = token.ok_or(AccessError::Token(Refusal::Unknown))?;
        if token.revoked_at.is_some() {
            return Err(AccessError::Token(Refusal::Revoked));
        }
        let (Some(client_account_id), Some(engagement_id)) = (token.client_account_id, token.engagement_id)
        else {
            return Err(AccessError::Token(Refusal::Unknown));
        };
        // It is good as long as who got it is.
        let owner = match (token.user_id, token.api_key_id) {
            (_, Some(key)) => usable(&uow, &uow.api_keys().get(key).await?).await?,
            (Some(user), None) => of_user(&uow, &uow.users().get(user).await?, None, None).await?,
            (None, None) => return Err(AccessError::Token(Refusal::Unknown)),
        };
        let needs_role = owner.user_id.is_some() && !owner.is_platform_admin();
        Ok(Identity {
            subject: Subject::Stream {
                client_account_id,
                engagement_id,
                needs_role,
            },
            resources: Vec::new(),
            expires_at: Some(token.expires_at),
            ..owner
        })
    }

    /// The user whom an identity provider vouches for. One who is new here becomes a user without any role.
    async fn by_provider(&self, secret: &Secret) -> Result<Identity, AccessError> {
        let (provider, claims) =
            super::oidc::verify(&self.access().providers, secret.expose(), self.now()).await?;
        let uow = self.store().begin_identity_read().await?;
        let known = uow
            .users()
            .by_identity(provider.issuer(), &claims.subject)
            .await?;
        let until = Some(claims.expires_at);
        if let Some(user) = known {
            return of_user(&uow, &user, None, until).await;
        }
        drop(uow);
        let linked = self.link(provider, &claims).await;
        let uow = self.store().begin_identity_read().await?;
        let user = match linked {
            // Another request of the same newcomer was faster.
            Err(AccessError::Store(StoreError::Duplicate { .. })) => uow
                .users()
                .by_identity(provider.issuer(), &claims.subject)
                .await?
                .ok_or(AccessError::Token(Refusal::Unknown))?,
            linked => linked?,
        };
        of_user(&uow, &user, None, until).await
    }

    /// Writes down that a key is used, once a minute at most.
    async fn note_use(&self, key: Uuid) -> Result<(), AccessError> {
        if self.access().uses.get(&key).is_some() {
            return Ok(());
        }
        self.access().uses.put(key, ());
        let uow = self.store().begin_identity().await?;
        uow.api_keys().used(key).await?;
        Ok(uow.commit().await?)
    }

    /// What the identity may do in a client account. Nothing, if it may not see it; whether it exists is not asked.
    pub async fn access_to(&self, identity: &Identity, client: ClientAccountId) -> StoreResult<Access> {
        match identity.user_id.filter(|_| identity.needs_roles()) {
            Some(user) => Ok(identity.access_with(client, &self.roles(user, client).await?)),
            None => Ok(identity.access_with(client, &[])),
        }
    }

    async fn roles(&self, user: UserId, client: ClientAccountId) -> StoreResult<Arc<Vec<Grant>>> {
        if let Some(grants) = self.access().grants.get(&(user, client)) {
            return Ok(grants);
        }
        let scope = Scope {
            client_account_id: client,
            engagement_id: EngagementId(Uuid::nil()),
            actor: Actor::system("access"),
        };
        let uow = self.store().begin_read(&scope).await?;
        let grants = Arc::new(uow.access().of_user(user).await?);
        self.access().grants.put((user, client), grants.clone());
        Ok(grants)
    }
}

fn ended(end: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), AccessError> {
    match end {
        Some(end) if end <= now => Err(AccessError::Token(Refusal::Ended)),
        _ => Ok(()),
    }
}

async fn of_user(
    uow: &IdentityUow,
    user: &users::Model,
    login: Option<Uuid>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<Identity, AccessError> {
    if !user.is_active {
        return Err(AccessError::Token(Refusal::Inactive));
    }
    Ok(Identity {
        subject: Subject::User {
            is_platform_admin: uow.users().is_platform_admin(user.id).await?,
            login,
        },
        name: user.email.clone(),
        user_id: Some(user.id),
        resources: Vec::new(),
        expires_at,
    })
}

/// Who a key stands for, if it is good.
async fn usable(uow: &IdentityUow, key: &api_keys::Model) -> Result<Identity, AccessError> {
    if key.revoked_at.is_some() {
        return Err(AccessError::Token(Refusal::Revoked));
    }
    ended(key.expires_at, uow.now())?;
    if let Some(user) = key.user_id
        && !uow.users().get(user).await?.is_active
    {
        return Err(AccessError::Token(Refusal::Inactive));
    }
    // A word that is no role was not written by this program: it gives nothing.
    let role = key
        .role
        .parse()
        .map_err(|_| AccessError::Token(Refusal::Unknown))?;
    Ok(Identity {
        subject: Subject::Key {
            id: key.id,
            client_account_id: key.client_account_id,
            engagement_id: key.engagement_id,
            role,
        },
        name: key.prefix.clone(),
        user_id: key.user_id,
        resources: serde_json::from_value(key.scopes.clone()).unwrap_or_default(),
        expires_at: key.expires_at,
    })
}
