//! Reports as one HTML file: no scripts, no fonts, no other files; charts are SVG.

use super::markdown::ROWS;
use super::{Count, Report, Risk};
use crate::plans::Wave;
use std::fmt::Write;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;color:#1b1f24}\
h1{font-size:1.6rem}h2{margin-top:2.2rem;border-bottom:1px solid #d0d7de}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #eaeef2}td.n,th.n{text-align:right}\
svg{max-width:100%;height:auto}.critical{color:#a40e26}.high{color:#bc4c00}.medium{color:#7d4e00}.low{color:#1a7f37}\
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td,h2{border-color:#30363d}svg text{fill:#e6edf3}}";

const BAR: &str = "#0969da";

pub(super) fn write(report: &Report) -> String {
    let title = escaped(&report.title);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<p>Made on {}.</p>\n",
        report.made_at.format("%Y-%m-%d %H:%M UTC")
    );
    if let Some(found) = &report.portfolio {
        let _ = writeln!(
            html,
            "<h2>Portfolio</h2>\n<p>{} assets, {} applications, {} dependencies; {} cores, {:.0} GB memory, {:.0} GB storage.</p>",
            found.assets,
            found.applications,
            found.dependencies,
            found.cpu_cores,
            found.memory_gb,
            found.storage_gb
        );
        for (name, counts) in [
            ("Types", &found.by_type),
            ("Environments", &found.by_environment),
            ("Criticality", &found.by_criticality),
            ("Operating systems", &found.by_operating_system),
        ] {
            let _ = writeln!(html, "<h3>{name}</h3>\n{}", bars(name, counts));
        }
    }
    if let Some(strategies) = &report.strategies {
        let _ = writeln!(html, "<h2>Strategies</h2>\n{}", bars("Strategies", strategies));
    }
    if let Some(plan) = &report.plan {
        let _ = writeln!(
            html,
            "<h2>Plan</h2>\n<p>{}, version {}, {}.</p>",
            escaped(&plan.name),
            plan.plan_version,
            escaped(&plan.status)
        );
    }
    if let Some(waves) = report.waves.as_deref().filter(|waves| !waves.is_empty()) {
        let _ = writeln!(html, "<h2>Waves</h2>\n{}\n{}", timeline(waves), wave_table(waves));
    }
    if let Some(risks) = &report.risks {
        let _ = writeln!(html, "<h2>Risks</h2>\n{}", risk_table(risks));
    }
    html + "</body></html>\n"
}

/// Horizontal bars, one for each name.
fn bars(title: &str, counts: &[Count]) -> String {
    let shown = counts.get(..counts.len().min(ROWS)).unwrap_or_default();
    let most = shown.iter().map(|count| count.count).max().unwrap_or(0).max(1);
    let height = shown.len() * 24 + 4;
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 720 {height}\" width=\"720\" height=\"{height}\" \
         xmlns=\"http://www.w3.org/2000/svg\" font-size=\"13\">",
        escaped(title)
    );
    for (row, count) in shown.iter().enumerate() {
        let y = row * 24;
        // A bar that is there can be seen.
        let width = (count.count * 420 / most).max(u64::from(count.count > 0));
        let _ = write!(
            svg,
            "<text x=\"210\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect x=\"220\" y=\"{}\" width=\"{width}\" height=\"16\" fill=\"{BAR}\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            y + 16,
            escaped(&shortened(&count.name)),
            y + 4,
            226 + width,
            y + 16,
            count.count
        );
    }
    svg + "</svg>"
}

/// Waves along the time, coloured by risk.
fn timeline(waves: &[Wave]) -> String {
    let shown = waves.get(..waves.len().min(200)).unwrap_or_default();
    let first = shown
        .iter()
        .map(|wave| wave.dates.start)
        .min()
        .unwrap_or_default();
    let last = shown.iter().map(|wave| wave.dates.end).max().unwrap_or_default();
    let days = (last - first).num_days().max(1);
    let height = shown.len() * 20 + 28;
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"Waves over time\" viewBox=\"0 0 960 {height}\" width=\"960\" height=\"{height}\" \
         xmlns=\"http://www.w3.org/2000/svg\" font-size=\"12\"><text x=\"90\" y=\"14\">{first}</text>\
         <text x=\"950\" y=\"14\" text-anchor=\"end\">{last}</text>"
    );
    for (row, wave) in shown.iter().enumerate() {
        let x = 90 + (wave.dates.start - first).num_days() * 860 / days;
        let width = ((wave.dates.end - wave.dates.start).num_days() + 1) * 860 / days;
        let y = row * 20 + 22;
        let _ = write!(
            svg,
            "<text x=\"80\" y=\"{}\" text-anchor=\"end\">Wave {}</text>\
             <rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"14\" fill=\"{}\"><title>Wave {}: {} assets, {} to {}</title></rect>",
            y + 12,
            wave.number,
            width.max(2),
            colour(wave.risk.level.as_str()),
            wave.number,
            wave.workloads,
            wave.dates.start,
            wave.dates.end
        );
    }
    svg + "</svg>"
}

