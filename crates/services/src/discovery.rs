//! Discovery: from raw rows to an inventory, phase by phase, each resumable where it stopped.

mod again;
mod batches;
mod control;
pub mod dependencies;
mod dependency_analysis;
mod executor;
pub(crate) mod exported;
pub(crate) mod facts;
mod finish;
pub(crate) mod identity;
mod inventory;
mod later;
pub(crate) mod merge;
mod phases;
mod progress;
mod quality;
pub(crate) mod record;
pub(crate) mod resolve;
mod rows;
pub(crate) mod runner;
pub(crate) mod seen;
pub(crate) mod suggestions;
pub mod tech_debt;
mod tech_debt_assessment;
mod validation;

pub use control::{FlowControlError, FlowKey};
pub use executor::{DiscoveryError, PhaseContext, PhaseExecutor, PhaseOutcome};
pub use resolve::InventoryCounts;

pub(crate) use control::{current, job_key, start_job};
pub(crate) use finish::fail;
pub(crate) use progress::signed;
pub(crate) use rows::{Details, restate};
pub(crate) use validation::issue;

/// Kind of the jobs that drive discovery flows.
pub const DISCOVERY_JOB: &str = "discovery";
/// Key in a flow's state under which the first look at its file is kept.
pub const INSPECTION: &str = "inspection";
