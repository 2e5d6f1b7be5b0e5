//! Dependencies: which asset needs which.

pub(crate) mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{Json, Path, Query};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use dto::{DependencyIn, DependencyOut, DependencyQuery};
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
    let page = page_request(query.0.limit, query.0.cursor);
    let dependencies = state.services().dependencies(&tenant.0, filter, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<DependencyOut>::from(dependencies)))
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
    Ok(HttpResponse::Created().json(DependencyOut::from(stated)))
}

/// Removes a dependency.
#[utoipa::path(tag = "Dependencies", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone.")))]
#[delete("/dependencies/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().remove_dependency(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(remove);
}
