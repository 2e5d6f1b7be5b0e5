//! `application_tags`: Which application bears which tag, and who says so.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `application_tags`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "application_tags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub application_id: Uuid,
    pub tag_id: Uuid,
    pub source: String,
    pub created_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::applications::Entity",
        from = "(Column::ClientAccountId, Column::ApplicationId)",
        to = "(super::applications::Column::ClientAccountId, super::applications::Column::Id)",
        on_delete = "Cascade"
    )]
    Application,
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
