//! `legacy_archive`: Legacy values that have no place in the schema.

use landfall_domain::ClientAccountId;
use sea_orm::entity::prelude::*;

/// A row of `legacy_archive`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "legacy_archive")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub run_id: Uuid,
    pub source_table: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub source_key: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub columns: Json,
    pub raw_text: Option<String>,
    pub row_sha256: String,
    pub reason: String,
    pub archived_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::client_accounts::Entity",
        from = "Column::ClientAccountId",
        to = "super::client_accounts::Column::Id"
    )]
    ClientAccount,
    #[sea_orm(
        belongs_to = "super::consolidation_runs::Entity",
        from = "Column::RunId",
        to = "super::consolidation_runs::Column::Id"
    )]
    Run,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(None);
