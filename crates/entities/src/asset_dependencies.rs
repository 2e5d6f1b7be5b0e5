//! `asset_dependencies`: Which asset needs which.

use landfall_domain::{AssetId, ClientAccountId, EngagementId, ImportId};
use sea_orm::entity::prelude::*;

/// A row of `asset_dependencies`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_dependencies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub asset_id: AssetId,
    pub depends_on_asset_id: AssetId,
    pub dependency_type: String,
    pub description: Option<String>,
    pub port: i32,
    pub protocol: Option<String>,
    pub weight: f64,
    pub is_hard: bool,
    pub source: String,
    pub data_import_id: Option<ImportId>,
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
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
        belongs_to = "super::assets::Entity",
        from = "(Column::ClientAccountId, Column::AssetId)",
        to = "(super::assets::Column::ClientAccountId, super::assets::Column::Id)",
        on_delete = "Cascade"
    )]
    Asset,
    #[sea_orm(
        belongs_to = "super::assets::Entity",
        from = "(Column::ClientAccountId, Column::DependsOnAssetId)",
        to = "(super::assets::Column::ClientAccountId, super::assets::Column::Id)",
        on_delete = "Cascade"
    )]
    DependsOnAsset,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
