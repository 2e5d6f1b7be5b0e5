//! Comparison of a live database with the schema that this version expects.

mod compare;
mod postgres;
mod report;
mod shape;
mod sqlite;

pub use report::{Difference, Report};
pub use shape::{ColumnShape, DatabaseShape, ForeignKeyShape, IndexShape, TableShape};

use crate::run::{MIGRATION_TABLE, MigrateError, Session, Target, guard};
use crate::setup;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend};

/// Compares the database with what this version expects: tables, columns, keys, indexes, conditions, named types, row-level
/// security, grants, and leftovers of the predecessor. Reads the catalogue only, so any user may ask.
///
/// # Errors
/// The database cannot be opened or read. What is wrong with the schema is in the report.
pub async fn validate(target: impl Into<Target>) -> Result<Report, MigrateError> {
    let target = target.into();
    let Some(session) = Session::open_existing(&target).await? else {
        return Ok(Report::new(&target.to_string(), 0, vec![report::no_database()]));
    };
    let differences = differences(session.connection(), session.target()).await;
    session.close().await;
    let (tables, differences) = differences?;
    Ok(Report::new(&target.to_string(), tables, differences))
}

/// What the catalogue of the database says, read in the same form for every backend. The record of migrations is left out.
///
/// # Errors
/// The database cannot be opened or read.
pub async fn read_shape(target: impl Into<Target>) -> Result<DatabaseShape, MigrateError> {
    let session = Session::open(&target.into()).await?;
    let shape = read(session.connection()).await;
    session.close().await;
    Ok(shape?)
}

async fn read(connection: &DatabaseConnection) -> Result<DatabaseShape, DbErr> {
    let mut shape = match connection.get_database_backend() {
        DbBackend::Postgres => postgres::read(connection).await?,
        _ => sqlite::read(connection).await?,
    };
    shape.tables.remove(MIGRATION_TABLE);
    Ok(shape)
}

async fn differences(
    connection: &DatabaseConnection,
    target: &str,
) -> Result<(usize, Vec<Difference>), MigrateError> {
    let mut differences = match guard::applied(connection, target).await {
        Ok(applied) => report::pending(&applied),
        Err(error @ (MigrateError::Unknown { .. } | MigrateError::Newer { .. })) => {
            vec![report::foreign(&error)]
        }
        Err(error) => return Err(error),
    };
    let dialect = setup::dialect(connection).await?;
    let expected = DatabaseShape::expected(dialect);
    let found = read(connection).await?;
    differences.extend(compare::compare(&expected, &found));
    Ok((found.tables.len(), differences))
}
