//! Dependency analysis: what the records say about each other, once all assets are known.

use super::dependencies::{
    AssetRef, Candidate, DependencyHint, DependencyType, Edge, MatchedBy, NormalisedName, Unresolved,
    names_to_look_up, resolve,
};
use super::executor::{DiscoveryError, PhaseContext, PhaseExecutor, PhaseOutcome};
use super::facts::{format_of, source_of};
use super::later::{Later, look_again, waiting};
use crate::imports::formats::{Format, LANDFALL};
use async_trait::async_trait;
use landfall_domain::ids::new_uuid;
use landfall_domain::{AssetId, AssetType, ImportId, Phase};
use landfall_repositories::entities::asset_dependencies;
use landfall_repositories::{NameHit, NameWanted, RawRow, Uow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Names that could not be resolved and are kept with the flow; all of them are counted.
const UNRESOLVED_KEPT: usize = 200;

/// Makes edges of what records say. Cost: one pass over the records, one look-up of names per batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DependencyAnalysis;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Position {
    last_index: Option<i64>,
    observations: u64,
    edges: u64,
    by_type: BTreeMap<String, u64>,
    unresolved: u64,
    unresolved_names: Vec<Value>,
    later: Later,
}

#[async_trait]
impl PhaseExecutor for DependencyAnalysis {
    fn phase(&self) -> Phase {
        Phase::DependencyAnalysis
    }

    async fn execute(&self, context: &mut PhaseContext) -> Result<PhaseOutcome, DiscoveryError> {
        let mut position: Position = context.cursor(self.phase());
        let format = format_of(&context.import);
        let limit = context.services.settings().batch_rows as u64;
        loop {
            let uow = context.services.store().begin_read(&context.scope).await?;
            let after = position.last_index.unwrap_or(-1);
            let rows = uow
                .inventory()
                .records_after(context.import.id, after, limit)
                .await?;
            let Some(last) = rows.last().map(|row| row.record_index) else {
                drop(uow);
                look_at_earlier(context, limit, &mut position).await?;
                return Ok(PhaseOutcome::Completed(report(&position)));
            };
            position.last_index = Some(last);
            let ids: Vec<AssetId> = rows.iter().filter_map(|row| row.asset_id).collect();
            let types = uow.inventory().asset_types(&ids).await?;
            let hints: Vec<DependencyHint> = rows
                .iter()
                .flat_map(|row| hints_of(format, row, &types))
                .collect();
            connect(context, &uow, &hints, &mut position).await?;
        }
    }

    async fn accept(
        &self,
        context: &mut PhaseContext,
        output: Value,
    ) -> Result<PhaseOutcome, DiscoveryError> {
        let edges: Vec<HandedIn> = output
            .get("dependencies")
            .and_then(|edges| serde_json::from_value(edges.clone()).ok())
            .ok_or_else(|| DiscoveryError::NotAResult {
                phase: self.phase(),
                reason:
                    "a list 'dependencies' of {from, to, type, port, weight} with names or ids is expected"
                        .to_owned(),
            })?;
        let hints: Vec<DependencyHint> = (1..).zip(edges).map(|(row, edge)| edge.hint(row)).collect();
        let uow = context.services.store().begin_read(&context.scope).await?;
        let mut position = Position::default();
        connect(context, &uow, &hints, &mut position).await?;
        Ok(PhaseOutcome::Completed(report(&position)))
    }
}

/// What earlier imports said about assets that have come by now.
async fn look_at_earlier(
    context: &mut PhaseContext,
    limit: u64,
    position: &mut Position,
) -> Result<(), DiscoveryError> {
    loop {
        let batch = look_again(context, limit, &mut position.later).await?;
        if batch.is_last {
            return Ok(());
        }
        batch.write(context, position).await?;
    }
}

/// What a row says about other assets: in a field that names them, and in what its format knows.
fn hints_of(format: &dyn Format, row: &RawRow, types: &HashMap<AssetId, AssetType>) -> Vec<DependencyHint> {
    let row_number = row
        .row_number
        .and_then(|number| u64::try_from(number).ok())
        .unwrap_or_default();
    let type_of = |id| types.get(&id).copied().unwrap_or(AssetType::Unknown);
    let own = row.asset_id.map(|id| AssetRef::Known(id, type_of(id)));
    let mut hints = Vec::new();
    let listed = row
        .cleansed_data
        .as_ref()
        .and_then(|data| data.get("dependencies"))
        .and_then(Value::as_array);
    if let (Some(own), Some(listed)) = (&own, listed) {
        let names = listed.iter().filter_map(Value::as_str);
        hints.extend(names.flat_map(|name| DependencyHint::of_cell(own, name, "dependencies", row_number)));
    }
    let Value::Object(raw) = &row.raw_data else {
        return hints;
    };
    for fact in format.dependencies(raw) {
        let from = match &own {
            Some(own) => own.clone(),
            None => AssetRef::named(fact.from.clone()),
        };
        hints.push(DependencyHint {
            kind: fact.kind.parse().ok(),
            expected: match fact.kind {
                "hosting" => Some(AssetType::Server),
                "application" => Some(AssetType::Application),
                _ => None,
            },
            port: fact.port,
            protocol: fact.protocol,
            process: fact.process,
            weight: fact.weight,
            hard: fact.hard,
            ..DependencyHint::stated(from, AssetRef::named(fact.to), format.id(), row_number)
        });
    }
    hints
}

