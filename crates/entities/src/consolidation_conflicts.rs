//! `consolidation_conflicts`: Two legacy rows that said different things.

use sea_orm::entity::prelude::*;

/// A row of `consolidation_conflicts`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consolidation_conflicts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub run_id: Uuid,
    pub source_table: String,
    pub source_key: String,
    pub other_table: String,
    pub other_key: String,
    pub source_column: String,
    pub kept_value: Option<String>,
    pub lost_value: Option<String>,
    pub rule: String,
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
