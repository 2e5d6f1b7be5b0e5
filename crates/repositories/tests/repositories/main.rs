//! What the repositories promise, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod applications;
mod assessments;
mod assets;
mod change;
mod compat_usage;
mod contention;
mod dependencies;
mod discovery;
mod flows;
mod idempotency;
mod imports;
mod jobs;
mod mappings;
mod pages;
mod records;
mod rows;
mod security;
mod tenants;
mod world;
