//! How far a run is. A step is marked as begun in a transaction of its own before its first effect, so that whoever comes after
//! an interruption knows what may have happened.

use crate::Error;
use crate::database::{execute, has_schema, rows, scalar};
use crate::options::{ConflictRule, MockRows, Options, Step, Words};
use crate::outcome::{Backup, RunReport, RunState, StepState, StepStatus};
use crate::statement::literal;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

/// What a run was begun with, and what it must not forget.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// Schema of the legacy tables at the beginning.
    pub(crate) source_schema: String,
    /// Whether the legacy tables were copied from another database.
    pub(crate) copied: bool,
    /// What becomes of invented rows.
    pub(crate) mock_rows: MockRows,
    /// Which side wins.
    pub(crate) conflicts: ConflictRule,
    /// Whether imports are the same by name, size and time.
    pub(crate) merge_natural: bool,
    /// What words mean.
    pub(crate) words: Words,
    /// Whether unknown tables and columns are archived.
    pub(crate) archive_unknown: bool,
    /// Rows of all legacy tables.
    pub(crate) rows: i64,
    /// The backup.
    pub(crate) backup: Option<Backup>,
}

/// A run as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Its id.
    pub(crate) id: Uuid,
    /// Its state.
    pub(crate) state: RunState,
    /// When it began.
    pub(crate) started_at: DateTime<Utc>,
    /// Checksum of the legacy schema.
    pub(crate) fingerprint: String,
    /// What it was begun with.
    pub(crate) settings: Settings,
    /// The error with which it stopped last.
    pub(crate) error: Option<String>,
}

impl Run {
    /// The options with those that a run keeps from its beginning to its end.
    pub(crate) fn options(&self, options: &Options) -> Options {
        Options {
            source_schema: self.settings.source_schema.clone(),
            mock_rows: self.settings.mock_rows,
            conflicts: self.settings.conflicts,
            merge_natural: self.settings.merge_natural,
            words: self.settings.words.clone(),
            archive_unknown: self.settings.archive_unknown,
            ..options.clone()
        }
    }

