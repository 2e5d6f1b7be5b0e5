//! `migrations`: Migration programmes of the predecessor.

use landfall_domain::{ClientAccountId, EngagementId, MasterFlowId, MigrationPhase, MigrationStatus};
use sea_orm::entity::prelude::*;

/// A row of `migrations`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "migrations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub name: String,
    pub description: Option<String>,
    pub status: Option<MigrationStatus>,
    pub current_phase: Option<MigrationPhase>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub start_date: Option<DateTimeUtc>,
    pub target_completion_date: Option<DateTimeUtc>,
    pub actual_completion_date: Option<DateTimeUtc>,
    pub source_environment: Option<String>,
    pub target_environment: Option<String>,
    pub migration_strategy: Option<String>,
    pub progress_percentage: Option<i32>,
    pub total_assets: Option<i32>,
    pub migrated_assets: Option<i32>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub ai_recommendations: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub risk_assessment: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub cost_estimates: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub settings: Option<Json>,
    pub master_flow_id: Option<MasterFlowId>,
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
        belongs_to = "super::master_flows::Entity",
        from = "(Column::ClientAccountId, Column::MasterFlowId)",
        to = "(super::master_flows::Column::ClientAccountId, super::master_flows::Column::FlowId)"
    )]
    MasterFlow,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
