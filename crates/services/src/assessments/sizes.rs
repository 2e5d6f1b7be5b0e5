//! Sizing the engagement's machines: readiness, size, cost and how sure each is, batch by batch.

use super::size_inputs::{Details, MACHINES};
use super::{AssessmentError, prices};
use crate::Services;
use crate::discovery::tech_debt::{Assessor, TechDebt};
use landfall_domain::{
    AssessmentStatus, AssessmentType, AssetId, FlowStatus, FlowType, MasterFlowId, RiskLevel, Scope,
};
use landfall_planning::sizing::{
    DataPoints, Options, PriceCatalogue, Readiness, Sizing, assess, exchanged, minor_unit_digits, stars,
};
use landfall_repositories::entities::{assessments, assets, jobs};
use landfall_repositories::{
    AssetFilter, NewJob, NewMasterFlow, Operator, SizeTotals, StoreError, StoreResult, Uow, retry,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// Kind of the jobs that size an engagement's machines.
pub(crate) const SIZES_JOB: &str = "sizes";
/// Phase of the master flow.
const PHASE: &str = "sizing";

/// How machines are sized, and by which prices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SizeRequest {
    /// How machines are sized.
    #[serde(default)]
    pub options: Options,
    /// The price catalogue; the sample that ships if absent.
    #[serde(default)]
    pub price_catalogue_id: Option<Uuid>,
    /// What one unit of the catalogue's currency is worth in the engagement's, in millionths. Without it, prices in another
    /// currency are kept in that one and not compared with today's cost.
    #[serde(default)]
    pub exchange_rate_micros: Option<u64>,
}

/// A run that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRun {
    /// The master flow that says how far it is.
    pub master_flow_id: MasterFlowId,
}

/// How many machines are how ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeCounts {
    /// Ready as they are.
    pub ready: i64,
    /// Ready under conditions.
    pub ready_with_conditions: i64,
    /// Nobody can say.
    pub unknown: i64,
    /// Not ready.
    pub not_ready: i64,
}

/// The sizes of an engagement, added up.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeSummary {
    /// Machines that were sized.
    pub machines: i64,
    /// How many are how ready.
    pub readiness: SizeCounts,
    /// Cost of a month today, of those machines that state it.
    pub current_cost: i64,
    /// Cost of a month on the target, of those that were placed and priced in the engagement's currency.
    pub target_cost: i64,
    /// The engagement's currency.
    pub currency: String,
    /// Percent of the data points that were there, over all machines.
    pub data_points_percent: u8,
    /// 1 to 5; none where nothing was sized by its load.
    pub stars: Option<u8>,
}

/// How far a run has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Position {
    last: Option<AssetId>,
    machines: u64,
}

impl Services {
    /// Begins to size every machine of the engagement; a worker does it.
    pub async fn begin_sizing(
        &self,
        scope: &Scope,
        request: &SizeRequest,
    ) -> Result<SizeRun, AssessmentError> {
        request.options.checked()?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            prices::chosen(&uow, request.price_catalogue_id).await?;
            let flow = new_flow(&uow, request).await?;
            let payload = json!({ "flow_id": flow, "request": request });
            uow.jobs().enqueue(NewJob::new(SIZES_JOB, payload)).await?;
            uow.commit().await?;
            Ok(SizeRun { master_flow_id: flow })
        })
        .await
    }

    /// Sizes every machine of the engagement now. Cost: one pass over the machines, in batches.
    pub async fn size_machines(
        &self,
        scope: &Scope,
        request: &SizeRequest,
    ) -> Result<SizeSummary, AssessmentError> {
        request.options.checked()?;
        let uow = self.store().begin(scope).await?;
        prices::chosen(&uow, request.price_catalogue_id).await?;
        let flow = new_flow(&uow, request).await?;
        uow.commit().await?;
        work(self, scope, flow, request, None).await?;
        Ok(self.size_summary(scope).await?)
    }

    /// The sizes of the engagement's machines, added up.
    pub async fn size_summary(&self, scope: &Scope) -> StoreResult<SizeSummary> {
        let uow = self.store().begin_read(scope).await?;
        summary(&uow).await
    }
}

