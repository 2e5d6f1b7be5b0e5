//! Finding applications in the inventory, source by source.

use super::proposals::{ProposalOptions, ProposalSource};
use crate::Services;
use landfall_domain::{AssetId, AssetType, PageRequest, Scope};
use landfall_planning::communities::{self, Edge, Network};
use landfall_repositories::entities::assets;
use landfall_repositories::{AssetFilter, StoreResult, Uow, application_key};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Rows of one batch.
const BATCH: u64 = 1_000;
/// What an application asset runs on.
const HOSTING: &str = "hosting";

/// An application that the inventory hints at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) source: ProposalSource,
    pub(super) rationale: String,
    pub(super) confidence: f64,
    pub(super) assets: BTreeSet<AssetId>,
}

/// What a pass over the assets gathers.
#[derive(Default)]
struct Gathered {
    /// Per source and name key: the name as first written, and the assets.
    named: BTreeMap<(ProposalSource, String), (String, BTreeSet<AssetId>)>,
    /// Names of the assets of no application, in the order of their ids.
    ungrouped: BTreeMap<AssetId, String>,
}

impl Gathered {
    fn add(&mut self, source: ProposalSource, name: &str, assets: impl IntoIterator<Item = AssetId>) {
        let key = (source, application_key(name));
        if !key.1.is_empty() {
            let (_, members) = self
                .named
                .entry(key)
                .or_insert_with(|| (name.trim().to_owned(), BTreeSet::new()));
            members.extend(assets);
        }
    }
}

