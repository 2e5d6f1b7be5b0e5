//! Takes the predecessor's database over: says where every value of every row goes, moves it, proves that nothing was lost,
//! keeps old SQL clients working, and can go back.
//!
//! Everything is derived from one map of legacy tables and columns: the plan, the statements that move rows, the proof, the views
//! under the old names and their triggers, and `docs/consolidation-map.md`.

mod database;
mod error;
mod expand;
mod index;
mod map;
mod moving;
mod options;
mod outcome;
mod place;
mod progress;
mod run;
mod source;
mod state;
mod statement;

pub use error::Error;
pub use map::map_markdown;
pub use options::{ConflictRule, MockRows, Options, Step, Words, Writes};
pub use outcome::{
    Change, ColumnOutcome, Difference, Finding, Finished, LedgerLine, Plan, PlannedTable, Proof, ProvedTable,
    Report, RolledBack, RuleCount, RunReport, RunState, Severity, Status, StepState, StepStatus,
    TableOutcome,
};
pub use progress::{Progress, Quiet};
pub use run::run;
