//! `consolidation_batches`: Committed batches of a step.

use sea_orm::entity::prelude::*;

/// A row of `consolidation_batches`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consolidation_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub run_id: Uuid,
    pub source_table: String,
    pub batch_number: i64,
    pub last_key: Option<String>,
    pub rows_in: i64,
    pub rows_out: i64,
    pub rows_merged: i64,
    pub rows_archived: i64,
    pub rows_rejected: i64,
    pub committed_at: DateTimeUtc,
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
