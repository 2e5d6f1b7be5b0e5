//! `landfall seed`: the demo and test client accounts.

use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{json, line, table};
use clap::Args;
use landfall_services::seed::{SeededImport, seed};

/// Flags of `seed`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write what there is as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Create).await?;
    let report = seed(&services).await?;
    if arguments.json {
        return json(&report);
    }
    let mut rows = table(&["Client account", "Engagement", "Import", "State", "Records", ""]);
    for import in &report {
        rows.add_row(cells(import));
    }
    line(rows)?;
    line("Done. Running it again adds nothing.")
}

fn cells(import: &SeededImport) -> [String; 6] {
    [
        import.client_account.clone(),
        import.engagement.clone(),
        import.import_name.clone(),
        import.status.to_string(),
        import.records.to_string(),
        if import.is_new { "new" } else { "was there" }.to_owned(),
    ]
}
