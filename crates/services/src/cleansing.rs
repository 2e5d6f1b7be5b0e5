//! Cleansing: a source's row becomes values in the kinds and units of the asset fields.
//!
//! A [`Cleanser`] is made once for an import from its accepted mappings and then reads row after row without looking
//! anything up by name or pattern. What a column means is decided for the column, by its [`TransformationRules`], never for
//! one cell; what a source does not say stays empty; what cannot be read is reported and its text kept.

mod absent;
mod booleans;
mod cell;
mod cleanser;
pub mod dates;
mod derive;
mod fold;
mod hosts;
mod lists;
mod money;
mod network;
pub mod numbers;
pub mod operating_system;
mod outcome;
pub mod quantities;
mod read;
mod rules;
pub mod units;
pub mod vocabulary;

pub use absent::is_absent;
pub(crate) use cell::text as cell_text;
pub use cleanser::{Cleanser, ColumnMapping, UnknownTarget};
pub use dates::DateOrder;
pub use numbers::DecimalStyle;
pub use outcome::{Cleansed, Fault, Issue, Reading};
pub use read::read;
pub use rules::TransformationRules;
pub use units::SourceUnit;

pub(crate) use fold::Folded;

#[cfg(test)]
mod tests;
