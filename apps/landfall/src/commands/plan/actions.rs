//! What `landfall plan` does.

use super::{Action, Arguments, Create, Diff, Move, files};
use crate::failure::Failure;
use crate::output::{count, json, line, table};
use landfall_domain::{AssetId, PageRequest, Scope};
use landfall_services::Services;
use landfall_services::jobs::Worker;
use landfall_services::plans::{Move as Step, Plan, PlanEdit, PlanRequest, ViolationFilter, Wave};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(super) async fn run(services: &Services, scope: &Scope, arguments: &Arguments) -> Result<(), Failure> {
    let is_json = arguments.json;
    match &arguments.action {
        Action::Create(create) => make(services, scope, create, is_json).await,
        Action::List => list(services, scope, is_json).await,
        Action::Show(one) => {
            let plan = find(services, scope, one.plan).await?;
            show(services, scope, &plan, is_json).await
        }
        Action::Generate(one) => {
            let plan = find(services, scope, one.plan).await?;
            services.regenerate_plan(scope, plan.id, None).await?;
            finish(services, scope, plan.id, is_json).await
        }
        Action::Violations(one) => {
            let plan = find(services, scope, one.plan).await?;
            violations(services, scope, &plan, is_json).await
        }
        Action::Move(step) => move_asset(services, scope, step, is_json).await,
        Action::Versions(one) => {
            let plan = find(services, scope, one.plan).await?;
            versions(services, scope, &plan, is_json).await
        }
        Action::Diff(diff) => compare(services, scope, diff, is_json).await,
        Action::Undo(one) => {
            let plan = find(services, scope, one.plan).await?;
            let plan = services.undo_plan(scope, plan.id, None).await?;
            show(services, scope, &plan, is_json).await
        }
        Action::Copy(copy) => {
            let plan = find(services, scope, copy.plan).await?;
            let copy = services.copy_plan(scope, plan.id, copy.name.clone()).await?;
            show(services, scope, &copy, is_json).await
        }
        Action::Commit(one) => {
            let plan = find(services, scope, one.plan).await?;
            let plan = services.commit_plan(scope, plan.id, None).await?;
            if is_json {
                return show(services, scope, &plan, is_json).await;
            }
            line(format_args!("'{}' is the plan that is carried out.", plan.name))
        }
        Action::Revert(one) => {
            let plan = find(services, scope, one.plan).await?;
            let plan = services.revert_plan(scope, plan.id, None).await?;
            if is_json {
                return show(services, scope, &plan, is_json).await;
            }
            line(format_args!("The commit of '{}' is taken back.", plan.name))
        }
        Action::Export(export) => files::write(services, scope, export).await,
        Action::Import(import) => files::read(services, scope, import, is_json).await,
        Action::Delete(one) => {
            let plan = find(services, scope, one.plan).await?;
            services.delete_plan(scope, plan.id).await?;
            line(format_args!("'{}' is deleted.", plan.name))
        }
    }
}

/// The plan that is meant: the newest, if none is named.
pub(super) async fn find(services: &Services, scope: &Scope, id: Option<Uuid>) -> Result<Plan, Failure> {
    if let Some(id) = id {
        return Ok(services.plan(scope, id).await?);
    }
    let newest = services.plans(scope, None, &PageRequest::first(1)).await?;
    newest
        .items
        .into_iter()
        .next()
        .ok_or_else(|| Failure::usage("there is no plan yet: make one with `landfall plan create`"))
}

async fn make(services: &Services, scope: &Scope, create: &Create, is_json: bool) -> Result<(), Failure> {
    let mut settings = Map::new();
    for setting in &create.settings {
        let Some((name, value)) = setting.split_once('=') else {
            return Err(Failure::usage(format_args!(
                "'{setting}' is no setting: write NAME=VALUE"
            )));
        };
        // Numbers and lists as themselves; everything else is text.
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        settings.insert(name.trim().to_owned(), value);
    }
    let request = PlanRequest {
        name: create.name.clone(),
        description: None,
        settings,
    };
    let plan = services.create_plan(scope, request).await?;
    finish(services, scope, plan.id, is_json).await
}

/// Does the job that makes the waves, here or wherever a worker has it, and shows them.
async fn finish(services: &Services, scope: &Scope, id: Uuid, is_json: bool) -> Result<(), Failure> {
    Worker::new(services.clone()).drain().await?;
    let mut plan = services.plan(scope, id).await?;
    while plan.status == "planning" {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        plan = services.plan(scope, id).await?;
    }
    if let Some(message) = plan.error_message {
        return Err(Failure::new(message));
    }
    show(services, scope, &plan, is_json).await
}