/// Works on a job that sizes machines, from where it stopped.
pub(crate) async fn run(
    services: &Services,
    scope: &Scope,
    job: &jobs::Model,
) -> Result<(), AssessmentError> {
    let (flow, request) = payload(job)?;
    work(services, scope, flow, &request, Some(job)).await
}

/// Writes down that a job has failed for good.
pub(crate) async fn fail(
    services: &Services,
    scope: &Scope,
    job: &jobs::Model,
    error: &AssessmentError,
) -> StoreResult<()> {
    let Ok((flow, _)) = payload(job) else {
        return Ok(());
    };
    let uow = services.store().begin(scope).await?;
    let metadata = json!({ "error": error.to_string() });
    uow.flows()
        .transition(flow, PHASE, FlowStatus::Failed, metadata)
        .await?;
    uow.commit().await
}

fn payload(job: &jobs::Model) -> Result<(MasterFlowId, SizeRequest), AssessmentError> {
    let unreadable = || AssessmentError::Interrupted(format!("the job {} names no flow", job.id));
    let flow = job
        .payload
        .get("flow_id")
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok());
    let request = job.payload.get("request").cloned().map(serde_json::from_value);
    match (flow, request) {
        (Some(flow), Some(Ok(request))) => Ok((flow, request)),
        _ => Err(unreadable()),
    }
}

async fn new_flow(uow: &Uow, request: &SizeRequest) -> StoreResult<MasterFlowId> {
    let new = NewMasterFlow {
        flow_type: FlowType::Assessment,
        flow_name: Some("Sizing".to_owned()),
        parent_flow_id: None,
        configuration: json!(request),
    };
    let flow = uow.flows().create(new).await?.flow_id;
    uow.flows()
        .transition(flow, PHASE, FlowStatus::Running, json!({}))
        .await?;
    Ok(flow)
}

async fn work(
    services: &Services,
    scope: &Scope,
    flow: MasterFlowId,
    request: &SizeRequest,
    job: Option<&jobs::Model>,
) -> Result<(), AssessmentError> {
    let uow = services.store().begin_read(scope).await?;
    let catalogue = prices::chosen(&uow, request.price_catalogue_id).await?;
    let currency = uow.engagements().current().await?.currency;
    drop(uow);
    let tech_debt = TechDebt::catalogue().map_err(|error| AssessmentError::Interrupted(error.to_string()))?;
    let mut assessor = Assessor::new(&tech_debt, services.now().date_naive());
    let filter = machines()?;
    let limit = services.settings().batch_rows as u64;
    let mut position: Position = job
        .and_then(|job| serde_json::from_value(job.cursor.clone()?).ok())
        .unwrap_or_default();
    loop {
        let uow = services.store().begin_read(scope).await?;
        let batch = uow.assets().batch(&filter, position.last, limit).await?;
        let Some(last) = batch.last() else { break };
        let ids: Vec<AssetId> = batch.iter().map(|asset| asset.id).collect();
        let details = Details::from(uow.assessments().machine_details(&ids).await?);
        let rows = batch
            .iter()
            .map(|asset| {
                let machine = details.machine(asset, &mut assessor);
                let sizing = assess(&machine, &catalogue, &request.options);
                let blank = uow.assessments().blank(
                    flow,
                    AssessmentType::TechnicalAssessment,
                    format!("Size of {}", asset.name),
                );
                filled(blank, asset, &sizing, request, &catalogue, &currency)
            })
            .collect();
        position.last = Some(last.id);
        position.machines += batch.len() as u64;
        drop(uow);
        let mut bulk = services.store().begin_bulk(scope.clone()).await?;
        bulk.replace_sizes(&ids, rows).await?;
        if let Some(job) = job {
            let now = services.now();
            let lease_until = now + services.settings().job_lease;
            bulk.save_cursor(job, json!(position), now, lease_until).await?;
        }
        bulk.commit().await?;
    }
    retry(|| async {
        let uow = services.store().begin(scope).await?;
        let found = summary(&uow).await?;
        let metadata = json!({
            "machines": position.machines, "readiness": found.readiness, "current_cost": found.current_cost,
            "target_cost": found.target_cost, "currency": found.currency, "stars": found.stars,
        });
        uow.flows()
            .transition(flow, PHASE, FlowStatus::Completed, metadata)
            .await?;
        uow.commit().await
    })
    .await?;
    Ok(())
}

