//! API keys: for programs, with a role, in one place.

use super::audit::Event;
use super::{AccessError, Identity, Origin, Secret};
use crate::{Services, StoreError};
use chrono::{DateTime, Utc};
use landfall_domain::{ClientAccountId, EngagementId, Role, Scope, UserId};
use landfall_repositories::NewApiKey;
use landfall_repositories::entities::api_keys;
use uuid::Uuid;

/// What a key to be made is for.
#[derive(Clone, Debug)]
pub struct KeyTerms {
    /// What it is for.
    pub name: String,
    /// Where it works; absent for every client account, which only a platform administrator can give.
    pub client_account_id: Option<ClientAccountId>,
    /// The one engagement in which it works; absent for all of the client account.
    pub engagement_id: Option<EngagementId>,
    /// The user it stands for: then it may do no more than he may. Absent for a key of a service.
    pub user_id: Option<UserId>,
    /// What it may do.
    pub role: Role,
    /// Resources that it may ask for, the part of the path after `/api/v3/`, such as `imports`; empty for all.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key that was made.
#[derive(Clone, Debug)]
pub struct MadeKey {
    /// What is kept of it.
    pub key: api_keys::Model,
    /// The key itself, to be shown once.
    pub secret: Secret,
}

impl Services {
    /// Makes a key.
    ///
    /// # Errors
    /// [`AccessError::TooMuch`] if it could do more than who makes it; [`AccessError::Invalid`].
    pub async fn create_api_key(
        &self,
        by: &Identity,
        terms: KeyTerms,
        origin: &Origin,
    ) -> Result<MadeKey, AccessError> {
        self.check_terms(by, &terms).await?;
        let (prefix, secret) = Secret::key()
            .map_err(|error| StoreError::Unfit(format!("the system gives no random bytes: {error}")))?;
        let row = NewApiKey {
            name: terms.name.trim().to_owned(),
            prefix,
            key_hash: secret.hash(),
            client_account_id: terms.client_account_id,
            engagement_id: terms.engagement_id,
            user_id: terms.user_id,
            role: terms.role,
            scopes: terms.scopes,
            expires_at: terms.expires_at,
            created_by: by.user_id,
        };
        let uow = self.store().begin_identity().await?;
        let key = uow.api_keys().create(row).await?;
        uow.commit().await?;
        self.note_key("api_key_created", "an API key was made", by, &key, origin)
            .await;
        Ok(MadeKey { key, secret })
    }

    async fn check_terms(&self, by: &Identity, terms: &KeyTerms) -> Result<(), AccessError> {
        let invalid = |field, message: &str| AccessError::Invalid {
            field,
            message: message.to_owned(),
        };
        if terms.name.trim().is_empty() {
            return Err(invalid("name", "say what the key is for"));
        }
        if terms.expires_at.is_some_and(|end| end <= self.now()) {
            return Err(invalid("expires_at", "the key would have ended already"));
        }
        let Some(client) = terms.client_account_id else {
            if terms.engagement_id.is_some() {
                return Err(invalid("engagement_id", "an engagement needs its client account"));
            }
            if by.is_platform_admin() {
                return Ok(());
            }
            return Err(AccessError::TooMuch {
                yours: "no platform administrator".to_owned(),
                wanted: "a key for every client account".to_owned(),
            });
        };
        self.check_no_more(by, client, terms.engagement_id, terms.role)
            .await?;
        let scope = Scope {
            client_account_id: client,
            engagement_id: terms.engagement_id.unwrap_or(EngagementId(Uuid::nil())),
            actor: by.actor(None),
        };
        let uow = self.store().begin_read(&scope).await?;
        match terms.engagement_id {
            Some(_) => uow.engagements().current().await.map(|_| ())?,
            None => uow.engagements().client_account().await.map(|_| ())?,
        }
        Ok(())
    }

    /// The keys of a client account, or without one all keys, newest first.
    pub async fn api_keys(
        &self,
        client: Option<ClientAccountId>,
    ) -> Result<Vec<api_keys::Model>, AccessError> {
        Ok(self
            .store()
            .begin_identity_read()
            .await?
            .api_keys()
            .list(client)
            .await?)
    }

    /// Ends a key at once, one of this client account if that is given.
    pub async fn revoke_api_key(
        &self,
        by: &Identity,
        id: Uuid,
        client: Option<ClientAccountId>,
        origin: &Origin,
    ) -> Result<(), AccessError> {
        let uow = self.store().begin_identity().await?;
        uow.api_keys().revoke(id, client).await?;
        let key = uow.api_keys().get(id).await?;
        uow.commit().await?;
        self.access().forget();
        self.note_key("api_key_revoked", "an API key was revoked", by, &key, origin)
            .await;
        Ok(())
    }

    async fn note_key(
        &self,
        kind: &'static str,
        what: &str,
        by: &Identity,
        key: &api_keys::Model,
        origin: &Origin,
    ) {
        let event = Event {
            target: Some(key.id.to_string()),
            client: key.client_account_id,
            ..Event::administration(
                kind,
                by,
                format!("{what}: \"{}\", {}, {}", key.name, key.prefix, key.role),
            )
        };
        self.note(event, origin).await;
    }
}
