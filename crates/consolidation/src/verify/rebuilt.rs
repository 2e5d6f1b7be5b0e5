//! The legacy tables beside themselves as target and archive tell them.

use super::{changed, hash, locate};
use crate::Error;
use crate::database::rows;
use crate::map::{LegacyColumn, LegacyTable, LegacyType};
use crate::outcome::{Difference, TableOutcome};
use crate::rebuild::{archived, is_archived, joined, key, membership, target_rows, value};
use crate::source::SOURCE;
use crate::statement::{archives, known_columns, name};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

/// What the comparison of a legacy table found.
#[derive(Clone, Debug)]
pub(crate) struct Rebuilt {
    /// The table.
    pub(crate) table: &'static LegacyTable,
    /// Where its rows are.
    pub(crate) outcome: TableOutcome,
    /// Its columns: name, values that only the archive has, checksum.
    pub(crate) columns: Vec<(&'static str, i64, i128)>,
}

/// Sums over one side of a comparison: rows, then for each column the sum of checksums, the values that there are, and those
/// that the archive has.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) rows: i64,
    pub(super) parts: i64,
    pub(super) columns: Vec<(i128, i64, i64)>,
}

impl Sums {
    /// Reads a row of `rows, parts`, then three columns for each legacy column.
    fn read(row: &PgRow) -> Result<Self, Error> {
        let mut columns = Vec::with_capacity(row.len() / 3);
        for place in (2..row.len()).step_by(3) {
            let sum: Option<String> = row.try_get(place)?;
            let sum = sum.map_or(Ok(0), |text| text.parse());
            columns.push((
                sum.map_err(|error| Error::Failed(format!("a sum of checksums cannot be read: {error}")))?,
                row.try_get(place + 1)?,
                row.try_get(place + 2)?,
            ));
        }
        Ok(Self {
            rows: row.try_get(0)?,
            parts: row.try_get(1)?,
            columns,
        })
    }

    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        for (one, more) in self.columns.iter_mut().zip(&other.columns) {
            *one = (one.0 + more.0, one.1 + more.1, one.2 + more.2);
        }
    }
}

/// Compares a legacy table with what target and archive tell of it.
pub(super) async fn compare(
    connection: &mut PgConnection,
    table: &'static LegacyTable,
    differences: &mut Vec<Difference>,
) -> Result<Rebuilt, Error> {
    let source = sums(connection, &source(table)).await?;
    let mut told = sums(connection, &whole(table)).await?;
    let (mut kept, mut parts) = (0, 0);
    if table.target.is_some() {
        let from_target = sums(connection, &part(table)).await?;
        (kept, parts) = (from_target.rows, from_target.parts);
        told.add(&from_target);
    }
    report(connection, table, &source, &told, differences).await?;
    lost_parts(connection, table, parts, differences).await?;
    let outcome = outcome(connection, table, source.rows, kept).await?;
    if !outcome.adds_up() {
        differences.push(Difference {
            table: table.target.unwrap_or("legacy_archive").to_owned(),
            column: None,
            source_table: Some(table.name.to_owned()),
            source_column: None,
            message: format!(
                "{} rows, but {} kept, {} merged, {} archived and {} rejected",
                outcome.rows, outcome.kept, outcome.merged, outcome.archived, outcome.rejected
            ),
        });
    }
    let columns = known_columns(table)
        .zip(&source.columns)
        .zip(&told.columns)
        .map(|(((_, known), source), told)| (known.name, told.2, source.0))
        .collect();
    Ok(Rebuilt {
        table,
        outcome,
        columns,
    })
}

async fn sums(connection: &mut PgConnection, sql: &str) -> Result<Sums, Error> {
    let found = rows(connection, sql).await?;
    let row = found
        .first()
        .ok_or_else(|| Error::Failed("a sum has no row".to_owned()))?;
    Sums::read(row)
}

/// Differences by column, with keys of rows.
async fn report(
    connection: &mut PgConnection,
    table: &'static LegacyTable,
    source: &Sums,
    told: &Sums,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    if source.rows != told.rows {
        differences.push(Difference {
            table: table.target.unwrap_or("legacy_archive").to_owned(),
            column: None,
            source_table: Some(table.name.to_owned()),
            source_column: None,
            message: format!(
                "{} has {} rows, target and archive tell {}",
                table.name, source.rows, told.rows
            ),
        });
    }
    for ((column, known), (was, is)) in known_columns(table).zip(source.columns.iter().zip(&told.columns)) {
        if was.0 == is.0 && was.1 == is.1 {
            continue;
        }
        let keys = locate::legacy(connection, table, column, known).await?;
        differences.push(Difference {
            table: match column.target {
                Some(_) => table.target.unwrap_or("legacy_archive").to_owned(),
                None => "legacy_archive".to_owned(),
            },
            column: Some(column.target.map_or_else(|| "columns".to_owned(), str::to_owned)),
            source_table: Some(table.name.to_owned()),
            source_column: Some(known.name.to_owned()),
            message: format!(
                "target and archive tell other values of {}.{} than the legacy table has{keys}",
                table.name, known.name
            ),
        });
    }
    Ok(())
}

