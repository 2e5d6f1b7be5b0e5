//! Plans as files, and files that were edited by hand.

use super::actions::find;
use super::{Export, Import};
use crate::failure::Failure;
use crate::output::{count, json, line, say};
use landfall_domain::Scope;
use landfall_services::Services;
use landfall_services::plans::{PlanError, PlanFormat, PlanTarget};
use std::path::Path;
use tokio::io::AsyncWriteExt;

/// Writes a plan for another tool, or to be edited.
pub(super) async fn write(services: &Services, scope: &Scope, export: &Export) -> Result<(), Failure> {
    let plan = find(services, scope, export.plan).await?;
    let format = match export.format {
        Some(format) => format,
        None => format_of(&export.output)?,
    };
    let target = PlanTarget {
        account_id: export.account_id.clone(),
        region: export.region.clone(),
    };
    let file = services.export_plan(scope, plan.id, format, target).await?;
    if export.output == Path::new("-") {
        let mut output = tokio::io::stdout();
        output.write_all(&file).await?;
        return Ok(output.flush().await?);
    }
    tokio::fs::write(&export.output, file)
        .await
        .map_err(|error| Failure::from(error).while_doing(export.output.display()))?;
    say(format_args!(
        "Wrote '{}' to {}.",
        plan.name,
        export.output.display()
    ));
    Ok(())
}

fn format_of(file: &Path) -> Result<PlanFormat, Failure> {
    let ending = file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_lowercase();
    match ending.as_str() {
        "csv" => Ok(PlanFormat::Csv),
        "xlsx" => Ok(PlanFormat::Xlsx),
        "ics" => Ok(PlanFormat::ICalendar),
        _ => Err(Failure::usage(format_args!(
            "'{}' does not say which format is meant: give --format csv, xlsx, mgn, cmf, azure, jira or ics",
            file.display()
        ))),
    }
}

/// Reads an edited file back.
pub(super) async fn read(
    services: &Services,
    scope: &Scope,
    import: &Import,
    is_json: bool,
) -> Result<(), Failure> {
    let plan = find(services, scope, import.plan).await?;
    let bytes = tokio::fs::read(&import.file)
        .await
        .map_err(|error| Failure::from(error).while_doing(import.file.display()))?;
    let name = import
        .file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("plan.csv");
    match services
        .import_plan(scope, plan.id, None, name, bytes, import.dry_run)
        .await
    {
        Ok(read) if is_json => json(&serde_json::json!({
            "rows": read.rows, "moved": read.moved, "pins_changed": read.pins_changed,
            "plan_version": read.plan.plan_version, "is_dry_run": import.dry_run,
        })),
        Ok(read) => line(format_args!(
            "{}: {} moved, {} changed{}.",
            count(read.rows, "row"),
            count(read.moved, "asset"),
            count(read.pins_changed, "pin"),
            if import.dry_run {
                "; nothing was written"
            } else {
                ""
            }
        )),
        Err(PlanError::Rows { faults }) => {
            for fault in &faults {
                say(format_args!(
                    "row {}, column {}: {}",
                    fault.row, fault.column, fault.message
                ));
            }
            Err(Failure::new(format_args!(
                "{} cannot be used; nothing was changed",
                count(faults.len() as u64, "row")
            )))
        }
        Err(error) => Err(error.into()),
    }
}
