//! Runs over a whole engagement.

use super::dto::{PageQuery, RunIn, RunOut};
use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiResult, ErrorBody};
use crate::extract::{Json, Path, Query};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Starts a run over the engagement. While one is queued or running, that one is answered.
#[utoipa::path(tag = "6R", request_body = RunIn, responses((status = 202, body = RunOut)))]
#[post("/sixr/runs")]
pub(crate) async fn start_run(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<RunIn>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .start_sixr_run(&tenant.0, body.0.into_new())
        .await?;
    Ok(HttpResponse::Accepted()
        .insert_header(("Location", format!("/api/v3/sixr/runs/{}", found.id)))
        .json(RunOut::from(found)))
}

/// Runs, the newest first.
#[utoipa::path(tag = "6R", params(PageQuery), responses((status = 200, body = PageOut<RunOut>)))]
#[get("/sixr/runs")]
pub(crate) async fn runs(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<PageQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let found = state.services().sixr_runs(&tenant.0, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<RunOut>::from(found)))
}

/// A run: how far it is, its totals, and what to ask first.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path)), responses((status = 200, body = RunOut)))]
#[get("/sixr/runs/{id}")]
pub(crate) async fn run(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().sixr_run(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(RunOut::from(found)))
}

/// Stops a run; what it has judged stays.
#[utoipa::path(
    tag = "6R",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = RunOut), (status = 409, body = ErrorBody, description = "It has ended."))
)]
#[post("/sixr/runs/{id}/cancel")]
pub(crate) async fn cancel_run(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().cancel_sixr_run(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(RunOut::from(found)))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(start_run)
        .service(runs)
        .service(run)
        .service(cancel_run);
}
