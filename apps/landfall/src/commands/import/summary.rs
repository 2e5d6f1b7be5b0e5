//! What became of a file, for a person.

use super::report::{Column, Dependencies, Report, TechDebt};
use crate::failure::Failure;
use crate::output::{count, line, table};
use landfall_services::discovery::InventoryCounts;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Severities from worst to least.
const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];
/// Products and names that are listed at most.
const LISTED: usize = 8;

/// Writes the report to the standard output.
pub(super) fn write(report: &Report, errors: usize) -> Result<(), Failure> {
    head(report)?;
    columns(&report.columns)?;
    rows(report)?;
    self::errors(report, errors)?;
    if let Some(found) = &report.dependencies {
        dependencies(found)?;
    }
    if let Some(found) = &report.tech_debt {
        tech_debt(found)?;
    }
    next_steps(report)
}

fn head(report: &Report) -> Result<(), Failure> {
    let format = &report.format;
    let mut told = format.name.clone();
    if let Some(version) = &format.version {
        write!(told, " {version}")?;
    }
    write!(told, " ({:.0} % sure)", format.certainty * 100.0)?;
    let mut shape = vec![
        count(report.rows, "row"),
        count(report.columns.len() as u64, "column"),
    ];
    shape.extend(format.encoding.clone());
    shape.extend(
        format
            .delimiter
            .map(|delimiter| format!("delimiter {delimiter:?}")),
    );
    line(format_args!("File          {}", report.file))?;
    line(format_args!("Format        {told}: {}", shape.join(", ")))?;
    if !format.table.is_empty() {
        line(format_args!("Table         {}", format.table))?;
    }
    for remark in format.remarks() {
        line(format_args!("Note          {remark}"))?;
    }
    if !report.is_rehearsal() {
        line(format_args!(
            "Belongs to    {} / {}",
            report.tenant.client_account, report.tenant.engagement
        ))?;
    }
    Ok(())
}

fn columns(columns: &[Column]) -> Result<(), Failure> {
    let used = columns.iter().filter(|column| column.is_used).count();
    line(format_args!(
        "\nColumns: {used} of {} became fields; what the others hold is kept with the asset.",
        columns.len()
    ))?;
    let mut rows = table(&["Column", "Field", "Sure", "Why"]);
    for column in columns {
        let field = match (&column.field, column.is_used) {
            (Some(field), true) => field.clone(),
            (Some(field), false) => format!("– (perhaps {field})"),
            (None, _) => "–".to_owned(),
        };
        let sure = column.confidence.filter(|_| column.field.is_some());
        let sure = sure.map_or_else(String::new, |sure| format!("{:.0} %", sure * 100.0));
        rows.add_row([
            column.header.clone(),
            field,
            sure,
            column.reason.clone().unwrap_or_default(),
        ]);
    }
    line(rows)
}

fn rows(report: &Report) -> Result<(), Failure> {
    if report.status == "waiting" {
        return line("\nThe mapping waits for a decision, so no assets were made yet.");
    }
    if report.has_failed() && !report.is_rehearsal() {
        let reason = report.error.as_deref().unwrap_or("it was stopped");
        return line(format_args!("\nThe import did not succeed: {reason}"));
    }
    let InventoryCounts {
        created,
        updated,
        merged,
        skipped,
        unidentified,
        conflicts,
    } = &report.inventory;
    let mut table = table(&["Rows", "", "What became of them"]);
    let mut add = |number: u64, code: &str, told: &str| {
        if number > 0 {
            table.add_row([number.to_string(), code.to_owned(), told.to_owned()]);
        }
    };
    add(*created, "created", "new assets");
    add(*updated, "updated", "changed assets that were known before");
    add(*merged, "merged", "joined an asset of another row of this file");
    for (reason, number) in skipped {
        add(*number, "skipped", &reason_told(reason));
    }
    add(
        *unidentified,
        "no asset",
        "nothing in the row tells which machine it is",
    );
    line("")?;
    line(&table)?;
    if *conflicts > 0 {
        line(format_args!(
            "{} claimed by two different assets: kept apart.",
            count(*conflicts, "key")
        ))?;
    }
    Ok(())
}

