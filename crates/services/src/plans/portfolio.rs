//! The inventory as a planner sees it. Memory: some 300 bytes per asset and 40 per dependency.

use crate::Services;
use landfall_domain::Scope;
use landfall_planning::waves::{Application, DependencyKind, Inventory, Level, Link, Portfolio, Workload};
use landfall_repositories::{StoreResult, Uow, WorkloadRow};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows of one query.
const BATCH: u64 = 20_000;

/// Reads all that a plan is made of, in one transaction.
pub(crate) async fn load_portfolio(services: &Services, scope: &Scope) -> StoreResult<Portfolio> {
    let uow = services.store().begin_read(scope).await?;
    let plans = uow.plans();
    let (mut applications, mut criticality) = (Vec::new(), HashMap::new());
    for (id, name, critical) in plans.applications().await? {
        criticality.insert(id, critical);
        applications.push(Application { id, name });
    }
    let mut application_of: HashMap<Uuid, Uuid> = HashMap::new();
    for (asset, application) in plans.memberships().await? {
        // The first counts: an asset moves once.
        application_of.entry(asset.into()).or_insert(application);
    }
    let decided = Decided::read(&uow).await?;
    let (mut workloads, mut after) = (Vec::new(), None);
    loop {
        let rows = plans.workloads(after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        workloads.extend(rows.into_iter().map(|row| {
            let application = application_of.get(&Uuid::from(row.id)).copied();
            let critical = application
                .and_then(|id| criticality.get(&id))
                .and_then(Option::as_deref);
            workload(row, application, critical, &decided)
        }));
    }
    let (mut links, mut after) = (Vec::new(), None);
    loop {
        let rows = plans.links(after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        links.extend(rows.into_iter().map(|row| Link {
            from: row.asset_id.into(),
            to: row.depends_on_asset_id.into(),
            kind: DependencyKind::of(&row.dependency_type),
            weight: row.weight,
            is_hard: row.is_hard,
        }));
    }
    Ok(Portfolio::new(workloads, applications, links))
}

/// What analyses have decided.
#[derive(Default)]
struct Decided {
    strategy: HashMap<Uuid, landfall_domain::SixrStrategy>,
    value: HashMap<Uuid, f64>,
}

impl Decided {
    async fn read(uow: &Uow) -> StoreResult<Self> {
        let values: HashMap<Uuid, f64> = uow.plans().business_values().await?.into_iter().collect();
        let mut decided = Self::default();
        // Later analyses count more than earlier ones.
        for analysis in uow.plans().strategies().await? {
            let Some(subject) = analysis.asset_id.map(Uuid::from).or(analysis.application_id) else {
                continue;
            };
            if let Some(strategy) = analysis.final_recommendation {
                decided.strategy.insert(subject, strategy);
            }
            if let Some(value) = values.get(&analysis.id) {
                // 1 to 10 becomes 0 to 1.
                decided
                    .value
                    .insert(subject, ((value - 1.0) / 9.0).clamp(0.0, 1.0));
            }
        }
        Ok(decided)
    }
}

fn workload(
    row: WorkloadRow,
    application: Option<Uuid>,
    critical: Option<&str>,
    decided: &Decided,
) -> Workload {
    let id = Uuid::from(row.id);
    let own_or_applications = |of: &HashMap<Uuid, f64>| {
        of.get(&id)
            .or_else(|| application.and_then(|application| of.get(&application)))
            .copied()
    };
    let strategy = decided
        .strategy
        .get(&id)
        .or_else(|| application.and_then(|application| decided.strategy.get(&application)))
        .copied()
        .or(row.six_r_strategy);
    let criticality = [
        row.business_criticality.as_deref(),
        row.criticality.as_deref(),
        critical,
    ]
    .into_iter()
    .flatten()
    .find_map(Level::of);
    let inventory = Inventory {
        sizing: share(&[
            row.operating_system.is_some(),
            row.cpu_cores.is_some(),
            row.memory_gb.is_some(),
            row.storage_gb.is_some(),
        ]),
        business: share(&[
            criticality.is_some(),
            row.environment.is_some(),
            row.business_owner.is_some() || row.technical_owner.is_some(),
        ]),
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let storage_mb = (row.storage_gb.unwrap_or(0.0).clamp(0.0, 1e9) * 1024.0).round() as u64;
    Workload {
        id,
        name: row.name,
        application,
        environment: row.environment,
        criticality,
        complexity: row.migration_complexity.as_deref().and_then(Level::of),
        strategy,
        readiness: row.sixr_ready.as_deref().and_then(readiness),
        value: own_or_applications(&decided.value),
        storage_mb,
        inventory,
    }
}

/// Azure's four words for readiness (Microsoft, 2026) as a share.
fn readiness(word: &str) -> Option<f64> {
    match word.trim().to_lowercase().replace(['_', '-'], " ").as_str() {
        "ready" | "yes" | "true" => Some(1.0),
        "conditionally ready" | "ready with conditions" | "conditional" => Some(0.5),
        "not ready" | "no" | "false" => Some(0.0),
        _ => None,
    }
}

fn share(known: &[bool]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let share = known.iter().filter(|known| **known).count() as f64 / known.len().max(1) as f64;
    share
}
