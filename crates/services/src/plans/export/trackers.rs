//! Issues for a tracker: an epic per wave, a task per application or single asset in it.

use super::{Planned, Sheet, table};
use crate::plans::PlanError;
use std::collections::BTreeMap;

/// Jira, "Importing data from CSV" (Atlassian): `Summary` is required, `Issue ID` and `Parent ID` tie tasks to epics.
const JIRA: [&str; 9] = [
    "Issue ID",
    "Parent ID",
    "Issue Type",
    "Summary",
    "Description",
    "Priority",
    "Labels",
    "Start date",
    "Due date",
];

pub(super) fn jira(sheet: &Sheet) -> Result<Vec<u8>, PlanError> {
    let mut rows = Vec::new();
    let mut issue = 0_u64;
    let mut next = || {
        issue += 1;
        issue.to_string()
    };
    for (_, wave) in &sheet.waves {
        let epic = next();
        let (start, end) = (wave.dates.start.to_string(), wave.dates.end.to_string());
        let label = format!("wave-{}", wave.number);
        let priority = match wave.risk.level {
            landfall_domain::RiskLevel::Low => "Low",
            landfall_domain::RiskLevel::Medium => "Medium",
            landfall_domain::RiskLevel::High => "High",
            landfall_domain::RiskLevel::Critical => "Highest",
        };
        rows.push(vec![
            epic.clone(),
            String::new(),
            "Epic".to_owned(),
            format!("{}: wave {}", sheet.plan.name, wave.number),
            format!(
                "{} assets of {} applications, {} effort points, {} GB. Risk {} ({}).",
                wave.workloads,
                wave.applications,
                wave.effort_points,
                wave.storage_gb,
                wave.risk.level,
                wave.risk.score
            ),
            priority.to_owned(),
            label.clone(),
            start.clone(),
            end.clone(),
        ]);
        let mut tasks: BTreeMap<&str, Vec<&Planned>> = BTreeMap::new();
        for planned in sheet.assets.iter().filter(|planned| planned.wave == wave.number) {
            let subject = planned.application.as_deref().unwrap_or(&planned.asset.name);
            tasks.entry(subject).or_default().push(planned);
        }
        for (subject, assets) in tasks {
            let list: Vec<String> = assets
                .iter()
                .map(|planned| {
                    let strategy = planned
                        .strategy
                        .map_or("no strategy", |strategy| strategy.as_str());
                    format!("* {} ({strategy})", planned.asset.name)
                })
                .collect();
            rows.push(vec![
                next(),
                epic.clone(),
                "Task".to_owned(),
                format!("Migrate {subject}"),
                list.join("\n"),
                priority.to_owned(),
                label.clone(),
                start.clone(),
                end.clone(),
            ]);
        }
    }
    table(&JIRA, rows)
}
