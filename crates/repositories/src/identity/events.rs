//! What happened to security, and who was refused what. Rows are added, never changed.

use super::IdentityUow;
use crate::keyset::{self, Sort};
use crate::scoped::insert;
use crate::{StoreResult, SystemUow};
use landfall_domain::{ClientAccountId, EngagementId, Page, PageRequest, UserId, ids};
use landfall_entities::{access_audit_log, security_audit_logs};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

/// Adds to the logs of security.
#[derive(Debug)]
pub struct EventRepository<'u> {
    uow: &'u IdentityUow,
}

/// How much an event matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    /// As it should be.
    #[default]
    Info,
    /// Somebody may be trying something.
    Warning,
    /// Somebody has something that he should not have.
    Critical,
}

impl Severity {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Something that happened. It never holds a password, key or token.
#[derive(Clone, Debug, Default)]
pub struct SecurityEvent {
    /// What happened, such as `login_failed`.
    pub event_type: &'static str,
    /// What it is about: `authentication`, `authorization` or `administration`.
    pub event_category: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Who did it: a user's id, a key's prefix, or `unknown`.
    pub actor: String,
    /// The actor's e-mail address.
    pub actor_email: Option<String>,
    /// To whom it was done.
    pub target: Option<String>,
    /// The target's e-mail address.
    pub target_email: Option<String>,
    /// One sentence.
    pub description: String,
    /// Facts for programs.
    pub details: Option<Value>,
    /// Whether what was tried was refused.
    pub is_blocked: bool,
    /// In which client account.
    pub client_account_id: Option<ClientAccountId>,
    /// From where.
    pub ip_address: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
    /// The path that was asked for.
    pub request_path: Option<String>,
    /// How it was asked for.
    pub request_method: Option<String>,
}

/// Somebody asked for something, and the decision.
#[derive(Clone, Debug, Default)]
pub struct AccessDecision {
    /// Who; nobody's id for a key of a service.
    pub user_id: Option<UserId>,
    /// What was to be done, such as `GET`.
    pub action: String,
    /// The route.
    pub resource: Option<String>,
    /// In which client account.
    pub client_account_id: Option<ClientAccountId>,
    /// In which engagement.
    pub engagement_id: Option<EngagementId>,
    /// `granted` or `refused`.
    pub result: &'static str,
    /// Why.
    pub reason: String,
    /// From where.
    pub ip_address: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
    /// Facts for programs.
    pub details: Option<Value>,
}

impl IdentityUow {
    /// The logs of security.
    pub fn events(&self) -> EventRepository<'_> {
        EventRepository { uow: self }
    }
}

impl EventRepository<'_> {
    /// Writes down what happened.
    pub async fn record(&self, event: SecurityEvent) -> StoreResult<()> {
        let row = security_audit_logs::Model {
            id: ids::new_uuid(),
            event_type: event.event_type.to_owned(),
            event_category: event.event_category.to_owned(),
            severity: event.severity.as_str().to_owned(),
            actor_user_id: event.actor,
            actor_email: event.actor_email,
            actor_role: None,
            target_user_id: event.target,
            target_email: event.target_email,
            ip_address: event.ip_address,
            user_agent: event.user_agent,
            request_path: event.request_path,
            request_method: event.request_method,
            description: event.description,
            details: event.details,
            is_suspicious: event.severity != Severity::Info,
            requires_review: event.severity == Severity::Critical,
            is_blocked: event.is_blocked,
            created_at: self.uow.now(),
            reviewed_at: None,
            reviewed_by: None,
            client_account_id: event.client_account_id,
        };
        insert(&self.uow.connection, row).await
    }

    /// Writes down a decision.
    pub async fn decided(&self, decision: AccessDecision) -> StoreResult<()> {
        let row = access_audit_log::Model {
            id: ids::new_uuid(),
            user_id: decision.user_id.unwrap_or(UserId(Uuid::nil())),
            action_type: decision.action,
            resource_type: decision.resource,
            resource_id: None,
            client_account_id: decision.client_account_id,
            engagement_id: decision.engagement_id,
            session_id: None,
            result: decision.result.to_owned(),
            reason: Some(decision.reason),
            ip_address: decision.ip_address,
            user_agent: decision.user_agent,
            details: decision.details,
            created_at: self.uow.now(),
        };
        insert(&self.uow.connection, row).await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server itself may only add to the logs; reading them is work across tenants"
)]
impl SystemUow {
    /// What happened to the security of a client account, or without one to all, newest first.
    pub async fn security_events(
        &self,
        client: Option<ClientAccountId>,
        request: &PageRequest,
    ) -> StoreResult<Page<security_audit_logs::Model>> {
        use security_audit_logs::Column;
        let mut rows = security_audit_logs::Entity::find();
        if let Some(client) = client {
            rows = rows.filter(Column::ClientAccountId.eq(client));
        }
        let sort = Sort::by(Column::CreatedAt, Column::Id, true);
        keyset::page(&self.connection, rows, &sort, request).await
    }

    /// Who was refused what in a client account, or without one in all, newest first.
    pub async fn access_decisions(
        &self,
        client: Option<ClientAccountId>,
        request: &PageRequest,
    ) -> StoreResult<Page<access_audit_log::Model>> {
        use access_audit_log::Column;
        let mut rows = access_audit_log::Entity::find();
        if let Some(client) = client {
            rows = rows.filter(Column::ClientAccountId.eq(client));
        }
        let sort = Sort::by(Column::CreatedAt, Column::Id, true);
        keyset::page(&self.connection, rows, &sort, request).await
    }
}
