//! `reviews`: What reviewers propose to do with an application or archetype.

use landfall_domain::{ClientAccountId, EngagementId, SixrStrategy};
use sea_orm::entity::prelude::*;

/// A row of `reviews`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub application_id: Option<Uuid>,
    pub archetype_id: Option<Uuid>,
    pub proposed_action: SixrStrategy,
    pub effort_estimate: String,
    pub business_criticality: i32,
    pub work_priority: i32,
    pub comments: Option<String>,
    pub reviewer: String,
    pub version: i64,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
