//! Landfall's schema: migrations, the command line around them and the comparison of a database with what it should be.

mod documentation;
pub mod live;
mod m20261123_000001_consolidated_schema;
pub mod run;
pub mod schema;
mod setup;
pub mod validate;

pub use documentation::schema_markdown;
pub use run::up;
pub use sea_orm_migration::MigratorTrait;
pub use setup::POSTGRES_SCHEMA;

use schema::{LabelType, Table};
use sea_orm_migration::prelude::*;

/// Every migration, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261123_000001_consolidated_schema::Migration)]
    }
}

/// The tables that a fully migrated database has, each after those that it refers to.
pub fn expected_tables() -> Vec<Table> {
    m20261123_000001_consolidated_schema::tables()
}

/// The tables by area, each area with a heading for a person.
pub fn expected_areas() -> Vec<(&'static str, Vec<Table>)> {
    m20261123_000001_consolidated_schema::areas()
}

/// The named types that a fully migrated database has.
pub fn expected_label_types() -> &'static [LabelType] {
    m20261123_000001_consolidated_schema::label_types()
}
