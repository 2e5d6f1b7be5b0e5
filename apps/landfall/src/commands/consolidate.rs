//! `landfall consolidate`: takes a legacy database over.

mod progress;
mod shown;

use crate::config::Config;
use crate::failure::Failure;
use crate::output::{json, line, say};
use clap::{Args, Subcommand};
use landfall_consolidation::{ConflictRule, Error, MockRows, Options, Step, Words, Writes};
use progress::Bars;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Flags of `consolidate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 done; 1 something failed; 2 it cannot be meant; 3 another consolidation is at work; 4 the plan has \
                        findings that must be decided first; 5 the two sides are not equal; 6 refused as things stand."
)]
pub(crate) struct Arguments {
    /// The legacy database, if it is not the one that becomes Landfall's
    #[arg(long, global = true, value_name = "URL")]
    source: Option<String>,
    /// The schema of the legacy tables
    #[arg(long, global = true, value_name = "NAME", default_value = "migration")]
    schema: String,
    /// Write the answer as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say what a run would do, and change nothing
    Plan {
        #[command(flatten)]
        choices: Choices,
        /// Write a page for a browser
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
    /// Take the database over; started again, it goes on where it stopped
    Run(Box<RunFlags>),
    /// Compare every value of both sides again
    Verify,
    /// Say how far a run is
    Status,
    /// Say everything about a run: where every value is, rules, conflicts, quarantine
    Report {
        /// Write a page for a browser
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
    /// Bring the database back to where it was before the run
    Rollback {
        /// Write rows that were written since the cut-over into the legacy tables
        #[arg(long, conflicts_with = "discard_writes")]
        keep_writes: bool,
        /// Lose rows that were written since the cut-over
        #[arg(long)]
        discard_writes: bool,
    },
    /// Drop the retired legacy tables, after a dump of them
    Finish {
        /// Drop the views under the old names too
        #[arg(long)]
        drop_views: bool,
        #[command(flatten)]
        backup: BackupFlags,
    },
}

/// What an operator decides about the rows.
#[derive(Debug, Args)]
struct Choices {
    /// What an unknown word means, such as status=foo:failed or `data_imports.status=foo:failed`
    #[arg(long = "map", value_name = "COLUMN=WORD:LABEL")]
    words: Vec<String>,
    /// Archive tables and columns that are not in the map, instead of stopping
    #[arg(long)]
    archive_unknown: bool,
    /// Invented rows: test-tenant or keep
    #[arg(long, value_name = "WHERE", default_value = "test-tenant", value_parser = mock_rows)]
    mock_rows: MockRows,
    /// Which of two rows that are the same wins: newest, prefer-original or prefer-v3; keep-both keeps imports and flows apart
    /// that say different things, fail stops the plan
    #[arg(long, value_name = "RULE", default_value = "newest")]
    conflicts: ConflictRule,
    /// Imports of the same file, size and time are the same, also with other ids
    #[arg(long)]
    merge_natural: bool,
}

#[derive(Debug, Args)]
struct RunFlags {
    #[command(flatten)]
    choices: Choices,
    /// Rows of one batch
    #[arg(long, value_name = "ROWS", default_value_t = 5_000)]
    batch: u32,
    /// Rows per second at most
    #[arg(long, value_name = "ROWS")]
    throttle: Option<u32>,
    /// Say what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Stop after this step: backup, expand, copy, place, load, catch-up, index, verify or cut-over
    #[arg(long, value_name = "STEP", default_value = "cut-over")]
    until: Step,
    /// How long the cut-over waits for old clients to let go of a table, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    lock_timeout: u64,
    #[command(flatten)]
    backup: BackupFlags,
}

#[derive(Debug, Args)]
struct BackupFlags {
    /// Where the dump of the legacy tables is written [default: the directory of uploads]
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "skip_backup")]
    backup_dir: Option<PathBuf>,
    /// Make no dump
    #[arg(long)]
    skip_backup: bool,
    /// Only read the dump to its end, instead of restoring it into a scratch database and comparing it: for very large ones
    #[arg(long)]
    skip_test_restore: bool,
}

fn mock_rows(word: &str) -> Result<MockRows, String> {
    match word {
        "test-tenant" => Ok(MockRows::TestTenant),
        "keep" => Ok(MockRows::Keep),
        _ => Err("write test-tenant or keep".to_owned()),
    }
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let done = act(config, arguments).await;
    done.map_err(|failure| match failure {
        Stopped::Consolidation(error) => Failure::with_code(&error, error.exit_code()),
        Stopped::Other(failure) => failure,
    })
}

/// Why a command ended early.
enum Stopped {
    Consolidation(Error),
    Other(Failure),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Consolidation(error)
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Other(failure)
    }
}

async fn act(config: &Config, arguments: &Arguments) -> Result<(), Stopped> {
    let mut options = Options::new(config.owner_url().as_str());
    options.source.clone_from(&arguments.source);
    options.source_schema.clone_from(&arguments.schema);
    options.pg_bin_dir.clone_from(&config.pg_bin_dir);
    let as_json = arguments.json;
    match &arguments.action {
        Action::Plan { choices, html } => {
            choices.apply(&mut options)?;
            plan(&options, as_json, html.as_deref()).await
        }
        Action::Run(flags) => {
            flags.choices.apply(&mut options)?;
            options.batch_rows = flags.batch;
            options.rows_per_second = flags.throttle;
            options.until = flags.until;
            options.lock_timeout = Duration::from_millis(flags.lock_timeout);
            flags.backup.apply(&mut options, config);
            if flags.dry_run {
                return plan(&options, as_json, None).await;
            }
            let bars = Bars::new(as_json);
            let report = landfall_consolidation::run(&options, &bars).await?;
            answer(as_json, &report, || shown::run(&report))
        }
        Action::Verify => {
            let bars = Bars::new(as_json);
            let proof = landfall_consolidation::verify(&options, &bars).await?;
            answer(as_json, &proof, || shown::proof(&proof))?;
            if proof.closes() {
                return Ok(());
            }
            Err(Error::NotProved(format!(
                "the two sides differ in {} places",
                proof.differences.len()
            ))
            .into())
        }
        Action::Status => {
            let status = landfall_consolidation::status(&options).await?;
            answer(as_json, &status, || shown::status(&status))
        }
        Action::Report { html } => {
            let report = landfall_consolidation::report(&options).await?;
            if let Some(file) = html {
                return write(file, &landfall_consolidation::report_html(&report));
            }
            answer(as_json, &report, || shown::report(&report))
        }
        Action::Rollback {
            keep_writes,
            discard_writes,
        } => {
            let writes = match (keep_writes, discard_writes) {
                (true, _) => Writes::Keep,
                (_, true) => Writes::Discard,
                _ => Writes::Refuse,
            };
            let done = landfall_consolidation::rollback(&options, writes).await?;
            answer(as_json, &done, || shown::rolled_back(&done))
        }
        Action::Finish { drop_views, backup } => {
            backup.apply(&mut options, config);
            let bars = Bars::new(as_json);
            let done = landfall_consolidation::finish(&options, *drop_views, &bars).await?;
            answer(as_json, &done, || shown::finished(&done))
        }
    }
}

async fn plan(options: &Options, as_json: bool, html: Option<&Path>) -> Result<(), Stopped> {
    let plan = landfall_consolidation::plan(options).await?;
    if let Some(file) = html {
        write(file, &landfall_consolidation::plan_html(&plan))?;
    } else {
        answer(as_json, &plan, || shown::plan(&plan))?;
    }
    if plan.is_blocked() {
        return Err(Error::Blocked("the plan has findings that must be decided first".to_owned()).into());
    }
    Ok(())
}

fn answer(
    as_json: bool,
    value: &impl serde::Serialize,
    text: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Stopped> {
    if as_json {
        json(value)?;
    } else {
        text()?;
    }
    Ok(())
}

fn write(file: &Path, page: &str) -> Result<(), Stopped> {
    std::fs::write(file, page)
        .map_err(|error| Failure::new(format_args!("{} cannot be written: {error}", file.display())))?;
    say(format_args!("Wrote {}.", file.display()));
    line("")?;
    Ok(())
}

impl Choices {
    fn apply(&self, options: &mut Options) -> Result<(), Error> {
        let mut words = Words::default();
        for text in &self.words {
            words.add(text)?;
        }
        options.words = words;
        options.archive_unknown = self.archive_unknown;
        options.mock_rows = self.mock_rows;
        options.conflicts = self.conflicts;
        options.merge_natural = self.merge_natural;
        Ok(())
    }
}

impl BackupFlags {
    fn apply(&self, options: &mut Options, config: &Config) {
        options.backup_dir = self.directory(config);
        options.skip_test_restore = self.skip_test_restore;
    }

    fn directory(&self, config: &Config) -> Option<PathBuf> {
        if self.skip_backup {
            return None;
        }
        Some(
            self.backup_dir
                .clone()
                .unwrap_or_else(|| config.data_dir.join("consolidation")),
        )
    }
}
