//! Which rows differ: asked only once a sum does.

use super::hash;
use crate::Error;
use crate::database::rows;
use crate::map::{Column, LegacyColumn, LegacyTable, LegacyType};
use crate::rebuild::{archived, joined, key, membership, target_rows, value};
use crate::source::SOURCE;
use crate::statement::{known_columns, name};
use sqlx::{PgConnection, Row};

/// Keys that a message names at most.
const SHOWN: usize = 3;

/// Keys of rows whose value of a column is told otherwise, as the end of a sentence.
pub(super) async fn legacy(
    connection: &mut PgConnection,
    table: &'static LegacyTable,
    column: &Column,
    known: &LegacyColumn,
) -> Result<String, Error> {
    let kind = LegacyType::of(table.name, table.key);
    let of = |key: &str, value: &str| {
        format!(
            "({key})::text, {}",
            hash::legacy(known, value, &hash::salt(kind, key))
        )
    };
    let source_key = format!("s.{}", name(table.key));
    let archived_key = known_columns(table)
        .find(|(_, known)| known.name == table.key)
        .map(|(_, known)| archived(known))
        .unwrap_or_default();
    let mut told = format!(
        "SELECT {} FROM landfall.legacy_archive a WHERE a.source_table = '{}' AND a.reason NOT IN ('no_column', 'unknown')",
        of(&archived_key, &archived(known)),
        table.name
    );
    if table.target.is_some() {
        let (join, condition) = membership(table);
        told = format!(
            "{told} UNION ALL SELECT {} FROM {}{join} WHERE {condition}",
            of(&key(table), &value(table, column, known)),
            joined(table, &target_rows(table))
        );
    }
    let sql = format!(
        "SELECT DISTINCT key FROM (SELECT {} FROM {SOURCE}.{} s EXCEPT ({told})) differing (key, checksum) ORDER BY key LIMIT {}",
        of(&source_key, &format!("s.{}", name(known.name))),
        name(table.name),
        SHOWN + 1
    );
    keys(connection, &sql, table.key).await
}

/// The keys of a query as the end of a sentence.
pub(super) async fn keys(connection: &mut PgConnection, sql: &str, key: &str) -> Result<String, Error> {
    let found = rows(connection, sql).await?;
    let mut keys = Vec::with_capacity(found.len());
    for row in &found {
        keys.push(row.try_get::<Option<String>, _>(0)?.unwrap_or_default());
    }
    if keys.is_empty() {
        return Ok(String::new());
    }
    let more = if keys.len() > SHOWN { " …" } else { "" };
    keys.truncate(SHOWN);
    Ok(format!(" ({key} {}{more})", keys.join(", ")))
}
