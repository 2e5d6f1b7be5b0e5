//! Stakeholders: people with a say in applications and assessments.

pub(crate) mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{PageOf, PageOut};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use dto::{StakeholderIn, StakeholderOut, StakeholderPatchIn};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Stakeholders by name.
#[utoipa::path(tag = "Assessments", params(PageOf), responses((status = 200, body = PageOut<StakeholderOut>)))]
#[get("/stakeholders")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<PageOf>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .stakeholders(&tenant.0, &query.0.request())
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<StakeholderOut>::from(found)))
}

/// Makes a stakeholder.
#[utoipa::path(tag = "Assessments", request_body = StakeholderIn, responses((status = 201, body = StakeholderOut), (status = 409, body = crate::error::ErrorBody, description = "The e-mail address is in use.")))]
#[post("/stakeholders")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<StakeholderIn>,
) -> ApiResult<HttpResponse> {
    let made = state
        .services()
        .create_stakeholder(&tenant.0, &body.0.into_new())
        .await?;
    Ok(HttpResponse::Created()
        .insert_header(etag(made.version))
        .json(StakeholderOut::from(made)))
}

/// One stakeholder.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 200, body = StakeholderOut)))]
#[get("/stakeholders/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().stakeholder(&tenant.0, id.0).await?;
    let tag = etag(found.version);
    if is_unchanged(&request, found.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header(tag)
        .json(StakeholderOut::from(found)))
}

/// Changes a stakeholder: what is absent stays, null takes a value away.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), request_body = StakeholderPatchIn, responses((status = 200, body = StakeholderOut), (status = 409, body = crate::error::ErrorBody, description = "The e-mail address is in use.")))]
#[patch("/stakeholders/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<StakeholderPatchIn>,
) -> ApiResult<HttpResponse> {
    let changed = state
        .services()
        .change_stakeholder(&tenant.0, id.0, expected.0, &body.0.into_patch()?)
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(changed.version))
        .json(StakeholderOut::from(changed)))
}

/// Deletes a stakeholder, and every role that he had.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 204, description = "He is gone.")))]
#[delete("/stakeholders/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_stakeholder(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .service(one)
        .service(change)
        .service(remove);
}
