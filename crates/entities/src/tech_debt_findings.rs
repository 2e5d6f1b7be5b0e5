//! `tech_debt_findings`: What is out of support, with the reason.

use landfall_domain::{AssetId, ClientAccountId, DiscoveryFlowId, EngagementId, RiskLevel};
use sea_orm::entity::prelude::*;

/// A row of `tech_debt_findings`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tech_debt_findings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub asset_id: AssetId,
    pub discovery_flow_id: Option<DiscoveryFlowId>,
    pub kind: String,
    pub severity: RiskLevel,
    pub product: String,
    pub product_version: Option<String>,
    pub end_of_support: Option<String>,
    pub explanation: String,
    pub catalogue_source: String,
    pub catalogue_date: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
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
