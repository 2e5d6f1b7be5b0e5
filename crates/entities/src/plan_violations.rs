//! `plan_violations`: Breaches of planning rules in the present version of a plan.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `plan_violations`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_violations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub plan_id: Uuid,
    pub position: i32,
    pub rule: String,
    pub severity: String,
    pub message: String,
    pub mitigation: String,
    pub breaches: i64,
    #[sea_orm(column_type = "JsonBinary")]
    pub waves: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub asset_ids: Json,
    pub created_at: DateTimeUtc,
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
