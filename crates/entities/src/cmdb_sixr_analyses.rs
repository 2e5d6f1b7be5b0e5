//! `cmdb_sixr_analyses`: 6R totals over an inventory.

use landfall_domain::{ClientAccountId, EngagementId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `cmdb_sixr_analyses`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cmdb_sixr_analyses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub analysis_name: String,
    pub description: Option<String>,
    pub status: Option<String>,
    pub total_assets: Option<i32>,
    pub rehost_count: Option<i32>,
    pub replatform_count: Option<i32>,
    pub refactor_count: Option<i32>,
    pub rearchitect_count: Option<i32>,
    pub retire_count: Option<i32>,
    pub retain_count: Option<i32>,
    pub total_current_cost: Option<i64>,
    pub total_estimated_cost: Option<i64>,
    pub potential_savings: Option<i64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub analysis_results: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub recommendations: Option<Json>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: Option<UserId>,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
