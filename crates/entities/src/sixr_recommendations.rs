//! `sixr_recommendations`: What a 6R analysis recommends, and why.

use landfall_domain::{ClientAccountId, EngagementId, SixrStrategy};
use sea_orm::entity::prelude::*;

/// A row of `sixr_recommendations`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sixr_recommendations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub analysis_id: Uuid,
    pub iteration_number: Option<i32>,
    pub recommended_strategy: SixrStrategy,
    pub confidence_score: f64,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub strategy_scores: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub key_factors: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub assumptions: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub next_steps: Option<Json>,
    pub estimated_effort: Option<String>,
    pub estimated_timeline: Option<String>,
    pub estimated_cost_impact: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub risk_factors: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub business_benefits: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub technical_benefits: Option<Json>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub rule_evidence: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub counterfactuals: Json,
    pub policy_version: Option<String>,
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