/// What a row without asset is.
fn reason_told(code: &str) -> String {
    match code {
        "dependencies" => "say what needs what".to_owned(),
        "unknown_asset" => "add to an asset that is not in the inventory".to_owned(),
        "hosts" | "templates" | "placeholders" | "vcls" => {
            format!("{code}; --include {code} makes assets of them")
        }
        other => other.replace('_', " "),
    }
}

fn errors(report: &Report, wanted: usize) -> Result<(), Failure> {
    if report.faulty_rows == 0 {
        return line("\nEvery value could be used.");
    }
    line(format_args!(
        "\n{} of {} rows have faults. The first:",
        report.faulty_rows, report.rows
    ))?;
    if wanted == 0 {
        return Ok(());
    }
    let mut rows = table(&["Row", "Column", "Value", "Rule", "What is wrong"]);
    for error in &report.errors {
        rows.add_row([
            &error.row_number.to_string(),
            &error.column,
            &error.value,
            &error.rule,
            &error.message,
        ]);
    }
    line(rows)
}

fn dependencies(found: &Dependencies) -> Result<(), Failure> {
    if found.edges == 0 && found.unresolved == 0 {
        return Ok(());
    }
    let types = listed(&found.by_type);
    line(format_args!(
        "\nDependencies: {} found{}.",
        found.edges,
        if types.is_empty() {
            types
        } else {
            format!(" ({types})")
        }
    ))?;
    if found.unresolved > 0 {
        line(format_args!(
            "{} could not be found in the inventory:",
            count(found.unresolved, "name")
        ))?;
        for unresolved in found.unresolved_names.iter().take(LISTED) {
            line(format_args!(
                "  row {}: '{}': {}",
                unresolved.row_number, unresolved.name, unresolved.reason
            ))?;
        }
    }
    Ok(())
}

fn tech_debt(found: &TechDebt) -> Result<(), Failure> {
    if found.findings == 0 {
        return line("\nNothing was found that is out of support.");
    }
    let severities = SEVERITIES
        .iter()
        .filter_map(|severity| Some(format!("{} {severity}", found.by_severity.get(*severity)?)))
        .collect::<Vec<_>>();
    line(format_args!(
        "\nOut of support or soon to be: {} ({}).",
        count(found.findings, "finding"),
        severities.join(", ")
    ))?;
    let mut products: Vec<(&String, &u64)> = found.by_product.iter().collect();
    products.sort_by_key(|(name, number)| (std::cmp::Reverse(**number), *name));
    for (product, number) in products.iter().take(LISTED) {
        line(format_args!("  {number:>4}  {product}"))?;
    }
    if products.len() > LISTED {
        line(format_args!("        and {} others", products.len() - LISTED))?;
    }
    Ok(())
}

fn listed(counts: &BTreeMap<String, u64>) -> String {
    counts
        .iter()
        .map(|(name, number)| format!("{number} {name}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn next_steps(report: &Report) -> Result<(), Failure> {
    let (Some(import), Some(flow)) = (report.import_id, report.flow_id) else {
        return line("\nNothing was stored.");
    };
    line("\nNext")?;
    if report.status == "waiting" {
        line(format_args!(
            "  landfall flows resume {flow}    take the mappings as they are decided now"
        ))?;
        line(format_args!(
            "  landfall serve    decide them at /api/v3/imports/{import}/mappings"
        ))?;
        return Ok(());
    }
    if report.status != "completed" {
        return line(format_args!(
            "  landfall flows retry {flow}    go on where it stopped"
        ));
    }
    line("  landfall assets list    look at the inventory")?;
    line("  landfall export -o inventory.xlsx    take it along")?;
    line("  landfall serve    ask over HTTP; the pages are at /docs/")?;
    line(format_args!("  landfall undo {import}    take this import back"))
}
