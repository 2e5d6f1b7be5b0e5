//! Writing down what happened to security.

use super::{AccessError, Identity};
use crate::Services;
use landfall_domain::{ClientAccountId, EngagementId, Page, PageRequest};
use landfall_repositories::entities::{access_audit_log, security_audit_logs};
use landfall_repositories::{AccessDecision, SecurityEvent, Severity, StoreResult};

/// Where a request came from. All of it is said by the client or the network, and is only written down.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The address at the other end of the connection.
    pub ip_address: Option<String>,
    /// The program, by its own words.
    pub user_agent: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// The path, without its query.
    pub path: Option<String>,
}

/// What is said of an event beside its origin.
#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    /// What happened.
    pub(super) kind: &'static str,
    /// What it is about.
    pub(super) category: &'static str,
    pub(super) severity: Severity,
    pub(super) actor: String,
    pub(super) actor_email: Option<String>,
    pub(super) target: Option<String>,
    pub(super) target_email: Option<String>,
    pub(super) description: String,
    pub(super) is_blocked: bool,
    pub(super) client: Option<ClientAccountId>,
}

impl Event {
    /// Something about getting in.
    pub(super) fn authentication(
        kind: &'static str,
        actor: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            category: "authentication",
            actor: actor.into(),
            description: description.into(),
            ..Self::default()
        }
    }

    /// A change to users, keys or roles.
    pub(super) fn administration(kind: &'static str, by: &Identity, description: impl Into<String>) -> Self {
        Self {
            kind,
            category: "administration",
            actor: by.user_id.map_or_else(|| by.name.clone(), |id| id.to_string()),
            actor_email: by.user_id.is_some().then(|| by.name.clone()),
            description: description.into(),
            ..Self::default()
        }
    }
}

impl Services {
    /// Writes an event down. One that cannot be written is logged: a login must not fail because a log is full.
    pub(super) async fn note(&self, event: Event, origin: &Origin) {
        let kind = event.kind;
        tracing::info!(target: "audit", event = kind, actor = event.actor, "{}", event.description);
        let row = SecurityEvent {
            event_type: event.kind,
            event_category: event.category,
            severity: event.severity,
            actor: event.actor,
            actor_email: event.actor_email,
            target: event.target,
            target_email: event.target_email,
            description: event.description,
            details: None,
            is_blocked: event.is_blocked,
            client_account_id: event.client,
            ip_address: origin.ip_address.clone(),
            user_agent: origin.user_agent.clone(),
            request_path: origin.path.clone(),
            request_method: origin.method.clone(),
        };
        let written = async {
            let uow = self.store().begin_identity().await?;
            uow.events().record(row).await?;
            uow.commit().await
        };
        if let Err(error) = written.await {
            tracing::error!(%error, event = kind, "a security event could not be written down");
        }
    }

    /// Writes down that a client account was erased. Its own events are gone with it, so this one belongs to no tenant.
    pub(crate) async fn note_erased(
        &self,
        by: &Identity,
        client: ClientAccountId,
        name: &str,
        origin: &Origin,
    ) {
        self.access().forget();
        let event = Event {
            target: Some(client.to_string()),
            ..Event::administration(
                "client_account_erased",
                by,
                format!("the client account \"{name}\" was erased"),
            )
        };
        self.note(event, origin).await;
    }

    /// Writes down that somebody was refused a tenant, an engagement or an operation.
    pub async fn note_refusal(
        &self,
        identity: &Identity,
        place: (ClientAccountId, Option<EngagementId>),
        reason: &str,
        origin: &Origin,
    ) {
        tracing::info!(target: "audit", actor = identity.name, client_account_id = %place.0, reason, "refused");
        let row = AccessDecision {
            user_id: identity.user_id,
            action: origin.method.clone().unwrap_or_default(),
            resource: origin.path.clone(),
            client_account_id: Some(place.0),
            engagement_id: place.1,
            result: "refused",
            reason: reason.to_owned(),
            ip_address: origin.ip_address.clone(),
            user_agent: origin.user_agent.clone(),
            details: Some(serde_json::json!({ "actor": identity.name })),
        };
        let written = async {
            let uow = self.store().begin_identity().await?;
            uow.events().decided(row).await?;
            uow.commit().await
        };
        if let Err(error) = written.await {
            tracing::error!(%error, "a refusal could not be written down");
        }
    }

    /// What happened to the security of a client account, or without one to all, newest first.
    pub async fn security_events(
        &self,
        client: Option<ClientAccountId>,
        request: &PageRequest,
    ) -> StoreResult<Page<security_audit_logs::Model>> {
        let uow = self.store().begin_system("list security events").await?;
        uow.security_events(client, request).await
    }

    /// Who was refused what in a client account, or without one in all, newest first.
    pub async fn access_decisions(
        &self,
        client: Option<ClientAccountId>,
        request: &PageRequest,
    ) -> Result<Page<access_audit_log::Model>, AccessError> {
        let uow = self.store().begin_system("list refusals").await?;
        Ok(uow.access_decisions(client, request).await?)
    }
}