fn colour(risk: &str) -> &'static str {
    match risk {
        "low" => "#1a7f37",
        "medium" => "#bf8700",
        "high" => "#bc4c00",
        _ => "#a40e26",
    }
}

fn wave_table(waves: &[Wave]) -> String {
    let mut html = "<table><thead><tr><th class=\"n\">Wave</th><th>Start</th><th>End</th><th class=\"n\">Assets</th>\
         <th class=\"n\">Applications</th><th class=\"n\">Effort</th><th>Risk</th><th class=\"n\">Confidence</th>\
         <th class=\"n\">Critical</th><th class=\"n\">Advisory</th></tr></thead><tbody>\n"
        .to_owned();
    for wave in waves {
        let _ = writeln!(
            html,
            "<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"{risk}\">{risk} ({})</td><td class=\"n\">{:.2}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td></tr>",
            wave.number,
            wave.dates.start,
            wave.dates.end,
            wave.workloads,
            wave.applications,
            wave.effort_points,
            wave.risk.score,
            wave.confidence.overall,
            wave.violations[0],
            wave.violations[1],
            risk = wave.risk.level
        );
    }
    html + "</tbody></table>"
}

fn risk_table(risks: &[Risk]) -> String {
    if risks.is_empty() {
        return "<p>None was found.</p>".to_owned();
    }
    let mut html =
        "<table><thead><tr><th>Severity</th><th>Source</th><th class=\"n\">Count</th><th>What is wrong</th>\
         <th>What to do</th></tr></thead><tbody>\n"
            .to_owned();
    for risk in risks {
        let _ = writeln!(
            html,
            "<tr><td class=\"{0}\">{0}</td><td>{1}</td><td class=\"n\">{2}</td><td>{3}</td><td>{4}</td></tr>",
            escaped(&risk.severity),
            escaped(&risk.source),
            risk.count,
            escaped(&risk.message),
            escaped(risk.mitigation.as_deref().unwrap_or_default())
        );
    }
    html + "</tbody></table>"
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 30 {
        return name.to_owned();
    }
    name.chars().take(29).chain(['…']).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn names_from_imports_cannot_become_markup_and_bars_are_to_scale() {
        let report = Report {
            title: "<script>alert(1)</script>".to_owned(),
            made_at: DateTime::UNIX_EPOCH,
            portfolio: None,
            strategies: Some(vec![
                Count {
                    name: "re\"host".to_owned(),
                    count: 10,
                },
                Count {
                    name: "retire".to_owned(),
                    count: 5,
                },
            ]),
            plan: None,
            risks: Some(Vec::new()),
            waves: Some(Vec::new()),
        };
        let html = write(&report);
        assert!(
            !html.contains("<script") && html.contains("&lt;script&gt;") && html.contains("re&quot;host")
        );
        assert!(html.contains("width=\"420\"") && html.contains("width=\"210\""));
        assert!(html.contains("None was found.") && !html.contains("http://fonts"));
    }
}
