//! `engagements`: Engagements: programmes of work of a client account.

use landfall_domain::{ClientAccountId, EngagementId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `engagements`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "engagements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EngagementId,
    pub name: String,
    pub description: Option<String>,
    pub is_active: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub slug: String,
    pub engagement_type: Option<String>,
    pub status: Option<String>,
    pub priority: Option<String>,
    pub start_date: Option<DateTimeUtc>,
    pub target_completion_date: Option<DateTimeUtc>,
    pub actual_completion_date: Option<DateTimeUtc>,
    pub engagement_lead_id: Option<UserId>,
    pub client_contact_name: Option<String>,
    pub client_contact_email: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub settings: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub migration_scope: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub team_preferences: Option<Json>,
    pub created_by: Option<UserId>,
    pub currency: String,
    pub version: i64,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::client_accounts::Entity",
        from = "Column::ClientAccountId",
        to = "super::client_accounts::Column::Id"
    )]
    ClientAccount,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::Id));
