//! What the commands answer. All of it can be written as JSON.

use crate::Step;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use uuid::Uuid;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must be decided before a run.
    Blocks,
    /// Worth knowing; the map says what becomes of it.
    Note,
}

/// Something that the plan found in the legacy data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// What kind it is, such as `unknown_column`, `unknown_word`, `unknown_tenant`, `collision`.
    pub kind: String,
    /// The legacy table.
    pub table: String,
    /// The legacy column, if it is about one.
    pub column: Option<String>,
    /// How many rows have it.
    pub rows: i64,
    /// What it is and what to do, in a sentence.
    pub message: String,
}

/// What a run would do with a legacy table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedTable {
    /// The legacy table.
    pub table: String,
    /// The table that its rows go to; none if the whole rows are archived.
    pub target: Option<String>,
    /// Its rows.
    pub rows: i64,
    /// Its size on disk in bytes.
    pub bytes: i64,
    /// Its columns and what becomes of each.
    pub columns: Vec<ColumnOutcome>,
}

/// What becomes of a legacy column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnOutcome {
    /// The column.
    pub column: String,
    /// `kept`, `renamed`, `converted` or `archived`.
    pub outcome: String,
    /// Where its values are then: `table.column`, or `legacy_archive`.
    pub target: String,
    /// The rule by which they change, if they do.
    pub rule: Option<String>,
}

/// What a run would do. Nothing was changed to find out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// The legacy database, without password.
    pub source: String,
    /// The target database, without password.
    pub target: String,
    /// Checksum of the legacy schema: tables, columns, types.
    pub fingerprint: String,
    /// The legacy tables.
    pub tables: Vec<PlannedTable>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Rows of all tables.
    pub rows: i64,
    /// How long a run would take, in seconds, from a probe of the data.
    pub estimated_seconds: f64,
    /// Disk space that it needs, in bytes.
    pub disk_bytes: i64,
}

impl Plan {
    /// Whether something must be decided first.
    pub fn is_blocked(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Blocks)
    }
}

/// Where the rows of a legacy table are. `rows` = `kept` + `merged` + `archived` + `rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableOutcome {
    /// The legacy table.
    pub table: String,
    /// Its rows.
    pub rows: i64,
    /// Rows that are rows of the target now.
    pub kept: i64,
    /// Rows that went into a row which another legacy row also went into.
    pub merged: i64,
    /// Rows that are whole in the archive, because the target has no table for them.
    pub archived: i64,
    /// Rows that are whole in the archive, because they cannot be rows of the target.
    pub rejected: i64,
}

impl TableOutcome {
    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.rows == self.kept + self.merged + self.archived + self.rejected
    }
}

/// How often a rule changed a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule.
    pub rule: String,
    /// What it does, in a sentence.
    pub description: String,
    /// The legacy table.
    pub table: String,
    /// The legacy column, if it is about one.
    pub column: Option<String>,
    /// Rows that it touched.
    pub rows: i64,
}

/// Two sides that should be equal and are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table of the target in which a value is wrong, or `legacy_archive`.
    pub table: String,
    /// Its column; none if rows are missing or too many.
    pub column: Option<String>,
    /// The legacy table that the values come from, if they come from one.
    pub source_table: Option<String>,
    /// The legacy column.
    pub source_column: Option<String>,
    /// What differs, in a sentence, with keys of rows where they are known.
    pub message: String,
}

/// The proof of one legacy table or one table of the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvedTable {
    /// The table.
    pub table: String,
    /// Rows compared.
    pub rows: i64,
    /// Columns compared.
    pub columns: i64,
    /// Whether all were equal.
    pub equal: bool,
}

/// What a comparison of both sides found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proof {
    /// The run whose result was compared.
    pub run_id: Uuid,
    /// When.
    pub verified_at: DateTime<Utc>,
    /// Where the rows of each legacy table are.
    pub tables: Vec<TableOutcome>,
    /// Legacy tables, rebuilt from target and archive, beside themselves.
    pub rebuilt: Vec<ProvedTable>,
    /// Tables of the target beside what the map makes of the legacy tables.
    pub expected: Vec<ProvedTable>,
    /// What is not equal; empty if the proof closes.
    pub differences: Vec<Difference>,
    /// Rows left out because they were written since the cut-over.
    pub written_since: i64,
    /// How long it took.
    pub seconds: f64,
}

