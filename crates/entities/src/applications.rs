//! `applications`: Applications: groups of assets that are planned together.

use landfall_domain::{ClientAccountId, EngagementId, ImportId, MasterFlowId};
use sea_orm::entity::prelude::*;

/// A row of `applications`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub master_flow_id: Option<MasterFlowId>,
    pub name: String,
    pub name_key: String,
    pub description: Option<String>,
    pub business_service: Option<String>,
    pub business_owner: Option<String>,
    pub technical_owner: Option<String>,
    pub criticality: Option<String>,
    pub source: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
    pub created_by_import_id: Option<ImportId>,
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
        belongs_to = "super::master_flows::Entity",
        from = "(Column::ClientAccountId, Column::MasterFlowId)",
        to = "(super::master_flows::Column::ClientAccountId, super::master_flows::Column::FlowId)"
    )]
    MasterFlow,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
