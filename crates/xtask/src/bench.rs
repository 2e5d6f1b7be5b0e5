//! `cargo xtask bench`: `consolidate`, `api` and `plan` are described where they are.
//!
//! `import`: speed and memory of an import, against what the database itself does with the same rows.
//!
//! Each backend: a fresh database, the program `landfall serve` as users run it, a generated file uploaded over HTTP, its
//! memory and progress watched from outside, pages of the inventory asked for, and then the final rows of every table that
//! the import writes per row loaded into an empty copy of the schema by the database's own tool.

mod api;
mod baseline;
mod consolidate;
mod environment;
mod import;
mod pages;
mod plan;
mod postgres;
mod report;
mod rows;
mod sqlite;

use crate::Result;
use crate::workspace::{Metadata, cargo, succeed};
use clap::{Args, Subcommand, ValueEnum};
use landfall_testkit::Server;
use report::{BackendReport, Report};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Measure an import of generated rows on both databases, and compare it with the database's own bulk load
    Import(ImportArguments),
    /// Measure taking a generated legacy database over, beside bare `INSERT … SELECT` of the same tables
    Consolidate(consolidate::Arguments),
    /// Measure how many requests a second the API answers, beside the least that such an answer can cost
    Api(api::ApiArguments),
    /// Measure the planning of a generated estate of 100,000 assets
    Plan(plan::Arguments),
}

#[derive(Args)]
pub(crate) struct ImportArguments {
    /// Rows of the generated file
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// The database
    #[arg(long, default_value = "both")]
    backend: Backends,
    /// Measure this program instead of a release build of the checkout
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Backends {
    Sqlite,
    Postgres,
    Both,
}

pub(crate) fn run(bench: &Bench) -> Result {
    match bench {
        Bench::Import(arguments) => import_bench(arguments),
        Bench::Consolidate(arguments) => consolidate::run(arguments),
        Bench::Api(arguments) => api::run(arguments),
        Bench::Plan(arguments) => plan::run(arguments),
    }
}

fn import_bench(arguments: &ImportArguments) -> Result {
    let program = match &arguments.program {
        Some(program) => std::path::absolute(program)?,
        None => release_build()?,
    };
    let folder = folder()?;
    let file = folder.path().join("inventory.csv");
    let mut out = BufWriter::new(std::fs::File::create(&file)?);
    rows::write_csv(arguments.rows, &mut out)?;
    out.flush()?;
    let work = Work {
        program: &program,
        folder: folder.path(),
        file: &file,
        rows: arguments.rows,
    };
    let mut report = Report::new(arguments.rows, std::fs::metadata(&file)?.len());
    if arguments.backend != Backends::Postgres {
        report.add(sqlite::bench(&work)?);
    }
    if arguments.backend != Backends::Sqlite {
        report.add(postgres::bench(&work)?);
    }
    report.print();
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)?)?;
    }
    report.verdict()
}

/// What is the same for each backend.
struct Work<'a> {
    program: &'a Path,
    folder: &'a Path,
    file: &'a Path,
    rows: u64,
}

impl Work<'_> {
    /// Serves a database, imports the file, and asks for pages.
    fn served(
        &self,
        backend: &'static str,
        database_url: &str,
        after_import: impl FnOnce() -> Result,
    ) -> Result<BackendReport> {
        let data = self.folder.join(format!("{backend}-data"));
        let data = data.to_string_lossy();
        let settings = [
            ("LANDFALL_DATABASE_URL", database_url),
            ("LANDFALL_AUTO_MIGRATE", "true"),
            ("LANDFALL_DATA_DIR", &data),
            ("LANDFALL_LOG", "warn"),
        ];
        let server = Server::start(self.program, &settings, self.folder)?;
        eprintln!("{backend}: imports {} rows", self.rows);
        let tenant = import::Tenant::create(server.address())?;
        let import = import::measure(&server, &tenant, self.file, self.rows)?;
        after_import()?;
        eprintln!("{backend}: asks for pages");
        let pages = pages::measure(&mut tenant.connection(), self.rows)?;
        let peak_memory = server.peak_memory()?;
        Ok(BackendReport::new(backend, import, pages, peak_memory))
    }
}

/// A folder of this run, through which the account of the database server may pass.
fn folder() -> Result<TempDir> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::Builder::new().prefix("landfall-bench-").tempdir()?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
    Ok(folder)
}

fn release_build() -> Result<PathBuf> {
    eprintln!("builds landfall for release");
    succeed(&mut cargo(&[
        "build",
        "--quiet",
        "--release",
        "--workspace",
        "--bin",
        "landfall",
    ]))?;
    Ok(Metadata::of_workspace()?
        .target_directory
        .join("release/landfall"))
}
