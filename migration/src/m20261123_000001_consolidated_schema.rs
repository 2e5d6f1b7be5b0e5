//! The consolidated schema: every table of the product, built from one description per area.

mod applications;
mod assessments;
mod assets;
mod consolidation;
mod flows;
mod imports;
mod labels;
mod planning;
mod questionnaires;
mod tenancy;

use crate::schema::{Dialect, LabelType, Table, creation_order};
use crate::setup;
use sea_orm_migration::prelude::*;

/// The first migration.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The tables by area, each area with a heading for a person.
pub(crate) fn areas() -> Vec<(&'static str, Vec<Table>)> {
    vec![
        ("Tenancy and people", tenancy::tables()),
        ("Orchestration", flows::tables()),
        ("Discovery", imports::tables()),
        ("Inventory", assets::tables()),
        ("Applications and tags", applications::tables()),
        ("Assessment", assessments::tables()),
        ("Questionnaires, reviews and prices", questionnaires::tables()),
        ("Planning", planning::tables()),
        ("Consolidation", consolidation::tables()),
    ]
}

/// Every table, in an order in which each comes after those that it refers to.
pub(crate) fn tables() -> Vec<Table> {
    creation_order(areas().into_iter().flat_map(|(_, tables)| tables).collect())
}

/// Every named type.
pub(crate) fn label_types() -> &'static [LabelType] {
    &labels::ALL
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let dialect = setup::dialect(connection).await?;
        if dialect != Dialect::Sqlite {
            for statement in setup::functions_and_types(label_types()) {
                connection.execute_unprepared(&statement).await?;
            }
        }
        for statement in dialect.create_tables(&tables()) {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in tables().iter().rev() {
            connection
                .execute_unprepared(&format!("DROP TABLE {}", table.name))
                .await?;
        }
        if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
            for statement in setup::drop_types(label_types()) {
                connection.execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}
