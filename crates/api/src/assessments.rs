//! Assessments: of applications, archetypes and assets by questionnaire, and of machines by what the inventory knows.

mod dto;
mod sizes;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use dto::{AssessmentIn, AssessmentOut, AssessmentPatchIn, AssessmentQuery, AssessmentRowOut};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Assessments in the order in which they were made.
#[utoipa::path(tag = "Assessments", params(AssessmentQuery), responses((status = 200, body = PageOut<AssessmentRowOut>)))]
#[get("/assessments")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<AssessmentQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let found = state
        .services()
        .assessments(&tenant.0, &query.0.filter()?, &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<AssessmentRowOut>::from(found)))
}

/// Begins an assessment by questionnaire: asks what applies, and answers what tags and the inventory say.
#[utoipa::path(tag = "Assessments", request_body = AssessmentIn, responses((status = 201, body = AssessmentOut), (status = 409, body = crate::error::ErrorBody, description = "It has been assessed by this questionnaire.")))]
#[post("/assessments")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<AssessmentIn>,
) -> ApiResult<HttpResponse> {
    let begun = state
        .services()
        .begin_assessment(&tenant.0, &body.0.into_new()?)
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/assessments/{}", begun.assessment.id)))
        .insert_header(etag(begun.assessment.version))
        .json(AssessmentOut::from(begun)))
}

/// One assessment: questions, answers, risk and confidence; or readiness, size and cost of a machine.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 200, body = AssessmentOut)))]
#[get("/assessments/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().assessment(&tenant.0, id.0).await?;
    let tag = etag(found.assessment.version);
    if is_unchanged(&request, found.assessment.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header(tag)
        .json(AssessmentOut::from(found)))
}

/// Answers questions of an assessment, or says what a second person thinks of it.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), request_body = AssessmentPatchIn, responses((status = 200, body = AssessmentOut)))]
#[patch("/assessments/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<AssessmentPatchIn>,
) -> ApiResult<HttpResponse> {
    let changed = state
        .services()
        .change_assessment(&tenant.0, id.0, expected.0, &body.0.into_change())
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(changed.assessment.version))
        .json(AssessmentOut::from(changed)))
}

/// Deletes an assessment, and the tags that its answers gave.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone.")))]
#[delete("/assessments/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_assessment(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    // Before the ids, which the word would be taken for.
    sizes::routes(config);
    config
        .service(list)
        .service(create)
        .service(one)
        .service(change)
        .service(remove);
}
