//! `asset_tags`: Which asset bears which tag.

use landfall_domain::{AssetId, ClientAccountId, EngagementId, ImportId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `asset_tags`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_tags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub asset_id: AssetId,
    pub tag_id: Uuid,
    pub confidence_score: Option<f64>,
    pub assigned_method: Option<String>,
    pub assigned_by: Option<UserId>,
    pub is_validated: bool,
    pub validated_by: Option<UserId>,
    pub validated_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub data_import_id: Option<ImportId>,
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
    #[sea_orm(
        belongs_to = "super::tags::Entity",
        from = "(Column::ClientAccountId, Column::TagId)",
        to = "(super::tags::Column::ClientAccountId, super::tags::Column::Id)",
        on_delete = "Cascade"
    )]
    Tag,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
