//! `migration_waves`: Waves: what moves when.

use landfall_domain::{ClientAccountId, EngagementId, MasterFlowId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `migration_waves`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "migration_waves")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub wave_number: i32,
    pub name: String,
    pub description: Option<String>,
    pub status: Option<String>,
    pub planned_start_date: Option<DateTimeUtc>,
    pub planned_end_date: Option<DateTimeUtc>,
    pub actual_start_date: Option<DateTimeUtc>,
    pub actual_end_date: Option<DateTimeUtc>,
    pub total_assets: Option<i32>,
    pub completed_assets: Option<i32>,
    pub failed_assets: Option<i32>,
    pub estimated_cost: Option<i64>,
    pub actual_cost: Option<i64>,
    pub estimated_effort_hours: Option<f64>,
    pub actual_effort_hours: Option<f64>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<UserId>,
    pub master_flow_id: MasterFlowId,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
