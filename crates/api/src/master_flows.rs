//! Master flows: programmes of work, with everything that hangs on them in every phase.

mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag};
use crate::flows::dto::{FlowDetailOut, FlowOut, FlowQuery};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch};
use dto::{MasterFlowChange, MasterFlowSummaryOut, MasterFlowTotalsOut};
use landfall_domain::MasterFlowId;
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;

/// Master flows, newest first.
#[utoipa::path(tag = "Master flows", params(FlowQuery), responses((status = 200, body = PageOut<FlowOut>)))]
#[get("/master-flows")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<FlowQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let flows = state
        .services()
        .flows(&tenant.0, &query.0.filter(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<FlowOut>::from(flows)))
}

/// How the master flows of the engagement are.
#[utoipa::path(tag = "Master flows", responses((status = 200, body = MasterFlowTotalsOut)))]
#[get("/master-flows/summary")]
pub(crate) async fn totals(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let found = state.services().master_flow_totals(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(MasterFlowTotalsOut::from(found)))
}

/// One master flow with its discovery flows, the number of its children in every phase, and its history.
#[utoipa::path(
    tag = "Master flows",
    params(("id" = MasterFlowId, Path)),
    responses((status = 200, body = FlowDetailOut))
)]
#[get("/master-flows/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<MasterFlowId>,
) -> ApiResult<HttpResponse> {
    let flow = state.services().flow(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(flow.flow.version))
        .json(FlowDetailOut::from(flow)))
}

/// One master flow summarised, with its parts and imports.
#[utoipa::path(
    tag = "Master flows",
    params(("id" = MasterFlowId, Path)),
    responses((status = 200, body = MasterFlowSummaryOut))
)]
#[get("/master-flows/{id}/summary")]
pub(crate) async fn summary(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<MasterFlowId>,
) -> ApiResult<HttpResponse> {
    let found = state.services().master_flow_summary(&tenant.0, id.0).await?;
    let found = MasterFlowSummaryOut::from(found);
    Ok(HttpResponse::Ok().insert_header(etag(found.version)).json(found))
}

/// Changes the name or settings of a master flow.
#[utoipa::path(
    tag = "Master flows",
    params(("id" = MasterFlowId, Path)),
    request_body = MasterFlowChange,
    responses((status = 200, body = MasterFlowSummaryOut))
)]
#[patch("/master-flows/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<MasterFlowId>,
    expected: IfMatch,
    body: Json<MasterFlowChange>,
) -> ApiResult<HttpResponse> {
    let configuration = body.0.configuration.map(Value::Object);
    state
        .services()
        .change_master_flow(&tenant.0, id.0, expected.0, body.0.name, configuration)
        .await?;
    let found = state.services().master_flow_summary(&tenant.0, id.0).await?;
    let found = MasterFlowSummaryOut::from(found);
    Ok(HttpResponse::Ok().insert_header(etag(found.version)).json(found))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(totals)
        .service(one)
        .service(summary)
        .service(change);
}
