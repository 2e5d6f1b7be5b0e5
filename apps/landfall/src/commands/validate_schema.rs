//! `landfall validate-schema`: compares the database with what this version expects.

use crate::config::Config;
use crate::failure::Failure;
use crate::output::{json, line};
use clap::Args;

/// Flags of `validate-schema`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write the differences as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let report = migration::validate::validate(config.database_url.as_str()).await?;
    if arguments.json {
        json(&report)?;
    } else {
        line(report.to_string().trim_end())?;
    }
    if report.is_ok() {
        Ok(())
    } else {
        Err(Failure::told())
    }
}
