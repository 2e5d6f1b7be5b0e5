//! `consolidation_map`: Where each legacy row went.

use landfall_domain::ClientAccountId;
use sea_orm::entity::prelude::*;

/// A row of `consolidation_map`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consolidation_map")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_table: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_key: String,
    pub client_account_id: Option<ClientAccountId>,
    pub target_table: Option<String>,
    pub target_key: Option<String>,
    pub outcome: String,
    pub rule: Option<String>,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::consolidation_runs::Entity",
        from = "Column::RunId",
        to = "super::consolidation_runs::Column::Id",
        on_delete = "Cascade"
    )]
    Run,
}

impl ActiveModelBehavior for ActiveModel {}