fn machines() -> StoreResult<AssetFilter> {
    let kinds = MACHINES.iter().map(|kind| json!(kind)).collect();
    AssetFilter::all().and("asset_type", Operator::In(kinds))
}

/// The row of a machine's size.
fn filled(
    mut row: assessments::Model,
    asset: &assets::Model,
    sizing: &Sizing,
    request: &SizeRequest,
    catalogue: &PriceCatalogue,
    currency: &str,
) -> assessments::Model {
    let target_cost = sizing
        .placement
        .as_ref()
        .and_then(|placement| in_currency(placement.cost.total, request, catalogue, currency));
    let blockers: Vec<_> = sizing
        .reasons
        .iter()
        .filter(|reason| reason.readiness == Readiness::NotReady)
        .collect();
    row.asset_id = Some(asset.id);
    row.status = Some(AssessmentStatus::Completed);
    row.risk_level = risk_level(sizing.readiness);
    row.confidence_level = sizing
        .data_points
        .map(|points| f64::from(points.percent()) / 100.0);
    row.current_cost = asset.current_monthly_cost;
    row.estimated_target_cost = target_cost;
    row.cost_savings_potential = asset
        .current_monthly_cost
        .zip(target_cost)
        .map(|(now, then)| now.saturating_sub(then));
    row.identified_risks = Some(json!(sizing.reasons));
    row.blockers = Some(json!(blockers));
    row.business_criticality.clone_from(&asset.business_criticality);
    row.assessment_date = Some(row.created_at);
    let mut results = json!(sizing);
    if let Value::Object(results) = &mut results {
        let used = json!({
            "id": request.price_catalogue_id, "name": catalogue.name, "source": catalogue.source,
            "as_of": catalogue.as_of, "currency": catalogue.currency,
        });
        results.insert("price_catalogue".to_owned(), used);
        results.insert("options".to_owned(), json!(request.options));
    }
    row.results = results;
    row
}

/// A cost of the catalogue in the engagement's currency, where the two are the same or a rate was given.
fn in_currency(cost: i64, request: &SizeRequest, catalogue: &PriceCatalogue, currency: &str) -> Option<i64> {
    let rate = if catalogue.currency == currency {
        1_000_000
    } else {
        request.exchange_rate_micros?
    };
    Some(exchanged(
        cost,
        catalogue.minor_unit_digits,
        rate,
        minor_unit_digits(currency),
    ))
}

/// The level that readiness is stored as, so that it can be compared with other assessments.
const fn risk_level(readiness: Readiness) -> Option<RiskLevel> {
    match readiness {
        Readiness::Ready => Some(RiskLevel::Low),
        Readiness::ReadyWithConditions => Some(RiskLevel::Medium),
        Readiness::Unknown => None,
        Readiness::NotReady => Some(RiskLevel::Critical),
    }
}

async fn summary(uow: &Uow) -> Result<SizeSummary, StoreError> {
    let totals = uow.assessments().size_totals().await?;
    let currency = uow.engagements().current().await?.currency;
    let machines = |wanted: fn(&SizeTotals) -> bool| {
        totals
            .iter()
            .filter(|total| wanted(total))
            .map(|total| total.machines)
            .sum()
    };
    let sum = |number: fn(&SizeTotals) -> i64| -> i64 { totals.iter().map(number).sum() };
    let part = |number: i64| u32::try_from(number / 1_000).unwrap_or(u32::MAX);
    let points = DataPoints {
        available: part(sum(|total| total.available)),
        needed: part(sum(|total| total.needed)),
    };
    Ok(SizeSummary {
        machines: sum(|total| total.machines),
        readiness: SizeCounts {
            ready: machines(|total| total.risk_level == Some(RiskLevel::Low)),
            ready_with_conditions: machines(|total| total.risk_level == Some(RiskLevel::Medium)),
            unknown: machines(|total| total.risk_level.is_none()),
            not_ready: machines(|total| total.risk_level == Some(RiskLevel::Critical)),
        },
        current_cost: sum(|total| total.current_cost),
        target_cost: sum(|total| total.target_cost),
        currency,
        data_points_percent: points.percent(),
        stars: (points.needed > 0).then(|| stars(points.percent())),
    })
}
