//! `change_log`: What changed, before and after, who did it and in which request.

use landfall_domain::{ClientAccountId, EngagementId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `change_log`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub entity_type: String,
    pub entity_id: String,
    pub action: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub before: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub after: Option<Json>,
    pub actor_user_id: Option<UserId>,
    pub actor_name: String,
    pub request_id: Option<String>,
    pub created_at: DateTimeUtc,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
