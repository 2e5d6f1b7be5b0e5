//! The graph of dependencies: figures, cycles, blast radius, files.

use crate::access::{Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::Query;
use crate::page::ListOut;
use crate::state::State;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use landfall_domain::AssetId;
use landfall_services::dependencies::{Cycle, DependencyGraph, Direction, GraphFormat, GraphSummary};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// The graph in numbers.
#[derive(Debug, Serialize, ToSchema)]
struct GraphSummaryOut {
    /// Assets.
    nodes: usize,
    /// Assets with at least one dependency.
    connected_nodes: usize,
    /// Dependencies.
    dependencies: usize,
    /// Dependencies whose ends cannot be separated.
    hard_dependencies: usize,
    /// Sets of assets of which each needs each, directly or not.
    cycles: usize,
    /// Assets in cycles.
    nodes_in_cycles: usize,
}

impl From<GraphSummary> for GraphSummaryOut {
    fn from(summary: GraphSummary) -> Self {
        Self {
            nodes: summary.nodes,
            connected_nodes: summary.connected_nodes,
            dependencies: summary.dependencies,
            hard_dependencies: summary.hard_dependencies,
            cycles: summary.cycles,
            nodes_in_cycles: summary.nodes_in_cycles,
        }
    }
}

/// An asset by id and name.
#[derive(Debug, Serialize, ToSchema)]
struct NamedAsset {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
}

fn named(graph: &DependencyGraph, id: Uuid) -> NamedAsset {
    NamedAsset {
        id,
        name: graph.node(id).map(|node| node.name.clone()).unwrap_or_default(),
    }
}

/// Assets of which each needs each, directly or not.
#[derive(Debug, Serialize, ToSchema)]
struct CycleOut {
    /// The assets.
    members: Vec<NamedAsset>,
    /// Dependencies between them.
    dependencies: usize,
    /// What to cut so that no cycle is left, the cheapest first.
    cuts: Vec<CutOut>,
    /// Whether no cheaper set of cuts exists; of large cycles it is a good approximation.
    is_cheapest: bool,
}

/// Two assets between which every dependency in this direction is cut.
#[derive(Debug, Serialize, ToSchema)]
struct CutOut {
    /// The asset that needs the other.
    from: NamedAsset,
    /// The asset that is needed.
    to: NamedAsset,
    /// The dependencies to be cut.
    dependency_ids: Vec<Uuid>,
    /// How many of them are hard.
    hard_dependencies: usize,
    /// Their weight.
    price: f64,
}

fn cycle_out(graph: &DependencyGraph, cycle: Cycle) -> CycleOut {
    CycleOut {
        members: cycle.members.into_iter().map(|id| named(graph, id)).collect(),
        dependencies: cycle.dependencies,
        cuts: cycle
            .cuts
            .into_iter()
            .map(|cut| CutOut {
                from: named(graph, cut.from),
                to: named(graph, cut.to),
                dependency_ids: cut.dependencies,
                hard_dependencies: cut.hard_dependencies,
                price: cut.price,
            })
            .collect(),
        is_cheapest: cycle.is_cheapest,
    }
}

/// Whose blast radius.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BlastRadiusQuery {
    /// The asset in the middle.
    asset_id: AssetId,
    /// `needed_by` (what needs the asset; if absent) or `needs` (what the asset needs).
    #[param(value_type = Option<String>, example = "needed_by")]
    direction: Option<Direction>,
    /// Dependencies to be followed at most, 1 to 1000; all if absent.
    #[validate(range(min = 1, max = 1000, message = "must be from 1 to 1000"))]
    #[param(minimum = 1, maximum = 1000)]
    depth: Option<u32>,
}

/// What is reached from an asset.
#[derive(Debug, Serialize, ToSchema)]
struct BlastRadiusOut {
    /// The asset in the middle.
    asset: NamedAsset,
    /// `needed_by` or `needs`.
    #[schema(value_type = String)]
    direction: Direction,
    /// How many assets are reached.
    total: usize,
    /// How many are at distance 1, 2, ….
    by_distance: Vec<usize>,
    /// What is reached, near before far.
    affected: Vec<AffectedOut>,
}

/// An asset that is reached.
#[derive(Debug, Serialize, ToSchema)]
struct AffectedOut {
    /// The asset.
    asset: NamedAsset,
    /// Least number of dependencies that lead there.
    distance: usize,
    /// The asset before it on a shortest way.
    through: Uuid,
    /// Whether hard dependencies alone lead there.
    is_hard: bool,
}

/// In which format.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GraphQuery {
    /// `json` (if absent), `graphml` or `dot`.
    #[param(example = "graphml")]
    format: Option<String>,
}

/// How many assets, dependencies and cycles there are.
#[utoipa::path(tag = "Dependencies", responses((status = 200, body = GraphSummaryOut)))]
#[get("/dependencies/summary")]
async fn summarize(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let summary = state.services().dependency_summary(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(GraphSummaryOut::from(summary)))
}

/// The graph of all dependencies, as a file for other tools.
#[utoipa::path(
    tag = "Dependencies",
    params(GraphQuery),
    responses((status = 200, description = "The graph.", content(
        (String = "application/json"), (String = "application/graphml+xml"), (String = "text/vnd.graphviz")
    )))
)]
#[get("/dependencies/graph")]
async fn export(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<GraphQuery>,
) -> ApiResult<HttpResponse> {
    let format: GraphFormat = query
        .0
        .format
        .as_deref()
        .unwrap_or("json")
        .parse()
        .map_err(|message: String| ApiError::validation(vec![Detail::of("format", "unknown", message)]))?;
    let file = state.services().export_dependencies(&tenant.0, format).await?;
    let name = format!("attachment; filename=\"dependencies.{}\"", format.as_str());
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(file))
}

/// Every cycle, the largest first, with the cheapest cuts that would dissolve it.
#[utoipa::path(tag = "Dependencies", responses((status = 200, body = ListOut<CycleOut>)))]
#[get("/dependencies/cycles")]
async fn list_cycles(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let (graph, cycles) = state.services().dependency_cycles(&tenant.0).await?;
    let items: Vec<CycleOut> = cycles.into_iter().map(|cycle| cycle_out(&graph, cycle)).collect();
    Ok(HttpResponse::Ok().json(ListOut { items }))
}

/// Who is affected when an asset moves or fails, or what can take it down.
#[utoipa::path(tag = "Dependencies", params(BlastRadiusQuery), responses((status = 200, body = BlastRadiusOut)))]
#[get("/dependencies/blast-radius")]
async fn reach(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<BlastRadiusQuery>,
) -> ApiResult<HttpResponse> {
    let BlastRadiusQuery {
        asset_id,
        direction,
        depth,
    } = query.0;
    let direction = direction.unwrap_or(Direction::NeededBy);
    let depth = depth
        .and_then(|depth| usize::try_from(depth).ok())
        .unwrap_or(usize::MAX);
    let (graph, radius) = state
        .services()
        .blast_radius(&tenant.0, asset_id, direction, depth)
        .await?;
    let affected = radius.affected.iter().map(|affected| AffectedOut {
        asset: named(&graph, affected.id),
        distance: affected.distance,
        through: affected.through,
        is_hard: affected.is_hard,
    });
    Ok(HttpResponse::Ok().json(BlastRadiusOut {
        asset: named(&graph, radius.of),
        direction,
        total: radius.affected.len(),
        affected: affected.collect(),
        by_distance: radius.by_distance,
    }))
}

/// Before the routes with an id, of which these would be one.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(summarize)
        .service(export)
        .service(list_cycles)
        .service(reach);
}
