//! Making room: the target's tables, the functions that statements share, and tables without indexes while they are filled.

use crate::database::{Catalog, execute, has_schema, rows, scalar, text};
use crate::map::{legacy_tables, target_tables};
use crate::{Error, Options};
use landfall_domain::ids::fixed;
use sqlx::{Connection, PgConnection};
use std::collections::BTreeSet;

/// Functions that statements, proof and views share.
const FUNCTIONS: &str = include_str!("sql/functions.sql");

/// Schema of the functions, and of what must not be forgotten.
pub(crate) const SHARED: &str = "consolidation";
/// Schema of the placements.
pub(crate) const WORK: &str = "consolidation_work";

/// The statements that make the shared functions.
pub(crate) fn functions() -> String {
    FUNCTIONS
        .replace(":test_client", &format!("'{}'", fixed::TEST_CLIENT_ACCOUNT))
        .replace(":test_engagement", &format!("'{}'", fixed::TEST_ENGAGEMENT))
        .replace(
            ":quarantine_client",
            &format!("'{}'", fixed::QUARANTINE_CLIENT_ACCOUNT),
        )
        .replace(
            ":quarantine_engagement",
            &format!("'{}'", fixed::QUARANTINE_ENGAGEMENT),
        )
}

/// Makes the target's tables and the shared schema. Answers whether the target's tables were there before.
pub(crate) async fn schemas(connection: &mut PgConnection, options: &Options) -> Result<bool, Error> {
    if !has_schema(connection, SHARED).await? {
        let existed = has_schema(connection, "landfall").await?;
        let mut transaction = connection.begin().await?;
        execute(&mut transaction, &format!("CREATE SCHEMA {SHARED}")).await?;
        execute(&mut transaction, &functions()).await?;
        execute(
            &mut transaction,
            &format!(
                "CREATE TABLE {SHARED}.origin (landfall_existed boolean NOT NULL); \
                 INSERT INTO {SHARED}.origin VALUES ({existed}); \
                 CREATE TABLE {SHARED}.dropped (place integer GENERATED ALWAYS AS IDENTITY, kind text NOT NULL, \
                 table_name text NOT NULL, name text NOT NULL, definition text NOT NULL, PRIMARY KEY (kind, table_name, name)); \
                 GRANT USAGE ON SCHEMA {SHARED} TO PUBLIC"
            ),
        )
        .await?;
        transaction.commit().await?;
    }
    migration::run::up(options.target.as_str()).await?;
    scalar(
        connection,
        &format!("SELECT landfall_existed FROM {SHARED}.origin"),
    )
    .await
}

/// The tables of the target that rows are moved into.
pub(crate) fn filled_tables() -> BTreeSet<&'static str> {
    legacy_tables()
        .iter()
        .filter_map(|table| table.target)
        .chain(["legacy_archive", "asset_field_sources"])
        .collect()
}

/// Refuses a target that holds rows already: whose they are could not be told apart later.
pub(crate) async fn check_empty(connection: &mut PgConnection) -> Result<(), Error> {
    let mut filled = Vec::new();
    for table in filled_tables() {
        if scalar::<bool>(
            connection,
            &format!("SELECT EXISTS (SELECT FROM landfall.{table})"),
        )
        .await?
        {
            filled.push(table);
        }
    }
    if filled.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "the target holds rows already (in {}); take over into an empty database",
        filled.join(", ")
    )))
}

/// Takes indexes and foreign keys off the tables that are filled; they are made again when the rows are there.
pub(crate) async fn drop_indexes(connection: &mut PgConnection) -> Result<(), Error> {
    let tables: Vec<_> = filled_tables()
        .into_iter()
        .chain(["consolidation_map"])
        .map(|table| format!("'landfall.{table}'::regclass"))
        .collect();
    let tables = tables.join(", ");
    execute(
        connection,
        &format!(
            "INSERT INTO {SHARED}.dropped (kind, table_name, name, definition) \
             SELECT 'index', c.relname, i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
             JOIN pg_class c ON c.oid = x.indrelid WHERE x.indrelid IN ({tables}) AND NOT x.indisprimary ORDER BY 2, 3 ON CONFLICT DO NOTHING; \
             INSERT INTO {SHARED}.dropped (kind, table_name, name, definition) \
             SELECT 'foreign key', c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k \
             JOIN pg_class c ON c.oid = k.conrelid WHERE k.conrelid IN ({tables}) AND k.contype = 'f' ORDER BY 2, 3 ON CONFLICT DO NOTHING"
        ),
    )
    .await?;
    let dropped = rows(
        connection,
        &format!("SELECT kind, table_name, name FROM {SHARED}.dropped ORDER BY kind, place"),
    )
    .await?;
    for row in &dropped {
        let (kind, table, name) = (text(row, 0)?, text(row, 1)?, text(row, 2)?);
        let statement = if kind == "index" {
            format!("DROP INDEX IF EXISTS landfall.\"{name}\"")
        } else {
            format!("ALTER TABLE landfall.\"{table}\" DROP CONSTRAINT IF EXISTS \"{name}\"")
        };
        execute(connection, &statement).await?;
    }
    Ok(())
}

/// Every table of the target, for checks.
pub(crate) fn known_target(table: &str) -> bool {
    target_tables().iter().any(|known| known.name == table)
}

/// Tables of a legacy schema that the map does not know.
pub(crate) fn unknown_tables(catalog: &Catalog) -> Vec<&str> {
    catalog
        .keys()
        .map(String::as_str)
        .filter(|table| crate::map::legacy_table(table).is_none())
        .collect()
}
