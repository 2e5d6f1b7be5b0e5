//! Legacy tables of another database, copied beside the target: streamed, in one snapshot, and compared with where they came
//! from.

use crate::database::{Catalog, catalog, check_sight, connect, execute, scalar};
use crate::map::{LegacyType, legacy_columns, legacy_table};
use crate::outcome::Difference;
use crate::progress::Progress;
use crate::statement::name;
use crate::sums::{Sums, differing, of_table};
use crate::{Error, Options, Step};
use futures_util::TryStreamExt;
use sqlx::{Connection, PgConnection};

/// Schema of the copies.
pub(crate) const STAGING: &str = "legacy_staging";

/// Copies every legacy table that the map knows. What a copy before this one left is thrown away.
pub(crate) async fn copy(
    target: &mut PgConnection,
    options: &Options,
    source_url: &str,
    progress: &dyn Progress,
) -> Result<Catalog, Error> {
    let mut source = connect(source_url).await?;
    let mut snapshot = source.begin().await?;
    execute(
        &mut snapshot,
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    )
    .await?;
    check_sight(&mut snapshot, source_url, &options.source_schema).await?;
    let found = catalog(&mut snapshot, &options.source_schema).await?;
    execute(
        target,
        &format!("DROP SCHEMA IF EXISTS {STAGING} CASCADE; CREATE SCHEMA {STAGING}"),
    )
    .await?;
    progress.begin(Step::Copy, 0);
    for (table, columns) in &found {
        let known = legacy_table(table);
        if known.is_none() && !options.archive_unknown {
            continue;
        }
        progress.at(table);
        let kinds: Vec<_> = columns
            .iter()
            .map(|column| {
                let mapped = known.is_some_and(|known| known.column(&column.name).is_some());
                let sql_type = match (mapped, LegacyType::of(table, &column.name)) {
                    // A type of the other database may not be here.
                    (false, _) | (_, LegacyType::Enum | LegacyType::Other) => "text",
                    _ => column.sql_type.as_str(),
                };
                let default = column
                    .default
                    .as_deref()
                    .filter(|default| !default.contains("nextval") && !default.contains("::migration."))
                    .map(|default| format!(" DEFAULT {default}"))
                    .unwrap_or_default();
                format!("{} {sql_type}{default}", name(&column.name))
            })
            .collect();
        execute(
            target,
            &format!("CREATE TABLE {STAGING}.{} ({})", name(table), kinds.join(", ")),
        )
        .await?;
        let names: Vec<_> = columns.iter().map(|column| name(&column.name)).collect();
        let names = names.join(", ");
        let out = format!(
            "COPY (SELECT {names} FROM {}.{}) TO STDOUT",
            name(&options.source_schema),
            name(table)
        );
        let mut read = snapshot.copy_out_raw(&out).await?;
        let mut write = target
            .copy_in_raw(&format!("COPY {STAGING}.{} ({names}) FROM STDIN", name(table)))
            .await?;
        while let Some(piece) = read.try_next().await? {
            write.send(piece).await?;
        }
        progress.advance(write.finish().await?);
        drop(read);
        if let Some(known) = known {
            execute(
                target,
                &format!(
                    "ALTER TABLE {STAGING}.{} ADD PRIMARY KEY ({}); ANALYZE {STAGING}.{0}",
                    name(table),
                    name(known.key)
                ),
            )
            .await?;
        }
    }
    let differences = differences_between(&mut snapshot, target, options, &found).await?;
    snapshot.rollback().await?;
    progress.end(Step::Copy);
    match differences.first() {
        None => catalog(target, STAGING).await,
        Some(difference) => Err(Error::NotProved(format!(
            "the copy is not what {} holds: {}",
            crate::database::shown(source_url),
            difference.message
        ))),
    }
}

/// Where the legacy database and its copy, wherever it is now, differ.
pub(crate) async fn compare(
    target: &mut PgConnection,
    options: &Options,
    source_url: &str,
    schema: &str,
) -> Result<Vec<Difference>, Error> {
    let mut source = connect(source_url).await?;
    let found = catalog(&mut source, &options.source_schema).await?;
    let mut differences = Vec::new();
    for (table, sums) in sums(&mut source, &options.source_schema, &found).await? {
        let copied = table_sums(target, schema, &table, &found).await?;
        report(&table, &sums, &copied, &mut differences);
    }
    Ok(differences)
}

async fn differences_between(
    source: &mut PgConnection,
    target: &mut PgConnection,
    options: &Options,
    found: &Catalog,
) -> Result<Vec<Difference>, Error> {
    let mut differences = Vec::new();
    for (table, sums) in sums(source, &options.source_schema, found).await? {
        let copied = table_sums(target, STAGING, &table, found).await?;
        report(&table, &sums, &copied, &mut differences);
    }
    Ok(differences)
}

async fn sums(
    connection: &mut PgConnection,
    schema: &str,
    found: &Catalog,
) -> Result<Vec<(String, Sums)>, Error> {
    let mut all = Vec::new();
    for table in found.keys().filter(|table| legacy_table(table).is_some()) {
        all.push((table.clone(), table_sums(connection, schema, table, found).await?));
    }
    Ok(all)
}

/// What a table holds in the columns that the map knows.
async fn table_sums(
    connection: &mut PgConnection,
    schema: &str,
    table: &str,
    found: &Catalog,
) -> Result<Sums, Error> {
    let there = |column: &str| {
        found
            .get(table)
            .is_some_and(|columns| columns.iter().any(|known| known.name == column))
    };
    let columns: Vec<_> = legacy_columns(table)
        .map(|column| column.name)
        .filter(|column| there(column))
        .collect();
    of_table(connection, schema, table, &columns).await
}

fn report(table: &str, source: &Sums, copy: &Sums, differences: &mut Vec<Difference>) {
    differences.extend(differing(source, copy).into_iter().map(|column| Difference {
        table: table.to_owned(),
        column: Some(column.to_owned()),
        source_table: Some(table.to_owned()),
        source_column: Some(column.to_owned()),
        message: format!("{table}.{column} of the legacy database and of its copy differ"),
    }));
}

/// Rows of the legacy tables of another database.
pub(crate) async fn count(source: &mut PgConnection, schema: &str, found: &Catalog) -> Result<i64, Error> {
    let counts: Vec<_> = found
        .keys()
        .filter(|table| legacy_table(table).is_some())
        .map(|table| format!("(SELECT count(*) FROM {}.{})", name(schema), name(table)))
        .collect();
    if counts.is_empty() {
        return Ok(0);
    }
    scalar(source, &format!("SELECT {}", counts.join(" + "))).await
}