/// Everything that the sources hint at and that is not in place yet, in a fixed order.
pub(super) async fn find(
    services: &Services,
    scope: &Scope,
    sources: &[ProposalSource],
    options: &ProposalOptions,
) -> StoreResult<Vec<Candidate>> {
    let mut gathered = Gathered::default();
    let mut after = None;
    loop {
        let uow = services.store().begin_read(scope).await?;
        let batch = uow.assets().batch(&AssetFilter::all(), after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        gather(&uow, &batch, sources, &mut gathered).await?;
    }
    let uow = services.store().begin_read(scope).await?;
    if sources.contains(&ProposalSource::Tags) {
        by_tags(&uow, &options.tag_category, &mut gathered).await?;
    }
    let mut found = missing(&uow, gathered.named).await?;
    if sources.contains(&ProposalSource::Dependencies) {
        found.extend(by_dependencies(&uow, &gathered.ungrouped, options).await?);
    }
    Ok(found)
}

async fn gather(
    uow: &Uow,
    batch: &[assets::Model],
    sources: &[ProposalSource],
    gathered: &mut Gathered,
) -> StoreResult<()> {
    let ids: Vec<AssetId> = batch.iter().map(|asset| asset.id).collect();
    let grouped: HashSet<AssetId> = uow
        .applications()
        .memberships(&ids)
        .await?
        .into_iter()
        .map(|(asset, _)| asset)
        .collect();
    for asset in batch.iter().filter(|asset| !grouped.contains(&asset.id)) {
        gathered.ungrouped.insert(asset.id, asset.name.clone());
    }
    if sources.contains(&ProposalSource::ApplicationName) {
        for asset in batch
            .iter()
            .filter(|asset| asset.asset_type != AssetType::Application)
        {
            for name in asset.application_name.iter().flat_map(|names| names.split(';')) {
                gathered.add(ProposalSource::ApplicationName, name, [asset.id]);
            }
        }
    }
    if sources.contains(&ProposalSource::ApplicationAssets) {
        let applications: HashMap<AssetId, &str> = batch
            .iter()
            .filter(|asset| asset.asset_type == AssetType::Application)
            .map(|asset| (asset.id, asset.name.as_str()))
            .collect();
        let of: Vec<AssetId> = applications.keys().copied().collect();
        let needs = uow.dependencies().of_assets(&of).await?;
        for (asset, name) in applications {
            let hosts = needs
                .iter()
                .filter(|edge| edge.asset_id == asset && edge.dependency_type == HOSTING)
                .map(|edge| edge.depends_on_asset_id);
            gathered.add(
                ProposalSource::ApplicationAssets,
                name,
                hosts.chain([asset]).collect::<Vec<_>>(),
            );
        }
    }
    Ok(())
}

async fn by_tags(uow: &Uow, category: &str, gathered: &mut Gathered) -> StoreResult<()> {
    let tags = uow.tags().list().await?;
    for tag in tags
        .iter()
        .filter(|tag| tag.category.eq_ignore_ascii_case(category))
    {
        let mut request = PageRequest::first(PageRequest::MAX);
        loop {
            let page = uow.tags().assets(tag.id, &request).await?;
            let assets = page.items.iter().map(|mark| mark.asset_id);
            gathered.add(ProposalSource::Tags, &tag.name, assets);
            let Some(next) = page.next else { break };
            request.after = Some(next);
        }
    }
    Ok(())
}

/// The named applications without the assets that are in the application of that name already.
async fn missing(
    uow: &Uow,
    named: BTreeMap<(ProposalSource, String), (String, BTreeSet<AssetId>)>,
) -> StoreResult<Vec<Candidate>> {
    let keys: Vec<String> = named.keys().map(|(_, key)| key.clone()).collect();
    let known: HashMap<String, Uuid> = uow.inventory().applications(&keys).await?;
    let mut found = Vec::new();
    for ((source, key), (name, assets)) in named {
        let all: Vec<AssetId> = assets.iter().copied().collect();
        let mut left = assets;
        if let Some(application) = known.get(&key) {
            for chunk in all.chunks(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
                for (asset, of) in uow.applications().memberships(chunk).await? {
                    if of == *application {
                        left.remove(&asset);
                    }
                }
            }
        }
        if left.is_empty() {
            continue;
        }
        found.push(Candidate {
            rationale: rationale(source, &name, left.len(), known.contains_key(&key)),
            confidence: if source == ProposalSource::ApplicationName {
                0.9
            } else {
                0.8
            },
            name,
            source,
            assets: left,
        });
    }
    Ok(found)
}

fn rationale(source: ProposalSource, name: &str, assets: usize, exists: bool) -> String {
    let assets = if assets == 1 {
        "1 asset".to_owned()
    } else {
        format!("{assets} assets")
    };
    let reason = match source {
        ProposalSource::ApplicationName => format!("{assets} state the application name '{name}'"),
        ProposalSource::ApplicationAssets => {
            format!(
                "the inventory has the application '{name}' as an asset; with what it runs on these are {assets}"
            )
        }
        ProposalSource::Tags => format!("{assets} bear the tag '{name}'"),
        ProposalSource::Dependencies => format!("{assets} depend on each other"),
    };
    if exists {
        format!("{reason}, and are not in the application of that name yet")
    } else {
        reason
    }
}

/// Communities among the assets of no application. An observation counts by the logarithm of its weight, so that one busy
/// connection does not hide all others; what cannot be separated counts twice.
async fn by_dependencies(
    uow: &Uow,
    ungrouped: &BTreeMap<AssetId, String>,
    options: &ProposalOptions,
) -> StoreResult<Vec<Candidate>> {
    let ids: Vec<AssetId> = ungrouped.keys().copied().collect();
    let position: HashMap<AssetId, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let mut network = Network {
        nodes: ids.len(),
        edges: Vec::new(),
        most_neighbours: options.most_neighbours,
    };
    let mut degree: HashMap<usize, f64> = HashMap::new();
    let mut after = None;
    loop {
        let batch = uow.dependencies().batch(after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        for edge in &batch {
            let ends = (
                position.get(&edge.asset_id),
                position.get(&edge.depends_on_asset_id),
            );
            if let (Some(&from), Some(&to)) = ends {
                let weight = (1.0 + edge.weight.max(1.0).ln()) * if edge.is_hard { 2.0 } else { 1.0 };
                network.edges.push(Edge { from, to, weight });
                *degree.entry(from).or_default() += weight;
                *degree.entry(to).or_default() += weight;
            }
        }
    }
    let found = communities::find(&network);
    let named = |community: &communities::Community| {
        let strength = |node: &usize| degree.get(node).copied().unwrap_or(0.0);
        let centre = community.members.iter().copied().reduce(|best, next| {
            if strength(&next) > strength(&best) {
                next
            } else {
                best
            }
        })?;
        let assets: BTreeSet<AssetId> = community
            .members
            .iter()
            .filter_map(|node| ids.get(*node).copied())
            .collect();
        let centre = ungrouped.get(ids.get(centre)?)?;
        let percent = (community.cohesion() * 100.0).round();
        Some(Candidate {
            name: format!("Around {centre}"),
            source: ProposalSource::Dependencies,
            rationale: format!(
                "{} assets around '{centre}' depend on each other: {percent:.0} % of the weight of their dependencies stays among them",
                assets.len()
            ),
            confidence: community.cohesion(),
            assets,
        })
    };
    Ok(found.communities.iter().filter_map(named).collect())
}
