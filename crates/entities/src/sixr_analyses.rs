//! `sixr_analyses`: 6R analyses.

use landfall_domain::{AnalysisStatus, AssetId, ClientAccountId, EngagementId, MasterFlowId, SixrStrategy};
use sea_orm::entity::prelude::*;

/// A row of `sixr_analyses`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sixr_analyses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub migration_id: Option<Uuid>,
    pub name: String,
    pub description: Option<String>,
    pub status: AnalysisStatus,
    pub priority: Option<i32>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub application_ids: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub application_data: Option<Json>,
    pub current_iteration: Option<i32>,
    pub progress_percentage: Option<f64>,
    pub estimated_completion: Option<DateTimeUtc>,
    pub final_recommendation: Option<SixrStrategy>,
    pub confidence_score: Option<f64>,
    pub created_by: Option<String>,
    pub updated_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub analysis_config: Option<Json>,
    pub master_flow_id: MasterFlowId,
    pub asset_id: Option<AssetId>,
    pub application_id: Option<Uuid>,
    pub version: i64,
    pub recommended_strategy: Option<SixrStrategy>,
    pub override_strategy: Option<SixrStrategy>,
    pub override_reason: Option<String>,
    pub overridden_by: Option<String>,
    pub overridden_at: Option<DateTimeUtc>,
    pub policy_version: Option<String>,
    pub input_digest: Option<String>,
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
        belongs_to = "super::migrations::Entity",
        from = "(Column::ClientAccountId, Column::MigrationId)",
        to = "(super::migrations::Column::ClientAccountId, super::migrations::Column::Id)"
    )]
    Migration,
    #[sea_orm(
        belongs_to = "super::assets::Entity",
        from = "(Column::ClientAccountId, Column::AssetId)",
        to = "(super::assets::Column::ClientAccountId, super::assets::Column::Id)",
        on_delete = "Cascade"
    )]
    Asset,
    #[sea_orm(
        belongs_to = "super::applications::Entity",
        from = "(Column::ClientAccountId, Column::ApplicationId)",
        to = "(super::applications::Column::ClientAccountId, super::applications::Column::Id)",
        on_delete = "Cascade"
    )]
    Application,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
