//! `consolidation_ledger`: Outcome of each legacy column: kept, renamed, converted, merged, archived, rejected.

use sea_orm::entity::prelude::*;

/// A row of `consolidation_ledger`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consolidation_ledger")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub run_id: Uuid,
    pub source_table: String,
    pub source_column: String,
    pub outcome: String,
    pub rule: Option<String>,
    pub row_count: i64,
    pub checksum: Option<String>,
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
