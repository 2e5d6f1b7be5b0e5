//! Dependencies: which asset needs which.

mod bulk;
pub(crate) mod dto;
mod graph;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, MaybeIfMatch, Path, Query, etag};
use crate::page::{PageOut, chosen, page_request};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use dto::{DependencyIn, DependencyOut, DependencyPatchIn, DependencyQuery};
use landfall_services::dependencies::DependencyChange;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Dependencies in the order in which they were found.
#[utoipa::path(tag = "Dependencies", params(DependencyQuery), responses((status = 200, body = PageOut<DependencyOut>)))]
#[get("/dependencies")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<DependencyQuery>,
) -> ApiResult<HttpResponse> {
    let filter = query.0.filter()?;
    let (page, fields) = (page_request(query.0.limit, query.0.cursor), query.0.fields);
    let dependencies = state.services().dependencies(&tenant.0, filter, &page).await?;
    chosen(PageOut::<DependencyOut>::from(dependencies), fields.as_deref())
}

/// States a dependency. One that is known gains the weight.
#[utoipa::path(tag = "Dependencies", request_body = DependencyIn, responses((status = 201, body = DependencyOut)))]
#[post("/dependencies")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<DependencyIn>,
) -> ApiResult<HttpResponse> {
    let stated = state
        .services()
        .state_dependency(&tenant.0, body.0.into_new())
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/dependencies/{}", stated.id)))
        .insert_header(etag(stated.version))
        .json(DependencyOut::from(stated)))
}

/// One dependency.
#[utoipa::path(tag = "Dependencies", params(("id" = Uuid, Path)), responses((status = 200, body = DependencyOut)))]
#[get("/dependencies/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    Ok(bulk::answer(state.services().dependency(&tenant.0, id.0).await?))
}

/// Changes how strong a dependency is, whether its ends can be separated, or what is said about it.
#[utoipa::path(
    tag = "Dependencies",
    params(("id" = Uuid, Path)),
    request_body = DependencyPatchIn,
    responses((status = 200, body = DependencyOut))
)]
#[patch("/dependencies/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<DependencyPatchIn>,
) -> ApiResult<HttpResponse> {
    let change = DependencyChange {
        id: id.0,
        expected: expected.0,
        patch: body.0.into_patch(),
    };
    Ok(bulk::answer(
        state.services().change_dependency(&tenant.0, change).await?,
    ))
}

/// Removes a dependency.
#[utoipa::path(tag = "Dependencies", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone.")))]
#[delete("/dependencies/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: MaybeIfMatch,
) -> ApiResult<HttpResponse> {
    state
        .services()
        .remove_dependency(&tenant.0, id.0, expected.0)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .configure(bulk::routes)
        .configure(graph::routes);
    config.service(one).service(change).service(remove);
}
