//! Reports as Markdown.

use super::{Count, Portfolio, Report, Risk};
use crate::plans::Wave;
use std::fmt::Write;

/// Rows of a list that a person reads; the rest is counted. JSON has all of them.
pub(super) const ROWS: usize = 25;

pub(super) fn write(report: &Report) -> String {
    let mut text = format!(
        "# {}\n\nMade on {}.\n",
        line(&report.title),
        report.made_at.format("%Y-%m-%d %H:%M UTC")
    );
    if let Some(found) = &report.portfolio {
        portfolio(&mut text, found);
    }
    if let Some(strategies) = &report.strategies {
        let _ = writeln!(text, "\n## Strategies");
        counts(&mut text, "Strategy", strategies);
    }
    if let Some(plan) = &report.plan {
        let _ = writeln!(
            text,
            "\n## Plan\n\n{}, version {}, {}.",
            line(&plan.name),
            plan.plan_version,
            plan.status
        );
    }
    if let Some(waves) = &report.waves {
        self::waves(&mut text, waves);
    }
    if let Some(risks) = &report.risks {
        self::risks(&mut text, risks);
    }
    text
}

fn portfolio(text: &mut String, found: &Portfolio) {
    let _ = writeln!(
        text,
        "\n## Portfolio\n\n{} assets, {} applications, {} dependencies; {} cores, {:.0} GB memory, {:.0} GB storage.",
        found.assets,
        found.applications,
        found.dependencies,
        found.cpu_cores,
        found.memory_gb,
        found.storage_gb
    );
    counts(text, "Type", &found.by_type);
    counts(text, "Environment", &found.by_environment);
    counts(text, "Criticality", &found.by_criticality);
    counts(text, "Operating system", &found.by_operating_system);
}

fn counts(text: &mut String, of: &str, counts: &[Count]) {
    let _ = writeln!(text, "\n| {of} | Assets |\n|---|---:|");
    for count in counts.iter().take(ROWS) {
        let _ = writeln!(text, "| {} | {} |", cell(&count.name), count.count);
    }
    if let Some(rest) = counts.get(ROWS..).filter(|rest| !rest.is_empty()) {
        let sum: u64 = rest.iter().map(|count| count.count).sum();
        let _ = writeln!(text, "| {} others | {sum} |", rest.len());
    }
}

fn waves(text: &mut String, waves: &[Wave]) {
    let _ = writeln!(
        text,
        "\n## Waves\n\n| Wave | Start | End | Assets | Applications | Effort | Risk | Confidence | Critical | Advisory |\n\
         |---:|---|---|---:|---:|---:|---|---:|---:|---:|"
    );
    for wave in waves {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} ({}) | {:.2} | {} | {} |",
            wave.number,
            wave.dates.start,
            wave.dates.end,
            wave.workloads,
            wave.applications,
            wave.effort_points,
            wave.risk.level,
            wave.risk.score,
            wave.confidence.overall,
            wave.violations[0],
            wave.violations[1]
        );
    }
}

fn risks(text: &mut String, risks: &[Risk]) {
    let _ = writeln!(text, "\n## Risks\n");
    if risks.is_empty() {
        let _ = writeln!(text, "None was found.");
    }
    for risk in risks.iter().take(ROWS) {
        let _ = writeln!(
            text,
            "- **{}** {}: {} ({})",
            risk.severity,
            cell(&risk.source),
            line(&risk.message),
            risk.count
        );
        if let Some(mitigation) = &risk.mitigation {
            let _ = writeln!(text, "  {mitigation}");
        }
    }
    if risks.len() > ROWS {
        let _ = writeln!(
            text,
            "\n{} more are in the JSON form of this report.",
            risks.len() - ROWS
        );
    }
}

fn line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}
