//! `sixr_iterations`: Iterations of a 6R analysis.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `sixr_iterations`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sixr_iterations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub analysis_id: Uuid,
    pub iteration_number: i32,
    pub iteration_name: Option<String>,
    pub iteration_reason: Option<String>,
    pub stakeholder_feedback: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub parameter_changes: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub question_responses: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub recommendation_data: Option<Json>,
    pub confidence_score: Option<f64>,
    pub analysis_duration: Option<f64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub agent_insights: Option<Json>,
    pub status: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub error_details: Option<Json>,
    pub created_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub completed_at: Option<DateTimeUtc>,
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
        belongs_to = "super::sixr_analyses::Entity",
        from = "(Column::ClientAccountId, Column::AnalysisId)",
        to = "(super::sixr_analyses::Column::ClientAccountId, super::sixr_analyses::Column::Id)",
        on_delete = "Cascade"
    )]
    Analysis,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
