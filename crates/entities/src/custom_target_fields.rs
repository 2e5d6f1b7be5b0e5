//! `custom_target_fields`: Mapping targets that a client account added.

use landfall_domain::{ClientAccountId, EngagementId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `custom_target_fields`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "custom_target_fields")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub field_name: String,
    pub field_type: String,
    pub description: Option<String>,
    pub is_required: bool,
    pub is_critical: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<UserId>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub validation_schema: Option<Json>,
    pub default_value: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub allowed_values: Option<Json>,
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
