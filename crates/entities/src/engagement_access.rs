//! `engagement_access`: What a user may do in an engagement.

use landfall_domain::{ClientAccountId, EngagementId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `engagement_access`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "engagement_access")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub user_profile_id: UserId,
    pub access_level: String,
    pub engagement_role: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub permissions: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub restricted_sessions: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub allowed_session_types: Option<Json>,
    pub granted_at: Option<DateTimeUtc>,
    pub granted_by: UserId,
    pub expires_at: Option<DateTimeUtc>,
    pub is_active: bool,
    pub last_accessed_at: Option<DateTimeUtc>,
    pub access_count: Option<i32>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::engagements::Entity",
        from = "(Column::ClientAccountId, Column::EngagementId)",
        to = "(super::engagements::Column::ClientAccountId, super::engagements::Column::Id)"
    )]
    Engagement,
    #[sea_orm(
        belongs_to = "super::users::Entity",
        from = "Column::UserProfileId",
        to = "super::users::Column::Id",
        on_delete = "Cascade"
    )]
    UserProfile,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
