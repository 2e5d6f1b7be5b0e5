//! `stakeholder_roles`: What a stakeholder is to an application, archetype or assessment.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `stakeholder_roles`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stakeholder_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub stakeholder_id: Uuid,
    pub application_id: Option<Uuid>,
    pub archetype_id: Option<Uuid>,
    pub assessment_id: Option<Uuid>,
    pub role: String,
    pub created_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::stakeholders::Entity",
        from = "(Column::ClientAccountId, Column::StakeholderId)",
        to = "(super::stakeholders::Column::ClientAccountId, super::stakeholders::Column::Id)",
        on_delete = "Cascade"
    )]
    Stakeholder,
    #[sea_orm(
        belongs_to = "super::applications::Entity",
        from = "(Column::ClientAccountId, Column::ApplicationId)",
        to = "(super::applications::Column::ClientAccountId, super::applications::Column::Id)",
        on_delete = "Cascade"
    )]
    Application,
    #[sea_orm(
        belongs_to = "super::archetypes::Entity",
        from = "(Column::ClientAccountId, Column::ArchetypeId)",
        to = "(super::archetypes::Column::ClientAccountId, super::archetypes::Column::Id)",
        on_delete = "Cascade"
    )]
    Archetype,
    #[sea_orm(
        belongs_to = "super::assessments::Entity",
        from = "(Column::ClientAccountId, Column::AssessmentId)",
        to = "(super::assessments::Column::ClientAccountId, super::assessments::Column::Id)",
        on_delete = "Cascade"
    )]
    Assessment,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
