//! `consolidation_steps`: Steps of a run.

use sea_orm::entity::prelude::*;

/// A row of `consolidation_steps`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consolidation_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub run_id: Uuid,
    pub name: String,
    pub ordinal: i32,
    pub state: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub details: Json,
    pub started_at: Option<DateTimeUtc>,
    pub completed_at: Option<DateTimeUtc>,
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
