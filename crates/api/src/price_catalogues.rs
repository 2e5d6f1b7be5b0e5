//! Price catalogues: sizes and prices of a target that machines are placed on.

mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Path, Query, etag, is_unchanged, text};
use crate::page::{PageOf, PageOut};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use dto::{CatalogueOut, CatalogueRowOut};
use landfall_services::assessments::SAMPLE_CATALOGUE;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Types that a price catalogue is read from.
const TYPES: [&str; 2] = ["application/json", "application/toml"];

/// Price catalogues by name. Without one, machines are placed by the sample.
#[utoipa::path(tag = "Assessments", params(PageOf), responses((status = 200, body = PageOut<CatalogueRowOut>)))]
#[get("/price-catalogues")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<PageOf>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .price_catalogues(&tenant.0, &query.0.request())
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<CatalogueRowOut>::from(found)))
}

/// Adds a price catalogue, TOML or JSON of the sample's form.
#[utoipa::path(
    tag = "Assessments",
    request_body(content(
        (serde_json::Value = "application/json"), (String = "application/toml")
    )),
    responses((status = 201, body = CatalogueOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use."))
)]
#[post("/price-catalogues")]
pub(crate) async fn import(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    payload: Payload,
) -> ApiResult<HttpResponse> {
    let document = text(&request, &mut payload.into_inner(), &TYPES).await?;
    let made = state.services().import_prices(&tenant.0, &document).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/price-catalogues/{}", made.id)))
        .insert_header(etag(made.version))
        .json(CatalogueOut::from(made)))
}

/// The sample that ships with Landfall, as TOML: to be changed and added as an own catalogue.
#[utoipa::path(tag = "Assessments", operation_id = "sample", responses((status = 200, body = String, content_type = "application/toml")))]
#[get("/price-catalogues/sample")]
pub(crate) async fn sample(_: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok()
        .content_type("application/toml")
        .body(SAMPLE_CATALOGUE))
}

/// One price catalogue with its sizes and volumes.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 200, body = CatalogueOut)))]
#[get("/price-catalogues/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().price_catalogue(&tenant.0, id.0).await?;
    let tag = etag(found.version);
    if is_unchanged(&request, found.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header(tag)
        .json(CatalogueOut::from(found)))
}

/// Replaces a price catalogue as a whole. What was computed with it keeps its figures.
#[utoipa::path(
    tag = "Assessments",
    params(("id" = Uuid, Path)),
    request_body(content(
        (serde_json::Value = "application/json"), (String = "application/toml")
    )),
    responses((status = 200, body = CatalogueOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use."))
)]
#[patch("/price-catalogues/{id}")]
pub(crate) async fn replace(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    payload: Payload,
) -> ApiResult<HttpResponse> {
    let document = text(&request, &mut payload.into_inner(), &TYPES).await?;
    let replaced = state
        .services()
        .replace_prices(&tenant.0, id.0, expected.0, &document)
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(replaced.version))
        .json(CatalogueOut::from(replaced)))
}

/// Deletes a price catalogue. What was computed with it keeps its figures.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone.")))]
#[delete("/price-catalogues/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_prices(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(import).service(sample);
    config.service(one).service(replace).service(remove);
}
