//! The tables of the target beside what the map makes of the legacy tables.

use super::{changed, hash, locate};
use crate::Error;
use crate::database::rows;
use crate::expand::filled_tables;
use crate::map::{LegacyTable, Rule, TargetColumn, legacy_tables, sql_type, target_columns, target_tables};
use crate::moving::made_query;
use crate::outcome::{Difference, Proof, ProvedTable};
use crate::place::MADE;
use crate::state::Run;
use crate::statement::{Rows, Site, archives, is_paired, known_columns, name, targets};
use sqlx::{PgConnection, Row};

/// Compares every table that rows are moved into.
pub(super) async fn compare(
    connection: &mut PgConnection,
    site: &Site,
    run: &Run,
    proof: &mut Proof,
) -> Result<(), Error> {
    for table in filled_tables() {
        if table != "legacy_archive" {
            compare_table(connection, site, run, table, proof).await?;
        }
    }
    Ok(())
}

async fn compare_table(
    connection: &mut PgConnection,
    site: &Site,
    run: &Run,
    table: &'static str,
    proof: &mut Proof,
) -> Result<(), Error> {
    let columns = compared(table);
    let before = proof.differences.len();
    let all = format!("landfall.{table}");
    let rows = compare_rows(
        connection,
        site,
        run,
        (table, &columns, &all, &queries(site, run, table)),
        proof,
    )
    .await?;
    // The rebuilt legacy tables do not show rows that were made: of these, every column is compared here.
    let shown: Vec<_> = target_columns(table)
        .iter()
        .filter(|column| is_shown(table, column.name))
        .collect();
    let made = made_queries(site, run, table);
    if !shown.is_empty() && !made.is_empty() {
        let own = format!(
            "(SELECT t.* FROM {all} t JOIN landfall.consolidation_map m ON m.run_id = '{}' AND m.source_table = '' \
             AND m.outcome = 'made' AND m.target_table = '{table}' AND m.target_key = t.{}::text)",
            run.id,
            changed::noted_key(table)
        );
        compare_rows(connection, site, run, (table, &shown, &own, &made), proof).await?;
    }
    proof.expected.push(ProvedTable {
        table: table.to_owned(),
        rows,
        columns: i64::try_from(columns.len()).unwrap_or(0),
        equal: proof.differences.len() == before,
    });
    Ok(())
}

/// Compares columns of the rows of a table of the target with those that queries give. Answers how many rows there are.
async fn compare_rows(
    connection: &mut PgConnection,
    site: &Site,
    run: &Run,
    (table, columns, rows, queries): (&'static str, &[&'static TargetColumn], &str, &[String]),
    proof: &mut Proof,
) -> Result<i64, Error> {
    let mut expected = vec![0_i128; columns.len() + 1];
    for query in queries {
        add(
            &mut expected,
            &sums(connection, table, columns, &format!("({query})"), "f_").await?,
        );
    }
    let actual = sums(connection, table, columns, rows, "").await?;
    if expected.first() != actual.first() {
        proof.differences.push(Difference {
            table: table.to_owned(),
            column: None,
            source_table: None,
            source_column: None,
            message: format!(
                "{table} should have {} rows and has {}",
                expected.first().unwrap_or(&0),
                actual.first().unwrap_or(&0)
            ),
        });
    }
    for (column, (wanted, is)) in columns.iter().zip(expected.iter().zip(&actual).skip(1)) {
        if wanted == is {
            continue;
        }
        let keys = differing(connection, site, run, table, column).await?;
        let (source_table, source_column) = origin(table, column.name);
        proof.differences.push(Difference {
            table: table.to_owned(),
            column: Some(column.name.to_owned()),
            source_table,
            source_column,
            message: format!(
                "{table}.{} is not what the map makes of the legacy tables{keys}",
                column.name
            ),
        });
    }
    Ok(i64::try_from(*actual.first().unwrap_or(&0)).unwrap_or(i64::MAX))
}

/// The legacy table and column that a column of the target comes from first.
fn origin(table: &str, column: &str) -> (Option<String>, Option<String>) {
    legacy_tables()
        .iter()
        .filter(|legacy| legacy.target == Some(table))
        .find_map(|legacy| {
            let own = legacy.columns.iter().find(|own| own.target == Some(column))?;
            Some((Some(legacy.name.to_owned()), Some(own.name.to_owned())))
        })
        .unwrap_or_default()
}

