//! Archetypes: kinds of applications that are assessed once for all of their members.

mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::applications::ApplicationRowOut;
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{PageOf, PageOut};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use dto::{ArchetypeIn, ArchetypeOut, ArchetypePatchIn, ArchetypeRowOut};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Archetypes by name.
#[utoipa::path(tag = "Assessments", params(PageOf), responses((status = 200, body = PageOut<ArchetypeRowOut>)))]
#[get("/archetypes")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<PageOf>,
) -> ApiResult<HttpResponse> {
    let found = state.services().archetypes(&tenant.0, &query.0.request()).await?;
    Ok(HttpResponse::Ok().json(PageOut::<ArchetypeRowOut>::from(found)))
}

/// Makes an archetype.
#[utoipa::path(tag = "Assessments", request_body = ArchetypeIn, responses((status = 201, body = ArchetypeOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use.")))]
#[post("/archetypes")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<ArchetypeIn>,
) -> ApiResult<HttpResponse> {
    let made = state
        .services()
        .create_archetype(&tenant.0, &body.0.into_new())
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/archetypes/{}", made.archetype.id)))
        .insert_header(etag(made.archetype.version))
        .json(ArchetypeOut::from(made)))
}

/// One archetype with its tags and stakeholders.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 200, body = ArchetypeOut)))]
#[get("/archetypes/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().archetype(&tenant.0, id.0).await?;
    let tag = etag(found.archetype.version);
    if is_unchanged(&request, found.archetype.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header(tag)
        .json(ArchetypeOut::from(found)))
}

/// Changes an archetype: what is absent stays.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), request_body = ArchetypePatchIn, responses((status = 200, body = ArchetypeOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use.")))]
#[patch("/archetypes/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<ArchetypePatchIn>,
) -> ApiResult<HttpResponse> {
    let changed = state
        .services()
        .change_archetype(&tenant.0, id.0, expected.0, &body.0.into_change()?)
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(changed.archetype.version))
        .json(ArchetypeOut::from(changed)))
}

/// Deletes an archetype that was not assessed; applications stay.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone."), (status = 409, body = crate::error::ErrorBody, description = "It was assessed.")))]
#[delete("/archetypes/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_archetype(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The applications that are members of an archetype, by name.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path), PageOf), responses((status = 200, body = PageOut<ApplicationRowOut>)))]
#[get("/archetypes/{id}/applications")]
pub(crate) async fn members(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<PageOf>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .archetype_members(&tenant.0, id.0, &query.0.request())
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<ApplicationRowOut>::from(found)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .service(one)
        .service(change)
        .service(remove);
    config.service(members);
}
