//! `archetype_tags`: Tags by which an archetype knows its members, and tags that it gives them.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `archetype_tags`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "archetype_tags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub archetype_id: Uuid,
    pub tag_id: Uuid,
    pub purpose: String,
    pub created_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::archetypes::Entity",
        from = "(Column::ClientAccountId, Column::ArchetypeId)",
        to = "(super::archetypes::Column::ClientAccountId, super::archetypes::Column::Id)",
        on_delete = "Cascade"
    )]
    Archetype,
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
