//! Whether a database is Landfall's.

use super::{MIGRATION_TABLE, MigrateError};
use crate::{Migrator, POSTGRES_SCHEMA};
use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// How many foreign tables an error message names.
const SHOWN_TABLES: usize = 5;

/// The applied migrations, oldest first; none in an empty database.
pub(crate) async fn applied<C: ConnectionTrait>(
    connection: &C,
    target: &str,
) -> Result<Vec<String>, MigrateError> {
    let tables = tables(connection).await?;
    let (record, others): (Vec<_>, Vec<_>) = tables.into_iter().partition(|name| name == MIGRATION_TABLE);
    let unknown = |record: &str| MigrateError::Unknown {
        target: target.to_owned(),
        tables: shown(&others),
        record: record.to_owned(),
    };
    if record.is_empty() {
        return if others.is_empty() {
            Ok(Vec::new())
        } else {
            Err(unknown("no record of migrations"))
        };
    }
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    let versions = recorded(connection).await?;
    let strangers: Vec<_> = versions
        .iter()
        .filter(|version| !known.contains(version))
        .cloned()
        .collect();
    if versions.is_empty() && !others.is_empty() {
        return Err(unknown("its record of migrations is empty"));
    }
    if strangers.is_empty() {
        return Ok(versions);
    }
    if strangers.len() == versions.len() {
        return Err(unknown("its record of migrations is another application's"));
    }
    Err(MigrateError::Newer {
        target: target.to_owned(),
        migrations: strangers.join(", "),
    })
}

/// The tables of the database (on PostgreSQL: of Landfall's schema).
pub(super) async fn tables<C: ConnectionTrait>(connection: &C) -> Result<Vec<String>, DbErr> {
    let sql = if connection.get_database_backend() == DbBackend::Postgres {
        format!(
            "SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = '{POSTGRES_SCHEMA}' AND c.relkind IN ('r', 'p') ORDER BY 1"
        )
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1".to_owned()
    };
    texts(connection, sql).await
}

/// Number of tables, other than the record of migrations, that hold rows. Where row-level security hides rows from the
/// connected user, a table that has storage counts: it holds rows, or held some not long ago.
pub(super) async fn tables_with_rows<C: ConnectionTrait>(connection: &C) -> Result<usize, MigrateError> {
    let names: Vec<_> = tables(connection)
        .await?
        .into_iter()
        .filter(|name| name != MIGRATION_TABLE)
        .collect();
    if names.is_empty() {
        return Ok(0);
    }
    let backend = connection.get_database_backend();
    let schema = if backend == DbBackend::Postgres {
        format!("{POSTGRES_SCHEMA}.")
    } else {
        String::new()
    };
    let questions: Vec<_> = names
        .iter()
        .map(|name| {
            let table = format!("{schema}\"{}\"", name.replace('"', "\"\""));
            let hidden = if backend == DbBackend::Postgres {
                let literal = table.replace('\'', "''");
                format!(" OR (row_security_active('{literal}') AND pg_relation_size('{literal}') > 0)")
            } else {
                String::new()
            };
            format!("SELECT 1 AS n WHERE EXISTS (SELECT 1 FROM {table}){hidden}")
        })
        .collect();
    // SQLite takes 500 parts in a compound select.
    let mut filled = 0;
    for part in questions.chunks(200) {
        filled += connection
            .query_all_raw(Statement::from_string(backend, part.join(" UNION ALL ")))
            .await?
            .len();
    }
    Ok(filled)
}

/// The recorded migrations, whoever made them; none if there is no record.
pub(super) async fn recorded<C: ConnectionTrait>(connection: &C) -> Result<Vec<String>, DbErr> {
    if !tables(connection)
        .await?
        .iter()
        .any(|name| name == MIGRATION_TABLE)
    {
        return Ok(Vec::new());
    }
    texts(
        connection,
        format!("SELECT version AS name FROM {MIGRATION_TABLE} ORDER BY 1"),
    )
    .await
}

async fn texts<C: ConnectionTrait>(connection: &C, sql: String) -> Result<Vec<String>, DbErr> {
    let backend = connection.get_database_backend();
    let rows = connection
        .query_all_raw(Statement::from_string(backend, sql))
        .await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

fn shown(tables: &[String]) -> String {
    let mut text = tables
        .iter()
        .take(SHOWN_TABLES)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if tables.len() > SHOWN_TABLES {
        text.push_str(", …");
    }
    if text.is_empty() {
        text.push_str(MIGRATION_TABLE);
    }
    text
}
