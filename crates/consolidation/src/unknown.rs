//! Tables and columns that the map does not know: archived as they are, if the operator said so.

use crate::Error;
use crate::cutover::{RETIRED, legacy_schema};
use crate::database::{Catalog, catalog, execute, rows};
use crate::map::legacy_table;
use crate::outcome::{Difference, RunState};
use crate::plan::unknown_columns;
use crate::state::Run;
use crate::statement::{literal, name};
use landfall_domain::ids::fixed;
use sqlx::{Connection, PgConnection, Row};

/// Why such rows are in the archive.
pub(crate) const REASON: &str = "unknown";

/// Something that the map does not know.
struct Unknown {
    /// Its table.
    table: String,
    /// Its columns, if the map knows the table.
    columns: Vec<String>,
    /// Its rows, each as a key and a document.
    query: String,
    /// What makes ids in the archive that no whole or part of a row has.
    salt: String,
}

/// Everything that the map does not know, in the schemas where it is now.
fn unknown(found: &Catalog, schema: &str) -> Vec<Unknown> {
    found
        .iter()
        .filter_map(|(table, columns)| {
            let full = format!("{}.{}", name(schema), name(table));
            let Some(known) = legacy_table(table) else {
                return Some(Unknown {
                    table: table.clone(),
                    columns: Vec::new(),
                    query: format!(
                        "SELECT jsonb_build_object('row', row_number() OVER (ORDER BY document)) AS key, document FROM (\
                         SELECT row_to_json(x)::text AS document FROM {full} x) rows"
                    ),
                    salt: table.clone(),
                });
            };
            let unknown = unknown_columns(known, columns);
            if unknown.is_empty() {
                return None;
            }
            let given: Vec<_> = unknown.iter().map(|column| name(column)).collect();
            Some(Unknown {
                table: table.clone(),
                columns: unknown.into_iter().map(str::to_owned).collect(),
                query: format!(
                    "SELECT jsonb_build_object('{}', k.{}) AS key, row_to_json(x)::text AS document \
                     FROM {full} k CROSS JOIN LATERAL (SELECT k.{}) x",
                    known.key,
                    name(known.key),
                    given.join(", k.")
                ),
                salt: format!("{table} (unknown columns)"),
            })
        })
        .collect()
}

async fn all(connection: &mut PgConnection, run: &Run) -> Result<Vec<Unknown>, Error> {
    let before = legacy_schema(run);
    let mut all = unknown(&catalog(connection, before).await?, before);
    if run.state != RunState::Running {
        all.extend(unknown(&catalog(connection, RETIRED).await?, RETIRED));
    }
    Ok(all)
}

impl Unknown {
    /// What it is, for a person.
    fn in_words(&self) -> String {
        if self.columns.is_empty() {
            return format!("the table {}", self.table);
        }
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|column| format!("{}.{column}", self.table))
            .collect();
        format!("the column {}", columns.join(", "))
    }
}

/// Refuses to go on with what somebody has added since the plan, unless it may be archived.
pub(crate) async fn check(connection: &mut PgConnection, run: &Run) -> Result<(), Error> {
    if run.settings.archive_unknown {
        return Ok(());
    }
    let schema = legacy_schema(run);
    let added: Vec<_> = unknown(&catalog(connection, schema).await?, schema)
        .iter()
        .map(Unknown::in_words)
        .collect();
    if added.is_empty() {
        return Ok(());
    }
    Err(Error::Blocked(format!(
        "since the run was begun, {} appeared, which the map does not know; nothing is cut over: take it away and run again, or roll \
         back and begin anew with --archive-unknown",
        added.join(" and ")
    )))
}

/// Archives anew what the map does not know, if it is not in the archive as it is now: nothing watches it.
pub(crate) async fn catch_up(connection: &mut PgConnection, run: &Run) -> Result<(), Error> {
    let mut differences = Vec::new();
    compare(connection, run, &mut differences).await?;
    if differences.is_empty() {
        return Ok(());
    }
    archive(connection, run).await
}

/// Archives what the map does not know; once, also if it is called again.
pub(crate) async fn archive(connection: &mut PgConnection, run: &Run) -> Result<(), Error> {
    for unknown in all(connection, run).await? {
        let mut transaction = connection.begin().await?;
        let table = literal(&unknown.table);
        execute(
            &mut transaction,
            &format!(
                "DELETE FROM landfall.legacy_archive WHERE source_table = {table} AND reason = '{REASON}'; \
                 INSERT INTO landfall.legacy_archive (client_account_id, id, run_id, source_table, source_key, columns, raw_text, \
                 row_sha256, reason, archived_at) SELECT '{}', consolidation.archive_id({}, key::text), '{}', {table}, \
                 key, columns, document, encode(sha256(convert_to(columns::text || document, 'UTF8')), 'hex'), '{REASON}', {} FROM (\
                 SELECT key, document, consolidation.json_in(document::json) AS columns FROM ({}) rows) read",
                fixed::QUARANTINE_CLIENT_ACCOUNT,
                literal(&unknown.salt),
                run.id,
                literal(&run.at()),
                unknown.query
            ),
        )
        .await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Compares what the map does not know with what the archive has of it.
pub(crate) async fn compare(
    connection: &mut PgConnection,
    run: &Run,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    for unknown in all(connection, run).await? {
        let found = rows(
            connection,
            &format!(
                "SELECT (SELECT count(*)::text || ' ' || COALESCE(sum(hashtextextended(key::text || document, 0)), 0) FROM ({}) u), \
                 count(*)::text || ' ' || COALESCE(sum(hashtextextended(source_key::text || raw_text, 0)), 0), count(*) \
                 FROM landfall.legacy_archive WHERE source_table = {} AND reason = '{REASON}'",
                unknown.query,
                literal(&unknown.table)
            ),
        )
        .await?;
        let Some(row) = found.first() else { continue };
        let (there, kept): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        if there != kept {
            let archived: i64 = row.try_get(2)?;
            let what = if archived == 0 {
                "nothing of it is in the archive; it has appeared since the plan"
            } else {
                "the archive does not hold what it holds"
            };
            differences.push(Difference {
                table: "legacy_archive".to_owned(),
                column: Some("raw_text".to_owned()),
                source_table: Some(unknown.table.clone()),
                source_column: unknown.columns.first().cloned(),
                message: format!("{}, which the map does not know: {what}", unknown.in_words()),
            });
        }
    }
    Ok(())
}
