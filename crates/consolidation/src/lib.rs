//! Takes the predecessor's database over: says where every value of every row goes, moves it, proves that nothing was lost,
//! keeps old SQL clients working, and can go back.
//!
//! Everything is derived from one map of legacy tables and columns: the plan, the statements that move rows, the proof, the views
//! under the old names and their triggers, and `docs/consolidation-map.md`.

mod backup;
mod copy;
mod cutover;
mod database;
mod deliver;
mod error;
mod expand;
mod finish;
mod html;
mod index;
mod ledger;
mod map;
mod moving;
mod options;
mod outcome;
mod place;
mod plan;
mod postgres_programs;
mod progress;
mod rebuild;
mod report;
mod rollback;
mod run;
mod source;
mod state;
mod statement;
mod sums;
mod unknown;
mod verify;
mod views;
mod watch;

pub use error::Error;
pub use finish::finish;
pub use html::{plan_html, report_html};
pub use map::map_markdown;
pub use options::{ConflictRule, MockRows, Options, Step, Words, Writes};
pub use outcome::{
    Backup, Change, ColumnOutcome, Difference, Finding, Finished, LedgerLine, Plan, PlannedTable, Proof,
    ProvedTable, Report, RolledBack, RuleCount, RunReport, RunState, Severity, Status, StepState, StepStatus,
    TableOutcome,
};
pub use plan::plan;
pub use postgres_programs::PostgresPrograms;
pub use progress::{Progress, Quiet};
pub use report::{report, status};
pub use rollback::rollback;
pub use run::run;
pub use verify::verify;
