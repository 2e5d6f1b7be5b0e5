//! The report of a run as a page.

use super::page::{Page, grouped};
use crate::outcome::{LedgerLine, Report, RuleCount, RunState, TableOutcome};
use std::collections::BTreeMap;

/// The report of a run as a page.
pub fn report_html(report: &Report) -> String {
    let mut page = Page::new("Consolidation report");
    let run = &report.run;
    let total = |of: fn(&TableOutcome) -> i64| report.tables.iter().map(of).sum::<i64>();
    let rows = total(|table| table.rows);
    let closed = !report.tables.is_empty() && report.tables.iter().all(TableOutcome::adds_up);
    let state = match run.state {
        RunState::Running => "Not cut over yet",
        RunState::CutOver => "Cut over, can be rolled back",
        RunState::Finished => "Finished",
    };
    page.lead(if closed {
        "Every value of the legacy database is accounted for: it was compared, table by table and column by column, with what is \
         in the new database and in its archive."
    } else {
        "The proof has not closed yet: nothing is cut over before every value is accounted for."
    });
    page.figures(&[
        (
            "Legacy tables",
            grouped(i64::try_from(report.tables.len()).unwrap_or(0)),
        ),
        ("Legacy columns", grouped(columns(&report.ledger))),
        ("Rows", grouped(rows)),
        ("Kept", grouped(total(|table| table.kept))),
        ("Merged", grouped(total(|table| table.merged))),
        ("Archived whole", grouped(total(|table| table.archived))),
        (
            "Rejected into the archive",
            grouped(total(|table| table.rejected)),
        ),
        ("Proof", if closed { "closes" } else { "open" }.to_owned()),
    ]);
    page.paragraph(&format!(
        "{state}. Run {}, begun {} UTC.",
        run.run_id,
        run.started_at.format("%Y-%m-%d %H:%M:%S")
    ));
    if let Some(backup) = &run.backup {
        page.paragraph(&format!(
            "Backup made before anything was changed: {}.",
            backup.in_words()
        ));
    }
    steps(&mut page, report);
    tables(&mut page, report);
    rules(
        &mut page,
        "Rules",
        "How often each rule changed a value, or decided where a row goes.",
        &report.rules,
    );
    rules(
        &mut page,
        "Made",
        "Rows of the new database that no legacy row became, by table.",
        &report.made,
    );
    rules(
        &mut page,
        "Conflicts",
        "Original and v3 rows that said different things. The value that lost is in the archive.",
        &report.conflicts,
    );
    rules(
        &mut page,
        "Quarantine",
        "Rows whose client account is missing or unknown. They are kept, visible to platform administrators only.",
        &report.quarantine,
    );
    ledger(&mut page, &report.ledger);
    page.end()
}

fn columns(ledger: &[LedgerLine]) -> i64 {
    let names: std::collections::BTreeSet<_> =
        ledger.iter().map(|line| (&line.table, &line.column)).collect();
    i64::try_from(names.len()).unwrap_or(0)
}

fn steps(page: &mut Page, report: &Report) {
    page.section("Steps", "");
    let rows: Vec<_> = report
        .run
        .steps
        .iter()
        .map(|step| {
            let seconds = match (step.started_at, step.completed_at) {
                (Some(from), Some(to)) => format!("{:.1}", (to - from).as_seconds_f64()),
                _ => String::new(),
            };
            let at = step
                .completed_at
                .map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string());
            vec![step.step.to_string(), at.unwrap_or_default(), seconds]
        })
        .collect();
    page.table(&["Step", "Done (UTC)", "#Seconds"], &rows);
}

fn tables(page: &mut Page, report: &Report) {
    page.section(
        "Tables",
        "Rows of each legacy table. Kept, merged, archived and rejected rows add up to all rows.",
    );
    let rows: Vec<_> = report
        .tables
        .iter()
        .map(|table| {
            vec![
                table.table.clone(),
                grouped(table.rows),
                grouped(table.kept),
                grouped(table.merged),
                grouped(table.archived),
                grouped(table.rejected),
                if table.adds_up() { "✓" } else { "✗" }.to_owned(),
            ]
        })
        .collect();
    page.table(
        &[
            "Legacy table",
            "#Rows",
            "#Kept",
            "#Merged",
            "#Archived",
            "#Rejected",
            "Adds up",
        ],
        &rows,
    );
}

fn rules(page: &mut Page, title: &str, about: &str, rules: &[RuleCount]) {
    if rules.is_empty() {
        return;
    }
    page.section(title, about);
    let rows: Vec<_> = rules
        .iter()
        .map(|rule| {
            vec![
                rule.rule.clone(),
                rule.table.clone(),
                rule.column.clone().unwrap_or_default(),
                grouped(rule.rows),
                rule.description.clone(),
            ]
        })
        .collect();
    page.table(&["Rule", "Table", "Column", "#Rows", "What it does"], &rows);
}

fn ledger(page: &mut Page, ledger: &[LedgerLine]) {
    if ledger.is_empty() {
        return;
    }
    page.section(
        "Ledger",
        "Where the values of every legacy column are, with the checksum over all of them and their keys. The same checksum was \
         computed from the new database and its archive.",
    );
    let mut tables: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for line in ledger {
        tables.entry(&line.table).or_default().push(vec![
            line.column.clone(),
            line.outcome.clone(),
            line.rule.clone().unwrap_or_default(),
            grouped(line.rows),
            line.checksum.clone().unwrap_or_default(),
        ]);
    }
    for (table, rows) in tables {
        page.fold(table);
        page.table(&["Column", "Outcome", "Rule", "#Values", "Checksum"], &rows);
        page.unfold();
    }
}