async fn list(services: &Services, scope: &Scope, is_json: bool) -> Result<(), Failure> {
    let plans = services
        .plans(scope, None, &PageRequest::first(PageRequest::MAX))
        .await?;
    let mut rows = table(&[
        "Id", "Name", "State", "Version", "Waves", "Assets", "Start", "End",
    ]);
    let mut found = Vec::new();
    for plan in plans.items {
        let summary = plan.summary.clone().unwrap_or_default();
        rows.add_row([
            plan.id.to_string(),
            plan.name.clone(),
            plan.status.clone(),
            plan.plan_version.to_string(),
            text(&summary["waves"]),
            text(&summary["assets"]),
            text(&summary["start"]),
            text(&summary["end"]),
        ]);
        found.push(serde_json::json!({
            "id": plan.id, "name": plan.name, "status": plan.status, "plan_version": plan.plan_version, "summary": summary,
        }));
    }
    if is_json { json(&found) } else { line(rows) }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

async fn show(services: &Services, scope: &Scope, plan: &Plan, is_json: bool) -> Result<(), Failure> {
    let mut waves: Vec<Wave> = Vec::new();
    let mut page = PageRequest::first(PageRequest::MAX);
    loop {
        let found = services.plan_waves(scope, plan.id, &page).await?;
        for wave in found.items.into_iter().filter_map(|wave| wave.evaluation) {
            waves.push(serde_json::from_value(wave)?);
        }
        let Some(next) = found.next else { break };
        page.after = Some(next);
    }
    let summary = plan.summary.clone().unwrap_or_default();
    if is_json {
        return json(&serde_json::json!({
            "id": plan.id, "name": plan.name, "status": plan.status, "plan_version": plan.plan_version,
            "summary": summary, "waves": waves,
        }));
    }
    let mut rows = table(&[
        "Wave",
        "Start",
        "End",
        "Assets",
        "Apps",
        "Effort",
        "Risk",
        "Confidence",
        "Critical",
        "Advisory",
    ]);
    for wave in &waves {
        rows.add_row([
            wave.number.to_string(),
            wave.dates.start.to_string(),
            wave.dates.end.to_string(),
            wave.workloads.to_string(),
            wave.applications.to_string(),
            wave.effort_points.to_string(),
            format!("{} ({})", wave.risk.level, wave.risk.score),
            format!("{:.2}", wave.confidence.overall),
            wave.violations[0].to_string(),
            wave.violations[1].to_string(),
        ]);
    }
    line(rows)?;
    line(format_args!(
        "{} ({}), version {}: {} assets in {}, {} that do not move; {} critical and {} advisory violations.",
        plan.name,
        plan.id,
        plan.plan_version,
        text(&summary["assets"]),
        count(waves.len() as u64, "wave"),
        text(&summary["excluded_assets"]),
        text(&summary["critical_violations"]),
        text(&summary["advisory_violations"])
    ))
}

async fn violations(services: &Services, scope: &Scope, plan: &Plan, is_json: bool) -> Result<(), Failure> {
    let mut page = PageRequest::first(PageRequest::MAX);
    let mut found = Vec::new();
    loop {
        let some = services
            .plan_violations(scope, plan.id, &ViolationFilter::default(), &page)
            .await?;
        found.extend(some.items);
        let Some(next) = some.next else { break };
        page.after = Some(next);
    }
    if is_json {
        let rows: Vec<Value> = found
            .iter()
            .map(|violation| {
                serde_json::json!({
                    "rule": violation.rule, "severity": violation.severity, "waves": violation.waves,
                    "breaches": violation.breaches, "message": violation.message, "mitigation": violation.mitigation,
                })
            })
            .collect();
        return json(&rows);
    }
    let mut rows = table(&["Severity", "Rule", "What is wrong", "Breaches"]);
    for violation in &found {
        rows.add_row([
            &violation.severity,
            &violation.rule,
            &violation.message,
            &violation.breaches.to_string(),
        ]);
    }
    line(rows)?;
    line(count(found.len() as u64, "violation"))
}

async fn move_asset(services: &Services, scope: &Scope, step: &Move, is_json: bool) -> Result<(), Failure> {
    let plan = find(services, scope, step.plan).await?;
    let edit = PlanEdit {
        moves: vec![Step {
            asset_id: AssetId::from(step.asset),
            wave: (step.wave > 0).then_some(step.wave),
        }],
        pin: !step.unpinned,
        ..PlanEdit::default()
    };
    let plan = services.edit_plan(scope, plan.id, None, edit).await?;
    show(services, scope, &plan, is_json).await
}

async fn versions(services: &Services, scope: &Scope, plan: &Plan, is_json: bool) -> Result<(), Failure> {
    let found = services
        .plan_versions(scope, plan.id, &PageRequest::first(PageRequest::MAX))
        .await?;
    if is_json {
        let versions = found.items.iter().map(|version| {
            serde_json::json!({
                "plan_version": version.plan_version, "action": version.action,
                "moved_assets": version.moved_assets, "created_by": version.created_by,
                "created_at": version.created_at, "note": version.note,
            })
        });
        return json(&versions.collect::<Vec<_>>());
    }
    let mut rows = table(&["Version", "What was done", "Assets moved", "By", "When", "Note"]);
    for version in found.items {
        rows.add_row([
            version.plan_version.to_string(),
            version.action,
            version.moved_assets.to_string(),
            version.created_by.unwrap_or_default(),
            version.created_at.format("%Y-%m-%d %H:%M").to_string(),
            version.note.unwrap_or_default(),
        ]);
    }
    line(rows)
}

async fn compare(services: &Services, scope: &Scope, diff: &Diff, is_json: bool) -> Result<(), Failure> {
    let plan = find(services, scope, diff.plan).await?;
    let to = diff.to.unwrap_or(plan.plan_version);
    let from = diff.from.unwrap_or(to - 1);
    let comparison = services.compare_plan_versions(scope, plan.id, from, to).await?;
    if is_json {
        return json(&comparison);
    }
    let mut rows = table(&["Asset", "From wave", "To wave"]);
    let wave = |wave: Option<u32>| wave.map_or_else(|| "none".to_owned(), |wave| wave.to_string());
    for moved in &comparison.moved {
        rows.add_row([moved.workload.to_string(), wave(moved.from), wave(moved.to)]);
    }
    line(rows)?;
    line(format_args!(
        "{} moved and {} shifted from version {from} to {to}.",
        count(comparison.moved.len() as u64, "asset"),
        count(comparison.shifted.len() as u64, "wave")
    ))
}
