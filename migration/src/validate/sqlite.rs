//! SQLite's catalogue.

use super::shape::{ColumnShape, DatabaseShape, ForeignKeyShape, IndexShape, TableShape};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, QueryResult, Statement};
use std::collections::BTreeMap;

const TABLES: &str = "SELECT m.name AS table_name, m.sql AS definition, l.strict AS is_strict \
    FROM sqlite_master m JOIN pragma_table_list(m.name) l ON l.schema = 'main' \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
const COLUMNS: &str = "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind, c.\"notnull\" AS not_null, c.pk AS key_position \
    FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.pk, c.cid";
const FOREIGN_KEYS: &str = "SELECT m.name AS table_name, f.id AS number, f.\"table\" AS target, f.\"from\" AS here, f.\"to\" AS there, \
    f.on_delete AS on_delete FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
    WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq";
const INDEXES: &str = "SELECT m.name AS table_name, i.name AS index_name, i.\"unique\" AS is_unique, i.partial AS is_partial, \
    c.name AS column_name FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c \
    WHERE m.type = 'table' AND i.origin <> 'pk' ORDER BY m.name, i.name, c.seqno";

/// Reads all tables, with four questions however many there are.
pub(super) async fn read(connection: &DatabaseConnection) -> Result<DatabaseShape, DbErr> {
    let mut shape = DatabaseShape::default();
    for row in rows(connection, TABLES).await? {
        let definition: String = row.try_get("", "definition")?;
        let is_strict: i64 = row.try_get("", "is_strict")?;
        let table = TableShape {
            conditions: conditions(&definition),
            is_strict: is_strict == 1,
            ..TableShape::default()
        };
        shape.tables.insert(row.try_get("", "table_name")?, table);
    }
    for row in rows(connection, COLUMNS).await? {
        if let Some(table) = table(&mut shape, &row)? {
            let name: String = row.try_get("", "column_name")?;
            let nullable = row.try_get::<i64>("", "not_null")? == 0;
            if row.try_get::<i64>("", "key_position")? > 0 {
                table.primary_key.push(name.clone());
            }
            table.columns.insert(
                name,
                ColumnShape {
                    kind: row.try_get("", "kind")?,
                    nullable,
                },
            );
        }
    }
    read_foreign_keys(connection, &mut shape).await?;
    read_indexes(connection, &mut shape).await?;
    Ok(shape)
}

async fn read_foreign_keys(connection: &DatabaseConnection, shape: &mut DatabaseShape) -> Result<(), DbErr> {
    let mut keys: BTreeMap<(String, i64), ForeignKeyShape> = BTreeMap::new();
    for row in rows(connection, FOREIGN_KEYS).await? {
        let on_delete: String = row.try_get("", "on_delete")?;
        let key = keys
            .entry((row.try_get("", "table_name")?, row.try_get("", "number")?))
            .or_insert(ForeignKeyShape {
                columns: Vec::new(),
                table: row.try_get("", "target")?,
                references: Vec::new(),
                cascades: on_delete == "CASCADE",
            });
        key.columns.push(row.try_get("", "here")?);
        key.references.push(row.try_get("", "there")?);
    }
    for ((name, _), key) in keys {
        if let Some(table) = shape.tables.get_mut(&name) {
            table.foreign_keys.insert(key);
        }
    }
    Ok(())
}

async fn read_indexes(connection: &DatabaseConnection, shape: &mut DatabaseShape) -> Result<(), DbErr> {
    let mut indexes: BTreeMap<(String, String), IndexShape> = BTreeMap::new();
    for row in rows(connection, INDEXES).await? {
        let (unique, partial) = (
            row.try_get::<i64>("", "is_unique")? == 1,
            row.try_get::<i64>("", "is_partial")? == 1,
        );
        let index = indexes
            .entry((row.try_get("", "table_name")?, row.try_get("", "index_name")?))
            .or_insert(IndexShape {
                columns: Vec::new(),
                unique,
                partial,
            });
        // An index on an expression has no column name there.
        index.columns.push(
            row.try_get::<Option<String>>("", "column_name")?
                .unwrap_or_else(|| "(expression)".to_owned()),
        );
    }
    for ((name, _), index) in indexes {
        if let Some(table) = shape.tables.get_mut(&name) {
            table.indexes.insert(index);
        }
    }
    Ok(())
}

/// The conditions in a `CREATE TABLE` statement, which SQLite keeps as it was written.
fn conditions(definition: &str) -> std::collections::BTreeSet<String> {
    definition
        .match_indices("CHECK (")
        .filter_map(|(start, word)| enclosed(&definition[start + word.len()..]))
        .collect()
}

/// The text up to the parenthesis that closes the one before it. Parentheses in quotes do not count.
fn enclosed(text: &str) -> Option<String> {
    let (mut depth, mut quote) = (0_usize, None);
    for (position, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return Some(text[..position].to_owned()),
            (None, ')') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn table<'a>(shape: &'a mut DatabaseShape, row: &QueryResult) -> Result<Option<&'a mut TableShape>, DbErr> {
    Ok(shape.tables.get_mut(&row.try_get::<String>("", "table_name")?))
}

async fn rows(connection: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    connection
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await
}
