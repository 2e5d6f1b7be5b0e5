//! `sixr_analysis_parameters`: Parameters of an iteration of a 6R analysis.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `sixr_analysis_parameters`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sixr_analysis_parameters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub analysis_id: Uuid,
    pub iteration_number: i32,
    pub business_value: f64,
    pub technical_complexity: f64,
    pub migration_urgency: f64,
    pub compliance_requirements: f64,
    pub cost_sensitivity: f64,
    pub risk_tolerance: f64,
    pub innovation_priority: f64,
    pub application_type: Option<String>,
    pub parameter_source: Option<String>,
    pub confidence_level: Option<f64>,
    pub created_by: Option<String>,
    pub updated_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub parameter_notes: Option<String>,
    pub validation_status: Option<String>,
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
