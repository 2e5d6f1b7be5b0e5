//! `asset_disks`: Disks and partitions of an asset.

use landfall_domain::{AssetId, ClientAccountId, EngagementId, ImportId};
use sea_orm::entity::prelude::*;

/// A row of `asset_disks`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_disks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub asset_id: AssetId,
    pub data_import_id: Option<ImportId>,
    pub label: String,
    pub kind: String,
    pub size_gb: Option<f64>,
    pub used_gb: Option<f64>,
    pub storage_type: Option<String>,
    pub is_thin: Option<bool>,
    pub controller: Option<String>,
    pub path: Option<String>,
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
