//! `wave_plan_assets`: Which asset moves in which wave of a plan.

use landfall_domain::{AssetId, ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `wave_plan_assets`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wave_plan_assets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub wave_plan_id: Uuid,
    pub asset_id: AssetId,
    pub is_pinned: bool,
    pub reason: Option<String>,
    pub replaced_wave: Option<i32>,
    pub replaced_status: Option<String>,
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
        belongs_to = "super::wave_plans::Entity",
        from = "(Column::ClientAccountId, Column::WavePlanId)",
        to = "(super::wave_plans::Column::ClientAccountId, super::wave_plans::Column::Id)",
        on_delete = "Cascade"
    )]
    WavePlan,
    #[sea_orm(
        belongs_to = "super::assets::Entity",
        from = "(Column::ClientAccountId, Column::AssetId)",
        to = "(super::assets::Column::ClientAccountId, super::assets::Column::Id)",
        on_delete = "Cascade"
    )]
    Asset,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
