//! The ends of a flow: done, or given up.

use super::executor::{DiscoveryError, PhaseContext};
use crate::services::Services;
use landfall_domain::{DiscoveryFlowId, FlowStatus, Phase, Scope};
use landfall_repositories::{Change, FlowChange, StoreResult};
use serde_json::{Value, json};

/// Ends a flow of which all phases are done: flow, master flow and import say so together.
pub(crate) async fn complete(context: &PhaseContext) -> Result<(), DiscoveryError> {
    let uow = context.services.store().begin(&context.scope).await?;
    let flow = uow
        .discovery()
        .set_status(context.flow.flow_id, &FlowChange::Completed)
        .await?;
    let summary = json!({
        "inventory": flow.discovered_assets,
        "cleansing": flow.crew_outputs.get(Phase::DataCleansing.as_str()),
        "dependencies": flow.dependencies,
        "tech_debt": flow.tech_debt_analysis,
    });
    uow.imports().complete(context.import.id, summary.clone()).await?;
    let last = Phase::TechDebtAssessment.as_str();
    uow.flows()
        .transition(
            flow.master_flow_id,
            last,
            FlowStatus::Completed,
            json!({ "discovery": flow.flow_id }),
        )
        .await?;
    uow.change_log()
        .record(Change {
            entity_type: "import",
            entity_id: context.import.id.to_string(),
            action: "completed",
            before: None,
            after: Some(summary),
        })
        .await?;
    Ok(uow.commit().await?)
}

/// Ends a flow that cannot go on: the sentence and its kind stand on the flow, its import and the master flow.
pub(crate) async fn fail(
    services: &Services,
    scope: &Scope,
    flow_id: DiscoveryFlowId,
    error: &DiscoveryError,
) -> StoreResult<()> {
    let uow = services.store().begin(scope).await?;
    let flow = uow.discovery().get(flow_id).await?;
    let phase = flow.current_phase.clone().unwrap_or_default();
    let message = public_message(error);
    let details = json!({ "type": error.kind(), "phase": phase });
    let change = FlowChange::Failed {
        message: message.clone(),
        phase: phase.parse().ok(),
        details: details.clone(),
    };
    uow.discovery().set_status(flow_id, &change).await?;
    if let Some(import) = flow.data_import_id {
        uow.imports().fail(import, &message, details.clone()).await?;
    }
    uow.flows()
        .record_error(flow.master_flow_id, &phase, &message, details)
        .await?;
    uow.flows()
        .transition(flow.master_flow_id, &phase, FlowStatus::Failed, Value::Null)
        .await?;
    uow.commit().await
}

/// What a client may read of an error: faults of its data in full, faults of the machine without their inside.
fn public_message(error: &DiscoveryError) -> String {
    match error {
        DiscoveryError::Store(_) => {
            "the database failed; the flow can be retried where it stopped".to_owned()
        }
        DiscoveryError::File(_) => {
            "the kept file could not be read; the flow can be retried where it stopped".to_owned()
        }
        other => other.to_string(),
    }
}
