//! Landfall: messy inventory exports become an asset inventory, then a migration plan.

mod arguments;
mod backup_file;
mod commands;
mod config;
mod database;
mod failure;
mod installation;
mod output;
mod shutdown;
mod telemetry;
mod tenancy;

use arguments::{Arguments, Command};
use clap::Parser;
use config::Config;
use failure::Failure;
use std::process::ExitCode;
use std::time::Duration;

/// Rows come and go by the million, between threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long work that nobody waits for any more may delay the end of the process.
const LAST_WAIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    match start(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn start(arguments: Arguments) -> Result<(), Failure> {
    let command = arguments.command.unwrap_or_default();
    let flags = match &command {
        Command::Serve(serve) => serve.settings()?,
        Command::Worker(worker) => worker.settings()?,
        _ => serde_json::Value::Null,
    };
    let config = Config::load(&arguments.settings, &flags)?;
    telemetry::start_logs(&config, command.is_service())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(commands::run(command, &config));
    runtime.shutdown_timeout(LAST_WAIT);
    outcome
}
