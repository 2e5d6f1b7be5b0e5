//! The ledger: for each legacy column, how many of its values went where, and the checksum over all of them.

use crate::Error;
use crate::outcome::Proof;
use crate::state::Run;
use crate::verify::Rebuilt;
use sqlx::PgConnection;

/// Writes the ledger of a run in place of the one that was written before.
pub(crate) async fn write(
    connection: &mut PgConnection,
    run: &Run,
    proof: &Proof,
    tables: &[Rebuilt],
) -> Result<(), Error> {
    sqlx::query("DELETE FROM landfall.consolidation_ledger WHERE run_id = $1")
        .bind(run.id)
        .execute(&mut *connection)
        .await?;
    for table in tables {
        for (name, archived, checksum) in &table.columns {
            let Some(column) = table.table.column(name) else {
                continue;
            };
            let rows = table.outcome.rows;
            let whole = if table.outcome.rejected > 0 && rows == table.outcome.rejected {
                "rejected"
            } else {
                "archived"
            };
            let outcome = column.outcome(table.table.name);
            let told = rows - archived;
            let mut lines = Vec::new();
            if outcome != "archived" && told > 0 {
                let merged = table.outcome.merged.min(told);
                lines.push((outcome, column.rule_id(table.table.name), told - merged));
                lines.push(("merged", None, merged));
            } else if told > 0 {
                // Without a place and without a value: nothing had to be archived.
                lines.push(("empty", None, told));
            }
            lines.push((whole, None, *archived));
            for (outcome, rule, rows) in lines.into_iter().filter(|line| line.2 > 0) {
                line(
                    connection,
                    run,
                    table.table.name,
                    name,
                    outcome,
                    rule,
                    rows,
                    *checksum,
                )
                .await?;
            }
        }
    }
    let outcomes = serde_json::to_value(&proof.tables).unwrap_or_default();
    sqlx::query(
        "UPDATE landfall.consolidation_steps SET details = jsonb_build_object('tables', $2::jsonb, 'seconds', $3::float8, \
         'columns', $4::bigint) WHERE run_id = $1 AND name = 'verify'",
    )
    .bind(run.id)
    .bind(outcomes)
    .bind(proof.seconds)
    .bind(i64::try_from(tables.iter().map(|table| table.columns.len()).sum::<usize>()).unwrap_or(0))
    .execute(connection)
    .await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "a row of a table has this many columns")]
async fn line(
    connection: &mut PgConnection,
    run: &Run,
    table: &str,
    column: &str,
    outcome: &str,
    rule: Option<&str>,
    rows: i64,
    checksum: i128,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO landfall.consolidation_ledger (id, run_id, source_table, source_column, outcome, rule, row_count, checksum) \
         VALUES (consolidation.derived_id($1::text || ' ledger ' || $2 || '.' || $3 || ' ' || $4), $1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(run.id)
    .bind(table)
    .bind(column)
    .bind(outcome)
    .bind(rule)
    .bind(rows)
    .bind(format!("{:016x}", checksum.rem_euclid(1_i128 << 64)))
    .execute(connection)
    .await?;
    Ok(())
}
