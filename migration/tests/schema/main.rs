//! Migrations run, the schema does what it promises, and a comparison finds what somebody changed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod command;
mod differences;
mod live;
mod plans;
mod rows;
mod rules;
mod running;
mod security;
