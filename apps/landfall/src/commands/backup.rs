//! `landfall backup`: database and uploads in one file.

use crate::backup_file::{self, Description, UPLOADS};
use crate::config::Config;
use crate::database::DatabaseUrl;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::line;
use clap::Args;
use landfall_domain::{Clock, SystemClock};
use std::path::{Path, PathBuf};

/// The role that sees the rows of all tenants.
const SYSTEM_ROLE: &str = "landfall_system";

/// Flags of `backup`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to make
    output: PathBuf,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let output = arguments.output.clone();
    if output.exists() {
        return Err(Failure::usage(format_args!(
            "{} exists already: name a new file",
            output.display()
        )));
    }
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("database");
    // The database first: an upload that it names is there from before until its import is deleted.
    copy_database(config, &copy).await?;
    let description = Description {
        landfall: env!("CARGO_PKG_VERSION").to_owned(),
        database: kind(&config.database_url).to_owned(),
        made_at: SystemClock.now().to_rfc3339(),
    };
    let uploads = config.data_dir.join(UPLOADS);
    let file = output.clone();
    let write = move || backup_file::write(&file, &description, &copy, &uploads);
    tokio::task::spawn_blocking(write)
        .await?
        .map_err(|error| error.while_doing(output.display()))?;
    let size = std::fs::metadata(&output)?.len();
    line(format_args!(
        "Wrote {} ({} KiB): the database {} and its uploads.",
        output.display(),
        size.div_ceil(1024),
        config.database_url
    ))
}

/// The word by which a backup says which kind of database it is of.
pub(super) fn kind(url: &DatabaseUrl) -> &'static str {
    if url.is_embedded() { "sqlite" } else { "postgres" }
}

async fn copy_database(config: &Config, copy: &Path) -> Result<(), Failure> {
    if config.database_url.is_embedded() {
        let services = open(config, IfMissing::Refuse).await?;
        return Ok(services.store().copy_to(copy).await?);
    }
    let url = config.system_database_url.as_ref().unwrap_or(config.owner_url());
    let role = format!("--role={SYSTEM_ROLE}");
    let file = format!("--file={}", copy.display());
    config
        .postgres_programs()
        .run(
            "pg_dump",
            url.as_str(),
            &["--format=custom", "--schema=landfall", &role, &file],
        )
        .await
        .map_err(|failure| {
            Failure::from(failure).while_doing(
                "a backup reads the rows of all tenants, so its user must be a member of landfall_system \
                 (--system-database-url)",
            )
        })
}
