//! Flows: the work on imports, phase by phase.

mod control;
pub(crate) mod dto;

use crate::access::{Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{Path, Query};
use crate::page::{ListOut, PageOut, chosen, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use dto::{FlowDetailOut, FlowOut, FlowQuery, FlowStatusOut, PhaseOut};
use landfall_domain::MasterFlowId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Master flows, newest first.
#[utoipa::path(tag = "Flows", params(FlowQuery), responses((status = 200, body = PageOut<FlowOut>)))]
#[get("/flows")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<FlowQuery>,
) -> ApiResult<HttpResponse> {
    let (filter, page) = (
        query.0.filter(),
        page_request(query.0.limit, query.0.cursor.clone()),
    );
    let flows = state.services().flows(&tenant.0, &filter, &page).await?;
    chosen(PageOut::<FlowOut>::from(flows), query.0.fields.as_deref())
}

/// One master flow with its discovery flows and what hangs on it.
#[utoipa::path(tag = "Flows", params(("id" = MasterFlowId, Path)), responses((status = 200, body = FlowDetailOut)))]
#[get("/flows/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<MasterFlowId>,
) -> ApiResult<HttpResponse> {
    let flow = state.services().flow(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(FlowDetailOut::from(flow)))
}

/// How far a flow is, in few words: for whoever asks often.
#[utoipa::path(tag = "Flows", params(("id" = MasterFlowId, Path)), responses((status = 200, body = FlowStatusOut)))]
#[get("/flows/{id}/status")]
pub(crate) async fn status(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<MasterFlowId>,
) -> ApiResult<HttpResponse> {
    let progress = state.services().flow_status(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(FlowStatusOut::from(progress)))
}

/// How far each phase is, in the order in which they run.
#[utoipa::path(tag = "Flows", params(("id" = MasterFlowId, Path)), responses((status = 200, body = ListOut<PhaseOut>)))]
#[get("/flows/{id}/phases")]
pub(crate) async fn phases(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<MasterFlowId>,
) -> ApiResult<HttpResponse> {
    let phases = state.services().flow_phases(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<PhaseOut>::from(phases)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(one)
        .service(status)
        .service(phases)
        .configure(control::routes);
}
