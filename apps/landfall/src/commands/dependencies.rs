//! `landfall dependencies`: what needs what, what breaks with it, and what to cut.

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{count, json, line, say, table};
use crate::tenancy;
use clap::{Args, Subcommand};
use landfall_domain::{AssetId, PageRequest, Scope};
use landfall_services::Services;
use landfall_services::assets::{AssetFilter, AssetSort, Operator};
use landfall_services::dependencies::{DependencyGraph, Direction, GraphFormat};
use serde_json::json;
use std::path::PathBuf;
use uuid::Uuid;

/// Flags of `dependencies`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    tenant: TenantFlags,
    /// Write the result as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Count assets, dependencies and cycles
    Summary,
    /// List assets that need each other, with the cheapest cuts
    Cycles,
    /// List what breaks with an asset, or what it needs
    BlastRadius(Reach),
    /// Write the graph to a file for another tool
    Graph(Graph),
}

#[derive(Debug, Args)]
struct Reach {
    /// The asset, by name or id
    asset: String,
    /// What the asset needs, in place of what needs it
    #[arg(long)]
    needs: bool,
    /// Dependencies that are followed at most
    #[arg(long)]
    depth: Option<usize>,
}

#[derive(Debug, Args)]
struct Graph {
    /// Where to write it [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// json, graphml or dot [default: by the file's ending, else json]
    #[arg(long)]
    format: Option<GraphFormat>,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &arguments.tenant).await?;
    let scope = selected.scope();
    match &arguments.action {
        Action::Summary => summary(&services, &scope, arguments.json).await,
        Action::Cycles => cycles(&services, &scope, arguments.json).await,
        Action::BlastRadius(reach) => blast_radius(&services, &scope, reach, arguments.json).await,
        Action::Graph(graph) => write(&services, &scope, graph).await,
    }
}

async fn summary(services: &Services, scope: &Scope, is_json: bool) -> Result<(), Failure> {
    let summary = services.dependency_summary(scope).await?;
    if is_json {
        return json(&summary);
    }
    let number = |of: usize| of as u64;
    line(format_args!(
        "{} with {}, {} of them hard; {} of assets that need each other, with {}.",
        count(number(summary.nodes), "asset"),
        count(number(summary.dependencies), "dependency"),
        summary.hard_dependencies,
        count(number(summary.cycles), "set"),
        count(number(summary.nodes_in_cycles), "asset")
    ))
}

fn name(graph: &DependencyGraph, id: Uuid) -> String {
    graph
        .node(id)
        .map_or_else(|| id.to_string(), |node| node.name.clone())
}

async fn cycles(services: &Services, scope: &Scope, is_json: bool) -> Result<(), Failure> {
    let (graph, cycles) = services.dependency_cycles(scope).await?;
    if is_json {
        return json(&cycles);
    }
    if cycles.is_empty() {
        return line("No assets need each other.");
    }
    for cycle in cycles {
        let members: Vec<String> = cycle.members.iter().map(|id| name(&graph, *id)).collect();
        line(format_args!(
            "{} need each other: {}.",
            members.len(),
            members.join(", ")
        ))?;
        let mut rows = table(&["Cut", "To", "Dependencies", "Hard", "Price"]);
        for cut in cycle.cuts {
            rows.add_row([
                name(&graph, cut.from),
                name(&graph, cut.to),
                cut.dependencies.len().to_string(),
                cut.hard_dependencies.to_string(),
                cut.price.to_string(),
            ]);
        }
        line(rows)?;
    }
    Ok(())
}

async fn blast_radius(
    services: &Services,
    scope: &Scope,
    reach: &Reach,
    is_json: bool,
) -> Result<(), Failure> {
    let asset = named(services, scope, &reach.asset).await?;
    let direction = if reach.needs {
        Direction::Needs
    } else {
        Direction::NeededBy
    };
    let depth = reach.depth.unwrap_or(usize::MAX);
    let (graph, radius) = services.blast_radius(scope, asset, direction, depth).await?;
    if is_json {
        return json(&json!({
            "asset": name(&graph, radius.of),
            "by_distance": radius.by_distance,
            "affected": radius.affected.iter().map(|affected| json!({
                "id": affected.id,
                "name": name(&graph, affected.id),
                "distance": affected.distance,
                "through": name(&graph, affected.through),
                "is_hard": affected.is_hard,
            })).collect::<Vec<_>>(),
        }));
    }
    let mut rows = table(&["Asset", "Distance", "Through", "Hard"]);
    for affected in &radius.affected {
        rows.add_row([
            name(&graph, affected.id),
            affected.distance.to_string(),
            name(&graph, affected.through),
            if affected.is_hard { "yes" } else { "" }.to_owned(),
        ]);
    }
    line(rows)?;
    let reached = count(radius.affected.len() as u64, "asset");
    line(match direction {
        Direction::NeededBy => format!("{reached} can be affected by {}.", reach.asset),
        Direction::Needs => format!("{reached} can affect {}.", reach.asset),
    })
}

async fn write(services: &Services, scope: &Scope, graph: &Graph) -> Result<(), Failure> {
    let format = match (graph.format, &graph.output) {
        (Some(format), _) => format,
        (None, Some(file)) => {
            let ending = file.extension().and_then(|ending| ending.to_str());
            let ending = ending.unwrap_or_default().to_lowercase();
            ending.parse().map_err(Failure::usage)?
        }
        (None, None) => GraphFormat::Json,
    };
    let written = services.export_dependencies(scope, format).await?;
    match &graph.output {
        None => line(String::from_utf8_lossy(&written)),
        Some(file) => {
            tokio::fs::write(file, written)
                .await
                .map_err(|error| Failure::from(error).while_doing(file.display()))?;
            say(format_args!("Wrote the dependencies to {}.", file.display()));
            Ok(())
        }
    }
}

/// The asset of this name or id.
async fn named(services: &Services, scope: &Scope, asset: &str) -> Result<AssetId, Failure> {
    let uow = services.store().begin_read(scope).await?;
    if let Ok(id) = asset.parse::<Uuid>() {
        return Ok(uow.assets().get(AssetId(id)).await?.id);
    }
    let filter = AssetFilter::all().and("name", Operator::Eq(json!(asset)))?;
    let request = PageRequest::first(2);
    let page = uow.assets().list(&filter, AssetSort::default(), &request).await?;
    match page.items.as_slice() {
        [one] => Ok(one.id),
        [] => Err(Failure::usage(format_args!("there is no asset called '{asset}'"))),
        _ => Err(Failure::usage(format_args!(
            "several assets are called '{asset}': give an id"
        ))),
    }
}
