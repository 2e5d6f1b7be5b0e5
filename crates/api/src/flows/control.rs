//! Stopping flows, going on with them, and taking phase results from outside.

use super::dto::{FlowDetailOut, ReasonQuery};
use crate::access::{Editor, Tenant};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Path, Query, json_value};
use crate::state::State;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use landfall_domain::{MasterFlowId, Phase, Scope};
use utoipa_actix_web::service_config::ServiceConfig;

/// The flow as it is now.
async fn answer(state: &State, scope: &Scope, id: MasterFlowId) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(FlowDetailOut::from(state.services().flow(scope, id).await?)))
}

/// Stops the flow after the batch it is working on, to be resumed.
#[utoipa::path(
    tag = "Flows",
    params(("id" = MasterFlowId, Path), ReasonQuery),
    responses((status = 200, body = FlowDetailOut), (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it."))
)]
#[post("/flows/{id}/pause")]
pub(crate) async fn pause(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<MasterFlowId>,
    query: Query<ReasonQuery>,
) -> ApiResult<HttpResponse> {
    state.services().pause(&tenant.0, id.0, query.0.reason).await?;
    answer(&state, &tenant.0, id.0).await
}

/// Goes on with a flow that is paused, or that waits for decisions that were taken.
#[utoipa::path(
    tag = "Flows",
    params(("id" = MasterFlowId, Path)),
    responses((status = 200, body = FlowDetailOut), (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it."))
)]
#[post("/flows/{id}/resume")]
pub(crate) async fn resume(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<MasterFlowId>,
) -> ApiResult<HttpResponse> {
    state.services().resume(&tenant.0, id.0).await?;
    answer(&state, &tenant.0, id.0).await
}

/// Stops the flow for good. What it has made so far stays.
#[utoipa::path(
    tag = "Flows",
    params(("id" = MasterFlowId, Path), ReasonQuery),
    responses((status = 200, body = FlowDetailOut), (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it."))
)]
#[post("/flows/{id}/cancel")]
pub(crate) async fn cancel(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<MasterFlowId>,
    query: Query<ReasonQuery>,
) -> ApiResult<HttpResponse> {
    state.services().cancel(&tenant.0, id.0, query.0.reason).await?;
    answer(&state, &tenant.0, id.0).await
}

/// Tries a failed flow again, from what it has done.
#[utoipa::path(
    tag = "Flows",
    params(("id" = MasterFlowId, Path)),
    responses((status = 200, body = FlowDetailOut), (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it."))
)]
#[post("/flows/{id}/retry")]
pub(crate) async fn retry(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<MasterFlowId>,
) -> ApiResult<HttpResponse> {
    state.services().retry(&tenant.0, id.0).await?;
    answer(&state, &tenant.0, id.0).await
}

/// Hands in the result of a phase that is done outside. The flow goes on with the next phase.
#[utoipa::path(
    tag = "Flows",
    params(("id" = MasterFlowId, Path), ("phase" = Phase, Path)),
    request_body(content = Object, description = "The phase's result, in the form that the phase itself would give."),
    responses((status = 200, body = FlowDetailOut), (status = 409, body = crate::error::ErrorBody, description = "The flow does not wait for this phase."))
)]
#[post("/flows/{id}/phases/{phase}/output")]
pub(crate) async fn hand_in(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    path: Path<(MasterFlowId, String)>,
    payload: Payload,
) -> ApiResult<HttpResponse> {
    let (id, phase) = path.0;
    let phase: Phase = phase
        .parse()
        .map_err(|unknown| ApiError::malformed(format!("{unknown}")))?;
    let output = json_value(&request, &mut payload.into_inner()).await?;
    state.services().hand_in(&tenant.0, id, phase, output).await?;
    answer(&state, &tenant.0, id).await
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(pause)
        .service(resume)
        .service(cancel)
        .service(retry)
        .service(hand_in);
}
