//! `status` and `report`: how far a run is, and everything there is to say about it.

use crate::database::{connect, is_locked, rows};
use crate::map::{LegacyType, legacy_table};
use crate::outcome::{LedgerLine, Report, RuleCount, Status, TableOutcome};
use crate::state::{self, Run};
use crate::{Error, Options, deliver};
use sqlx::{PgConnection, Row};

/// How far the consolidation of this database is.
///
/// # Errors
/// What the database said.
pub async fn status(options: &Options) -> Result<Status, Error> {
    let Some((mut connection, run)) = of_target(options).await? else {
        return Ok(Status {
            run: None,
            at_work: false,
        });
    };
    let run = match run {
        Some(run) => Some(state::report(&mut connection, &run).await?),
        None => None,
    };
    Ok(Status {
        run,
        at_work: is_locked(&mut connection).await?,
    })
}

/// Everything there is to say about the run of this database.
///
/// # Errors
/// [`Error::Refused`] if there is none, else what the database said.
pub async fn report(options: &Options) -> Result<Report, Error> {
    match of_target(options).await? {
        Some((mut connection, Some(run))) => of_run(&mut connection, &run).await,
        _ => Err(Error::Refused(
            "there is no run to report about in this database; begin with `consolidate run`".to_owned(),
        )),
    }
}

/// The database in which the work for the target is done, and its run; nothing if no work was begun for a file.
async fn of_target(options: &Options) -> Result<Option<(PgConnection, Option<Run>)>, Error> {
    if deliver::is_file(&options.target) {
        let found = deliver::scratch::run(options).await?;
        return Ok(found.map(|(connection, run)| (connection, Some(run))));
    }
    let mut connection = connect(&options.target).await?;
    let run = state::current(&mut connection).await?;
    Ok(Some((connection, run)))
}

async fn of_run(connection: &mut PgConnection, run: &Run) -> Result<Report, Error> {
    Ok(Report {
        run: state::report(connection, run).await?,
        tables: tables(connection, run).await?,
        ledger: ledger(connection, run).await?,
        rules: rules(connection, run).await?,
        made: counted(
            connection,
            &format!(
                "SELECT 'made', target_table, NULL::text, count(*) FROM landfall.consolidation_map WHERE run_id = '{}' \
                 AND source_table = '' AND outcome = 'made' GROUP BY 2 ORDER BY 2",
                run.id
            ),
        )
        .await?,
        conflicts: counted(
            connection,
            &format!(
                "SELECT rule, source_table, source_column, count(*) FROM landfall.consolidation_conflicts WHERE run_id = '{}' \
                 GROUP BY 1, 2, 3 ORDER BY 2, 3, 1",
                run.id
            ),
        )
        .await?,
        quarantine: counted(
            connection,
            &format!(
                "SELECT reason, source_table, NULL::text, count(*) FROM landfall.consolidation_quarantine WHERE run_id = '{}' \
                 GROUP BY 1, 2 ORDER BY 2, 1",
                run.id
            ),
        )
        .await?,
    })
}

/// The outcomes of tables as the proof of the run found them.
async fn tables(connection: &mut PgConnection, run: &Run) -> Result<Vec<TableOutcome>, Error> {
    let found = rows(
        connection,
        &format!(
            "SELECT t ->> 'table', (t ->> 'rows')::bigint, (t ->> 'kept')::bigint, (t ->> 'merged')::bigint, \
             (t ->> 'archived')::bigint, (t ->> 'rejected')::bigint FROM landfall.consolidation_steps s, \
             jsonb_array_elements(s.details -> 'tables') t WHERE s.run_id = '{}' AND s.name = 'verify'",
            run.id
        ),
    )
    .await?;
    found
        .iter()
        .map(|row| {
            Ok(TableOutcome {
                table: row.try_get(0)?,
                rows: row.try_get(1)?,
                kept: row.try_get(2)?,
                merged: row.try_get(3)?,
                archived: row.try_get(4)?,
                rejected: row.try_get(5)?,
            })
        })
        .collect()
}

async fn ledger(connection: &mut PgConnection, run: &Run) -> Result<Vec<LedgerLine>, Error> {
    let found = rows(
        connection,
        &format!(
            "SELECT source_table, source_column, outcome, rule, row_count, checksum FROM landfall.consolidation_ledger \
             WHERE run_id = '{}' ORDER BY source_table, source_column, outcome",
            run.id
        ),
    )
    .await?;
    found
        .iter()
        .map(|row| {
            Ok(LedgerLine {
                table: row.try_get(0)?,
                column: row.try_get(1)?,
                outcome: row.try_get(2)?,
                rule: row.try_get(3)?,
                rows: row.try_get(4)?,
                checksum: row.try_get(5)?,
            })
        })
        .collect()
}

/// Rules over values from the ledger, rules over rows from the map.
async fn rules(connection: &mut PgConnection, run: &Run) -> Result<Vec<RuleCount>, Error> {
    counted(
        connection,
        &format!(
            "SELECT rule, source_table, source_column, row_count FROM landfall.consolidation_ledger \
             WHERE run_id = '{0}' AND rule IS NOT NULL UNION ALL \
             SELECT rule, source_table, NULL, count(*) FROM landfall.consolidation_map \
             WHERE run_id = '{0}' AND rule IS NOT NULL AND source_table <> '' GROUP BY 1, 2 ORDER BY 1, 2, 3",
            run.id
        ),
    )
    .await
}

