//! `sixr_question_responses`: Answers given in a 6R analysis.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `sixr_question_responses`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sixr_question_responses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub analysis_id: Uuid,
    pub iteration_number: i32,
    pub question_id: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub response_value: Option<Json>,
    pub response_text: Option<String>,
    pub confidence: Option<f64>,
    pub source: Option<String>,
    pub response_time: Option<f64>,
    pub validation_status: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub validation_errors: Option<Json>,
    pub created_by: Option<String>,
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
