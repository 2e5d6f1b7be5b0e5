//! `asset_networks`: Network adapters of an asset.

use landfall_domain::{AssetId, ClientAccountId, EngagementId, ImportId};
use sea_orm::entity::prelude::*;

/// A row of `asset_networks`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_networks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub asset_id: AssetId,
    pub data_import_id: Option<ImportId>,
    pub label: String,
    pub mac_address: Option<String>,
    pub ipv4_address: Option<String>,
    pub ipv6_address: Option<String>,
    pub network: Option<String>,
    pub switch_name: Option<String>,
    pub is_connected: Option<bool>,
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
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
