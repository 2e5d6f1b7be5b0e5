//! The files that a person edits and reads back.

use super::{Planned, Sheet, table};
use crate::plans::{Pin, PlanError};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::collections::HashMap;
use uuid::Uuid;

/// Columns of the assets. The import reads `asset_id`, `wave` and `pinned`; the others are for the reader.
pub(in crate::plans) const COLUMNS: [&str; 14] = [
    "asset_id",
    "asset_name",
    "asset_type",
    "application",
    "environment",
    "criticality",
    "strategy",
    "wave",
    "wave_name",
    "wave_start",
    "wave_end",
    "pinned",
    "not_before",
    "reason",
];

const WAVE_COLUMNS: [&str; 14] = [
    "wave",
    "start",
    "end",
    "assets",
    "applications",
    "effort_points",
    "storage_gb",
    "production",
    "risk",
    "risk_score",
    "confidence",
    "critical_violations",
    "advisory_violations",
    "dependencies_on_other_waves",
];

const VIOLATION_COLUMNS: [&str; 6] = ["rule", "severity", "waves", "breaches", "message", "mitigation"];

pub(super) fn csv(sheet: &Sheet) -> Result<Vec<u8>, PlanError> {
    let days = days(sheet);
    table(
        &COLUMNS,
        sheet.assets.iter().map(|planned| cells(sheet, planned, &days)),
    )
}

pub(super) fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, PlanError> {
    workbook(sheet).map_err(|error| PlanError::Write(error.to_string()))
}

/// Days before which an asset's wave may not start.
fn days(sheet: &Sheet) -> HashMap<Uuid, String> {
    sheet
        .pins
        .iter()
        .filter_map(|pin| match pin {
            Pin::NotBefore { workload, date } => Some((*workload, date.to_string())),
            _ => None,
        })
        .collect()
}

fn cells(sheet: &Sheet, planned: &Planned, days: &HashMap<Uuid, String>) -> Vec<String> {
    let Planned {
        asset,
        application,
        strategy,
        wave,
        is_pinned,
        reason,
    } = planned;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let dates = sheet.wave(*wave).map(|wave| wave.dates);
    let moves = *wave > 0;
    vec![
        asset.id.to_string(),
        asset.name.clone(),
        asset.asset_type.to_string(),
        text(application),
        text(&asset.environment),
        asset
            .business_criticality
            .clone()
            .or_else(|| asset.criticality.clone())
            .unwrap_or_default(),
        strategy.map(|strategy| strategy.to_string()).unwrap_or_default(),
        if moves { wave.to_string() } else { String::new() },
        if moves {
            format!("Wave {wave}")
        } else {
            String::new()
        },
        dates.map(|dates| dates.start.to_string()).unwrap_or_default(),
        dates.map(|dates| dates.end.to_string()).unwrap_or_default(),
        if *is_pinned { "yes" } else { "no" }.to_owned(),
        days.get(&Uuid::from(asset.id)).cloned().unwrap_or_default(),
        text(reason),
    ]
}

fn workbook(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let days = days(sheet);
    let assets = workbook.add_worksheet();
    assets.set_name("Assets")?;
    fill(
        assets,
        &COLUMNS,
        sheet.assets.iter().map(|planned| cells(sheet, planned, &days)),
    )?;
    let waves = workbook.add_worksheet();
    waves.set_name("Waves")?;
    let rows = sheet.waves.iter().map(|(_, wave)| {
        vec![
            wave.number.to_string(),
            wave.dates.start.to_string(),
            wave.dates.end.to_string(),
            wave.workloads.to_string(),
            wave.applications.to_string(),
            wave.effort_points.to_string(),
            wave.storage_gb.to_string(),
            wave.production.to_string(),
            wave.risk.level.to_string(),
            wave.risk.score.to_string(),
            format!("{:.2}", wave.confidence.overall),
            wave.violations[0].to_string(),
            wave.violations[1].to_string(),
            (wave.needs_earlier + wave.needs_later).to_string(),
        ]
    });
    fill(waves, &WAVE_COLUMNS, rows)?;
    let violations = workbook.add_worksheet();
    violations.set_name("Violations")?;
    let rows = sheet.violations.iter().map(|violation| {
        let waves = violation.waves.as_array().map(Vec::as_slice).unwrap_or_default();
        vec![
            violation.rule.clone(),
            violation.severity.clone(),
            waves
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
            violation.breaches.to_string(),
            violation.message.clone(),
            violation.mitigation.clone(),
        ]
    });
    fill(violations, &VIOLATION_COLUMNS, rows)?;
    workbook.save_to_buffer()
}

fn fill(
    sheet: &mut Worksheet,
    headers: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let at = |column: usize| u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError);
    for (column, header) in headers.iter().enumerate() {
        sheet.write_string_with_format(0, at(column)?, *header, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, cells) in (1..).zip(rows) {
        for (column, cell) in cells.into_iter().enumerate() {
            // Cells of type text are never evaluated.
            match cell.parse::<u32>() {
                Ok(number) => sheet.write_number(row, at(column)?, number)?,
                Err(_) => sheet.write_string(row, at(column)?, cell)?,
            };
        }
    }
    Ok(())
}
