//! The graph of an engagement's dependencies. Memory: some 200 bytes per asset and per dependency.

use crate::Services;
use landfall_domain::{AssetId, Scope};
pub use landfall_planning::graph::{
    BlastRadius, Cycle, DependencyGraph, Direction, GraphFormat, GraphSummary,
};
use landfall_planning::graph::{Dependency as Arc, Node};
use landfall_repositories::{StoreError, StoreResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows of one query.
const BATCH: u64 = 20_000;

impl Services {
    /// The dependencies of an engagement as a graph. With `connected`, without the assets that have none.
    pub async fn dependency_graph(&self, scope: &Scope, connected: bool) -> StoreResult<DependencyGraph> {
        let uow = self.store().begin_read(scope).await?;
        let plans = uow.plans();
        let names: HashMap<Uuid, String> = plans
            .applications()
            .await?
            .into_iter()
            .map(|(id, name, _)| (id, name))
            .collect();
        let mut application_of = HashMap::new();
        for (asset, application) in plans.memberships().await? {
            application_of.entry(asset).or_insert(application);
        }
        let (mut nodes, mut after) = (Vec::new(), None);
        loop {
            let rows = plans.workloads(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            nodes.extend(rows.into_iter().map(|row| Node {
                application: application_of.get(&row.id).and_then(|id| names.get(id)).cloned(),
                id: row.id.into(),
                name: row.name,
                kind: row.asset_type.to_string(),
                environment: row.environment,
            }));
        }
        let (mut arcs, mut after) = (Vec::new(), None);
        loop {
            let rows = plans.links(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            arcs.extend(rows.into_iter().map(|row| Arc {
                id: row.id,
                from: row.asset_id.into(),
                to: row.depends_on_asset_id.into(),
                kind: row.dependency_type,
                port: row.port,
                weight: row.weight,
                is_hard: row.is_hard,
            }));
        }
        drop(uow);
        let built = tokio::task::spawn_blocking(move || {
            if connected {
                let ends: std::collections::HashSet<Uuid> =
                    arcs.iter().flat_map(|arc| [arc.from, arc.to]).collect();
                nodes.retain(|node| ends.contains(&node.id));
            }
            DependencyGraph::new(nodes, arcs)
        });
        built.await.map_err(|error| StoreError::Unfit(error.to_string()))
    }

    /// The graph in numbers.
    pub async fn dependency_summary(&self, scope: &Scope) -> StoreResult<GraphSummary> {
        let graph = self.dependency_graph(scope, false).await?;
        computed(move || graph.summary()).await
    }

    /// Every cycle with the cheapest cuts, the largest first.
    pub async fn dependency_cycles(&self, scope: &Scope) -> StoreResult<(DependencyGraph, Vec<Cycle>)> {
        let graph = self.dependency_graph(scope, true).await?;
        computed(move || {
            let cycles = graph.cycles();
            (graph, cycles)
        })
        .await
    }

    /// What is affected when an asset moves or fails, or what it needs itself; with the graph, for names.
    pub async fn blast_radius(
        &self,
        scope: &Scope,
        asset: AssetId,
        direction: Direction,
        depth: usize,
    ) -> StoreResult<(DependencyGraph, BlastRadius)> {
        self.store().begin_read(scope).await?.assets().get(asset).await?;
        let graph = self.dependency_graph(scope, true).await?;
        computed(move || {
            let radius = graph.blast_radius(asset.into(), direction, depth);
            (graph, radius)
        })
        .await
    }

    /// The graph as a file.
    pub async fn export_dependencies(&self, scope: &Scope, format: GraphFormat) -> StoreResult<Vec<u8>> {
        let graph = self.dependency_graph(scope, true).await?;
        computed(move || {
            let mut file = Vec::new();
            graph.write(format, &mut file).map(|()| file)
        })
        .await?
        .map_err(|error| StoreError::Unfit(error.to_string()))
    }
}

async fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> StoreResult<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Unfit(error.to_string()))
}
