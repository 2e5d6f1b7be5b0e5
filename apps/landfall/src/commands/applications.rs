//! `landfall applications`: groups of assets that are planned together.

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{count, json, line, table};
use crate::tenancy;
use clap::{Args, Subcommand};
use landfall_domain::{AssetId, PageRequest, Scope};
use landfall_services::Services;
use landfall_services::applications::{
    Acceptance, ApplicationDetail, ApplicationFilter, NewApplication, Proposal, ProposalFilter,
    ProposalOptions, ProposalSource,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Flags of `applications`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    tenant: TenantFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List applications with their risk and confidence
    List {
        /// Only those whose name begins with this
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        /// Applications at most
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Write them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Make an application
    Create {
        /// Its name
        name: String,
        /// What it is
        #[arg(long)]
        description: Option<String>,
        /// How critical it is
        #[arg(long)]
        criticality: Option<String>,
        /// Put these assets into it
        #[arg(long = "asset", value_name = "ID")]
        assets: Vec<AssetId>,
    },
    /// Put assets into an application
    Add {
        /// The application, by id or name
        application: String,
        /// Ids of the assets
        #[arg(required = true)]
        assets: Vec<AssetId>,
    },
    /// Take an asset out of an application
    Remove {
        /// The application, by id or name
        application: String,
        /// Id of the asset
        asset: AssetId,
    },
    /// Delete an application; its assets stay
    Delete {
        /// The application, by id or name
        application: String,
    },
    /// Look for applications in the inventory and keep what is found as proposals
    Propose {
        /// By what: `application_name`, `application_assets`, tags, dependencies [default: all]
        #[arg(long = "by", value_name = "SOURCE", value_parser = source)]
        sources: Vec<ProposalSource>,
        /// Category of the tags that name an application
        #[arg(long, default_value = "application")]
        tag_category: String,
        /// An asset with more neighbours than this is shared by many and joins no community
        #[arg(long, default_value_t = 25)]
        most_neighbours: usize,
    },
    /// List proposals that wait for a decision
    Proposals {
        /// Write them as JSON, with their assets
        #[arg(long)]
        json: bool,
    },
    /// Make an application of a proposal
    Accept {
        /// Id of the proposal
        proposal: Uuid,
        /// Under this name
        #[arg(long)]
        name: Option<String>,
    },
    /// Reject a proposal: the same is not proposed again
    Reject {
        /// Id of the proposal
        proposal: Uuid,
    },
}

fn source(word: &str) -> Result<ProposalSource, String> {
    ProposalSource::named(word).ok_or_else(|| {
        let known: Vec<&str> = ProposalSource::ALL.iter().map(|source| source.as_str()).collect();
        format!("'{word}' is none of {}", known.join(", "))
    })
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &arguments.tenant).await?;
    let scope = selected.scope();
    match &arguments.action {
        Action::List { name, limit, json } => list(&services, &scope, name.as_deref(), *limit, *json).await,
        Action::Create {
            name,
            description,
            criticality,
            assets,
        } => {
            let new = NewApplication {
                name: name.clone(),
                description: description.clone(),
                criticality: criticality.clone(),
                ..NewApplication::default()
            };
            let made = services.create_application(&scope, new).await?.application;
            if !assets.is_empty() {
                services.add_application_assets(&scope, made.id, assets).await?;
            }
            line(format_args!(
                "Made the application \"{}\" with the id {}.",
                made.name, made.id
            ))
        }
        Action::Add { application, assets } => {
            let id = find(&services, &scope, application).await?;
            let added = services.add_application_assets(&scope, id, assets).await?;
            line(format_args!("{} added.", count(added, "asset")))
        }
        Action::Remove { application, asset } => {
            let id = find(&services, &scope, application).await?;
            services.remove_application_asset(&scope, id, *asset).await?;
            line("1 asset removed.")
        }
        Action::Delete { application } => {
            let id = find(&services, &scope, application).await?;
            services.delete_application(&scope, id).await?;
            line(format_args!("Deleted the application {id}."))
        }
        Action::Propose {
            sources,
            tag_category,
            most_neighbours,
        } => {
            let options = ProposalOptions {
                sources: sources.clone(),
                tag_category: tag_category.clone(),
                most_neighbours: *most_neighbours,
            };
            let found = services.propose_applications(&scope, &options).await?;
            line(format_args!(
                "{} found, {} of them new. `landfall applications proposals` lists what waits for a decision.",
                count(found.found, "application"),
                found.new
            ))
        }
        Action::Proposals { json } => proposals(&services, &scope, *json).await,
        Action::Accept { proposal, name } => {
            let acceptance = Acceptance {
                name: name.clone(),
                ..Acceptance::default()
            };
            let application = services.accept_proposal(&scope, *proposal, &acceptance).await?;
            line(format_args!(
                "Accepted as the application \"{}\" with the id {}.",
                application.name, application.id
            ))
        }
        Action::Reject { proposal } => {
            let rejected = services.reject_proposal(&scope, *proposal).await?;
            line(format_args!("Rejected \"{}\".", rejected.name))
        }
    }
}

