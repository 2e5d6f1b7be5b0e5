//! `migration_logs`: Log lines of migration programmes.

use landfall_domain::{ClientAccountId, EngagementId, MigrationPhase};
use sea_orm::entity::prelude::*;

/// A row of `migration_logs`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "migration_logs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub migration_id: Uuid,
    pub timestamp: Option<DateTimeUtc>,
    pub level: Option<String>,
    pub message: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub details: Option<Json>,
    pub phase: Option<MigrationPhase>,
    pub user_id: Option<String>,
    pub action: Option<String>,
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
        belongs_to = "super::migrations::Entity",
        from = "(Column::ClientAccountId, Column::MigrationId)",
        to = "(super::migrations::Column::ClientAccountId, super::migrations::Column::Id)",
        on_delete = "Cascade"
    )]
    Migration,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
