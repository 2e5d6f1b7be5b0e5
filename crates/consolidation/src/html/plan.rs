//! A plan as a page.

use super::page::{Page, grouped};
use crate::outcome::{Finding, Plan, Severity};

/// A plan as a page.
pub fn plan_html(plan: &Plan) -> String {
    let mut page = Page::new("Consolidation plan");
    page.lead("What a run would do with the legacy database. Nothing was changed to find out.");
    page.figures(&[
        (
            "Legacy tables",
            grouped(i64::try_from(plan.tables.len()).unwrap_or(0)),
        ),
        ("Rows", grouped(plan.rows)),
        ("Seconds, about", format!("{:.0}", plan.estimated_seconds.ceil())),
        ("MB of disk space", grouped(plan.disk_bytes / 1_000_000 + 1)),
        (
            "To be decided first",
            grouped(i64::try_from(of(plan, Severity::Blocks).count()).unwrap_or(0)),
        ),
    ]);
    page.paragraph(&format!("From {} to {}.", plan.source, plan.target));
    for (severity, title) in [
        (Severity::Blocks, "To be decided first"),
        (Severity::Note, "Worth knowing"),
    ] {
        let rows: Vec<_> = of(plan, severity)
            .map(|finding| {
                vec![
                    finding.table.clone(),
                    finding.column.clone().unwrap_or_default(),
                    grouped(finding.rows),
                    finding.message.clone(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            page.section(title, "");
            page.table(&["Table", "Column", "#Rows", "What it is"], &rows);
        }
    }
    page.section("Tables and columns", "");
    for table in &plan.tables {
        let goes = table.target.as_deref().unwrap_or("the archive");
        page.fold(&format!("{} → {goes}, {} rows", table.table, grouped(table.rows)));
        let rows: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                vec![
                    column.column.clone(),
                    column.outcome.clone(),
                    column.target.clone(),
                    column.rule.clone().unwrap_or_default(),
                ]
            })
            .collect();
        page.table(&["Column", "Outcome", "Where", "Rule"], &rows);
        page.unfold();
    }
    page.end()
}

fn of(plan: &Plan, severity: Severity) -> impl Iterator<Item = &Finding> {
    plan.findings
        .iter()
        .filter(move |finding| finding.severity == severity)
}
