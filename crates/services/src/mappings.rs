//! Mappings: which asset field each column of a source means.

pub mod column;
mod column_rules;
pub mod confidence;
pub mod decisions;
mod evidence;
pub mod analytics;
pub mod check;
mod exchange;
pub mod feedback;
pub mod flow_mappings;
pub mod mapping_preview;
pub mod templates;
pub mod fingerprint;
mod header;
mod names;
pub mod profile;
pub mod profiler;
mod similarity;
pub mod suggest;

pub use column::{ColumnProfile, ColumnType};
pub use column_rules::rules_for;
pub use fingerprint::{Drift, drift, fingerprint};
pub use profile::{MappingProfile, ProfileColumn, ProfileMatch, match_profile};
pub use profiler::ColumnProfiler;
pub use suggest::{APPROVAL_THRESHOLD, Alternative, KnownColumn, Suggestion, suggest};
