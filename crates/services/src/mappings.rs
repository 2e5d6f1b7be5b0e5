//! Mappings: which asset field each column of a source means.

pub mod analytics;
pub mod check;
pub mod column;
mod column_rules;
pub mod confidence;
pub mod decisions;
mod evidence;
mod exchange;
pub mod feedback;
pub mod fingerprint;
pub mod flow_mappings;
mod header;
pub mod mapping_preview;
mod names;
pub mod profile;
pub mod profiler;
mod similarity;
pub mod suggest;
pub mod templates;

pub use column::{ColumnProfile, ColumnType};
pub use column_rules::rules_for;
pub use fingerprint::{Drift, drift, fingerprint};
pub use profile::{MappingProfile, ProfileColumn, ProfileMatch, match_profile};
pub use profiler::ColumnProfiler;
pub use suggest::{APPROVAL_THRESHOLD, Alternative, KnownColumn, Suggestion, suggest};
