//! `data_import_sessions`: Named groups of imports of the predecessor.

use landfall_domain::{ClientAccountId, EngagementId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `data_import_sessions`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_import_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub status: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub started_at: Option<DateTimeUtc>,
    pub completed_at: Option<DateTimeUtc>,
    pub session_name: String,
    pub session_display_name: Option<String>,
    pub description: Option<String>,
    pub is_default: bool,
    pub parent_session_id: Option<Uuid>,
    pub session_type: String,
    pub auto_created: bool,
    pub source_filename: Option<String>,
    pub progress_percentage: Option<i32>,
    pub total_imports: Option<i32>,
    pub total_assets_processed: Option<i32>,
    pub total_records_imported: Option<i32>,
    pub data_quality_score: Option<i32>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub session_config: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub business_context: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub agent_insights: Option<Json>,
    pub last_activity_at: Option<DateTimeUtc>,
    pub created_by: UserId,
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
        belongs_to = "Entity",
        from = "(Column::ClientAccountId, Column::ParentSessionId)",
        to = "(Column::ClientAccountId, Column::Id)"
    )]
    ParentSession,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
