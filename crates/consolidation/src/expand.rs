//! Making room: the target's tables, the functions that statements share, and tables without indexes while they are filled.

use crate::database::{Catalog, execute, has_schema, rows, scalar, text};
use crate::map::{Tenant, legacy_tables};
use crate::source::SOURCE;
use crate::statement::{literal, name};
use crate::{Error, Options};
use landfall_domain::ids::fixed;
use sqlx::{Connection, PgConnection, Row};
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

/// Makes the target's tables and the shared schema, and notes whether the target's tables were there before.
pub(crate) async fn schemas(connection: &mut PgConnection, options: &Options) -> Result<(), Error> {
    if !has_schema(connection, SHARED).await? {
        let existed = has_schema(connection, "landfall").await?;
        let mut transaction = connection.begin().await?;
        execute(&mut transaction, &format!("CREATE SCHEMA {SHARED}")).await?;
        execute(&mut transaction, &functions()).await?;
        execute(
            &mut transaction,
            &format!(
                "CREATE TABLE {SHARED}.origin (landfall_existed boolean NOT NULL, schema_made boolean NOT NULL DEFAULT false); \
                 INSERT INTO {SHARED}.origin (landfall_existed) VALUES ({existed}); \
                 CREATE TABLE {SHARED}.own (table_name text NOT NULL, key text NOT NULL, PRIMARY KEY (table_name, key)); \
                 CREATE TABLE {SHARED}.dropped (place integer GENERATED ALWAYS AS IDENTITY, kind text NOT NULL, \
                 table_name text NOT NULL, name text NOT NULL, definition text NOT NULL, PRIMARY KEY (kind, table_name, name)); \
                 GRANT USAGE ON SCHEMA {SHARED} TO PUBLIC"
            ),
        )
        .await?;
        transaction.commit().await?;
    }
    migration::run::up(options.target.as_str()).await?;
    Ok(())
}

/// The tables of the target that rows are moved into.
pub(crate) fn filled_tables() -> BTreeSet<&'static str> {
    legacy_tables()
        .iter()
        .filter_map(|table| table.target)
        .chain(["legacy_archive", "asset_field_sources"])
        .collect()
}

/// The column by which a row of a table of the target is noted.
pub(crate) fn noted_key(table: &str) -> &'static str {
    legacy_tables()
        .iter()
        .find(|known| known.target == Some(table))
        .map_or("id", |known| known.target_key)
}

/// Notes the rows that Landfall has of its own: the proof leaves them out, and a rollback leaves them there.
pub(crate) async fn note_own_rows(connection: &mut PgConnection) -> Result<(), Error> {
    for table in filled_tables() {
        execute(
            connection,
            &format!(
                "INSERT INTO {SHARED}.own SELECT DISTINCT '{table}', {}::text FROM landfall.{table} ON CONFLICT DO NOTHING",
                name(noted_key(table))
            ),
        )
        .await?;
    }
    execute(connection, &format!("ANALYZE {SHARED}.own"))
        .await
        .map(drop)
}

/// Refuses legacy rows with the key of a row that Landfall has of its own: they could not be told apart.
pub(crate) async fn check_own_rows(connection: &mut PgConnection) -> Result<(), Error> {
    let mut taken = Vec::new();
    for table in legacy_tables() {
        let Some(target) = table.target else { continue };
        let (from, key) = match table.tenant {
            Tenant::Placed => (format!("{WORK}.placed_{}", table.name), "target"),
            _ => (format!("{SOURCE}.{}", name(table.name)), table.key),
        };
        let found: bool = scalar(
            connection,
            &format!(
                "SELECT EXISTS (SELECT FROM {SHARED}.own o JOIN {from} x ON x.{}::text = o.key WHERE o.table_name = '{target}')",
                name(key)
            ),
        )
        .await?;
        if found {
            taken.push(table.name);
        }
    }
    if taken.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "rows of the legacy tables {} have the ids of rows that Landfall has already; roll back, and take over into another database",
        taken.join(", ")
    )))
}

/// Whether the schema in which old clients look was made for the views.
pub(crate) async fn schema_made(connection: &mut PgConnection) -> Result<bool, Error> {
    if !has_schema(connection, SHARED).await? {
        return Ok(false);
    }
    scalar(connection, &format!("SELECT schema_made FROM {SHARED}.origin")).await
}

/// Drops a schema that was made for the views, unless somebody put something else there.
pub(crate) async fn drop_made_schema(connection: &mut PgConnection, schema: &str) -> Result<(), Error> {
    let is_empty = format!(
        "SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid) AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid) \
         FROM pg_namespace n WHERE nspname = {}",
        literal(schema)
    );
    let found = rows(connection, &is_empty).await?;
    if let Some(row) = found.first()
        && row.try_get::<bool, _>(0)?
    {
        execute(connection, &format!("DROP SCHEMA {}", name(schema))).await?;
    }
    Ok(())
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
        let (kind, table, dropped) = (text(row, 0)?, text(row, 1)?, name(&text(row, 2)?));
        let statement = if kind == "index" {
            format!("DROP INDEX IF EXISTS landfall.{dropped}")
        } else {
            format!(
                "ALTER TABLE landfall.{} DROP CONSTRAINT IF EXISTS {dropped}",
                name(&table)
            )
        };
        execute(connection, &statement).await?;
    }
    Ok(())
}

/// Tables of a legacy schema that the map does not know.
pub(crate) fn unknown_tables(catalog: &Catalog) -> Vec<&str> {
    catalog
        .keys()
        .map(String::as_str)
        .filter(|table| crate::map::legacy_table(table).is_none())
        .collect()
}
