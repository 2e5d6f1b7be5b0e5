//! The command line, as a person uses it: what it answers, what it leaves behind, and how it exits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod assessing;
mod copies;
mod imports;
mod planning;
mod postgres;
mod refusals;
mod run;
mod schema;
