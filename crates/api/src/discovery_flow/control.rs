//! Stopping flows, going on with them, doing single phases, and promoting what they found.

use super::answers::{AssetPromotionResponse, FlowExecutionResponse, FlowResponse, counts, phases};
use super::dto::{FlowControl, FlowDuplicate, PhaseExecution};
use super::{key, refused};
use crate::access::{Editor, Tenant};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{LenientJson, OptionalJson, Path};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use landfall_compat::words::V3Phase;
use landfall_domain::{DiscoveryFlowId, FlowStatus, Phase, Scope};
use landfall_services::discovery::FlowKey;
use landfall_services::flows::is_phase_done;
use landfall_services::flows::lifecycle::FlowPatch;
use landfall_services::flows::report::FlowReport;
use landfall_services::mappings::flow_mappings::MappingStatement;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// What was done, and how the flow is now.
async fn outcome(
    state: &State,
    scope: &Scope,
    key: FlowKey,
    action: &str,
    phase: Option<V3Phase>,
    message: impl Into<String>,
) -> ApiResult<HttpResponse> {
    let report = state.services().flow_report(scope, key).await?;
    Ok(HttpResponse::Ok().json(response(state, report, action, phase, message.into())))
}

fn response(
    state: &State,
    report: FlowReport,
    action: &str,
    phase: Option<V3Phase>,
    message: String,
) -> FlowExecutionResponse {
    let insights = super::answers::insights(&report);
    let FlowReport { flow, master, .. } = report;
    let current = V3Phase::current(flow.current_phase.as_deref(), |phase| is_phase_done(&flow, phase));
    let shown = phase.unwrap_or(current);
    let phase_status = phases(&flow, &master.phase_transitions).remove(shown.as_str());
    FlowExecutionResponse {
        success: flow.status != FlowStatus::Failed,
        flow_id: flow.flow_id,
        master_flow_id: flow.master_flow_id,
        action: action.to_owned(),
        status: flow.status.into(),
        message,
        timestamp: state.services().now(),
        phase: Some(shown),
        phase_status,
        next_phase: shown.next(),
        crewai_execution: None,
        database_execution: Some(flow.status.to_string()),
        results: shown
            .phase()
            .and_then(|phase| flow.crew_outputs.get(phase.as_str()).cloned())
            .filter(Value::is_object),
        agent_insights: insights,
        errors: flow.error_message.into_iter().collect(),
    }
}

/// The phase that a client's word means.
pub(super) fn phase_of(word: &str) -> ApiResult<V3Phase> {
    V3Phase::parse(word).ok_or_else(|| {
        let known: Vec<&str> = V3Phase::ALL.iter().map(|phase| phase.as_str()).collect();
        refused(
            "phase",
            format!("'{word}' is no phase; known are {}", known.join(", ")),
        )
    })
}

/// Has a phase done; `completed` stands for all that are left.
pub(super) async fn execute(state: &State, scope: &Scope, key: FlowKey, phase: V3Phase) -> ApiResult<()> {
    let services = state.services();
    if let Some(phase) = phase.phase() {
        services.execute_phase(scope, key, phase).await?;
    } else {
        let flow = services.discovery_flow(scope, key).await?;
        services.go_on(scope, &flow).await?;
    }
    Ok(())
}

/// What a person decided about columns, if the input says so.
async fn decide(state: &State, scope: &Scope, key: FlowKey, input: Option<&Value>) -> ApiResult<()> {
    let Some(mappings) =
        input.and_then(|input| input.get("mappings").or_else(|| input.get("field_mappings")))
    else {
        return Ok(());
    };
    let mappings: BTreeMap<String, Option<String>> =
        serde_json::from_value(mappings.clone()).map_err(|error| {
            let message = format!("mappings must be an object of column to field: {error}");
            ApiError::validation(vec![Detail::of("human_input.mappings", "type", message)])
        })?;
    let statements = mappings.into_iter().map(|(column, target)| {
        let statement = MappingStatement {
            target: target.unwrap_or_default(),
            ..MappingStatement::default()
        };
        (column, statement)
    });
    state
        .services()
        .state_mappings(scope, key, statements.collect())
        .await?;
    Ok(())
}

/// Has a phase done and all that follow; one that is done already is done again from there on.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "execute",
    params(("flow_id" = DiscoveryFlowId, Path), ("phase" = V3Phase, Path)),
    request_body = PhaseExecution,
    responses(
        (status = 200, body = FlowExecutionResponse),
        (status = 409, body = crate::error::ErrorBody, description = "It is not its turn, or the flow was cancelled.")
    )
)]
#[post("/discovery-flow/flows/{flow_id}/execute/{phase}")]
pub(crate) async fn execute_phase(
    state: Data<State>,
    tenant: Tenant<Editor>,
    path: Path<(Uuid, String)>,
    body: LenientJson<PhaseExecution>,
) -> ApiResult<HttpResponse> {
    let (id, word) = path.0;
    let (services, scope) = (state.services(), &tenant.0);
    let phase = phase_of(&word)?;
    let flow = services.discovery_flow(scope, key(id)).await?;
    if phase_of(&body.0.phase)? != phase {
        let message = format!("the body says {}, the path {phase}", body.0.phase);
        return Err(refused("phase", message));
    }
    let key = FlowKey::Discovery(flow.flow_id);
    decide(&state, scope, key, body.0.human_input.as_ref()).await?;
    let waits_here = flow.status == FlowStatus::Waiting
        && phase
            .phase()
            .is_some_and(|phase| flow.current_phase.as_deref() == Some(phase.as_str()));
    match (body.0.data, phase.phase()) {
        (Some(data), Some(ours)) if waits_here && data.is_object() => {
            services.hand_in(scope, flow.flow_id, ours, data).await?;
        }
        _ => execute(&state, scope, key, phase).await?,
    }
    outcome(
        &state,
        scope,
        key,
        "execute",
        Some(phase),
        format!("{phase} is being done"),
    )
    .await
}

