//! `landfall undo`: takes away what an import brought.

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{count, json, line};
use crate::tenancy;
use clap::Args;
use landfall_domain::ImportId;

/// Flags of `undo`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The import
    import: ImportId,
    #[command(flatten)]
    tenant: TenantFlags,
    /// Write what was done as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &arguments.tenant).await?;
    let report = services.undo(&selected.scope(), arguments.import).await?;
    if arguments.json {
        return json(&report);
    }
    line(format_args!(
        "The import {} is undone; its rows are kept.",
        arguments.import
    ))?;
    line(format_args!(
        "  removed   {}, {}",
        count(report.removed, "asset"),
        count(report.dependencies_removed, "dependency")
    ))?;
    line(format_args!(
        "  restored  {} that other imports state as well",
        count(report.restored, "asset")
    ))?;
    line(format_args!(
        "  kept      {} that a person has worked on since",
        count(report.kept.len() as u64, "asset")
    ))
}
