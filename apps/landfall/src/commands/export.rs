//! `landfall export`: the inventory as a file.

use super::assets::Conditions;
use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::say;
use crate::tenancy;
use clap::Args;
use landfall_services::assets::ExportFormat;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Flags of `export`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to write it; `-` is the standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// csv, ndjson or xlsx [default: by the file's name]
    #[arg(long)]
    format: Option<ExportFormat>,
    #[command(flatten)]
    conditions: Conditions,
    #[command(flatten)]
    tenant: TenantFlags,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let format = match arguments.format {
        Some(format) => format,
        None => format_of(&arguments.output)?,
    };
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &arguments.tenant).await?;
    let mut pieces = services
        .export_assets(&selected.scope(), arguments.conditions.filter()?, format)
        .await?;
    let is_stdout = arguments.output == Path::new("-");
    let mut output: Box<dyn AsyncWrite + Unpin> = if is_stdout {
        Box::new(tokio::io::stdout())
    } else {
        let file = tokio::fs::File::create(&arguments.output).await;
        Box::new(file.map_err(|error| Failure::from(error).while_doing(arguments.output.display()))?)
    };
    while let Some(piece) = pieces.recv().await {
        output.write_all(&piece?).await?;
    }
    output.flush().await?;
    if !is_stdout {
        say(format_args!(
            "Wrote the inventory of {} / {} to {}.",
            selected.client_account,
            selected.engagement,
            arguments.output.display()
        ));
    }
    Ok(())
}

fn format_of(file: &Path) -> Result<ExportFormat, Failure> {
    let ending = file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    ending.to_lowercase().parse().map_err(|_| {
        Failure::usage(format_args!(
            "'{}' does not say which format is meant: give --format csv, ndjson or xlsx",
            file.display()
        ))
    })
}
