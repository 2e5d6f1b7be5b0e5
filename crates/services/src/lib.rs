//! The use cases: reading exports, mapping and cleansing them, making the inventory, and everything that can be asked of it.
//!
//! [`Services`] is the handle that all of them hang on. There are no HTTP types here, and no SQL.

pub mod access;
pub mod applications;
pub mod assessments;
pub mod assets;
pub mod change_log;
pub mod cleansing;
pub mod compat_usage;
pub mod dependencies;
pub mod discovery;
mod files;
pub mod findings;
pub mod flows;
pub mod idempotency;
pub mod imports;
pub mod jobs;
pub mod mappings;
pub mod plans;
pub mod reports;
pub mod seed;
mod services;
pub mod sixr;
mod table_writer;
pub mod tags;
pub mod tenants;

pub use files::{FileError, FileStore, ReadableFile, StagedFile};
pub use landfall_repositories::{NumberedPage, PageNumber, StoreError};
pub use services::{Services, Settings};
