//! Analyses and what persons say to them.

use super::dto::{
    AnalysisIn, AnalysisOut, AnalysisQuery, AnswerOut, AnswersIn, DetailOut, DiffOut, DiffQuery, IterateIn,
    IterationOut, OverrideIn, PageQuery, TotalsOut,
};
use crate::access::{Approver, Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use landfall_services::sixr::AnalysisDetail;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

fn one(detail: AnalysisDetail) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(detail.analysis.version))
        .json(DetailOut::from(detail))
}

/// Analyses that the filters find, in the order in which they were made.
#[utoipa::path(tag = "6R", params(AnalysisQuery), responses((status = 200, body = PageOut<AnalysisOut>)))]
#[get("/sixr/analyses")]
pub(crate) async fn analyses(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<AnalysisQuery>,
) -> ApiResult<HttpResponse> {
    let filter = query.0.filter();
    let page = page_request(query.0.limit, query.0.cursor);
    let found = state.services().sixr_analyses(&tenant.0, &filter, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<AnalysisOut>::from(found)))
}

/// How many analyses end in each strategy. Takes the filters of the list.
#[utoipa::path(tag = "6R", params(AnalysisQuery), responses((status = 200, body = TotalsOut)))]
#[get("/sixr/totals")]
pub(crate) async fn totals(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<AnalysisQuery>,
) -> ApiResult<HttpResponse> {
    let found = state.services().sixr_totals(&tenant.0, &query.0.filter()).await?;
    Ok(HttpResponse::Ok().json(TotalsOut::from(found)))
}

/// Makes the analysis of an asset or application and judges it, or makes the next iteration of the one that it has.
#[utoipa::path(tag = "6R", request_body = AnalysisIn, responses((status = 201, body = DetailOut)))]
#[post("/sixr/analyses")]
pub(crate) async fn analyze(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<AnalysisIn>,
) -> ApiResult<HttpResponse> {
    let detail = state
        .services()
        .analyze_sixr(&tenant.0, body.0.into_new()?)
        .await?;
    Ok(HttpResponse::Created()
        .insert_header(etag(detail.analysis.version))
        .insert_header((
            "Location",
            format!("/api/v3/sixr/analyses/{}", detail.analysis.id),
        ))
        .json(DetailOut::from(detail)))
}

/// An analysis with its last recommendation: strategy, scores, reasons, what would change it and what to ask.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path)), responses((status = 200, body = DetailOut)))]
#[get("/sixr/analyses/{id}")]
pub(crate) async fn analysis(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let detail = state.services().sixr_analysis(&tenant.0, id.0).await?;
    let version = detail.analysis.version;
    if is_unchanged(&request, version) {
        return Ok(HttpResponse::NotModified().insert_header(etag(version)).finish());
    }
    Ok(one(detail))
}

/// Deletes an analysis with its iterations. The strategy stays on the asset.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone.")))]
#[delete("/sixr/analyses/{id}")]
pub(crate) async fn delete_analysis(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_sixr_analysis(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Judges anew as the next iteration: facts are read again, what persons said stays, what is sent is added.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path)), request_body = IterateIn, responses((status = 200, body = DetailOut)))]
#[post("/sixr/analyses/{id}/iterate")]
pub(crate) async fn iterate(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<IterateIn>,
) -> ApiResult<HttpResponse> {
    let change = body.0.into_change();
    Ok(one(state
        .services()
        .iterate_sixr(&tenant.0, id.0, None, change)
        .await?))
}

/// Answers questions, and judges anew with the answers.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path)), request_body = AnswersIn, responses((status = 200, body = DetailOut)))]
#[post("/sixr/analyses/{id}/answers")]
pub(crate) async fn answer(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<AnswersIn>,
) -> ApiResult<HttpResponse> {
    let change = body.0.into_change();
    Ok(one(state
        .services()
        .iterate_sixr(&tenant.0, id.0, None, change)
        .await?))
}

/// Answers given in an analysis, the newest first.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = PageOut<AnswerOut>)))]
#[get("/sixr/analyses/{id}/answers")]
pub(crate) async fn answers(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let found = state.services().sixr_answers(&tenant.0, id.0, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<AnswerOut>::from(found)))
}

/// Iterations of an analysis, the first one first.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = PageOut<IterationOut>)))]
#[get("/sixr/analyses/{id}/iterations")]
pub(crate) async fn iterations(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let found = state.services().sixr_iterations(&tenant.0, id.0, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<IterationOut>::from(found)))
}

/// What changed from one iteration to another.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path), DiffQuery), responses((status = 200, body = DiffOut)))]
#[get("/sixr/analyses/{id}/diff")]
pub(crate) async fn iteration_diff(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<DiffQuery>,
) -> ApiResult<HttpResponse> {
    let changed = state
        .services()
        .sixr_diff(&tenant.0, id.0, query.0.from, query.0.to)
        .await?;
    Ok(HttpResponse::Ok().json(DiffOut::from(changed)))
}

/// Decides on a strategy, whatever is recommended now or later. The decision stays when the analysis is run again.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path)), request_body = OverrideIn, responses((status = 200, body = DetailOut)))]
#[patch("/sixr/analyses/{id}/override")]
pub(crate) async fn decide(
    state: Data<State>,
    tenant: Tenant<Approver>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<OverrideIn>,
) -> ApiResult<HttpResponse> {
    let decision = body.0.into_decision();
    Ok(one(state
        .services()
        .override_sixr(&tenant.0, id.0, expected.0, decision)
        .await?))
}

/// Takes a decision back: what is recommended counts again.
#[utoipa::path(tag = "6R", params(("id" = Uuid, Path)), responses((status = 200, body = DetailOut)))]
#[delete("/sixr/analyses/{id}/override")]
pub(crate) async fn undecide(
    state: Data<State>,
    tenant: Tenant<Approver>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    Ok(one(state
        .services()
        .remove_sixr_override(&tenant.0, id.0, None)
        .await?))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(analyses)
        .service(totals)
        .service(analyze)
        .service(analysis)
        .service(delete_analysis)
        .service(iterate)
        .service(answer)
        .service(answers)
        .service(iterations)
        .service(iteration_diff)
        .service(decide)
        .service(undecide);
}
