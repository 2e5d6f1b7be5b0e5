//! `plan_changes`: Which assets a version of a plan moved, from which wave to which.

use landfall_domain::{AssetId, ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `plan_changes`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub plan_id: Uuid,
    pub plan_version: i32,
    pub asset_id: AssetId,
    pub from_wave: Option<i32>,
    pub to_wave: Option<i32>,
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
        belongs_to = "super::plans::Entity",
        from = "(Column::ClientAccountId, Column::PlanId)",
        to = "(super::plans::Column::ClientAccountId, super::plans::Column::Id)",
        on_delete = "Cascade"
    )]
    Plan,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
