//! `run`: all steps in order, from where the last one stopped.

use crate::backup::Dump;
use crate::database::{catalog, check_lock, check_rights, connect, execute, hexadecimal, lock};
use crate::expand::{self, WORK};
use crate::moving::{count_rows, move_rows, site};
use crate::outcome::{RunReport, RunState, StepState};
use crate::place::{Placing, record};
use crate::progress::Progress;
use crate::source::SOURCE;
use crate::state::{self, Run, Settings};
use crate::{
    Error, Options, Step, backup, copy, cutover, deliver, index, ledger, plan, source, unknown, verify, watch,
};
use landfall_domain::{Clock, SystemClock};
use sqlx::{Connection, PgConnection};

/// Takes the legacy database over, up to the step of the options. Started again, it goes on where it stopped.
///
/// # Errors
/// [`Error::Busy`] if another consolidation is at work, [`Error::Blocked`] if the plan has findings to decide first,
/// [`Error::NotProved`] if the two sides are not equal, [`Error::Refused`] if this database cannot be taken over as things stand,
/// else what failed. Nothing is cut over then, and `run` can be started again.
pub async fn run(options: &Options, progress: &dyn Progress) -> Result<RunReport, Error> {
    if deliver::is_file(&options.target) {
        return deliver::deliver(options, progress).await;
    }
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
    check_options(options, &run)?;
    if let (Some(backup), Some(_)) = (&run.settings.backup, &options.backup_dir) {
        backup::check(backup)?;
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

/// A run goes on with the options that it was begun with. Whoever says nothing about one means that; whoever says something else
/// must not be left to believe that it was done.
fn check_options(options: &Options, run: &Run) -> Result<(), Error> {
    let (usual, begun) = (Options::new(""), &run.settings);
    let other = [
        (
            "--mock-rows",
            options.mock_rows != usual.mock_rows && options.mock_rows != begun.mock_rows,
        ),
        (
            "--conflicts",
            options.conflicts != usual.conflicts && options.conflicts != begun.conflicts,
        ),
        ("--merge-natural", options.merge_natural && !begun.merge_natural),
        (
            "--archive-unknown",
            options.archive_unknown && !begun.archive_unknown,
        ),
        (
            "--map",
            options.words != usual.words && options.words != begun.words,
        ),
    ];
    let other: Vec<_> = other
        .iter()
        .filter(|(_, differs)| *differs)
        .map(|(flag, _)| *flag)
        .collect();
    if other.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "the run was begun with another {}: end it as it was begun, without these flags, or roll it back first",
        other.join(", ")
    )))
}

