//! `assessments`: Assessments of assets and applications.

use landfall_domain::{
    AssessmentStatus, AssessmentType, AssetId, ClientAccountId, EngagementId, MasterFlowId, RiskLevel,
};
use sea_orm::entity::prelude::*;

/// A row of `assessments`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assessments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub migration_id: Option<Uuid>,
    pub asset_id: Option<AssetId>,
    pub assessment_type: AssessmentType,
    pub status: Option<AssessmentStatus>,
    pub title: String,
    pub description: Option<String>,
    pub overall_score: Option<f64>,
    pub risk_level: Option<RiskLevel>,
    pub confidence_level: Option<f64>,
    pub recommended_strategy: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub alternative_strategies: Option<Json>,
    pub strategy_rationale: Option<String>,
    pub current_cost: Option<i64>,
    pub estimated_migration_cost: Option<i64>,
    pub estimated_target_cost: Option<i64>,
    pub cost_savings_potential: Option<i64>,
    pub roi_months: Option<i32>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub identified_risks: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub risk_mitigation: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub blockers: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub dependencies_impact: Option<Json>,
    pub technical_complexity: Option<String>,
    pub compatibility_score: Option<f64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub modernization_opportunities: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub performance_impact: Option<Json>,
    pub business_criticality: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub downtime_requirements: Option<Json>,
    pub user_impact: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub compliance_considerations: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub ai_insights: Option<Json>,
    pub ai_confidence: Option<f64>,
    pub ai_model_version: Option<String>,
    pub estimated_effort_hours: Option<i32>,
    pub estimated_duration_days: Option<i32>,
    pub recommended_wave: Option<i32>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub prerequisites: Option<Json>,
    pub assessor: Option<String>,
    pub assessment_date: Option<DateTimeUtc>,
    pub review_date: Option<DateTimeUtc>,
    pub approval_date: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub master_flow_id: MasterFlowId,
    pub application_id: Option<Uuid>,
    pub archetype_id: Option<Uuid>,
    pub questionnaire_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub results: Json,
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
        belongs_to = "super::migrations::Entity",
        from = "(Column::ClientAccountId, Column::MigrationId)",
        to = "(super::migrations::Column::ClientAccountId, super::migrations::Column::Id)"
    )]
    Migration,
    #[sea_orm(
        belongs_to = "super::assets::Entity",
        from = "(Column::ClientAccountId, Column::AssetId)",
        to = "(super::assets::Column::ClientAccountId, super::assets::Column::Id)"
    )]
    Asset,
    #[sea_orm(
        belongs_to = "super::applications::Entity",
        from = "(Column::ClientAccountId, Column::ApplicationId)",
        to = "(super::applications::Column::ClientAccountId, super::applications::Column::Id)"
    )]
    Application,
    #[sea_orm(
        belongs_to = "super::archetypes::Entity",
        from = "(Column::ClientAccountId, Column::ArchetypeId)",
        to = "(super::archetypes::Column::ClientAccountId, super::archetypes::Column::Id)"
    )]
    Archetype,
    #[sea_orm(
        belongs_to = "super::questionnaires::Entity",
        from = "(Column::ClientAccountId, Column::QuestionnaireId)",
        to = "(super::questionnaires::Column::ClientAccountId, super::questionnaires::Column::Id)"
    )]
    Questionnaire,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
