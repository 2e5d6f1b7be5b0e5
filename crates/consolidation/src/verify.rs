//! The proof: recomputed from both sides, without the bookkeeping of the run.
//!
//! It goes in both directions. The legacy tables are rebuilt from target and archive and compared with themselves, so nothing
//! was lost. The tables of the target are compared with what the map makes of the legacy tables, so nothing is wrong, missing or
//! too much. Both compare, for each table, the number of rows and, for each column, a sum of checksums of the values, each salted
//! with the key of its row: no order is needed, and values that changed places are seen.

mod archive;
mod changed;
mod expected;
mod hash;
mod locate;
mod rebuilt;

pub(crate) use rebuilt::Rebuilt;

use crate::database::{check_rights, connect, execute, rows};
use crate::map::legacy_tables;
use crate::moving::site;
use crate::outcome::{Difference, Proof, ProvedTable, RunState};
use crate::place::Placing;
use crate::progress::Progress;
use crate::source::SOURCE;
use crate::state::{self, Run};
use crate::statement::Site;
use crate::{Error, Options, Step, copy, cutover, deliver};
use landfall_domain::{Clock, SystemClock};
use sqlx::{Connection, PgConnection, Row};
use std::time::Instant;

/// Schema in which placements are decided once more; it never becomes visible to others.
const CHECK: &str = "consolidation_check";

/// Compares both sides of the run of this database. Changes nothing.
///
/// # Errors
/// [`Error::Refused`] if there is nothing to compare, else what failed. A proof that does not close is an answer, not an error.
pub async fn verify(options: &Options, progress: &dyn Progress) -> Result<Proof, Error> {
    if deliver::is_file(&options.target) {
        return deliver::compare(options, progress).await;
    }
    let mut connection = connect(&options.target).await?;
    check_rights(&mut connection, &options.target).await?;
    let run = state::current(&mut connection).await?.ok_or_else(|| {
        Error::Refused("there is no run to verify in this database; begin with `consolidate run`".to_owned())
    })?;
    if run.state == RunState::Finished {
        return Err(Error::Refused(
            "the run is finished and the legacy tables are gone, so there is nothing to compare with; the report has the proof"
                .to_owned(),
        ));
    }
    let options = run.options(options);
    let mut proof = prove(&mut connection, &options, &run, progress).await?.0;
    if let Some(url) = options.source.as_deref().filter(|_| run.settings.copied) {
        let schema = match run.state {
            RunState::Running => copy::STAGING,
            _ => cutover::RETIRED,
        };
        let differences = copy::compare(&mut connection, &options, url, schema).await?;
        proof.differences.extend(differences);
    }
    Ok(proof)
}

/// The proof, and the columns of the legacy tables with their outcomes.
pub(crate) async fn prove(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
    progress: &dyn Progress,
) -> Result<(Proof, Vec<Rebuilt>), Error> {
    let began = Instant::now();
    let mut transaction = begin(connection).await?;
    execute(&mut transaction, &format!("CREATE SCHEMA {CHECK}")).await?;
    let placing = Placing::new(options, SOURCE, CHECK);
    progress.begin(Step::Verify, u64::try_from(run.settings.rows).unwrap_or(0));
    progress.at("placements");
    placing.decide(&mut transaction).await?;
    let written = changed::collect(&mut transaction, CHECK).await?;
    let site = Site {
        work: CHECK.to_owned(),
        ..site(run)
    };
    let mut proof = Proof {
        run_id: run.id,
        verified_at: SystemClock.now(),
        tables: Vec::new(),
        rebuilt: Vec::new(),
        expected: Vec::new(),
        differences: Vec::new(),
        written_since: written,
        seconds: 0.0,
    };
    let mut columns = Vec::new();
    for table in legacy_tables() {
        progress.at(table.name);
        let found = rebuilt::compare(&mut transaction, table, &mut proof.differences).await?;
        progress.advance(u64::try_from(found.outcome.rows).unwrap_or(0));
        proof.rebuilt.push(ProvedTable {
            table: table.name.to_owned(),
            rows: found.outcome.rows,
            columns: i64::try_from(table.columns.len()).unwrap_or(0),
            equal: !named(&proof.differences, table.name),
        });
        proof.tables.push(found.outcome.clone());
        columns.push(found);
    }
    progress.at("target");
    expected::compare(&mut transaction, &site, run, &mut proof).await?;
    progress.at("archive");
    archive::compare(&mut transaction, &site, run, &mut proof.differences).await?;
    crate::unknown::compare(&mut transaction, run, &mut proof.differences).await?;
    orphans(&mut transaction, &mut proof.differences).await?;
    transaction.rollback().await?;
    progress.end(Step::Verify);
    proof.seconds = began.elapsed().as_secs_f64();
    Ok((proof, columns))
}

/// A transaction that sees both sides as they are at one moment; inside of another one, that one's view.
async fn begin(connection: &mut PgConnection) -> Result<sqlx::Transaction<'_, sqlx::Postgres>, Error> {
    let outer: bool = crate::database::scalar(connection, "SELECT now() <> statement_timestamp()").await?;
    let mut transaction = connection.begin().await?;
    if !outer {
        execute(
            &mut transaction,
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        )
        .await?;
    }
    Ok(transaction)
}

/// Whether a difference is about a legacy table.
fn named(differences: &[Difference], table: &str) -> bool {
    differences
        .iter()
        .any(|difference| difference.source_table.as_deref() == Some(table))
}

/// Foreign keys that are not there or were never checked.
async fn orphans(connection: &mut PgConnection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    let found = rows(
        connection,
        "SELECT c.relname::text, k.conname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
         WHERE k.connamespace = 'landfall'::regnamespace AND k.contype IN ('f', 'c') AND NOT k.convalidated \
         UNION ALL SELECT table_name, name FROM consolidation.dropped WHERE kind = 'foreign key'",
    )
    .await?;
    for row in &found {
        let (table, constraint): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        differences.push(Difference {
            message: format!("{constraint} was not checked for every row"),
            table,
            column: None,
            source_table: None,
            source_column: None,
        });
    }
    Ok(())
}
