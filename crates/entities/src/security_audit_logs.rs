//! `security_audit_logs`: Security events. The server may only append.

use landfall_domain::ClientAccountId;
use sea_orm::entity::prelude::*;

/// A row of `security_audit_logs`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "security_audit_logs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event_type: String,
    pub event_category: String,
    pub severity: String,
    pub actor_user_id: String,
    pub actor_email: Option<String>,
    pub actor_role: Option<String>,
    pub target_user_id: Option<String>,
    pub target_email: Option<String>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub request_path: Option<String>,
    pub request_method: Option<String>,
    pub description: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub details: Option<Json>,
    pub is_suspicious: bool,
    pub requires_review: bool,
    pub is_blocked: bool,
    pub created_at: DateTimeUtc,
    pub reviewed_at: Option<DateTimeUtc>,
    pub reviewed_by: Option<String>,
    pub client_account_id: Option<ClientAccountId>,
}

/// Foreign keys: none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
