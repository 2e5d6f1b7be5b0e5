//! The test restore: a dump in a scratch database, beside what it is of.
//!
//! It is judged by what is there afterwards. What `pg_restore` complained about is told with a difference, and is nothing to stop
//! for without one: it complains about comments and settings that no row depends on.

use super::manifest::DumpedTable;
use super::{Dump, programs};
use crate::database::{connect, execute, hexadecimal, rows, scalar, shown, text};
use crate::progress::Progress;
use crate::statement::literal;
use crate::sums::{differing, of_table};
use crate::{Error, Options};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection};
use std::collections::BTreeSet;
use std::path::Path;
use url::Url;

/// Differences that an error names at most.
const NAMED: usize = 5;

/// Refuses a role that may not make the scratch database, before a dump is waited for.
pub(super) async fn check_rights(url: &str) -> Result<(), Error> {
    let mut connection = connect(url).await?;
    let may: bool = scalar(
        &mut connection,
        "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user",
    )
    .await?;
    connection.close().await?;
    if may {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "the role of {} may not make the scratch database in which the backup is tried; give it CREATEDB, or say \
         --skip-test-restore to do without this proof",
        shown(url)
    )))
}

/// Restores a dump into a scratch database on the target's server, and compares counts, checksums, keys and indexes.
pub(super) async fn prove(
    options: &Options,
    dump: &Dump<'_>,
    file: &Path,
    tables: &[DumpedTable],
    structure: &[String],
    progress: &dyn Progress,
) -> Result<(), Error> {
    let (scratch_url, database) = scratch(&options.target)?;
    let mut server = connect(&options.target).await?;
    let encoding: String = scalar(
        &mut connect(dump.url).await?,
        "SELECT pg_encoding_to_char(encoding)::text FROM pg_database WHERE datname = current_database()",
    )
    .await?;
    // One that was killed may have left it.
    let away = format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    execute(&mut server, &away).await?;
    execute(
        &mut server,
        &format!(
            "CREATE DATABASE {database} TEMPLATE template0 ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'",
            literal(&encoding)
        ),
    )
    .await?;
    let compared = compared(options, dump, &scratch_url, file, tables, structure, progress).await;
    execute(&mut server, &away).await?;
    compared
}

async fn compared(
    options: &Options,
    dump: &Dump<'_>,
    scratch_url: &str,
    file: &Path,
    tables: &[DumpedTable],
    structure: &[String],
    progress: &dyn Progress,
) -> Result<(), Error> {
    let shown = file.display().to_string();
    let complaint = programs(options)
        .run(
            "pg_restore",
            scratch_url,
            &["--no-owner", "--no-privileges", &shown],
        )
        .await
        .err();
    let mut scratch = connect(scratch_url).await?;
    let mut differences = Vec::new();
    let there: BTreeSet<_> = self::structure(&mut scratch, dump.schema)
        .await?
        .into_iter()
        .collect();
    differences.extend(
        structure
            .iter()
            .filter(|line| !there.contains(*line))
            .map(|line| format!("no {line}")),
    );
    let held = crate::database::catalog(&mut scratch, dump.schema).await?;
    for table in tables {
        progress.at(&table.table);
        let columns: Vec<_> = table
            .sums
            .iter()
            .skip(1)
            .map(|(column, _)| column.as_str())
            .collect();
        let whole = held.get(&table.table).is_some_and(|held| {
            columns
                .iter()
                .all(|column| held.iter().any(|known| known.name == *column))
        });
        if !whole {
            // Named above.
            continue;
        }
        let restored = of_table(&mut scratch, dump.schema, &table.table, &columns).await?;
        differences.extend(
            differing(&table.sums, &restored)
                .into_iter()
                .map(|column| format!("other values in {}.{column}", table.table)),
        );
    }
    scratch.close().await?;
    if differences.is_empty() {
        if let Some(complaint) = complaint {
            tracing::warn!(%complaint, "the backup was restored and is equal, with complaints");
        }
        return Ok(());
    }
    let more = differences.len().saturating_sub(NAMED);
    differences.truncate(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let said = complaint.map_or_else(String::new, |complaint| format!(" ({complaint})"));
    Err(Error::Failed(format!(
        "restored, it has {}{more}{said}",
        differences.join("; ")
    )))
}

/// Columns, keys and indexes of a schema, one line each.
pub(super) async fn structure(connection: &mut PgConnection, schema: &str) -> Result<Vec<String>, Error> {
    let schema = literal(schema);
    let found = rows(
        connection,
        &format!(
            "SELECT concat_ws(' ', 'column', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), \
             CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE n.nspname = {schema} AND c.relkind IN ('r', 'p') \
             UNION ALL SELECT concat_ws(' ', 'constraint', c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)) \
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {schema} \
             UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(x.indexrelid)) FROM pg_index x \
             JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {schema} AND c.relkind IN ('r', 'p') ORDER BY 1"
        ),
    )
    .await?;
    found.iter().map(|row| text(row, 0)).collect()
}

/// Address and name of the scratch database: one for each target, so that what a killed run left is found again.
fn scratch(target: &str) -> Result<(String, String), Error> {
    let mut url = Url::parse(target).map_err(|error| {
        Error::usage(format_args!(
            "the address {} cannot be read: {error}",
            shown(target)
        ))
    })?;
    let mut database = format!("landfall_restore_{}", hexadecimal(&Sha256::digest(shown(target))));
    database.truncate("landfall_restore_".len() + 12);
    url.set_path(&database);
    Ok((url.into(), database))
}
