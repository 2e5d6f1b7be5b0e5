//! Imports: from an uploaded file to an accepted one, with everything that can be asked about it afterwards.

mod apply_cleansing;
mod change;
pub mod cleansing_rules;
pub mod cleansing_suggestions;
mod columns;
pub mod comparison;
mod corrected_rows;
pub mod data_rules;
mod dry_run;
mod export;
mod find;
pub mod formats;
mod given_records;
mod inspection;
pub mod options;
mod process;
pub mod quality;
pub mod readers;
mod reading;
mod report;
mod rows;
mod sketch;
pub mod statistics;
mod stop;
mod undo;
mod upload;
pub mod validation;

pub use apply_cleansing::CleansingReport;
pub use change::ImportPatch;
pub use columns::ImportColumns;
pub use dry_run::{DryRunReport, RowReport};
pub use find::{Import, ImportDetail, ImportFilter, ImportSort, RecordCounts};
pub use given_records::GivenRecords;
pub use inspection::{Inspection, inspect};
pub use options::{ImportOptions, UploadRequest};
pub use process::ProcessOptions;
pub use report::{ImportRowErrors, Preview};
pub use stop::ImportSample;
pub use undo::UndoReport;
pub use upload::ImportReceipt;

pub(crate) use inspection::inspect_in_background;
pub(crate) use reading::{RecordBatch, read_in_background};
pub(crate) use upload::master_flow;

use crate::files::FileError;
use landfall_domain::ImportId;
use landfall_repositories::StoreError;

/// Why an import was refused, or could not be asked about.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is not one that can be imported. Nothing was stored.
    #[error(transparent)]
    File(#[from] readers::FileFault),
    /// The file is larger than an upload may be. Nothing was stored.
    #[error("the file is larger than {limit} bytes, the most that an upload may have")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A mapping names a column that the file does not have, or a field that does not exist. Nothing was stored.
    #[error("{0}")]
    Mapping(String),
    /// A strict import has faults. Nothing was stored.
    #[error("{faults} values cannot be used, and the import is strict: nothing was stored")]
    Strict {
        /// Number of faults.
        faults: u64,
        /// What a dry run of the same file says.
        report: Box<DryRunReport>,
    },
    /// The import is still being worked on.
    #[error("the import {0} is still being worked on: pause or cancel its flow first")]
    Busy(ImportId),
    /// The import was undone already.
    #[error("the import {0} was cancelled or undone already")]
    Gone(ImportId),
    /// The database failed or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be kept or read.
    #[error(transparent)]
    Storage(#[from] FileError),
    /// A phase could not be done.
    #[error(transparent)]
    Discovery(#[from] crate::discovery::DiscoveryError),
    /// Rules that cannot be applied. Nothing was changed.
    #[error("{0}")]
    Rules(String),
    /// The import's flow could not be changed.
    #[error(transparent)]
    Flow(Box<crate::discovery::FlowControlError>),
    /// An export could not be written.
    #[error("the export could not be written: {0}")]
    Write(String),
    /// A task of this process ended early.
    #[error("the work was interrupted: {0}")]
    Interrupted(String),
}