/// The application with this id or name.
pub(super) async fn find(services: &Services, scope: &Scope, given: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = given.parse() {
        return Ok(services.application(scope, id).await?.application.id);
    }
    let uow = services.store().begin_read(scope).await?;
    match uow.applications().find(given).await? {
        Some(found) => Ok(found.id),
        None => Err(Failure::usage(format_args!(
            "there is no application '{given}': `landfall applications list` names those that there are"
        ))),
    }
}

async fn list(
    services: &Services,
    scope: &Scope,
    name: Option<&str>,
    limit: usize,
    as_json: bool,
) -> Result<(), Failure> {
    let filter = ApplicationFilter {
        name_prefix: name.map(str::to_owned),
        ..ApplicationFilter::default()
    };
    let (mut found, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    while found.len() < limit {
        let page = services.applications(scope, &filter, &request).await?;
        found.extend(page.items);
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    found.truncate(limit);
    if as_json {
        return json(&found.iter().map(row).collect::<Vec<Value>>());
    }
    let mut rows = table(&[
        "Application",
        "Assets",
        "Criticality",
        "Source",
        "Risk",
        "Confidence",
    ]);
    for detail in &found {
        let application = &detail.application;
        rows.add_row([
            application.name.clone(),
            detail.asset_count.to_string(),
            application.criticality.clone().unwrap_or_default(),
            application.source.clone(),
            detail
                .standing
                .risk
                .map(|risk| risk.as_str().to_owned())
                .unwrap_or_default(),
            detail
                .standing
                .confidence
                .map(|percent| format!("{percent} %"))
                .unwrap_or_default(),
        ]);
    }
    line(rows)
}

fn row(detail: &ApplicationDetail) -> Value {
    let application = &detail.application;
    let tags: Vec<String> = detail
        .tags
        .iter()
        .map(|tag| format!("{}={}", tag.category, tag.name))
        .collect();
    json!({
        "id": application.id, "name": application.name, "description": application.description,
        "criticality": application.criticality, "business_owner": application.business_owner,
        "technical_owner": application.technical_owner, "source": application.source, "asset_count": detail.asset_count,
        "tags": tags, "archetype_ids": detail.archetypes, "risk": detail.standing.risk,
        "confidence": detail.standing.confidence, "is_inherited": detail.standing.is_inherited,
        "is_assessed": detail.standing.is_assessed,
    })
}

async fn proposals(services: &Services, scope: &Scope, as_json: bool) -> Result<(), Failure> {
    let filter = ProposalFilter {
        status: Some("proposed".to_owned()),
        ..ProposalFilter::default()
    };
    let (mut found, mut request): (Vec<Proposal>, _) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    loop {
        let page = services.application_proposals(scope, &filter, &request).await?;
        found.extend(page.items);
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    if as_json {
        let row = |proposal: &Proposal| {
            json!({
                "id": proposal.id, "name": proposal.name, "source": proposal.source, "rationale": proposal.rationale,
                "confidence_score": proposal.confidence_score, "asset_ids": proposal.asset_ids,
            })
        };
        return json(&found.iter().map(row).collect::<Vec<Value>>());
    }
    let mut rows = table(&["Proposal", "Name", "Assets", "Confidence", "Why"]);
    for proposal in &found {
        rows.add_row([
            proposal.id.to_string(),
            proposal.name.clone(),
            proposal.asset_count.to_string(),
            format!("{:.0} %", proposal.confidence_score * 100.0),
            proposal.rationale.clone(),
        ]);
    }
    line(rows)
}