impl Proof {
    /// Whether nothing was lost.
    pub fn closes(&self) -> bool {
        self.differences.is_empty() && self.tables.iter().all(TableOutcome::adds_up)
    }
}

/// State of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Begun, not at its end; `run` goes on.
    Running,
    /// Cut over; can be rolled back.
    CutOver,
    /// Finished; the legacy tables are gone.
    Finished,
}

/// State of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not begun.
    Pending,
    /// Begun.
    Running,
    /// Done.
    Done,
}

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepStatus {
    /// The step.
    pub step: Step,
    /// Its state.
    pub state: StepState,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub completed_at: Option<DateTime<Utc>>,
}

/// How far the consolidation of a database is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// The run; none if there is none.
    pub run: Option<RunReport>,
    /// Whether somebody is at work on it now.
    pub at_work: bool,
}

/// A dump of the legacy tables, with a manifest beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The dump, as `pg_restore` reads it.
    pub file: PathBuf,
    /// Checksums of the dump, and of each column of each table in it, as JSON.
    pub manifest: PathBuf,
    /// Size of the dump.
    pub bytes: u64,
    /// Checksum of the dump.
    pub sha256: String,
    /// Tables in it.
    pub tables: i64,
    /// Rows in it.
    pub rows: i64,
    /// Whether it was restored into a scratch database and compared with the tables that it is of; else it was read to its end.
    pub restored: bool,
}

impl Backup {
    /// In a sentence: what it is, where, and how far it is proved.
    pub fn in_words(&self) -> String {
        let proof = if self.restored {
            "restored into a scratch database and equal there, value by value"
        } else {
            "read to its end; it was NOT restored as a test (--skip-test-restore)"
        };
        format!(
            "{}: {} tables, {} rows, {} bytes, sha256 {}; {proof}",
            self.file.display(),
            self.tables,
            self.rows,
            self.bytes,
            self.sha256
        )
    }
}

/// What a run has done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunReport {
    /// The run.
    pub run_id: Uuid,
    /// Its state.
    pub state: RunState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Its steps.
    pub steps: Vec<StepStatus>,
    /// Legacy rows moved so far.
    pub rows_done: i64,
    /// Legacy rows in all.
    pub rows_total: i64,
    /// The backup, if one was made.
    pub backup: Option<Backup>,
    /// The error with which it last stopped.
    pub error: Option<String>,
}

/// Everything there is to say about a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// What it has done.
    pub run: RunReport,
    /// Where the rows of each legacy table are.
    pub tables: Vec<TableOutcome>,
    /// Where the values of each legacy column are: table, then its columns with outcome, rule, rows, checksum.
    pub ledger: Vec<LedgerLine>,
    /// How often each rule changed a value.
    pub rules: Vec<RuleCount>,
    /// Rows of the target that no legacy row became, by table of the target.
    pub made: Vec<RuleCount>,
    /// Conflicts between original and v3 rows by table, column and rule.
    pub conflicts: Vec<RuleCount>,
    /// Rows in the quarantine tenant by table and reason.
    pub quarantine: Vec<RuleCount>,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerLine {
    /// The legacy table.
    pub table: String,
    /// Its column.
    pub column: String,
    /// `kept`, `renamed`, `converted`, `merged`, `archived` or `rejected`.
    pub outcome: String,
    /// The rule, if one applied.
    pub rule: Option<String>,
    /// Values with this outcome.
    pub rows: i64,
    /// Checksum over all values of the column and their keys.
    pub checksum: Option<String>,
}

/// A row that was written since the cut-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The table of the target.
    pub table: String,
    /// The key of the row.
    pub key: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub operation: String,
}

/// What a rollback did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RolledBack {
    /// The run that is undone.
    pub run_id: Uuid,
    /// Rows written since the cut-over.
    pub writes: Vec<Change>,
    /// Whether they were written into the legacy tables.
    pub writes_kept: bool,
}

/// What `finish` did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finished {
    /// The run.
    pub run_id: Uuid,
    /// The dump of the retired tables that was made and checked first.
    pub dump: Option<Backup>,
    /// Tables dropped.
    pub tables_dropped: i64,
    /// Whether the views under the old names were dropped too.
    pub views_dropped: bool,
}
