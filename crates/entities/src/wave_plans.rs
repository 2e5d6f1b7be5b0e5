//! `wave_plans`: Plans of waves.

use landfall_domain::{ClientAccountId, EngagementId, MasterFlowId, RiskLevel};
use sea_orm::entity::prelude::*;

/// A row of `wave_plans`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wave_plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub migration_id: Option<Uuid>,
    pub wave_number: i32,
    pub wave_name: Option<String>,
    pub description: Option<String>,
    pub planned_start_date: Option<DateTimeUtc>,
    pub planned_end_date: Option<DateTimeUtc>,
    pub actual_start_date: Option<DateTimeUtc>,
    pub actual_end_date: Option<DateTimeUtc>,
    pub total_assets: Option<i32>,
    pub completed_assets: Option<i32>,
    pub estimated_effort_hours: Option<i32>,
    pub estimated_cost: Option<i64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub prerequisites: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub dependencies: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub constraints: Option<Json>,
    pub overall_risk_level: Option<RiskLevel>,
    pub complexity_score: Option<f64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub success_criteria: Option<Json>,
    pub status: Option<String>,
    pub progress_percentage: Option<f64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub ai_recommendations: Option<Json>,
    pub optimization_score: Option<f64>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub master_flow_id: MasterFlowId,
    pub wave_id: Option<Uuid>,
    pub plan_version: i32,
    pub plan_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub evaluation: Option<Json>,
    pub version: i64,
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
    #[sea_orm(
        belongs_to = "super::plans::Entity",
        from = "(Column::ClientAccountId, Column::PlanId)",
        to = "(super::plans::Column::ClientAccountId, super::plans::Column::Id)",
        on_delete = "Cascade"
    )]
    Plan,
    #[sea_orm(
        belongs_to = "super::migrations::Entity",
        from = "(Column::ClientAccountId, Column::MigrationId)",
        to = "(super::migrations::Column::ClientAccountId, super::migrations::Column::Id)"
    )]
    Migration,
    #[sea_orm(
        belongs_to = "super::migration_waves::Entity",
        from = "(Column::ClientAccountId, Column::WaveId)",
        to = "(super::migration_waves::Column::ClientAccountId, super::migration_waves::Column::Id)"
    )]
    Wave,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
