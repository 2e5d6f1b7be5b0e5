//! The repository's chores. `cargo xtask help` lists them.

mod arrows;
mod bench;
mod dependencies;
mod docs;
mod generated;
mod legacy;
mod openapi;
mod schema;
mod setup;
mod soak;
mod test;
mod web;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// What a chore answers; an error is a sentence for the person who ran it.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The repository's chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what tests need, then run every check: format, arrows, dependencies, docs, lints, tests, OpenAPI.
    Test {
        /// Run only the tests whose names contain one of these words, and no other check.
        filters: Vec<String>,
    },
    /// Check that crates use only the crates below them.
    Arrows,
    /// Check licences and banned or duplicate dependencies against deny.toml.
    Dependencies,
    /// Write docs/openapi.json from the program.
    Openapi {
        /// Write nothing; fail if the file is not what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Write docs/schema.md from the migrations.
    Schema {
        /// Write nothing; fail if the file is not what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Write docs/fields.md, docs/consolidation-map.md, the drawing in docs/architecture.md and the tables in
    /// `docs/API_MIGRATION_GUIDE.md` from the code.
    Docs {
        /// Write nothing; fail if a file is not what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Write apps/web/src/api/schema.d.ts from docs/openapi.json, and try the client on a server.
    Web {
        /// Do not write the types; fail if the file is not what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Measure speed and memory, and compare them with what is promised. See docs/benchmarks.md.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Print SQL that makes a database of the predecessor's in an empty one, to try the consolidation on.
    Legacy(legacy::Arguments),
    /// Run the long forms of tests: all, or one of them.
    Soak {
        #[command(subcommand)]
        soak: Option<soak::Soak>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Test { filters } => test::run(&filters),
        Chore::Arrows => arrows::check(),
        Chore::Dependencies => dependencies::check(),
        Chore::Openapi { check } => openapi::run(check.into()),
        Chore::Schema { check } => schema::run(check.into()),
        Chore::Docs { check } => docs::run(check.into()),
        Chore::Web { check } => web::run(check.into()),
        Chore::Bench(bench) => bench::run(&bench),
        Chore::Legacy(arguments) => legacy::run(&arguments),
        Chore::Soak { soak } => soak::run(soak.as_ref()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
