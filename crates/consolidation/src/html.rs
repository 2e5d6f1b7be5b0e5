//! Plan and report as a page that needs nothing but itself: for a project lead to show, to print, to keep.

use crate::outcome::{Finding, LedgerLine, Plan, Report, RuleCount, RunState, Severity, TableOutcome};
use std::collections::BTreeMap;
use std::fmt::{Display, Write};

const STYLE: &str = include_str!("html/style.css");

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
            backup.display()
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
    page.table(
        &["Rule", "Legacy table", "Column", "#Rows", "What it does"],
        &rows,
    );
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

/// A page that is being written.
struct Page(String);

impl Page {
    fn new(title: &str) -> Self {
        Self(format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body><main>\
             <h1>{title}</h1>\n"
        ))
    }

    fn push(&mut self, text: impl Display) {
        // Writing to a String does not fail.
        let _ = write!(self.0, "{text}");
    }

    fn lead(&mut self, text: &str) {
        self.push(format_args!("<p class=\"lead\">{}</p>\n", escaped(text)));
    }

    fn paragraph(&mut self, text: &str) {
        self.push(format_args!("<p>{}</p>\n", escaped(text)));
    }

    fn section(&mut self, title: &str, about: &str) {
        self.push(format_args!("<h2>{}</h2>\n", escaped(title)));
        if !about.is_empty() {
            self.paragraph(about);
        }
    }

    fn figures(&mut self, figures: &[(&str, String)]) {
        self.push("<dl class=\"figures\">");
        for (name, value) in figures {
            self.push(format_args!(
                "<div><dd>{}</dd><dt>{}</dt></div>",
                escaped(value),
                escaped(name)
            ));
        }
        self.push("</dl>\n");
    }

    fn fold(&mut self, title: &str) {
        self.push(format_args!("<details><summary>{}</summary>\n", escaped(title)));
    }

    fn unfold(&mut self) {
        self.push("</details>\n");
    }

    /// A table. Headers with `#` are of numbers.
    fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        self.push("<div class=\"wide\"><table><thead><tr>");
        for name in header {
            let class = if name.starts_with('#') {
                " class=\"number\""
            } else {
                ""
            };
            self.push(format_args!(
                "<th{class}>{}</th>",
                escaped(name.trim_start_matches('#'))
            ));
        }
        self.push("</tr></thead><tbody>\n");
        for row in rows {
            self.push("<tr>");
            for (name, cell) in header.iter().zip(row) {
                let class = if name.starts_with('#') {
                    " class=\"number\""
                } else {
                    ""
                };
                self.push(format_args!("<td{class}>{}</td>", escaped(cell)));
            }
            self.push("</tr>\n");
        }
        self.push("</tbody></table></div>\n");
    }

    fn end(mut self) -> String {
        self.push("</main></body></html>\n");
        self.0
    }
}

/// Text as it may stand in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A number with its thousands apart.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    if number < 0 {
        format!("−{grouped}")
    } else {
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, grouped};

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(-1_000), "−1\u{202f}000");
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escaped("<b a=\"x\">&"), "&lt;b a=&quot;x&quot;&gt;&amp;");
    }
}
