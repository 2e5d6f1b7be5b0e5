//! `run`: all steps in order, from where the last one stopped.

use crate::database::{catalog, check_rights, connect, execute, has_schema, lock};
use crate::expand::{self, SHARED, WORK};
use crate::moving::{count_rows, move_rows, site};
use crate::outcome::{RunReport, RunState, StepState};
use crate::place::{Placing, record};
use crate::progress::Progress;
use crate::source::SOURCE;
use crate::state::{self, Run, Settings};
use crate::{Error, Options, Step, index, source};
use landfall_domain::{Clock, SystemClock};
use sqlx::{Connection, PgConnection};

/// Takes the legacy database over, up to the step of the options. Started again, it goes on where it stopped.
///
/// # Errors
/// [`Error::Busy`] if another consolidation is at work, [`Error::Blocked`] if the plan has findings to decide first,
/// [`Error::NotProved`] if the two sides are not equal, [`Error::Refused`] if this database cannot be taken over as things stand,
/// else what failed. Nothing is cut over then, and `run` can be started again.
pub async fn run(options: &Options, progress: &dyn Progress) -> Result<RunReport, Error> {
    let mut connection = connect(&options.target).await?;
    check_rights(&mut connection, &options.target).await?;
    lock(&mut connection, &options.target).await?;
    let run = match state::current(&mut connection).await? {
        Some(run) => run,
        None => begin(&mut connection, options, progress).await?,
    };
    if run.state != RunState::Running {
        return state::report(&mut connection, &run).await;
    }
    let options = run.options(options);
    let outcome = steps(&mut connection, &options, &run, progress).await;
    if let Err(error) = &outcome {
        state::keep_error(&mut connection, &run, error).await;
    }
    outcome?;
    let run = state::current(&mut connection).await?.unwrap_or(run);
    state::report(&mut connection, &run).await
}

/// Makes the target's tables and the record of a new run.
async fn begin(
    connection: &mut PgConnection,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Run, Error> {
    let found = catalog(connection, &options.source_schema).await?;
    if found.is_empty() {
        return Err(Error::usage(format_args!(
            "there are no tables in the schema {}; name another with --schema, or the legacy database with --source",
            options.source_schema
        )));
    }
    progress.begin(Step::Expand, 0);
    let landfall_existed = expand::schemas(connection, options).await?;
    expand::check_empty(connection).await?;
    let mut transaction = connection.begin().await?;
    source::make(&mut transaction, &options.source_schema, &found).await?;
    expand::drop_indexes(&mut transaction).await?;
    let rows = count_rows(&mut transaction).await?;
    let run = Run {
        id: landfall_domain::ids::new_uuid(),
        state: RunState::Running,
        started_at: SystemClock.now(),
        fingerprint: fingerprint(&found),
        settings: Settings {
            source_schema: options.source_schema.clone(),
            copied: options.source.is_some(),
            landfall_existed,
            mock_rows: options.mock_rows,
            conflicts: options.conflicts,
            merge_natural: options.merge_natural,
            words: options.words.clone(),
            archive_unknown: options.archive_unknown,
            rows,
            backup: None,
        },
        error: None,
    };
    state::begin(
        &mut transaction,
        &run,
        options.source.as_deref().unwrap_or(&options.target),
    )
    .await?;
    state::end_step(&mut transaction, &run, Step::Backup).await?;
    state::end_step(&mut transaction, &run, Step::Expand).await?;
    transaction.commit().await?;
    progress.end(Step::Expand);
    Ok(run)
}

/// Checksum of a legacy schema: tables, columns, types.
pub(crate) fn fingerprint(found: &crate::database::Catalog) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for (table, columns) in found {
        for column in columns {
            hasher.update(format!("{table}.{} {}\n", column.name, column.sql_type));
        }
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

async fn steps(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
    progress: &dyn Progress,
) -> Result<(), Error> {
    for status in state::steps(connection, run).await? {
        if status.step > options.until {
            break;
        }
        if status.state == StepState::Done {
            continue;
        }
        state::begin_step(connection, run, status.step).await?;
        match status.step {
            Step::Backup | Step::Expand | Step::Copy | Step::CatchUp => {
                state::end_step(connection, run, status.step).await?;
            }
            Step::Place => place(connection, options, run, progress).await?,
            Step::Load => {
                move_rows(connection, options, run, progress).await?;
                state::end_step(connection, run, Step::Load).await?;
            }
            Step::Index => {
                index::build(connection, progress).await?;
                state::end_step(connection, run, Step::Index).await?;
            }
            Step::Verify | Step::CutOver => {}
        }
    }
    Ok(())
}

/// Decides where every row goes, and writes it down; all of it or nothing.
async fn place(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
    progress: &dyn Progress,
) -> Result<(), Error> {
    progress.begin(Step::Place, 0);
    let placing = Placing::new(options, SOURCE, WORK);
    let mut transaction = connection.begin().await?;
    execute(
        &mut transaction,
        &format!("DROP SCHEMA IF EXISTS {WORK} CASCADE; CREATE SCHEMA {WORK}"),
    )
    .await?;
    placing.decide(&mut transaction).await?;
    record(&mut transaction, &placing, &site(run), &run.id.to_string()).await?;
    state::end_step(&mut transaction, run, Step::Place).await?;
    transaction.commit().await?;
    progress.end(Step::Place);
    Ok(())
}

/// Whether the shared schema is there, which means that a run was begun.
pub(crate) async fn was_begun(connection: &mut PgConnection) -> Result<bool, Error> {
    has_schema(connection, SHARED).await
}
