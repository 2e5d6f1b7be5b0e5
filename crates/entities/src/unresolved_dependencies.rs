//! `unresolved_dependencies`: What imports say about assets that the inventory does not have yet; later imports may bring
//! them.

use landfall_domain::{ClientAccountId, EngagementId, ImportId};
use sea_orm::entity::prelude::*;

/// A row of `unresolved_dependencies`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unresolved_dependencies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub data_import_id: ImportId,
    pub source: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub hint: Json,
    pub created_at: DateTimeUtc,
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
        belongs_to = "super::data_imports::Entity",
        from = "(Column::ClientAccountId, Column::DataImportId)",
        to = "(super::data_imports::Column::ClientAccountId, super::data_imports::Column::Id)",
        on_delete = "Cascade"
    )]
    DataImport,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
