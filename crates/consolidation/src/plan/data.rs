//! What the data of a legacy database holds: found out in a transaction that is undone.

use super::finding;
use crate::Error;
use crate::database::{Catalog, execute, has_schema, rows, scalar};
use crate::expand::{SHARED, functions};
use crate::map::{Rule, legacy_table, legacy_tables};
use crate::options::{ConflictRule, Options};
use crate::outcome::{Finding, PlannedTable, Severity};
use crate::place::{CONTESTED, Placing, conflicting, placed_tables};
use crate::source::{self, SOURCE};
use crate::statement::{Rows, Site, archived, name};
use sqlx::{PgConnection, Row};
use std::time::Instant;

/// Schema in which placements are tried; the transaction that makes it is undone.
const TRIED: &str = "consolidation_plan";
/// Rows that are tried to estimate how long a run takes.
const PROBE: i64 = 5_000;
/// Moving a row costs this many times what reading it through the map does: rows and archive are written and indexed, then
/// compared.
const COST_OF_WRITING: f64 = 4.0;

/// What the data holds: words without a label, tenants that do not exist, rows that are the same. Answers how long a run would
/// take, in seconds.
pub(super) async fn data(
    connection: &mut PgConnection,
    options: &Options,
    schema: &str,
    found: &Catalog,
    tables: &[PlannedTable],
    findings: &mut Vec<Finding>,
) -> Result<f64, Error> {
    if scalar::<bool>(
        connection,
        "SELECT current_setting('transaction_read_only')::boolean",
    )
    .await?
    {
        findings.push(finding(
            Severity::Note,
            "read_only",
            "",
            None,
            0,
            "this database takes no writes, so it could not be tried where rows go".to_owned(),
        ));
        return Ok(0.0);
    }
    if !has_schema(connection, SHARED).await? {
        execute(connection, &format!("CREATE SCHEMA {SHARED}")).await?;
        execute(connection, &functions()).await?;
    }
    source::make(connection, schema, found).await?;
    words(connection, options, findings).await?;
    execute(connection, &format!("CREATE SCHEMA {TRIED}")).await?;
    Placing::new(options, SOURCE, TRIED).decide(connection).await?;
    placements(connection, findings).await?;
    discovered(connection, findings).await?;
    conflicts(connection, options, findings).await?;
    references(connection, options, findings).await?;
    estimate(connection, options, tables).await
}

fn site(options: &Options) -> Site {
    Site {
        source: SOURCE.to_owned(),
        work: TRIED.to_owned(),
        words: options.words.clone(),
    }
}

