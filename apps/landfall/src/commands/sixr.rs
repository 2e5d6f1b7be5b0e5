//! `landfall sixr`: strategies of the inventory, why, and what persons say to them.

mod policy;
mod show;

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{json, line, say, table};
use crate::tenancy;
use clap::{Args, Subcommand};
use landfall_domain::{AnalysisStatus, AssetId, PageRequest, Scope, SixrStrategy};
use landfall_services::Services;
use landfall_services::assets::{AssetFilter, AssetSort, Operator};
use landfall_services::jobs::Worker;
use landfall_services::sixr::{
    AnalysisDetail, AnalysisFilter, InputValues, Iterate, NewSixrAnalysis, NewSixrRun, Overridden,
    SixrAnalysis, SixrRun, Subject, Subjects,
};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// How often a run that another worker does is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Flags of `sixr`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    tenant: TenantFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Judge the whole inventory, or one asset or application
    Analyze(Analyze),
    /// List analyses
    List(List),
    /// Show an analysis: strategy, scores, reasons, what would change it, what to ask
    Show {
        /// The asset or application, by name or id, or the analysis by id
        subject: String,
        /// Write it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Answer questions about an asset or application, and judge it anew
    Answer {
        /// The asset or application, by name or id
        subject: String,
        /// Answers, such as `active_users=0`
        #[arg(required = true, value_name = "INPUT=VALUE")]
        answers: Vec<String>,
    },
    /// Decide on a strategy, whatever is recommended now or later
    Override(OverrideArguments),
    /// What to ask: the question whose answer could change most decisions comes first
    Questions,
    /// Say values for the whole engagement, or list what is said
    Settings {
        /// Values, such as `target=vmware`; with nothing after `=`, one is taken back
        #[arg(value_name = "INPUT=VALUE")]
        values: Vec<String>,
    },
    /// Show, check or change the policy: gates, blocks and weights
    Policy(policy::Arguments),
}