async fn counted(connection: &mut PgConnection, sql: &str) -> Result<Vec<RuleCount>, Error> {
    let found = rows(connection, sql).await?;
    found
        .iter()
        .map(|row| {
            let (rule, table, column): (String, String, Option<String>) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(RuleCount {
                description: description(&rule, &table, column.as_deref()),
                rule,
                table,
                column,
                rows: row.try_get(3)?,
            })
        })
        .collect()
}

/// What a rule does, in a sentence.
fn description(rule: &str, table: &str, column: Option<&str>) -> String {
    if let Some(column) = column
        && let Some(known) = legacy_table(table).and_then(|known| known.column(column))
        && known.rule_id(table) == Some(rule)
    {
        return known.rule.description(LegacyType::of(table, column));
    }
    match rule {
        "made" => made(table).to_owned(),
        _ => described(rule).to_owned(),
    }
}

/// What rows of a table are that no legacy row became, in a sentence.
fn made(table: &str) -> &'static str {
    match table {
        "assets" => "Assets of what discovery had found and nobody had promoted.",
        "client_accounts" => "Client accounts for rows in quarantine and for test data.",
        "engagements" => "Engagements for rows that name none.",
        "crewai_flow_state_extensions" => "Master flows for flows, assessments and plans that name none.",
        _ => "",
    }
}

/// What a rule about whole rows does, in a sentence.
pub(crate) fn described(rule: &str) -> &'static str {
    match rule {
        "record_index_taken" => "Another record of the import has the number: gets the next free one.",
        "unknown_table" | "unknown_column" => "The map does not know it: archived as it is.",
        "mock_tenant" => "Belongs to an invented client account or engagement: goes to the test tenant.",
        "mock_row" => "Invented row of a real client account: goes to the test tenant.",
        "mock_row_stays" => {
            "Invented row that a real row refers to, or that refers to one: stays where it is."
        }
        "no_tenant" => "Names no client account and nothing that has one: goes into quarantine.",
        "unknown_tenant" => "Names a client account that does not exist: goes into quarantine.",
        "tenant_derived" => "Names no client account; its engagement or master flow has one.",
        "engagement_missing" => {
            "Names no engagement of its client account: goes to one that is made for such rows."
        }
        "with_its_owner" => "Is where the row that it belongs to is.",
        "kept_both" => {
            "The original has the same id, in the same client account, and it or what belongs to it says something else: a row of its own under \
             another id."
        }
        "prefer_original" => "The original row won; the other value is in the archive.",
        "prefer_v3" => "The v3 row won; the other value is in the archive.",
        "discovered_only" => "Discovery found it and nobody had promoted it: becomes an asset.",
        "same_name_only" => {
            "Discovery found it; an asset has the name, but another type, and nothing else says that they are one: becomes an asset \
             of its own."
        }
        "same_name_and_type" => "Discovery found an asset, by name and type: one of its sources.",
        "same_hostname_and_address" => {
            "Discovery found an asset, by host name and address: one of its sources."
        }
        "same_full_name" => "Discovery found an asset, by its name with the domain: one of its sources.",
        "same_name_and_address" => {
            "Discovery found an asset under another type, by its name with host name or address: one of its sources."
        }
        "discovery_rejected" => "Discovery found it and a person rejected it: in the archive only.",
        "discovery_unnamed" => "Discovery found something without a name: in the archive only.",
        "discovery_mock" => "Discovery of a real client account invented it: in the archive only.",
        "v3_only" => "Only v3 has it: becomes a row of its own.",
        "same_id" => "Original and v3 row have the same id: one row.",
        "same_flow_id" => "The v3 row has the original's flow id: one row.",
        "same_file" => "Original and v3 import are of the same file, size and time: one row.",
        "same_column" => "Original and v3 mapping are of the same column of the same import: one row.",
        "same_record" => "Original and v3 record have the same place in the same import: one row.",
        "repeated_column" => {
            "The import has another mapping of the column, which is decided or later: whole in the archive."
        }
        "repeated_dependency" => "The same dependency is there already: whole in the archive.",
        "repeated_tag" => "The asset has the tag already: whole in the archive.",
        "repeated_membership" => "The user belongs to the client account already: whole in the archive.",
        "repeated_name" => "The name is there already: whole in the archive.",
        "reference_missing" => {
            "Refers to a row that does not exist and cannot be without: whole in the archive."
        }
        "user_missing" => "The right of a user who does not exist: whole in the archive.",
        "other_tenant" => "Refers to a row of another tenant and cannot be without: whole in the archive.",
        "copy_per_tenant" => "Belongs to nobody: each client account that uses it gets a copy.",
        "newest" => "The row that was changed last won; the other value is in the archive.",
        "completed_then_newest" => {
            "The completed row's state won, else that of the row that was changed last."
        }
        _ => "",
    }
}
