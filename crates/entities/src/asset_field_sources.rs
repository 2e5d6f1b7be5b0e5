//! `asset_field_sources`: What each source said about an asset: one row per asset and source record, or per edit by a person.

use landfall_domain::{AssetId, ClientAccountId, EngagementId, ImportId};
use sea_orm::entity::prelude::*;

/// A row of `asset_field_sources`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_field_sources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub asset_id: AssetId,
    pub data_import_id: Option<ImportId>,
    pub record_index: Option<i64>,
    pub source: String,
    pub precedence: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub field_values: Json,
    pub recorded_at: DateTimeUtc,
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