#[derive(Debug, Args)]
struct Analyze {
    /// One asset or application, by name or id; the whole inventory if absent
    subject: Option<String>,
    /// Judge each application with its assets, whose strategy its assets take
    #[arg(long)]
    applications: bool,
    /// Values in place of what would be derived, such as `business_value=8`; for one subject
    #[arg(long = "set", value_name = "INPUT=VALUE", requires = "subject")]
    values: Vec<String>,
    /// Write the totals as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct List {
    /// Only those that end in this strategy
    #[arg(long)]
    strategy: Option<SixrStrategy>,
    /// Only those in this state
    #[arg(long)]
    status: Option<AnalysisStatus>,
    /// Only those that a person decided otherwise
    #[arg(long)]
    overridden: bool,
    /// Only those with less confidence, 0 to 1
    #[arg(long, value_name = "CONFIDENCE")]
    confidence_below: Option<f64>,
    /// Analyses at most
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Write them as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct OverrideArguments {
    /// The asset or application, by name or id, or the analysis by id
    subject: String,
    /// What is to be done
    #[arg(required_unless_present = "remove")]
    strategy: Option<SixrStrategy>,
    /// Why
    #[arg(long, required_unless_present = "remove")]
    reason: Option<String>,
    /// Take the decision back
    #[arg(long, conflicts_with_all = ["strategy", "reason"])]
    remove: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    if let Action::Policy(policy::Arguments {
        action: policy::Action::Check { file },
    }) = &arguments.action
    {
        return policy::check(file);
    }
    let services = open(config, IfMissing::Refuse).await?;
    let scope = tenancy::select(&services, config, &arguments.tenant)
        .await?
        .scope();
    match &arguments.action {
        Action::Analyze(analyze) => self::analyze(&services, &scope, analyze).await,
        Action::List(list) => self::list(&services, &scope, list).await,
        Action::Show {
            subject,
            json: as_json,
        } => {
            let detail = find(&services, &scope, subject).await?;
            if *as_json {
                show::as_json(&detail)
            } else {
                show::text(&detail)
            }
        }
        Action::Answer { subject, answers } => {
            let detail = find(&services, &scope, subject).await?;
            let change = Iterate {
                answers: values(answers)?,
                ..Iterate::default()
            };
            let detail = services
                .iterate_sixr(&scope, detail.analysis.id, None, change)
                .await?;
            line(show::verdict(&detail))
        }
        Action::Override(decision) => decide(&services, &scope, decision).await,
        Action::Questions => questions(&services, &scope).await,
        Action::Settings { values: given } => settings(&services, &scope, given).await,
        Action::Policy(policy) => policy::run(&services, &scope, policy).await,
    }
}

async fn analyze(services: &Services, scope: &Scope, analyze: &Analyze) -> Result<(), Failure> {
    if let Some(subject) = &analyze.subject {
        let new = NewSixrAnalysis {
            subject: named(services, scope, subject).await?,
            name: None,
            description: None,
            priority: None,
            inputs: values(&analyze.values)?,
            start: true,
        };
        let detail = services.analyze_sixr(scope, new).await?;
        return if analyze.json {
            show::as_json(&detail)
        } else {
            show::text(&detail)
        };
    }
    let subjects = if analyze.applications {
        Subjects::Applications
    } else {
        Subjects::Assets
    };
    let run = services
        .start_sixr_run(
            scope,
            NewSixrRun {
                subjects,
                ..NewSixrRun::default()
            },
        )
        .await?;
    let run = ended(services, scope, run.id).await?;
    let results = run.analysis_results.clone().unwrap_or_default();
    if run.status.as_deref() != Some(AnalysisStatus::Completed.as_str()) {
        let why = results["error"].as_str().unwrap_or("it was stopped").to_owned();
        return Err(Failure::new(format_args!("the run has not ended well: {why}")));
    }
    if analyze.json {
        return json(&results);
    }
    totals(&run, &results)
}

/// Does the run, or waits for the worker that does it.
async fn ended(services: &Services, scope: &Scope, id: Uuid) -> Result<SixrRun, Failure> {
    let worker = Worker::new(services.clone());
    loop {
        worker.drain().await?;
        let run = services.sixr_run(scope, id).await?;
        let is_open = ["pending", "in_progress"].contains(&run.status.as_deref().unwrap_or_default());
        if !is_open {
            return Ok(run);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn totals(run: &SixrRun, results: &Value) -> Result<(), Failure> {
    let mut rows = table(&["Strategy", "Subjects"]);
    for strategy in SixrStrategy::ALL {
        if let Some(number) = results["by_strategy"][strategy.as_str()].as_u64() {
            rows.add_row([strategy.as_str().to_owned(), number.to_string()]);
        }
    }
    line(rows)?;
    line(format_args!(
        "{} judged by policy {}: {} changed, {} unchanged, {} decided by a person, {} need answers.",
        run.total_assets.unwrap_or_default(),
        results["policy"].as_str().unwrap_or_default(),
        results["changed"],
        results["unchanged"],
        results["overridden"],
        results["requires_input"],
    ))?;
    if let Some(first) = results["questions"].get(0) {
        say(format_args!(
            "Ask first: {} An answer could change {} recommendations; `landfall sixr questions` has the rest.",
            first["text"].as_str().unwrap_or_default(),
            first["decisions"]
        ));
    }
    Ok(())
}

async fn list(services: &Services, scope: &Scope, list: &List) -> Result<(), Failure> {
    let filter = AnalysisFilter {
        statuses: list.status.into_iter().collect(),
        strategies: list.strategy.into_iter().collect(),
        is_overridden: list.overridden.then_some(true),
        confidence_below: list.confidence_below,
        ..AnalysisFilter::default()
    };
    let total = services.sixr_totals(scope, &filter).await?.total;
    let (mut found, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    while found.len() < list.limit {
        let page = services.sixr_analyses(scope, &filter, &request).await?;
        found.extend(page.items);
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    found.truncate(list.limit);
    if list.json {
        let rows: Vec<Value> = found.iter().map(row).collect();
        return json(&json!({ "total": total, "analyses": rows }));
    }
    let mut rows = table(&[
        "Name",
        "Strategy",
        "Recommended",
        "Confidence",
        "State",
        "Iteration",
    ]);
    for analysis in &found {
        let word = |strategy: Option<SixrStrategy>| strategy.map(|one| one.to_string()).unwrap_or_default();
        let confidence = analysis.confidence_score;
        rows.add_row([
            analysis.name.clone(),
            word(analysis.final_recommendation),
            word(analysis.recommended_strategy),
            confidence.map(|share| format!("{share:.2}")).unwrap_or_default(),
            analysis.status.to_string(),
            analysis.current_iteration.unwrap_or_default().to_string(),
        ]);
    }
    line(rows)?;
    line(format_args!("{} of {total} analyses.", found.len()))
}

fn row(analysis: &SixrAnalysis) -> Value {
    json!({
        "id": analysis.id, "name": analysis.name, "status": analysis.status, "asset_id": analysis.asset_id,
        "application_id": analysis.application_id, "strategy": analysis.final_recommendation,
        "recommended_strategy": analysis.recommended_strategy, "confidence": analysis.confidence_score,
        "override_reason": analysis.override_reason, "iteration": analysis.current_iteration,
    })
}

async fn decide(services: &Services, scope: &Scope, arguments: &OverrideArguments) -> Result<(), Failure> {
    let found = find(services, scope, &arguments.subject).await?;
    let (id, version) = (found.analysis.id, Some(found.analysis.version));
    let detail = match (arguments.strategy, &arguments.reason) {
        (Some(strategy), Some(reason)) => {
            let reason = reason.clone();
            services
                .override_sixr(scope, id, version, Overridden { strategy, reason })
                .await?
        }
        _ => services.remove_sixr_override(scope, id, version).await?,
    };
    line(show::verdict(&detail))
}

async fn questions(services: &Services, scope: &Scope) -> Result<(), Failure> {
    let mut rows = table(&["Input", "Question", "Worth"]);
    for question in services.sixr_questions(scope).await? {
        rows.add_row([
            question.question_id,
            question.question_text,
            question.help_text.unwrap_or_default(),
        ]);
    }
    line(rows)
}

async fn settings(services: &Services, scope: &Scope, given: &[String]) -> Result<(), Failure> {
    let settings = if given.is_empty() {
        services.sixr_settings(scope).await?
    } else {
        services
            .change_sixr_settings(scope, &values(given)?, None)
            .await?
    };
    let mut rows = table(&["Input", "Value", "Note"]);
    for setting in settings {
        rows.add_row([
            setting.input,
            setting.value.to_string(),
            setting.description.unwrap_or_default(),
        ]);
    }
    line(rows)
}

/// `INPUT=VALUE` pairs; nothing after `=` is null.
fn values(pairs: &[String]) -> Result<InputValues, Failure> {
    let mut values = InputValues::new();
    for pair in pairs {
        let Some((input, value)) = pair.split_once('=') else {
            return Err(Failure::usage(format_args!(
                "'{pair}' is no value: write INPUT=VALUE"
            )));
        };
        let value = value.trim();
        let value = match serde_json::from_str(value) {
            Ok(json @ (Value::Number(_) | Value::Bool(_))) => json,
            _ if value.is_empty() => Value::Null,
            _ => Value::String(value.to_owned()),
        };
        values.insert(input.trim().to_owned(), value);
    }
    Ok(values)
}

/// The asset or application of this name or id.
async fn named(services: &Services, scope: &Scope, subject: &str) -> Result<Subject, Failure> {
    let uow = services.store().begin_read(scope).await?;
    if let Ok(id) = subject.parse::<Uuid>() {
        return Ok(match uow.assets().get(AssetId(id)).await {
            Ok(_) => Subject::Asset(AssetId(id)),
            Err(_) => Subject::Application(uow.applications().get(id).await?.id),
        });
    }
    let filter = AssetFilter::all().and("name", Operator::Eq(json!(subject)))?;
    let page = uow
        .assets()
        .list(&filter, AssetSort::default(), &PageRequest::first(2))
        .await?;
    match (page.items.as_slice(), uow.applications().find(subject).await?) {
        ([asset], None) => Ok(Subject::Asset(asset.id)),
        ([], Some(application)) => Ok(Subject::Application(application.id)),
        ([], None) => Err(Failure::usage(format_args!(
            "there is no asset and no application called '{subject}'"
        ))),
        _ => Err(Failure::usage(format_args!(
            "several things are called '{subject}': give an id"
        ))),
    }
}

/// The analysis with this id, or of the asset or application of this name or id.
async fn find(services: &Services, scope: &Scope, subject: &str) -> Result<AnalysisDetail, Failure> {
    if let Ok(id) = subject.parse::<Uuid>()
        && let Ok(detail) = services.sixr_analysis(scope, id).await
    {
        return Ok(detail);
    }
    let of = named(services, scope, subject).await?;
    services.sixr_of(scope, of).await?.ok_or_else(|| {
        Failure::new(format_args!(
            "'{subject}' has not been judged yet: `landfall sixr analyze` judges the inventory"
        ))
    })
}