/// Makes the backup, the target's tables and the record of a new run.
async fn begin(
    connection: &mut PgConnection,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Run, Error> {
    let source_url = options.source.as_deref().unwrap_or(&options.target);
    let mut other = match &options.source {
        Some(url) => Some(connect(url).await?),
        None => None,
    };
    let found = catalog(other.as_mut().unwrap_or(connection), &options.source_schema).await?;
    if found.is_empty() {
        return Err(Error::usage(format_args!(
            "there are no tables in the schema {}; name another with --schema, or the legacy database with --source",
            options.source_schema
        )));
    }
    plan::check(other.as_mut().unwrap_or(connection), options).await?;
    let begun = SystemClock.now();
    let backup = match &options.backup_dir {
        Some(directory) => {
            progress.begin(Step::Backup, 0);
            let dump = Dump {
                url: source_url,
                schema: &options.source_schema,
                types_of: None,
                file_name: &SystemClock.now().format("legacy-%Y%m%d-%H%M%S").to_string(),
            };
            let backup = dump.make(options, directory, progress).await?;
            progress.end(Step::Backup);
            Some(backup)
        }
        None => None,
    };
    let backed_up = SystemClock.now();
    progress.begin(Step::Expand, 0);
    expand::schemas(connection, options).await?;
    let mut transaction = connection.begin().await?;
    expand::note_own_rows(&mut transaction).await?;
    expand::drop_indexes(&mut transaction).await?;
    let rows = if let Some(other) = &mut other {
        copy::count(other, &options.source_schema, &found).await?
    } else {
        source::make(&mut transaction, &options.source_schema, &found).await?;
        watch::install(&mut transaction, &options.source_schema, &found).await?;
        count_rows(&mut transaction).await?
    };
    let run = Run {
        id: landfall_domain::ids::new_uuid(),
        state: RunState::Running,
        started_at: SystemClock.now(),
        fingerprint: fingerprint(&found),
        settings: Settings {
            source_schema: options.source_schema.clone(),
            copied: options.source.is_some(),
            mock_rows: options.mock_rows,
            conflicts: options.conflicts,
            merge_natural: options.merge_natural,
            words: options.words.clone(),
            archive_unknown: options.archive_unknown,
            rows,
            backup,
        },
        error: None,
    };
    state::begin(
        &mut transaction,
        &run,
        options.source.as_deref().unwrap_or(&options.target),
    )
    .await?;
    state::step_done(&mut transaction, &run, Step::Backup, begun, backed_up).await?;
    state::step_done(&mut transaction, &run, Step::Expand, backed_up, SystemClock.now()).await?;
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
    hexadecimal(&hasher.finalize())
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
        check_lock(connection, &options.target).await?;
        state::begin_step(connection, run, status.step).await?;
        match status.step {
            Step::Backup | Step::Expand => state::end_step(connection, run, status.step).await?,
            Step::Copy => copy_tables(connection, options, run, progress).await?,
            Step::CatchUp => {
                progress.begin(Step::CatchUp, 0);
                catch_up(connection, options, run).await?;
                state::end_step(connection, run, Step::CatchUp).await?;
                progress.end(Step::CatchUp);
            }
            Step::Place => place(connection, options, run, progress).await?,
            Step::Load => {
                move_rows(connection, options, run, progress).await?;
                unknown::archive(connection, run).await?;
                state::end_step(connection, run, Step::Load).await?;
            }
            Step::Index => {
                index::build(connection, progress).await?;
                state::end_step(connection, run, Step::Index).await?;
            }
            Step::Verify => prove(connection, options, run, progress).await?,
            Step::CutOver => {
                progress.begin(Step::CutOver, 0);
                catch_up(connection, options, run).await?;
                cutover::cut_over(connection, options, run).await?;
                progress.end(Step::CutOver);
            }
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
    expand::check_own_rows(&mut transaction).await?;
    record(&mut transaction, &placing, &site(run), &run.id.to_string()).await?;
    state::end_step(&mut transaction, run, Step::Place).await?;
    transaction.commit().await?;
    progress.end(Step::Place);
    Ok(())
}

/// Copies the legacy tables of another database beside the target.
async fn copy_tables(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
    progress: &dyn Progress,
) -> Result<(), Error> {
    if run.settings.copied {
        let url = options
            .source
            .as_deref()
            .ok_or_else(|| Error::usage("this run takes another database over; name it with --source"))?;
        let found = copy::copy(connection, options, url, progress).await?;
        unknown::check(connection, run).await?;
        source::make(connection, copy::STAGING, &found).await?;
    }
    state::end_step(connection, run, Step::Copy).await
}

/// Rows of which moving them again takes no longer than deciding where they go: waiting for fewer makes no sense while old
/// clients write.
const LITTLE: i64 = 1_000;

/// Moves again what old clients have changed, until little is left.
async fn catch_up(connection: &mut PgConnection, options: &Options, run: &Run) -> Result<(), Error> {
    unknown::check(connection, run).await?;
    unknown::catch_up(connection, run).await?;
    for _ in 0..20 {
        let mut transaction = connection.begin().await?;
        let moved = watch::drain(&mut transaction, options, run).await?;
        transaction.commit().await?;
        if moved < LITTLE {
            break;
        }
    }
    Ok(())
}

/// Compares both sides, and writes the ledger. Nothing is cut over unless they are equal.
async fn prove(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
    progress: &dyn Progress,
) -> Result<(), Error> {
    catch_up(connection, options, run).await?;
    let (mut proof, mut columns) = verify::prove(connection, options, run, progress).await?;
    if !proof.closes() && watch::pending(connection).await? > 0 {
        // Old clients wrote while both sides were read: they wait this time.
        let mut quiet = connection.begin().await?;
        watch::hold(&mut quiet, cutover::legacy_schema(run)).await?;
        watch::drain(&mut quiet, options, run).await?;
        (proof, columns) = verify::prove(&mut quiet, options, run, progress).await?;
        quiet.commit().await?;
    }
    if !proof.closes() {
        let shown: Vec<_> = proof
            .differences
            .iter()
            .take(5)
            .map(|difference| difference.message.as_str())
            .collect();
        return Err(Error::NotProved(format!(
            "the two sides are not equal in {} places, so nothing is cut over: {}",
            proof.differences.len(),
            shown.join("; ")
        )));
    }
    let mut transaction = connection.begin().await?;
    ledger::write(&mut transaction, run, &proof, &columns).await?;
    state::end_step(&mut transaction, run, Step::Verify).await?;
    transaction.commit().await?;
    Ok(())
}
