//! Databases for tests.
//!
//! [`Cluster`] is a PostgreSQL server that the tests start themselves: the first that needs it starts it, all share it, and
//! it ends when nobody uses it. `TestDatabase` is a migrated database of its own for one test, on either backend, and
//! `both_backends!` writes one test for each. [`Server`] is the program itself as a child process, and [`HttpConnection`] asks it.

mod account;
mod cluster;
#[cfg(feature = "databases")]
mod database;
mod http;
mod legacy;
mod programs;
#[cfg(feature = "databases")]
mod run;
mod server;
#[cfg(feature = "databases")]
mod template;

pub use cluster::{Cluster, Home};
pub use http::{HttpAnswer, HttpConnection, HttpFile};
pub use legacy::{LEGACY_SCHEMA, LegacyColumn, LegacyDatabase, LegacyTable, legacy_tables};
pub use programs::ServerPrograms;
pub use server::Server;

#[cfg(feature = "databases")]
pub use database::{Backend, Role, TestDatabase};
#[cfg(feature = "databases")]
pub use landfall_domain::FakeClock;
#[cfg(feature = "databases")]
pub use run::run_on;
#[cfg(feature = "databases")]
pub use template::Template;
