//! `landfall report`: the engagement for people to read.

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{line, say};
use crate::tenancy;
use clap::Args;
use landfall_services::reports::{ReportFormat, Section};
use std::path::PathBuf;
use uuid::Uuid;

/// Flags of `report`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// portfolio, strategies, risks, waves or all
    #[arg(default_value = "all")]
    section: Section,
    /// Where to write it [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// md, json or html [default: by the file's ending, else md]
    #[arg(long)]
    format: Option<ReportFormat>,
    /// The plan that risks and waves are taken from [default: the committed one, else the newest]
    #[arg(long)]
    plan: Option<Uuid>,
    #[command(flatten)]
    tenant: TenantFlags,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let format = match (arguments.format, &arguments.output) {
        (Some(format), _) => format,
        (None, Some(file)) => {
            let ending = file
                .extension()
                .and_then(|ending| ending.to_str())
                .unwrap_or_default();
            ending.to_lowercase().parse().map_err(Failure::usage)?
        }
        (None, None) => ReportFormat::Markdown,
    };
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &arguments.tenant).await?;
    let report = services
        .report(&selected.scope(), arguments.section, arguments.plan)
        .await?;
    let text = report.write(format)?;
    match &arguments.output {
        None => line(text),
        Some(file) => {
            tokio::fs::write(file, text)
                .await
                .map_err(|error| Failure::from(error).while_doing(file.display()))?;
            say(format_args!(
                "Wrote the report on {} to {}.",
                report.title,
                file.display()
            ));
            Ok(())
        }
    }
}