/// The columns that have to be compared: those whose values the rebuilt legacy tables do not show as they are.
fn compared(table: &'static str) -> Vec<&'static TargetColumn> {
    target_columns(table)
        .iter()
        .filter(|column| !is_shown(table, column.name))
        .collect()
}

/// Whether every value of the column is shown, unchanged, by one rebuilt legacy table.
fn is_shown(table: &str, target: &str) -> bool {
    let mut from = legacy_tables()
        .iter()
        .filter(|legacy| legacy.target == Some(table));
    let (Some(legacy), None) = (from.next(), from.next()) else {
        return false;
    };
    !is_paired(legacy)
        && !legacy.is_copied()
        && !matches!(
            table,
            "client_accounts" | "engagements" | "crewai_flow_state_extensions" | "assets"
        )
        && known_columns(legacy).any(|(column, known)| {
            column.target == Some(target)
                && matches!(column.rule, Rule::Keep)
                && !archives(legacy, column, known)
        })
        || table == "assets"
            && known_columns(legacy).any(|(column, known)| {
                column.target == Some(target)
                    && matches!(column.rule, Rule::Keep)
                    && !archives(legacy, column, known)
            })
}

/// The queries whose rows together should be the rows of the table; columns are named `f_…`.
fn queries(site: &Site, run: &Run, table: &'static str) -> Vec<String> {
    let mut queries: Vec<_> = legacy_tables()
        .iter()
        .filter(|legacy| legacy.target == Some(table))
        .map(|legacy| from_legacy(site, legacy, table))
        .collect();
    queries.extend(made_queries(site, run, table));
    queries
}

/// The queries of rows that no legacy row stands for.
fn made_queries(site: &Site, run: &Run, table: &'static str) -> Vec<String> {
    let mut queries = Vec::new();
    for (made, columns, query) in MADE {
        if made == table {
            let given: Vec<_> = columns.split(", ").collect();
            queries.push(format!(
                "SELECT {} FROM ({}) x",
                complete(table, &|column| given
                    .contains(&column)
                    .then(|| format!("x.{}", name(column)))),
                made_query(query, &site.work, &run.at())
            ));
        }
    }
    queries
}

fn from_legacy(site: &Site, legacy: &'static LegacyTable, table: &'static str) -> String {
    let given = targets(legacy);
    format!(
        "SELECT {} FROM ({}) x WHERE x.outcome = 'kept'",
        complete(table, &|column| given
            .contains(&column)
            .then(|| format!("x.f_{column}"))),
        site.rows(legacy, Rows::All)
    )
}

/// Every column of the table: the value that is given, else the default of the schema.
fn complete(table: &str, given: &dyn Fn(&str) -> Option<String>) -> String {
    let columns: Vec<_> = target_columns(table)
        .iter()
        .map(|column| {
            let value = given(column.name).unwrap_or_else(|| column.default.unwrap_or("NULL").to_owned());
            format!("({value})::{} AS f_{}", sql_type(column), column.name)
        })
        .collect();
    columns.join(", ")
}

/// The salt of a row of the target from its primary key.
fn salt(table: &str, prefix: &str) -> String {
    let key = target_tables()
        .iter()
        .find(|known| known.name == table)
        .map(|known| known.primary_key.clone())
        .unwrap_or_default();
    key.into_iter().fold("0".to_owned(), |salt, column| {
        format!("uuid_hash_extended(x.{prefix}{column}, {salt})")
    })
}

async fn sums(
    connection: &mut PgConnection,
    table: &str,
    columns: &[&'static TargetColumn],
    from: &str,
    prefix: &str,
) -> Result<Vec<i128>, Error> {
    let mut selected = vec!["count(*)::text".to_owned()];
    for column in columns {
        let value = format!("x.{}", name(&format!("{prefix}{}", column.name)));
        selected.push(format!(
            "COALESCE(sum({}), 0)::text",
            hash::target(column.kind, &value, "k.salt")
        ));
    }
    let found = rows(
        connection,
        &format!(
            "SELECT {} FROM {from} x CROSS JOIN LATERAL (SELECT {} AS salt OFFSET 0) k WHERE {}",
            selected.join(", "),
            salt(table, prefix),
            changed::target(
                table,
                &format!("x.{prefix}{}", changed::noted_key(table).trim_matches('"'))
            )
        ),
    )
    .await?;
    let row = found
        .first()
        .ok_or_else(|| Error::Failed("a sum has no row".to_owned()))?;
    let mut sums = Vec::with_capacity(selected.len());
    for place in 0..selected.len() {
        let text: String = row.try_get(place)?;
        sums.push(
            text.parse()
                .map_err(|error| Error::Failed(format!("a sum of checksums cannot be read: {error}")))?,
        );
    }
    Ok(sums)
}

fn add(sums: &mut [i128], more: &[i128]) {
    for (sum, value) in sums.iter_mut().zip(more) {
        *sum += value;
    }
}

/// Keys of rows whose value is another than it should be, as the end of a sentence.
async fn differing(
    connection: &mut PgConnection,
    site: &Site,
    run: &Run,
    table: &'static str,
    column: &TargetColumn,
) -> Result<String, Error> {
    let key = target_tables()
        .iter()
        .find(|known| known.name == table)
        .and_then(|known| known.primary_key.last().copied())
        .unwrap_or("id");
    let wanted: Vec<_> = queries(site, run, table)
        .into_iter()
        .map(|query| {
            format!(
                "SELECT x.f_{key}::text, {} FROM ({query}) x",
                hash::target(column.kind, &format!("x.f_{}", column.name), "0")
            )
        })
        .collect();
    let sql = format!(
        "SELECT DISTINCT key FROM (SELECT x.{key}::text, {} FROM landfall.{table} x EXCEPT ({})) differing (key, checksum) \
         ORDER BY key LIMIT 4",
        hash::target(column.kind, &format!("x.{}", name(column.name)), "0"),
        wanted.join(" UNION ALL ")
    );
    locate::keys(connection, &sql, key).await
}
