//! `mapping_profiles`: Approved mappings, reused when the same headers come again.

use landfall_domain::{ClientAccountId, EngagementId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `mapping_profiles`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mapping_profiles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub name: String,
    pub description: Option<String>,
    pub fingerprint: String,
    pub profile_version: i32,
    pub source_format: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub columns: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub mappings: Json,
    pub is_active: bool,
    pub usage_count: i64,
    pub last_used_at: Option<DateTimeUtc>,
    pub created_by: Option<UserId>,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