/// Words that become no label.
async fn words(
    connection: &mut PgConnection,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let site = site(options);
    for table in legacy_tables() {
        for column in &table.columns {
            let Rule::Label(vocabulary) = column.rule else {
                continue;
            };
            for (_, label) in options.words.of(table.name, column.name) {
                if !vocabulary.has_label(label) {
                    return Err(Error::usage(format_args!(
                        "--map gives {}.{} the label '{label}', which is none of {}",
                        table.name, column.name, vocabulary.rule
                    )));
                }
            }
            let unknown = rows(
                connection,
                &format!(
                    "SELECT lower(btrim({alias}.{column}::text)), count(*) FROM {SOURCE}.{table} {alias} \
                     WHERE btrim({alias}.{column}::text) <> '' AND {forward} IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
                    alias = table.alias(),
                    column = name(column.name),
                    table = name(table.name),
                    forward = site.forward(table, column),
                ),
            )
            .await?;
            for row in &unknown {
                let (word, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
                findings.push(finding(
                    Severity::Blocks,
                    "unknown_word",
                    table.name,
                    Some(column.name),
                    count,
                    format!(
                        "'{word}' in {}.{} is no known word; say what it means with --map {}.{}={word}:LABEL",
                        table.name, column.name, table.name, column.name
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// What became of rows that are not simply kept, by rule.
async fn placements(connection: &mut PgConnection, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let mut queries: Vec<_> = placed_tables()
        .map(|table| {
            format!(
                "SELECT '{0}' AS source_table, rule, outcome, count(DISTINCT key) FROM {TRIED}.placed_{0} WHERE rule IS NOT NULL GROUP BY rule, outcome",
                table.name
            )
        })
        .collect();
    queries.push(format!(
        "SELECT source_table, rule, outcome, count(*) FROM {TRIED}.special GROUP BY 1, 2, 3"
    ));
    queries.push(format!(
        "SELECT source_table, 'record_index_taken', 'kept', count(*) FROM {TRIED}.renumbered GROUP BY 1"
    ));
    queries.push(format!(
        "SELECT 'discovery_assets', rule, 'archived', count(*) FROM (SELECT rule FROM {TRIED}.promoted UNION ALL \
         SELECT rule FROM {TRIED}.unpromoted) d GROUP BY rule"
    ));
    let found = rows(
        connection,
        &format!("{} ORDER BY 1, 2", queries.join(" UNION ALL ")),
    )
    .await?;
    for row in &found {
        let (table, rule, outcome, count): (String, String, String, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        let meaning = crate::report::described(&rule);
        findings.push(finding(
            Severity::Note,
            &rule,
            &table,
            None,
            count,
            format!("{count} rows of {table} are {outcome} by the rule {rule}: {meaning}"),
        ));
    }
    Ok(())
}

/// What is in the inventory afterwards that was not among the legacy assets.
async fn discovered(connection: &mut PgConnection, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let made: i64 = scalar(connection, &format!("SELECT count(*) FROM {TRIED}.made_assets")).await?;
    if made == 0 {
        return Ok(());
    }
    let of: i64 = scalar(
        connection,
        &format!("SELECT count(*) FROM {TRIED}.promoted WHERE known IS NULL"),
    )
    .await?;
    let twice = if of > made {
        "; what was found more than once becomes one"
    } else {
        ""
    };
    findings.push(finding(
        Severity::Note,
        "assets_made",
        "discovery_assets",
        None,
        made,
        format!("{made} assets are made of {of} rows of discovery_assets that are no asset yet{twice}"),
    ));
    Ok(())
}

/// Original and v3 rows that are the same and say different things.
async fn conflicts(
    connection: &mut PgConnection,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let site = site(options);
    for original in CONTESTED {
        let Some(differing) = legacy_table(original).and_then(|table| conflicting(&site, table)) else {
            continue;
        };
        let found = rows(
            connection,
            &format!(
                "SELECT count(*), count(DISTINCT o.id), string_agg(DISTINCT c.target, ', ') {differing}"
            ),
        )
        .await?;
        let Some(row) = found.first() else { continue };
        let (values, count): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        if values == 0 {
            continue;
        }
        let columns: String = row.try_get(2)?;
        let (severity, what) = match options.conflicts {
            ConflictRule::Fail => (Severity::Blocks, "say with --conflicts which row wins"),
            rule => (Severity::Note, crate::report::described(rule.value_rule())),
        };
        findings.push(finding(
            severity,
            "conflict",
            original,
            None,
            count,
            format!(
                "{count} rows of {original} and of v3 are the same and differ in {values} values ({columns}): {what}"
            ),
        ));
    }
    Ok(())
}

/// References that lead nowhere: the ids are archived.
async fn references(
    connection: &mut PgConnection,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let site = site(options);
    for table in legacy_tables() {
        let referring: Vec<_> = table
            .columns
            .iter()
            .filter(|column| {
                matches!(
                    column.rule,
                    Rule::Reference { required: false, .. } | Rule::MasterFlow
                )
            })
            .filter_map(|column| Some((column.name, column.target?)))
            .collect();
        if referring.is_empty() {
            continue;
        }
        let counts: Vec<_> = referring
            .iter()
            .map(|(column, _)| {
                format!(
                    "count(*) FILTER (WHERE x.{0} IS NOT NULL AND r_{1}_{column}_missing)",
                    name(column),
                    table.alias()
                )
            })
            .collect();
        let found = rows(
            connection,
            &format!(
                "SELECT {} FROM ({}) x",
                counts.join(", "),
                site.references(table, &referring)
            ),
        )
        .await?;
        let Some(row) = found.first() else { continue };
        for (place, (column, _)) in referring.iter().enumerate() {
            let count: i64 = row.try_get(place)?;
            if count > 0 {
                findings.push(finding(
                    Severity::Note,
                    "reference_missing",
                    table.name,
                    Some(column),
                    count,
                    format!(
                        "{count} values of {}.{column} name no row of the same tenant; they are archived",
                        table.name
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// Reads a piece of the largest table through the map, and concludes from that to all rows.
async fn estimate(
    connection: &mut PgConnection,
    options: &Options,
    tables: &[PlannedTable],
) -> Result<f64, Error> {
    let Some(largest) = tables
        .iter()
        .filter(|table| table.rows > 0)
        .max_by_key(|table| table.rows)
        .and_then(|table| legacy_table(&table.table))
    else {
        return Ok(0.0);
    };
    let site = site(options);
    let (values, raw) = archived(largest);
    let sql = format!(
        "SELECT count(*), sum(length({values})), sum(length({raw})) FROM ({}) x",
        site.rows(largest, Rows::First)
    );
    let began = Instant::now();
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(PROBE)
        .fetch_one(connection)
        .await?;
    let read: i64 = row.try_get(0)?;
    let all: i64 = tables.iter().map(|table| table.rows).sum();
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let seconds = began.elapsed().as_secs_f64() * COST_OF_WRITING * all as f64 / read.max(1) as f64;
    Ok(seconds)
}
