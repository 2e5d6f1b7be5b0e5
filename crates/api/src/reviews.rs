//! Reviews: what a person proposes to do with an application or archetype.

mod dto;

use crate::access::{Approver, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use dto::{CopiedOut, CopyIn, ReviewIn, ReviewOut, ReviewPatchIn, ReviewQuery};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Reviews in the order in which they were written.
#[utoipa::path(tag = "Assessments", params(ReviewQuery), responses((status = 200, body = PageOut<ReviewOut>)))]
#[get("/reviews")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<ReviewQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let found = state
        .services()
        .reviews(&tenant.0, &query.0.filter()?, &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<ReviewOut>::from(found)))
}

/// Writes a review of an application or archetype that has none.
#[utoipa::path(tag = "Assessments", request_body = ReviewIn, responses((status = 201, body = ReviewOut), (status = 409, body = crate::error::ErrorBody, description = "It has been reviewed.")))]
#[post("/reviews")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Approver>,
    body: Json<ReviewIn>,
) -> ApiResult<HttpResponse> {
    let (subject, verdict) = body.0.into_parts()?;
    let made = state
        .services()
        .create_review(&tenant.0, subject, &verdict)
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/reviews/{}", made.id)))
        .insert_header(etag(made.version))
        .json(ReviewOut::from(made)))
}

/// One review.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 200, body = ReviewOut)))]
#[get("/reviews/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().review(&tenant.0, id.0).await?;
    let tag = etag(found.version);
    if is_unchanged(&request, found.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok().insert_header(tag).json(ReviewOut::from(found)))
}

/// Changes a review: what is absent stays, null takes a value away.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), request_body = ReviewPatchIn, responses((status = 200, body = ReviewOut)))]
#[patch("/reviews/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Approver>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<ReviewPatchIn>,
) -> ApiResult<HttpResponse> {
    let patch = body.0.checked()?;
    let changed = state
        .services()
        .change_review(&tenant.0, id.0, expected.0, |verdict| patch.applied(verdict))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(changed.version))
        .json(ReviewOut::from(changed)))
}

/// Deletes a review.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone.")))]
#[delete("/reviews/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Approver>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_review(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives other applications the same review, in place of theirs.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), request_body = CopyIn, responses((status = 200, body = CopiedOut)))]
#[post("/reviews/{id}/copy")]
pub(crate) async fn copy(
    state: Data<State>,
    tenant: Tenant<Approver>,
    id: Path<Uuid>,
    body: Json<CopyIn>,
) -> ApiResult<HttpResponse> {
    let copied = state
        .services()
        .copy_review(&tenant.0, id.0, &body.0.application_ids)
        .await?;
    Ok(HttpResponse::Ok().json(CopiedOut { copied }))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .service(one)
        .service(change)
        .service(remove);
    config.service(copy);
}
