//! What an operator can decide.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What to take over, into what, and how. [`Options::new`] gives the defaults.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address of the legacy database. The target's own if absent: tables are then moved within one database.
    pub source: Option<String>,
    /// Address of the database that becomes Landfall's: `postgres://…` with a role that may do everything in it, or `sqlite://FILE`.
    pub target: String,
    /// Schema of the legacy tables.
    pub source_schema: String,
    /// Rows of one batch.
    pub batch_rows: u32,
    /// Rows per second at most; no limit if absent.
    pub rows_per_second: Option<u32>,
    /// What becomes of rows that the predecessor marked as invented.
    pub mock_rows: MockRows,
    /// Which row wins where original and v3 tables say different things about the same row.
    pub conflicts: ConflictRule,
    /// Also takes an original and a v3 import for the same when file name, size and time agree, not only when ids do.
    pub merge_natural: bool,
    /// What unknown words mean.
    pub words: Words,
    /// Archive tables and columns that the map does not know, instead of stopping.
    pub archive_unknown: bool,
    /// Where the backup is written before anything is changed; no backup if absent.
    pub backup_dir: Option<PathBuf>,
    /// Only read a backup to its end, instead of restoring it into a scratch database and comparing it: for very large ones.
    pub skip_test_restore: bool,
    /// Directory of `pg_dump` and `pg_restore`; found by itself if absent.
    pub pg_bin_dir: Option<PathBuf>,
    /// How long the cut-over waits for old clients to let go of a table before it gives up and changes nothing.
    pub lock_timeout: Duration,
    /// The last step to do; a later `run` goes on from there.
    pub until: Step,
}

impl Options {
    /// Takes the legacy schema of this database over into the same database.
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            source: None,
            target: target.into(),
            source_schema: "migration".to_owned(),
            batch_rows: 5_000,
            rows_per_second: None,
            mock_rows: MockRows::default(),
            conflicts: ConflictRule::default(),
            merge_natural: false,
            words: Words::default(),
            archive_unknown: false,
            backup_dir: None,
            skip_test_restore: false,
            pg_bin_dir: None,
            lock_timeout: Duration::from_secs(5),
            until: Step::CutOver,
        }
    }
}

/// What becomes of rows with `is_mock = true`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MockRows {
    /// They move to the test tenant, unless they and a real row refer to each other.
    #[default]
    TestTenant,
    /// They stay where they are.
    Keep,
}

/// Which row wins where original and v3 tables say different things about the same row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictRule {
    /// The one with the later `updated_at`; v3 if they are equal.
    #[default]
    Newest,
    /// The original.
    PreferOriginal,
    /// The v3 row.
    PreferV3,
    /// Neither: imports and flows that say different things stay two, the v3 one under another id.
    KeepBoth,
    /// Neither: the plan is stopped by rows that say different things.
    Fail,
}

impl ConflictRule {
    /// The rules with their names on the command line.
    const ALL: [(&'static str, Self); 5] = [
        ("newest", Self::Newest),
        ("prefer-original", Self::PreferOriginal),
        ("prefer-v3", Self::PreferV3),
        ("keep-both", Self::KeepBoth),
        ("fail", Self::Fail),
    ];

    /// By which rule a value won over another.
    pub(crate) const fn value_rule(self) -> &'static str {
        match self {
            Self::Newest | Self::KeepBoth | Self::Fail => "newest",
            Self::PreferOriginal => "prefer_original",
            Self::PreferV3 => "prefer_v3",
        }
    }

    /// By which rule a status won over another.
    pub(crate) const fn status_rule(self) -> &'static str {
        match self {
            Self::Newest | Self::KeepBoth | Self::Fail => "completed_then_newest",
            Self::PreferOriginal | Self::PreferV3 => self.value_rule(),
        }
    }
}

impl FromStr for ConflictRule {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().find(|(name, _)| *name == word);
        found.map(|(_, rule)| *rule).ok_or_else(|| {
            Error::usage(format_args!(
                "'{word}' is no rule for conflicts; known: {}",
                Self::ALL.map(|(name, _)| name).join(", ")
            ))
        })
    }
}

/// What words of the predecessor mean that the map does not know: `status=foo` → `failed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub BTreeMap<String, BTreeMap<String, String>>);

impl Words {
    /// Adds one from its spelling on the command line, `status=foo:failed` or `data_imports.status=foo:failed`: column (of one
    /// table or of all), the old word, the label that it becomes.
    ///
    /// # Errors
    /// If the text is spelt otherwise.
    pub fn add(&mut self, text: &str) -> Result<(), Error> {
        let wrong = || {
            Error::usage(format_args!(
                "'{text}' is no mapping of a word: write it as status=foo:failed or data_imports.status=foo:failed"
            ))
        };
        let (column, words) = text.split_once('=').ok_or_else(wrong)?;
        let (old, new) = words.rsplit_once(':').ok_or_else(wrong)?;
        if column.is_empty() || new.is_empty() {
            return Err(wrong());
        }
        self.0
            .entry(column.to_owned())
            .or_default()
            .insert(old.trim().to_lowercase(), new.to_owned());
        Ok(())
    }

    /// What the words of a column mean, those given for its table first.
    pub fn of<'a>(&'a self, table: &str, column: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let keys = [format!("{table}.{column}"), column.to_owned()];
        keys.into_iter()
            .filter_map(|key| self.0.get(&key))
            .flatten()
            .map(|(old, new)| (old.as_str(), new.as_str()))
    }
}

/// The steps of a run, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Write and check a backup.
    Backup,
    /// Make the target's tables, and watch the legacy tables for changes.
    Expand,
    /// Copy the legacy tables to the target's server, if they are elsewhere.
    Copy,
    /// Decide for every row where it goes.
    Place,
    /// Move the rows, batch by batch.
    Load,
    /// Move again what old clients changed meanwhile.
    CatchUp,
    /// Build indexes and check foreign keys.
    Index,
    /// Compare every value of both sides.
    Verify,
    /// Retire the legacy tables and put views in their place.
    CutOver,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 9] = [
        Self::Backup,
        Self::Expand,
        Self::Copy,
        Self::Place,
        Self::Load,
        Self::CatchUp,
        Self::Index,
        Self::Verify,
        Self::CutOver,
    ];

    /// Its name, as stored and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Expand => "expand",
            Self::Copy => "copy",
            Self::Place => "place",
            Self::Load => "load",
            Self::CatchUp => "catch-up",
            Self::Index => "index",
            Self::Verify => "verify",
            Self::CutOver => "cut-over",
        }
    }
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Step {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|step| step.as_str() == word)
            .ok_or_else(|| {
                Error::usage(format_args!(
                    "'{word}' is no step; known: {}",
                    Self::ALL.map(Self::as_str).join(", ")
                ))
            })
    }
}

/// What a rollback does with rows that were written since the cut-over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writes {
    /// Refuse to roll back if there are any.
    #[default]
    Refuse,
    /// Write them back into the legacy tables.
    Keep,
    /// Lose them.
    Discard,
}
