//! The job that fills a plan with waves.

use super::write::{Draft, write};
use super::{PLANNING, PlanError, load_portfolio, pins_of, settings_of};
use crate::Services;
use landfall_domain::{FlowStatus, Scope};
use landfall_planning::waves::{Assignment, generate};
use landfall_repositories::{PlanPatch, StoreResult};
use serde_json::{Value, json};
use uuid::Uuid;

/// Kind of the jobs that make waves.
pub(crate) const PLAN_JOB: &str = "wave_plan";
/// The phase of the planning flow.
const PHASE: &str = "wave_planning";

/// Makes the waves of a plan and writes them as its next version. Does nothing if that is done already.
pub(crate) async fn run_plan(services: &Services, scope: &Scope, id: Uuid) -> Result<(), PlanError> {
    let plan = services.plan(scope, id).await?;
    if plan.status != PLANNING {
        return Ok(());
    }
    transition(
        services,
        scope,
        &plan,
        FlowStatus::Running,
        json!({ "plan_id": id }),
    )
    .await?;
    let (settings, pins) = (settings_of(&plan)?, pins_of(&plan)?);
    let portfolio = load_portfolio(services, scope).await?;
    let draft = computed(move || {
        let Assignment {
            waves,
            reasons,
            excluded,
        } = generate(&portfolio, &settings, &pins);
        let reasons = reasons
            .into_iter()
            .map(|(id, reason)| (id, reason.to_string()))
            .chain(excluded)
            .collect();
        Draft::new(&portfolio, settings, pins, waves, reasons)
    })
    .await?;
    let action = if plan.plan_version == 0 {
        "generated"
    } else {
        "regenerated"
    };
    let plan = write(services, scope, &plan, draft, action, None).await?;
    transition(
        services,
        scope,
        &plan,
        FlowStatus::Completed,
        json!({ "plan_version": plan.plan_version }),
    )
    .await
}

/// Marks a plan whose job was given up.
pub(crate) async fn fail_plan(services: &Services, scope: &Scope, id: Uuid, error: &str) -> StoreResult<()> {
    let uow = services.store().begin(scope).await?;
    let plan = uow.plans().get(id).await?;
    if plan.status == PLANNING {
        let patch = PlanPatch {
            status: Some("failed".to_owned()),
            error_message: Some(Some(error.to_owned())),
            ..PlanPatch::default()
        };
        uow.plans().update(id, plan.version, patch).await?;
        uow.flows()
            .record_error(plan.master_flow_id, PHASE, error, Value::Null)
            .await?;
        uow.flows()
            .set_status(plan.master_flow_id, FlowStatus::Failed)
            .await?;
    }
    uow.commit().await
}

/// Runs what takes the processor for long beside the threads that answer requests.
pub(super) async fn computed<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PlanError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| PlanError::Write(error.to_string()))
}

async fn transition(
    services: &Services,
    scope: &Scope,
    plan: &super::Plan,
    status: FlowStatus,
    metadata: Value,
) -> Result<(), PlanError> {
    let uow = services.store().begin(scope).await?;
    uow.flows()
        .transition(plan.master_flow_id, PHASE, status, metadata)
        .await?;
    uow.commit().await?;
    Ok(())
}
