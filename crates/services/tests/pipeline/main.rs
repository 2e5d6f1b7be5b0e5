//! Imports from file to inventory, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    clippy::default_trait_access,
    reason = "a test may end at the first surprise"
)]

mod dry_runs;
mod flows;
mod inventory;

mod sixr;
mod undoing;
mod world;
