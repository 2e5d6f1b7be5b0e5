//! What the archive says about its rows: of which run they are, when, why, whose, and whether they are as they were written.

use super::changed;
use crate::Error;
use crate::database::{rows, scalar};
use crate::map::legacy_tables;
use crate::outcome::Difference;
use crate::rebuild::{joined, key, membership, target_rows};
use crate::state::Run;
use crate::statement::{Rows, Site, literal};
use sqlx::{PgConnection, Row};

/// Checks every row of the archive.
pub(super) async fn compare(
    connection: &mut PgConnection,
    site: &Site,
    run: &Run,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    let found = rows(
        connection,
        &format!(
            "SELECT source_table, count(*) FILTER (WHERE run_id <> '{}'), count(*) FILTER (WHERE archived_at <> {}::timestamptz), \
             count(*) FILTER (WHERE row_sha256 <> encode(sha256(convert_to(columns::text || COALESCE(raw_text, ''), 'UTF8')), 'hex')), \
             bool_and(reason = 'unknown') FROM landfall.legacy_archive a WHERE NOT EXISTS (SELECT FROM changed_legacy c WHERE c.table_name = a.source_table \
             AND c.key = (SELECT value FROM jsonb_each_text(a.source_key) LIMIT 1)) GROUP BY 1",
            run.id,
            literal(&run.at())
        ),
    )
    .await?;
    for row in &found {
        let table: String = row.try_get(0)?;
        for (place, column) in [(1, "run_id"), (2, "archived_at"), (3, "row_sha256")] {
            let wrong: i64 = row.try_get(place)?;
            if wrong > 0 {
                differences.push(difference(column, &table, wrong, "not as the run wrote it"));
            }
        }
        let unknown: bool = row.try_get(4)?;
        if crate::map::legacy_table(&table).is_none() && !unknown {
            differences.push(difference(
                "source_table",
                &table,
                1,
                "of a table that the map does not know",
            ));
        }
    }
    for table in legacy_tables() {
        let wrong = wholes(connection, site, table).await?;
        if wrong > 0 {
            differences.push(difference(
                "reason",
                table.name,
                wrong,
                "of another client account, key or reason",
            ));
        }
        if table.target.is_none() {
            continue;
        }
        let (join, condition) = membership(table);
        let wrong: i64 = scalar(
            connection,
            &format!(
                "SELECT count(*) FROM {}{join} WHERE {condition} AND a.source_key <> jsonb_build_object('{}', {}) AND {}",
                joined(table, &target_rows(table)),
                table.key,
                key(table),
                changed::target(table.target.unwrap_or_default(), &format!("t.{}", table.target_key))
            ),
        )
        .await?;
        if wrong > 0 {
            differences.push(difference(
                "source_key",
                table.name,
                wrong,
                "under the key of another row",
            ));
        }
    }
    Ok(())
}

/// Whole rows of a table that are not in the archive as they should be, or that should not be there.
async fn wholes(
    connection: &mut PgConnection,
    site: &Site,
    table: &'static crate::map::LegacyTable,
) -> Result<i64, Error> {
    let rows = site.rows(table, Rows::All);
    scalar(
        connection,
        &format!(
            "WITH wanted AS MATERIALIZED (SELECT x.client, consolidation.archive_id('{0}', x.row_key::text) AS id, \
             jsonb_build_object('{1}', x.row_key)::text AS key, x.rule FROM ({rows}) x WHERE x.whole AND {2}), \
             found AS MATERIALIZED (SELECT client_account_id, id, source_key::text, reason FROM landfall.legacy_archive \
             WHERE source_table = '{0}' AND reason NOT IN ('no_column', 'unknown') AND {3}) \
             SELECT (SELECT count(*) FROM (SELECT * FROM wanted EXCEPT SELECT * FROM found) missing) + \
             (SELECT count(*) FROM (SELECT * FROM found EXCEPT SELECT * FROM wanted) surplus)",
            table.name,
            table.key,
            changed::legacy(table, "x.row_key"),
            changed::legacy(table, &format!("source_key ->> '{}'", table.key))
        ),
    )
    .await
}

fn difference(column: &str, source_table: &str, rows: i64, what: &str) -> Difference {
    Difference {
        table: "legacy_archive".to_owned(),
        column: Some(column.to_owned()),
        source_table: Some(source_table.to_owned()),
        source_column: None,
        message: format!(
            "{rows} rows of the archive for {source_table} are {what} (legacy_archive.{column})"
        ),
    }
}