    /// The time of the run, as SQL text.
    pub(crate) fn at(&self) -> String {
        self.started_at.to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}

/// The run of this database; none if there is none.
pub(crate) async fn current(connection: &mut PgConnection) -> Result<Option<Run>, Error> {
    if !has_schema(connection, "landfall").await?
        || !scalar::<bool>(
            connection,
            "SELECT to_regclass('landfall.consolidation_runs') IS NOT NULL",
        )
        .await?
    {
        return Ok(None);
    }
    let found = rows(
        connection,
        "SELECT id, state, started_at, source_fingerprint, options, error_message FROM landfall.consolidation_runs \
         ORDER BY started_at DESC LIMIT 1",
    )
    .await?;
    let Some(row) = found.first() else {
        return Ok(None);
    };
    let state: String = row.try_get(1)?;
    Ok(Some(Run {
        id: row.try_get(0)?,
        state: match state.as_str() {
            "finished" => RunState::Finished,
            "cut_over" => RunState::CutOver,
            _ => RunState::Running,
        },
        started_at: row.try_get(2)?,
        fingerprint: row.try_get(3)?,
        settings: serde_json::from_value(row.try_get(4)?).map_err(|error| {
            Error::Failed(format!("the options stored with the run cannot be read: {error}"))
        })?,
        error: row.try_get(5)?,
    }))
}

/// Stores a new run and its steps, in the transaction of the connection.
pub(crate) async fn begin(connection: &mut PgConnection, run: &Run, source: &str) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO landfall.consolidation_runs (id, source_url_hash, source_fingerprint, state, options, started_at, heartbeat_at) \
         VALUES ($1, encode(sha256(convert_to($2, 'UTF8')), 'hex'), $3, 'running', $4, $5, $5)",
    )
    .bind(run.id)
    .bind(source)
    .bind(&run.fingerprint)
    .bind(crate::database::stored(&run.settings))
    .bind(run.started_at)
    .execute(&mut *connection)
    .await?;
    for (ordinal, step) in (1_i32..).zip(Step::ALL) {
        sqlx::query(
            "INSERT INTO landfall.consolidation_steps (id, run_id, name, ordinal, state) \
             VALUES (consolidation.derived_id($1::text || ' ' || $2), $1, $2, $3, 'pending')",
        )
        .bind(run.id)
        .bind(step.as_str())
        .bind(ordinal)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Marks a step as begun. It stays begun if it was.
pub(crate) async fn begin_step(connection: &mut PgConnection, run: &Run, step: Step) -> Result<(), Error> {
    execute(
        connection,
        &format!(
            "UPDATE landfall.consolidation_steps SET state = 'running', started_at = COALESCE(started_at, clock_timestamp()) \
             WHERE run_id = '{}' AND name = '{step}'; \
             UPDATE landfall.consolidation_runs SET heartbeat_at = clock_timestamp(), error_message = NULL WHERE id = '{}'",
            run.id, run.id
        ),
    )
    .await
    .map(drop)
}

/// Marks a step as done; may stand in the transaction of its last effect.
pub(crate) async fn end_step(connection: &mut PgConnection, run: &Run, step: Step) -> Result<(), Error> {
    execute(
        connection,
        &format!(
            "UPDATE landfall.consolidation_steps SET state = 'done', started_at = COALESCE(started_at, clock_timestamp()), \
             completed_at = clock_timestamp() WHERE run_id = '{}' AND name = '{step}'",
            run.id
        ),
    )
    .await
    .map(drop)
}

/// Marks a step as done that was begun before there was a record of the run.
pub(crate) async fn step_done(
    connection: &mut PgConnection,
    run: &Run,
    step: Step,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE landfall.consolidation_steps SET state = 'done', started_at = $3, completed_at = $4 WHERE run_id = $1 AND name = $2",
    )
    .bind(run.id)
    .bind(step.as_str())
    .bind(from)
    .bind(to)
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks a run as cut over or finished.
pub(crate) async fn set_state(connection: &mut PgConnection, run: &Run, state: &str) -> Result<(), Error> {
    execute(
        connection,
        &format!(
            "UPDATE landfall.consolidation_runs SET state = '{state}', heartbeat_at = clock_timestamp(), \
             completed_at = clock_timestamp() WHERE id = '{}'",
            run.id
        ),
    )
    .await
    .map(drop)
}

/// Keeps the error with which a run stopped. It does not matter if it cannot be kept.
pub(crate) async fn keep_error(connection: &mut PgConnection, run: &Run, error: &Error) {
    let kept = execute(
        connection,
        &format!(
            "UPDATE landfall.consolidation_runs SET error_message = {} WHERE id = '{}'",
            literal(&error.to_string()),
            run.id
        ),
    )
    .await;
    if let Err(second) = kept {
        tracing::debug!(%second, "the error of the run could not be kept");
    }
}

/// The steps of a run.
pub(crate) async fn steps(connection: &mut PgConnection, run: &Run) -> Result<Vec<StepStatus>, Error> {
    let found = rows(
        connection,
        &format!(
            "SELECT name, state, started_at, completed_at FROM landfall.consolidation_steps WHERE run_id = '{}' ORDER BY ordinal",
            run.id
        ),
    )
    .await?;
    let mut steps = Vec::with_capacity(found.len());
    for row in &found {
        let (name, state): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        steps.push(StepStatus {
            step: name.parse()?,
            state: match state.as_str() {
                "done" => StepState::Done,
                "running" => StepState::Running,
                _ => StepState::Pending,
            },
            started_at: row.try_get(2)?,
            completed_at: row.try_get(3)?,
        });
    }
    Ok(steps)
}

/// What a run has done so far.
pub(crate) async fn report(connection: &mut PgConnection, run: &Run) -> Result<RunReport, Error> {
    let rows_done = scalar(
        connection,
        &format!(
            "SELECT COALESCE(sum(rows_in), 0)::bigint FROM landfall.consolidation_batches WHERE run_id = '{}'",
            run.id
        ),
    )
    .await?;
    Ok(RunReport {
        run_id: run.id,
        state: run.state,
        started_at: run.started_at,
        steps: steps(connection, run).await?,
        rows_done,
        rows_total: run.settings.rows,
        backup: run.settings.backup.clone(),
        error: run.error.clone(),
    })
}
