//! The one place that knows the predecessor's names.
//!
//! [`modernize`] turns a JSON object with old field names into one with the current names, [`archaize`] is the reverse,
//! [`current_name`] does the same for one column name. [`mod@words`] does it for status and phase words. All of it reads
//! the constant tables of [`Resource`], which are also what the documentation lists. [`paths`] knows which path of an earlier
//! version is served by which one today, [`answers`] where in an answer the objects of a resource are.

pub mod answers;
mod fields;
pub mod headers;
pub mod paths;
pub mod sixr;
mod tables;
pub mod words;

pub use fields::{Name, Report, archaize, current_name, modernize};
pub use tables::{Change, FieldChange, Resource};
