//! Applications: groups of assets that are planned together.

mod dto;
mod proposals;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{PageOf, PageOut, page_request};
use crate::state::State;
use crate::tags::dto::{AssetIdsIn, TagIn, TaggedOut};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
pub(crate) use dto::ApplicationRowOut;
use dto::{ApplicationIn, ApplicationOut, ApplicationPatchIn, ApplicationQuery, MemberOut};
use landfall_domain::AssetId;
use landfall_services::applications::ApplicationDetail;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Applications by name, each with its tags, archetypes, risk and confidence.
#[utoipa::path(tag = "Applications", params(ApplicationQuery), responses((status = 200, body = PageOut<ApplicationOut>)))]
#[get("/applications")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<ApplicationQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let found = state
        .services()
        .applications(&tenant.0, &query.0.filter(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<ApplicationOut>::from(found)))
}

/// Makes an application.
#[utoipa::path(tag = "Applications", request_body = ApplicationIn, responses((status = 201, body = ApplicationOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use.")))]
#[post("/applications")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<ApplicationIn>,
) -> ApiResult<HttpResponse> {
    let made = state
        .services()
        .create_application(&tenant.0, body.0.into_new())
        .await?;
    let location = format!("/api/v3/applications/{}", made.application.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .insert_header(etag(made.application.version))
        .json(ApplicationOut::from(made)))
}

/// One application.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path)), responses((status = 200, body = ApplicationOut)))]
#[get("/applications/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().application(&tenant.0, id.0).await?;
    if is_unchanged(&request, found.application.version) {
        return Ok(HttpResponse::NotModified()
            .insert_header(etag(found.application.version))
            .finish());
    }
    Ok(answer(found))
}

/// Changes an application: what is absent stays, null takes a value away.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path)), request_body = ApplicationPatchIn, responses((status = 200, body = ApplicationOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use.")))]
#[patch("/applications/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<ApplicationPatchIn>,
) -> ApiResult<HttpResponse> {
    let changed = state
        .services()
        .change_application(&tenant.0, id.0, expected.0, body.0.into_patch()?)
        .await?;
    Ok(answer(changed))
}

/// Deletes an application; its assets stay.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone."), (status = 409, body = crate::error::ErrorBody, description = "An assessment or a plan refers to it.")))]
#[delete("/applications/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_application(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The assets of an application.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path), PageOf), responses((status = 200, body = PageOut<MemberOut>)))]
#[get("/applications/{id}/assets")]
pub(crate) async fn assets(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<PageOf>,
) -> ApiResult<HttpResponse> {
    let members = state
        .services()
        .application_assets(&tenant.0, id.0, &query.0.request())
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<MemberOut>::from(members)))
}

/// Puts assets into an application; those that are in it stay in it.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path)), request_body = AssetIdsIn, responses((status = 200, body = TaggedOut)))]
#[post("/applications/{id}/assets")]
pub(crate) async fn add_assets(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<AssetIdsIn>,
) -> ApiResult<HttpResponse> {
    let added = state
        .services()
        .add_application_assets(&tenant.0, id.0, &body.0.asset_ids)
        .await?;
    Ok(HttpResponse::Ok().json(TaggedOut { added }))
}

/// Takes an asset out of an application.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path), ("asset_id" = AssetId, Path)), responses((status = 204, description = "It is not in it any more.")))]
#[delete("/applications/{id}/assets/{asset_id}")]
pub(crate) async fn remove_asset(
    state: Data<State>,
    tenant: Tenant<Editor>,
    ids: Path<(Uuid, AssetId)>,
) -> ApiResult<HttpResponse> {
    let (application, asset) = ids.0;
    state
        .services()
        .remove_application_asset(&tenant.0, application, asset)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Puts a tag on an application, made if there is none.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path)), request_body = TagIn, responses((status = 200, body = ApplicationOut)))]
#[post("/applications/{id}/tags")]
pub(crate) async fn add_tag(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<TagIn>,
) -> ApiResult<HttpResponse> {
    let tagged = state
        .services()
        .tag_application(&tenant.0, id.0, &body.0.into())
        .await?;
    Ok(answer(tagged))
}

/// Takes a tag off an application that a person put on it.
#[utoipa::path(tag = "Applications", params(("id" = Uuid, Path), ("tag_id" = Uuid, Path)), responses((status = 204, description = "It does not bear it by hand any more.")))]
#[delete("/applications/{id}/tags/{tag_id}")]
pub(crate) async fn remove_tag(
    state: Data<State>,
    tenant: Tenant<Editor>,
    ids: Path<(Uuid, Uuid)>,
) -> ApiResult<HttpResponse> {
    let (application, tag) = ids.0;
    state
        .services()
        .untag_application(&tenant.0, application, tag)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer(detail: ApplicationDetail) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(detail.application.version))
        .json(ApplicationOut::from(detail))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    // Before the ids, which the word would be taken for.
    proposals::routes(config);
    config
        .service(list)
        .service(create)
        .service(one)
        .service(change)
        .service(remove);
    config.service(assets).service(add_assets).service(remove_asset);
    config.service(add_tag).service(remove_tag);
}
