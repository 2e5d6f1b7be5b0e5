//! Drives a discovery flow through its phases.

use super::executor::{DiscoveryError, PhaseContext, PhaseOutcome};
use super::{finish, phases};
use crate::services::Services;
use landfall_domain::{FlowStatus, ImportStatus, Phase, Scope};
use landfall_repositories::entities::{discovery_flows, jobs};
use landfall_repositories::{StoreError, StoreResult, Uow};
use serde_json::{Value, json};

/// How a run of a flow ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunEnd {
    /// All phases are done.
    Completed,
    /// A person or an outside executor must act.
    Waiting,
    /// Somebody paused or cancelled the flow.
    Stopped,
}

/// Runs the phases of a flow that are not done yet, in order.
pub(crate) async fn run_flow(
    services: &Services,
    scope: &Scope,
    flow_id: landfall_domain::DiscoveryFlowId,
    job: Option<&jobs::Model>,
) -> Result<RunEnd, DiscoveryError> {
    loop {
        let Some(mut context) = open(services, scope, flow_id, job).await? else {
            return Ok(RunEnd::Stopped);
        };
        let Some(phase) = next_phase(&context.flow) else {
            finish::complete(&context).await?;
            return Ok(RunEnd::Completed);
        };
        begin_phase(&context, phase).await?;
        let executor = phases::executor(phase);
        let outcome = if context.options().outside_phases.contains(&phase) {
            PhaseOutcome::Waiting {
                waiting_for: "phase_output",
                output: Value::Null,
            }
        } else {
            executor.execute(&mut context).await?
        };
        if settle(&context, phase, outcome).await? == RunEnd::Waiting {
            return Ok(RunEnd::Waiting);
        }
    }
}

/// Takes a phase's result that was worked out outside, and marks the phase done.
pub(crate) async fn accept_output(
    services: &Services,
    scope: &Scope,
    flow_id: landfall_domain::DiscoveryFlowId,
    phase: Phase,
    output: Value,
) -> Result<(), DiscoveryError> {
    let uow = services.store().begin_read(scope).await?;
    let flow = uow.discovery().get(flow_id).await?;
    let import = import_of(&uow, &flow).await?;
    drop(uow);
    let mut context = PhaseContext::new(services.clone(), scope.clone(), flow, import, None);
    let outcome = phases::executor(phase).accept(&mut context, output).await?;
    settle(&context, phase, outcome).await.map(|_| ())
}

async fn open(
    services: &Services,
    scope: &Scope,
    flow_id: landfall_domain::DiscoveryFlowId,
    job: Option<&jobs::Model>,
) -> Result<Option<PhaseContext>, DiscoveryError> {
    let uow = services.store().begin_read(scope).await?;
    let flow = uow.discovery().get(flow_id).await?;
    if flow.status.is_final() || flow.status == FlowStatus::Paused {
        return Ok(None);
    }
    let import = import_of(&uow, &flow).await?;
    // The job's cursor may have moved since it was claimed.
    let job = match job {
        Some(job) => Some(uow.jobs().get(job.id).await?),
        None => None,
    };
    Ok(Some(PhaseContext::new(
        services.clone(),
        scope.clone(),
        flow,
        import,
        job,
    )))
}

async fn import_of(
    uow: &Uow,
    flow: &discovery_flows::Model,
) -> StoreResult<landfall_repositories::entities::data_imports::Model> {
    let id = flow
        .data_import_id
        .ok_or_else(|| StoreError::not_found("import of discovery flow", flow.flow_id))?;
    uow.imports().get(id).await
}

/// The first phase that is not done.
pub(crate) fn next_phase(flow: &discovery_flows::Model) -> Option<Phase> {
    Phase::ALL.into_iter().find(|phase| !is_done(flow, *phase))
}

/// Whether the flag of a phase is set.
pub(crate) fn is_done(flow: &discovery_flows::Model, phase: Phase) -> bool {
    match phase {
        Phase::DataValidation => flow.data_validation_completed,
        Phase::FieldMapping => flow.field_mapping_completed,
        Phase::DataCleansing => flow.data_cleansing_completed,
        Phase::AssetInventory => flow.asset_inventory_completed,
        Phase::DependencyAnalysis => flow.dependency_analysis_completed,
        Phase::TechDebtAssessment => flow.tech_debt_assessment_completed,
    }
}

/// Says that a phase begins, unless the end of the one before has said so already.
async fn begin_phase(context: &PhaseContext, phase: Phase) -> Result<(), DiscoveryError> {
    let flow = &context.flow;
    if flow.status == FlowStatus::Running && flow.current_phase.as_deref() == Some(phase.as_str()) {
        return Ok(());
    }
    let uow = context.services.store().begin(&context.scope).await?;
    uow.discovery().begin_phase(flow.flow_id, phase).await?;
    if context.import.status == ImportStatus::Pending {
        uow.imports()
            .set_status(context.import.id, ImportStatus::Processing)
            .await?;
    }
    uow.flows()
        .transition(
            flow.master_flow_id,
            phase.as_str(),
            FlowStatus::Running,
            json!({}),
        )
        .await?;
    Ok(uow.commit().await?)
}

async fn settle(
    context: &PhaseContext,
    phase: Phase,
    outcome: PhaseOutcome,
) -> Result<RunEnd, DiscoveryError> {
    let uow = context.services.store().begin(&context.scope).await?;
    let (flow_id, master) = (context.flow.flow_id, context.flow.master_flow_id);
    let end = match outcome {
        PhaseOutcome::Completed(output) => {
            let flow = uow
                .discovery()
                .update_phase_completion(flow_id, phase, output)
                .await?;
            uow.flows()
                .transition(master, phase.as_str(), FlowStatus::Completed, json!({}))
                .await?;
            if let Some(next) = next_phase(&flow) {
                uow.discovery().begin_phase(flow_id, next).await?;
                uow.flows()
                    .transition(master, next.as_str(), FlowStatus::Running, json!({}))
                    .await?;
            }
            RunEnd::Completed
        }
        PhaseOutcome::Waiting { waiting_for, output } => {
            uow.discovery().wait(flow_id, phase, waiting_for, output).await?;
            let metadata = json!({ "waiting_for": waiting_for });
            uow.flows()
                .transition(master, phase.as_str(), FlowStatus::Waiting, metadata)
                .await?;
            RunEnd::Waiting
        }
    };
    uow.commit().await?;
    Ok(end)
}