/// Parts in the archive that belong to no row.
async fn lost_parts(
    connection: &mut PgConnection,
    table: &LegacyTable,
    joined: i64,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    let copies = if table.is_copied() {
        "count(DISTINCT source_key)"
    } else {
        "count(*)"
    };
    let there: i64 = crate::database::scalar(
        connection,
        &format!(
            "SELECT {copies} FROM landfall.legacy_archive WHERE source_table = '{}' AND reason = 'no_column' AND {}",
            table.name,
            changed::legacy(table, &format!("source_key ->> '{}'", table.key))
        ),
    )
    .await?;
    if there != joined {
        differences.push(Difference {
            table: "legacy_archive".to_owned(),
            column: Some("id".to_owned()),
            source_table: Some(table.name.to_owned()),
            source_column: None,
            message: format!(
                "{there} rows of the archive hold values of rows of {}, but {joined} belong to one",
                table.name
            ),
        });
    }
    Ok(())
}

/// Where the rows are, from target, archive and map.
async fn outcome(
    connection: &mut PgConnection,
    table: &'static LegacyTable,
    rows_there: i64,
    told_by_target: i64,
) -> Result<TableOutcome, Error> {
    let found = rows(
        connection,
        &format!(
            "SELECT count(*) FILTER (WHERE reason LIKE 'repeated%' OR reason = 'mock_tenant'), \
             count(*) FILTER (WHERE reason IN ('retired_table')), \
             count(*) FILTER (WHERE reason NOT LIKE 'repeated%' AND reason NOT IN ('mock_tenant', 'retired_table', 'no_column', 'unknown')), \
             (SELECT count(*) FROM landfall.consolidation_map WHERE source_table = '{0}' AND outcome = 'merged' \
              AND rule NOT LIKE 'repeated%' AND rule <> 'mock_tenant' AND {1}) FROM landfall.legacy_archive WHERE source_table = '{0}' AND {2}",
            table.name,
            changed::legacy(table, "source_key"),
            changed::legacy(table, &format!("source_key ->> '{}'", table.key))
        ),
    )
    .await?;
    let row = found
        .first()
        .ok_or_else(|| Error::Failed("a count has no row".to_owned()))?;
    let (repeated, archived, rejected, merged): (i64, i64, i64, i64) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
    Ok(TableOutcome {
        table: table.name.to_owned(),
        rows: rows_there,
        kept: told_by_target - merged,
        merged: merged + repeated,
        archived,
        rejected,
    })
}

/// Sums over the legacy table itself.
fn source(table: &'static LegacyTable) -> String {
    let kind = LegacyType::of(table.name, table.key);
    let salt = hash::salt(kind, &format!("s.{}", name(table.key)));
    let columns: Vec<_> = known_columns(table)
        .map(|(_, known)| {
            let value = format!("s.{}", name(known.name));
            format!(
                "sum({})::text, count({value}), 0::bigint",
                hash::legacy(known, &value, "k.salt")
            )
        })
        .collect();
    format!(
        "SELECT count(*), 0::bigint, {} FROM {SOURCE}.{} s CROSS JOIN LATERAL (SELECT {salt} AS salt OFFSET 0) k WHERE {}",
        columns.join(", "),
        name(table.name),
        changed::legacy(table, &format!("s.{}", name(table.key)))
    )
}

/// Sums over the rows that the target tells, with their part of the archive.
fn part(table: &'static LegacyTable) -> String {
    let kind = LegacyType::of(table.name, table.key);
    let salt = hash::salt(kind, &key(table));
    let columns: Vec<_> = known_columns(table)
        .map(|(column, known)| {
            let told = value(table, column, known);
            let from_archive = if archives(table, column, known) {
                format!("count(*) FILTER (WHERE {})", is_archived(known))
            } else {
                "0::bigint".to_owned()
            };
            format!(
                "sum({})::text, count({told}), {from_archive}",
                part_hash(table, column, known)
            )
        })
        .collect();
    let (join, condition) = membership(table);
    format!(
        "SELECT count(*), count(a.id), {} FROM {}{join} CROSS JOIN LATERAL (SELECT {salt} AS salt OFFSET 0) k WHERE {condition} AND {}",
        columns.join(", "),
        joined(table, &target_rows(table)),
        changed::target(
            table.target.unwrap_or_default(),
            &format!("t.{}", name(table.target_key))
        )
    )
}

/// The checksum of a told value. JSON that is in the target as it is needs no text for it.
fn part_hash(table: &'static LegacyTable, column: &crate::map::Column, known: &LegacyColumn) -> String {
    if known.kind() != LegacyType::Json {
        return hash::legacy(known, &value(table, column, known), "k.salt");
    }
    let inverse = column.rule.inverse(column.target, known.kind(), &|target| {
        format!("t.{}", name(target))
    });
    format!(
        "CASE WHEN {} THEN {} ELSE jsonb_hash_extended({inverse}, k.salt) END",
        is_archived(known),
        hash::legacy(known, &archived(known), "k.salt")
    )
}

/// Sums over whole rows in the archive.
fn whole(table: &'static LegacyTable) -> String {
    let kind = LegacyType::of(table.name, table.key);
    let key_value = known_columns(table)
        .find(|(_, known)| known.name == table.key)
        .map(|(_, known)| archived(known))
        .unwrap_or_default();
    let salt = hash::salt(kind, &key_value);
    let columns: Vec<_> = known_columns(table)
        .map(|(_, known)| {
            let told = archived(known);
            format!(
                "sum({})::text, count({told}), count({told})",
                hash::legacy(known, &told, "k.salt")
            )
        })
        .collect();
    format!(
        "SELECT count(*), 0::bigint, {} FROM landfall.legacy_archive a CROSS JOIN LATERAL (SELECT {salt} AS salt OFFSET 0) k \
         WHERE a.source_table = '{}' AND a.reason NOT IN ('no_column', 'unknown') AND {}",
        columns.join(", "),
        table.name,
        changed::legacy(table, &key_value)
    )
}
