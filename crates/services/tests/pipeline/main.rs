//! Imports from file to inventory, on both databases.

mod dry_runs;
mod flows;
mod inventory;
mod undoing;
mod world;