/// Resolves the hints, and writes edges and position together.
async fn connect(
    context: &mut PhaseContext,
    uow: &Uow,
    hints: &[DependencyHint],
    position: &mut Position,
) -> Result<(), DiscoveryError> {
    let source = source_of(&context.import);
    let found = find(uow, hints, &source).await?;
    let mut resolution = resolve(hints, &found);
    if source == LANDFALL {
        // An export repeats what is known; it does not observe it once more.
        forget_known(uow, &mut resolution.edges).await?;
    }
    position.observations += hints.len() as u64;
    position.unresolved += resolution.unresolved.len() as u64;
    let room = UNRESOLVED_KEPT.saturating_sub(position.unresolved_names.len());
    position
        .unresolved_names
        .extend(resolution.unresolved.iter().take(room).map(unresolved_json));
    position.edges += resolution.edges.len() as u64;
    for edge in &resolution.edges {
        *position.by_type.entry(edge.kind.as_str().to_owned()).or_default() += 1;
    }
    let import = context.import.id;
    let edges = resolution.edges.into_iter();
    let rows = edges.map(|edge| edge_row(context, import, edge)).collect();
    let waiting = waiting(context, hints, &resolution.open, &source, &mut position.later);
    let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
    bulk.keep_unresolved(waiting).await?;
    bulk.observe_dependencies(context.import.id, rows).await?;
    context.commit(bulk, Phase::DependencyAnalysis, position).await
}

/// Leaves only the edges that the inventory does not have yet.
async fn forget_known(uow: &Uow, edges: &mut Vec<Edge>) -> Result<(), DiscoveryError> {
    let from: BTreeSet<AssetId> = edges.iter().map(|edge| edge.from).collect();
    let known = uow
        .dependencies()
        .of_assets(&from.into_iter().collect::<Vec<_>>())
        .await?;
    let known: HashSet<_> = known
        .iter()
        .map(|row| {
            (
                row.asset_id,
                row.depends_on_asset_id,
                row.port,
                row.dependency_type.as_str(),
            )
        })
        .collect();
    edges.retain(|edge| !known.contains(&(edge.from, edge.to, i32::from(edge.port), edge.kind.as_str())));
    Ok(())
}

/// The assets that have the names of these hints.
pub(super) async fn find(
    uow: &Uow,
    hints: &[DependencyHint],
    source: &str,
) -> Result<HashMap<NormalisedName, Vec<Candidate>>, DiscoveryError> {
    let wanted: Vec<NameWanted> = names_to_look_up(hints)
        .into_iter()
        .map(|name| NameWanted::new(name.as_str()))
        .chain(texts_of(hints).map(NameWanted::new))
        .collect();
    let mut found: HashMap<NormalisedName, Vec<Candidate>> = HashMap::new();
    for hit in uow.inventory().find_by_names(&wanted, source).await? {
        let (Some(name), Some(candidate)) = (NormalisedName::of(&hit.name), candidate_of(&hit)) else {
            continue;
        };
        let candidates = found.entry(name).or_default();
        if !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }
    Ok(found)
}

/// The names as sources write them: display names are compared in their own case.
fn texts_of(hints: &[DependencyHint]) -> impl Iterator<Item = &str> {
    hints
        .iter()
        .flat_map(|hint| [&hint.from, &hint.to])
        .flat_map(|end| match end {
            AssetRef::Known(..) => &[][..],
            AssetRef::Named(texts) => texts.as_slice(),
        })
        .map(String::as_str)
}

fn candidate_of(hit: &NameHit) -> Option<Candidate> {
    let matched_by = match hit.how.as_str() {
        "source_id" => MatchedBy::SourceId,
        "fqdn" => MatchedBy::Fqdn,
        "hostname" => MatchedBy::Hostname,
        "name" => MatchedBy::Name,
        "ip_address" => MatchedBy::IpAddress,
        _ => return None,
    };
    Some(Candidate {
        asset_id: hit.asset_id,
        asset_type: hit.asset_type,
        matched_by,
    })
}

/// The row of an edge that an import states.
pub(super) fn edge_row(context: &PhaseContext, import: ImportId, edge: Edge) -> asset_dependencies::Model {
    let now = context.services.now();
    asset_dependencies::Model {
        client_account_id: context.scope.client_account_id,
        id: new_uuid(),
        engagement_id: context.scope.engagement_id,
        asset_id: edge.from,
        depends_on_asset_id: edge.to,
        dependency_type: edge.kind.as_str().to_owned(),
        description: None,
        port: i32::from(edge.port),
        protocol: edge.protocol,
        weight: edge.weight,
        is_hard: edge.hard,
        source: edge.source,
        data_import_id: Some(import),
        attributes: json!({}),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn unresolved_json(unresolved: &Unresolved) -> Value {
    json!({
        "row_number": unresolved.row_number,
        "name": unresolved.name,
        "reason": unresolved.reason.to_string(),
    })
}

fn report(position: &Position) -> Value {
    json!({
        "observations": position.observations,
        "edges": position.edges,
        "by_type": position.by_type,
        "unresolved": position.unresolved,
        "unresolved_names": position.unresolved_names,
        "waiting": position.later.waiting,
        "resolved_later": position.later.resolved,
    })
}

/// An edge that somebody else worked out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandedIn {
    from: String,
    to: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    port: Option<u16>,
    protocol: Option<String>,
    #[serde(default = "once")]
    weight: u32,
    #[serde(default)]
    hard: bool,
}

const fn once() -> u32 {
    1
}

impl HandedIn {
    fn hint(self, row_number: u64) -> DependencyHint {
        let end = |text: String| match text.parse::<AssetId>() {
            Ok(id) => AssetRef::Known(id, AssetType::Unknown),
            Err(_) => AssetRef::named(text),
        };
        DependencyHint {
            kind: self
                .kind
                .as_deref()
                .and_then(|kind| kind.parse::<DependencyType>().ok()),
            port: self.port,
            protocol: self.protocol,
            weight: self.weight,
            hard: self.hard,
            ..DependencyHint::stated(end(self.from), end(self.to), "outside", row_number)
        }
    }
}