/// Stops a flow after the batch it is working on, to be resumed.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = Option<FlowControl>,
    responses(
        (status = 200, body = FlowExecutionResponse),
        (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it.")
    )
)]
#[post("/discovery-flow/flows/{flow_id}/pause")]
pub(crate) async fn pause(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: OptionalJson<FlowControl>,
) -> ApiResult<HttpResponse> {
    let reason = body.0.reason.unwrap_or_else(|| "user_requested".to_owned());
    state.services().pause(&tenant.0, key(id.0), Some(reason)).await?;
    outcome(&state, &tenant.0, key(id.0), "pause", None, "the flow is paused").await
}

/// Goes on with a flow that is paused, waits or has failed; with `target_phase` from that phase on.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = Option<FlowControl>,
    responses(
        (status = 200, body = FlowExecutionResponse),
        (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it.")
    )
)]
#[post("/discovery-flow/flows/{flow_id}/resume")]
pub(crate) async fn resume(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: OptionalJson<FlowControl>,
) -> ApiResult<HttpResponse> {
    let (services, scope, key) = (state.services(), &tenant.0, key(id.0));
    decide(&state, scope, key, body.0.human_input.as_ref()).await?;
    if let Some(context) = body.0.resume_context {
        let patch = FlowPatch {
            metadata: Some(
                BTreeMap::from([("resume_context".to_owned(), Value::Object(context))])
                    .into_iter()
                    .collect(),
            ),
            ..FlowPatch::default()
        };
        services.change_flow(scope, key, patch).await?;
    }
    if let Some(word) = body.0.target_phase.as_deref() {
        execute(&state, scope, key, phase_of(word)?).await?;
    } else {
        let flow = services.discovery_flow(scope, key).await?;
        if flow.status == FlowStatus::Failed {
            services.retry(scope, flow.flow_id).await?;
        } else {
            services.resume(scope, flow.flow_id).await?;
        }
    }
    outcome(&state, scope, key, "resume", None, "the flow goes on").await
}

/// Stops a flow for good. What it has made so far stays.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = Option<FlowControl>,
    responses(
        (status = 200, body = FlowExecutionResponse),
        (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it.")
    )
)]
#[post("/discovery-flow/flows/{flow_id}/cancel")]
pub(crate) async fn cancel(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: OptionalJson<FlowControl>,
) -> ApiResult<HttpResponse> {
    state
        .services()
        .cancel(&tenant.0, key(id.0), body.0.reason)
        .await?;
    outcome(
        &state,
        &tenant.0,
        key(id.0),
        "cancel",
        None,
        "the flow is cancelled",
    )
    .await
}

/// Tries a failed flow again where it stopped, or from a phase on.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = Option<FlowControl>,
    responses(
        (status = 200, body = FlowExecutionResponse),
        (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it.")
    )
)]
#[post("/discovery-flow/flows/{flow_id}/retry")]
pub(crate) async fn retry(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: OptionalJson<FlowControl>,
) -> ApiResult<HttpResponse> {
    let (scope, key) = (&tenant.0, key(id.0));
    match body.0.from_phase.or(body.0.target_phase).as_deref() {
        Some(word) => execute(&state, scope, key, phase_of(word)?).await?,
        None => state.services().retry(scope, key).await?,
    }
    outcome(&state, scope, key, "retry", None, "the flow is being tried again").await
}

/// Has the inventory made of what a flow found, if that is not done yet, and says what became of its records.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses(
        (status = 200, body = AssetPromotionResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records, or was cancelled.")
    )
)]
#[post("/discovery-flow/flows/{flow_id}/promote-assets")]
pub(crate) async fn promote_assets(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let (services, scope) = (state.services(), &tenant.0);
    let flow = services.discovery_flow(scope, key(id.0)).await?;
    if flow.data_import_id.is_none() {
        return Err(landfall_services::discovery::FlowControlError::NoRecords(flow.flow_id).into());
    }
    let is_done = is_phase_done(&flow, Phase::AssetInventory);
    if !is_done {
        services.go_on(scope, &flow).await?;
    }
    let counts = counts(&flow);
    let statistics = json!({
        "records": counts.total, "new_or_changed": counts.assets, "merged": counts.merged, "skipped": counts.skipped,
        "unidentified": counts.unidentified, "inventory_completed": is_done,
    });
    Ok(HttpResponse::Ok().json(AssetPromotionResponse {
        success: true,
        flow_id: flow.flow_id,
        master_flow_id: flow.master_flow_id,
        action: "asset_promotion",
        message: if is_done {
            format!("{} assets are in the inventory", counts.assets)
        } else {
            "the inventory is being made; ask for the flow's status".to_owned()
        },
        timestamp: services.now(),
        assets_promoted: counts.assets,
        assets_skipped: counts.merged + counts.skipped,
        errors: counts.unidentified,
        statistics,
    }))
}

/// Makes a flow that does the same work on the same rows.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = FlowDuplicate,
    responses(
        (status = 200, body = FlowResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[post("/discovery-flow/flows/{flow_id}/duplicate")]
pub(crate) async fn duplicate(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: LenientJson<FlowDuplicate>,
) -> ApiResult<HttpResponse> {
    let copy = state
        .services()
        .duplicate_flow(&tenant.0, key(id.0), body.0.name)
        .await?;
    Ok(HttpResponse::Ok().json(super::whole(&state, &tenant.0, copy.flow_id.into()).await?))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(execute_phase)
        .service(pause)
        .service(resume)
        .service(cancel)
        .service(retry)
        .service(promote_assets)
        .service(duplicate);
}
