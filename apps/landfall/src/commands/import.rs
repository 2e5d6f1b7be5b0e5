//! `landfall import`: a file into the inventory, without a server.

mod mapping_file;
mod report;
mod summary;
mod watch;

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open, throwaway};
use crate::output::{json, say};
use crate::tenancy::{self, Selected};
use clap::Args;
use clap::builder::PossibleValuesParser;
use landfall_domain::ImportId;
use landfall_services::imports::{ImportError, ImportOptions, UploadRequest};
use landfall_services::{Services, StagedFile};
use report::Report;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// Flags of `import`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one per flag")]
pub(crate) struct Arguments {
    /// The file: CSV, XLSX, XLS, JSON, NDJSON, or a ZIP of an export
    file: PathBuf,
    #[command(flatten)]
    tenant: TenantFlags,
    /// Make the client account and the engagement if they do not exist
    #[arg(long)]
    create: bool,
    /// Decide mappings: JSON or TOML of column to field, or CSV with both; no field keeps the column as an attribute
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Name of the import [default: the file's name]
    #[arg(long)]
    name: Option<String>,
    /// Which system the file is from [default: the recognised format]
    #[arg(long, value_name = "NAME")]
    source_system: Option<String>,
    /// Wait for a person where a mapping is not sure; else such columns become custom attributes
    #[arg(long, conflicts_with = "dry_run")]
    review: bool,
    /// Refuse the whole file if any value cannot be used
    #[arg(long)]
    strict: bool,
    /// Rows that make no asset by themselves but should, separated by commas
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(["hosts", "templates", "placeholders", "vcls"]))]
    include: Vec<String>,
    /// Say what the import would do, and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Errors to list
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    errors: usize,
    /// Write the faulty rows to this CSV file, with what is wrong, to be corrected and imported again
    #[arg(long, value_name = "FILE")]
    corrected_rows: Option<PathBuf>,
    /// Write what became of the file as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    if !arguments.file.is_file() {
        return Err(Failure::usage(format_args!(
            "there is no file {}",
            arguments.file.display()
        )));
    }
    let request = request(arguments)?;
    let report = if arguments.dry_run {
        rehearse(config, arguments, request).await?
    } else {
        import(config, arguments, request).await?
    };
    if arguments.json {
        json(&report)?;
    } else {
        summary::write(&report, arguments.errors)?;
    }
    if report.has_failed() {
        Err(Failure::told())
    } else {
        Ok(())
    }
}

fn request(arguments: &Arguments) -> Result<UploadRequest, Failure> {
    Ok(UploadRequest {
        name: arguments.name.clone(),
        source_system: arguments.source_system.clone(),
        options: ImportOptions {
            include: arguments.include.iter().cloned().collect::<BTreeSet<_>>(),
            review: arguments.review,
            strict: arguments.strict,
            mapping: arguments
                .mapping
                .as_deref()
                .map(mapping_file::read)
                .transpose()?
                .unwrap_or_default(),
            ..ImportOptions::default()
        },
        ..UploadRequest::default()
    })
}

async fn import(config: &Config, arguments: &Arguments, request: UploadRequest) -> Result<Report, Failure> {
    let services = open(config, IfMissing::Create).await?;
    let selected = tenancy::select_or_create(&services, config, &arguments.tenant, arguments.create).await?;
    let scope = selected.scope();
    let staged = stage(&services, &arguments.file).await?;
    let receipt = match services.upload(&scope, staged, request).await {
        Ok(receipt) => receipt,
        Err(ImportError::Strict { faults, report }) => {
            if let Some(file) = &arguments.corrected_rows {
                copy(report.corrected_rows.path(), file).await?;
            }
            say(format_args!(
                "The import is strict and {faults} values cannot be used: nothing was stored."
            ));
            return Ok(Report::of_refusal(
                &arguments.file,
                selected,
                *report,
                arguments.errors,
            ));
        }
        Err(error) => return Err(Failure::from(error).while_doing(arguments.file.display())),
    };
    watch::until_settled(&services, &scope, &receipt, arguments.json).await?;
    if let Some(file) = &arguments.corrected_rows {
        write_corrected_rows(&services, &selected, receipt.import_id, file).await?;
    }
    Report::of_import(&services, &arguments.file, selected, &receipt, arguments.errors).await
}

async fn rehearse(config: &Config, arguments: &Arguments, request: UploadRequest) -> Result<Report, Failure> {
    // Where the tenant is still to be made, the inventory is empty: an empty installation says the same, and nothing is stored.
    let is_new = config.database_url.file().is_some_and(|file| !file.exists());
    let known = if is_new {
        None
    } else {
        known_tenant(config, arguments).await?
    };
    let (services, selected, _folder) = if let Some((services, selected)) = known {
        (services, selected, None)
    } else {
        let (services, folder) = throwaway(config).await?;
        let selected = tenancy::default_tenant(&services).await?;
        (services, selected, Some(folder))
    };
    let staged = stage(&services, &arguments.file).await?;
    let told = services
        .dry_run(&selected.scope(), staged, request)
        .await
        .map_err(|error| Failure::from(error).while_doing(arguments.file.display()))?;
    if let Some(file) = &arguments.corrected_rows {
        copy(told.corrected_rows.path(), file).await?;
    }
    Ok(Report::of_dry_run(
        &arguments.file,
        selected,
        told,
        arguments.errors,
    ))
}

/// The tenant that is meant; none if an import would make it.
async fn known_tenant(
    config: &Config,
    arguments: &Arguments,
) -> Result<Option<(Services, Selected)>, Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let is_unnamed = arguments.tenant.client_account.is_none() && arguments.tenant.engagement.is_none();
    if is_unnamed && config.database_url.is_embedded() && services.client_accounts().await?.is_empty() {
        return Ok(None);
    }
    match tenancy::select(&services, config, &arguments.tenant).await {
        Ok(selected) => Ok(Some((services, selected))),
        Err(_) if arguments.create && !is_unnamed => Ok(None),
        Err(failure) => Err(failure),
    }
}

async fn stage(services: &Services, file: &Path) -> Result<StagedFile, Failure> {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("upload");
    let staged = services.files().stage(name, None)?;
    copy(file, staged.path()).await?;
    Ok(staged)
}

async fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let copied = tokio::fs::copy(from, to).await;
    copied.map_err(|error| {
        Failure::from(error).while_doing(format_args!("copying {} to {}", from.display(), to.display()))
    })?;
    Ok(())
}

async fn write_corrected_rows(
    services: &Services,
    selected: &Selected,
    import: ImportId,
    file: &Path,
) -> Result<(), Failure> {
    let output = tokio::fs::File::create(file).await;
    let mut output = output.map_err(|error| Failure::from(error).while_doing(file.display()))?;
    let mut chunks = services.corrected_rows(&selected.scope(), import).await?;
    while let Some(chunk) = chunks.recv().await {
        output.write_all(&chunk?).await?;
    }
    Ok(output.flush().await?)
}
