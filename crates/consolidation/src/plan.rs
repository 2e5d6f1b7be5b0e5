//! `plan`: what a run would do, found out without changing anything.

mod data;

use crate::database::{Catalog, FoundColumn, catalog, check_sight, connect, rows, shown};
use crate::expand::unknown_tables;
use crate::map::{Column, LegacyTable, legacy_columns, legacy_table, legacy_tables};
use crate::options::Options;
use crate::outcome::{ColumnOutcome, Finding, Plan, PlannedTable, Severity};
use crate::run::fingerprint;
use crate::statement::{literal, name};
use crate::{Error, cutover, state};
use sqlx::{Connection, PgConnection, Row};

/// Disk space for copies of the rows, their archive, indexes and the write-ahead log, as a multiple of what the legacy tables take.
const SPACE: f64 = 2.5;

/// Reads the legacy database and says what a run would do.
///
/// # Errors
/// [`Error::Usage`] if there are no legacy tables; else what the database said. Findings that block a run are an answer, not an
/// error: see [`Plan::is_blocked`].
pub async fn plan(options: &Options) -> Result<Plan, Error> {
    let mut connection = connect(options.source.as_deref().unwrap_or(&options.target)).await?;
    look(&mut connection, options).await
}

async fn look(connection: &mut PgConnection, options: &Options) -> Result<Plan, Error> {
    let source_url = options.source.as_deref().unwrap_or(&options.target);
    let (schema, options) = match state::current(connection).await? {
        // After the cut-over the old names are views; the tables are elsewhere.
        Some(run) if options.source.is_none() => {
            let schema = if run.state == crate::RunState::Running {
                cutover::legacy_schema(&run).to_owned()
            } else {
                cutover::RETIRED.to_owned()
            };
            (schema, run.options(options))
        }
        _ => (options.source_schema.clone(), options.clone()),
    };
    let mut transaction = connection.begin().await?;
    check_sight(&mut transaction, source_url, &schema).await?;
    let found = catalog(&mut transaction, &schema).await?;
    if found.is_empty() {
        return Err(Error::usage(format_args!(
            "there are no tables in the schema {schema} of {}; name another with --schema, or the legacy database with --source",
            shown(source_url)
        )));
    }
    let mut findings = shape(&found, &options);
    let tables = planned(&mut transaction, &schema, &found).await?;
    let estimated_seconds = data::data(
        &mut transaction,
        &options,
        &schema,
        &found,
        &tables,
        &mut findings,
    )
    .await?;
    transaction.rollback().await?;
    findings.sort_by(|a, b| (a.severity, &a.table, &a.column).cmp(&(b.severity, &b.table, &b.column)));
    let bytes: i64 = tables.iter().map(|table| table.bytes).sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "an estimate in bytes"
    )]
    let disk_bytes = (bytes as f64 * SPACE) as i64;
    Ok(Plan {
        source: shown(source_url),
        target: shown(&options.target),
        fingerprint: fingerprint(&found),
        rows: tables.iter().map(|table| table.rows).sum(),
        tables,
        findings,
        estimated_seconds,
        disk_bytes,
    })
}

/// Tables, columns and types that are not as the map knows them.
fn shape(found: &Catalog, options: &Options) -> Vec<Finding> {
    let severity = if options.archive_unknown {
        Severity::Note
    } else {
        Severity::Blocks
    };
    let what = if options.archive_unknown {
        "is archived as it is"
    } else {
        "is not in the map; say --archive-unknown to archive it as it is"
    };
    let mut findings: Vec<_> = unknown_tables(found)
        .into_iter()
        .map(|table| {
            finding(
                severity,
                "unknown_table",
                table,
                None,
                0,
                format!("the table {table} {what}"),
            )
        })
        .collect();
    for table in legacy_tables() {
        let Some(columns) = found.get(table.name) else {
            findings.push(finding(
                Severity::Note,
                "missing_table",
                table.name,
                None,
                0,
                format!("there is no table {}; it is taken for empty", table.name),
            ));
            continue;
        };
        for column in unknown_columns(table, columns) {
            findings.push(finding(
                severity,
                "unknown_column",
                table.name,
                Some(column),
                0,
                format!("the column {}.{column} {what}", table.name),
            ));
        }
        for known in legacy_columns(table.name) {
            if !columns.iter().any(|column| column.name == known.name) {
                findings.push(finding(
                    Severity::Note,
                    "missing_column",
                    table.name,
                    Some(known.name),
                    0,
                    format!(
                        "there is no column {}.{}; it is taken for NULL",
                        table.name, known.name
                    ),
                ));
            }
        }
    }
    findings
}

/// Columns of a table that the map does not know.
pub(crate) fn unknown_columns<'a>(table: &LegacyTable, columns: &'a [FoundColumn]) -> Vec<&'a str> {
    columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|column| table.column(column).is_none())
        .collect()
}

/// Every table with its rows, its size, and what becomes of its columns.
async fn planned(
    connection: &mut PgConnection,
    schema: &str,
    found: &Catalog,
) -> Result<Vec<PlannedTable>, Error> {
    let mut planned = Vec::new();
    for (table, columns) in found {
        let full = format!("{}.{}", name(schema), name(table));
        let row = rows(
            connection,
            &format!(
                "SELECT count(*), pg_total_relation_size({}::regclass) FROM {full}",
                literal(&full)
            ),
        )
        .await?;
        let Some(row) = row.first() else { continue };
        let known = legacy_table(table);
        planned.push(PlannedTable {
            table: table.clone(),
            target: known.and_then(|known| known.target).map(str::to_owned),
            rows: row.try_get(0)?,
            bytes: row.try_get(1)?,
            columns: columns.iter().map(|column| outcome(known, column)).collect(),
        });
    }
    Ok(planned)
}

fn outcome(table: Option<&'static LegacyTable>, found: &FoundColumn) -> ColumnOutcome {
    let known: Option<(&LegacyTable, &Column)> =
        table.and_then(|table| Some((table, table.column(&found.name)?)));
    match known {
        Some((table, column)) => ColumnOutcome {
            column: found.name.clone(),
            outcome: column.outcome(table.name).to_owned(),
            target: match (table.target, column.target) {
                (Some(target), Some(name)) => format!("{target}.{name}"),
                _ => "legacy_archive".to_owned(),
            },
            rule: column.rule_id(table.name).map(str::to_owned),
        },
        None => ColumnOutcome {
            column: found.name.clone(),
            outcome: "archived".to_owned(),
            target: "legacy_archive".to_owned(),
            rule: Some("unknown".to_owned()),
        },
    }
}

fn finding(
    severity: Severity,
    kind: &str,
    table: &str,
    column: Option<&str>,
    rows: i64,
    message: String,
) -> Finding {
    Finding {
        severity,
        kind: kind.to_owned(),
        table: table.to_owned(),
        column: column.map(str::to_owned),
        rows,
        message,
    }
}

/// Fails if something must be decided before a run.
pub(crate) async fn check(connection: &mut PgConnection, options: &Options) -> Result<(), Error> {
    let plan = look(connection, options).await?;
    if !plan.is_blocked() {
        return Ok(());
    }
    let blocking: Vec<_> = plan
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocks)
        .map(|finding| finding.message.as_str())
        .collect();
    let shown = blocking.iter().take(10).copied().collect::<Vec<_>>().join("; ");
    let more = if blocking.len() > 10 { "; …" } else { "" };
    Err(Error::Blocked(format!(
        "{} findings must be decided first: {shown}{more}",
        blocking.len()
    )))
}
