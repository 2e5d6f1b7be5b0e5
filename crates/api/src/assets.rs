//! Assets: the inventory.

mod bulk;
mod dto;
mod making;
mod query;

use crate::access::{Editor, Tenant, Viewer};
use crate::dependencies::dto::DependencyOut;
use crate::download::download;
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{IfMatch, MaybeIfMatch, Path, Query, etag, json_value};
use crate::page::{ListOut, PageOut, chosen, page_request};
use crate::state::State;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch};
use dto::{AssetDetailOut, AssetOut, AssetPatchIn, NeighboursOut, PageQuery, ProvenanceOut};
use landfall_domain::AssetId;
use landfall_services::assets::ExportFormat;
use query::{AssetQuery, ExportQuery};
use utoipa_actix_web::service_config::ServiceConfig;

/// Assets that the filters find. Each field of the registry is a filter: `asset_type=server`, `memory_gb[gte]=8`,
/// `hostname[prefix]=web`; a repeated one finds any of its values.
#[utoipa::path(tag = "Assets", params(AssetQuery), responses((status = 200, body = PageOut<AssetOut>)))]
#[get("/assets")]
pub(crate) async fn list(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
) -> ApiResult<HttpResponse> {
    let query = AssetQuery::read(request.query_string())?;
    let page = page_request(query.limit, query.cursor);
    let assets = state
        .services()
        .assets(&tenant.0, &query.filter, query.sort, &page)
        .await?;
    chosen(PageOut::<AssetOut>::from(assets), query.fields.as_deref())
}

/// The assets that the filters find, as a file that imports back to the same inventory.
#[utoipa::path(
    tag = "Assets",
    params(ExportQuery),
    responses((status = 200, description = "The file, sent while it is made.", content(
        (String = "text/csv"), (String = "application/x-ndjson"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/assets/export")]
pub(crate) async fn export(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
) -> ApiResult<HttpResponse> {
    let query = ExportQuery::read(request.query_string())?;
    let format: ExportFormat = query.format;
    let pieces = state
        .services()
        .export_assets(&tenant.0, query.filter, format)
        .await?;
    download(
        pieces,
        format.media_type(),
        &format!("assets.{}", format.extension()),
    )
    .await
}

/// One asset, with its tags.
#[utoipa::path(tag = "Assets", params(("id" = AssetId, Path)), responses((status = 200, body = AssetDetailOut)))]
#[get("/assets/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<AssetId>,
) -> ApiResult<HttpResponse> {
    let detail = state.services().asset(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(detail.asset.version))
        .json(AssetDetailOut::from(detail)))
}

/// Changes values of an asset: what is absent stays, null takes a value away. What a person sets is not overwritten by
/// imports.
#[utoipa::path(
    tag = "Assets",
    params(("id" = AssetId, Path)),
    request_body = AssetPatchIn,
    responses((status = 200, body = AssetDetailOut))
)]
#[patch("/assets/{id}")]
pub(crate) async fn change(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<AssetId>,
    expected: IfMatch,
    payload: Payload,
) -> ApiResult<HttpResponse> {
    let patch = AssetPatchIn::read(json_value(&request, &mut payload.into_inner()).await?)?;
    let detail = state
        .services()
        .change_asset(&tenant.0, id.0, expected.0, patch)
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(detail.asset.version))
        .json(AssetDetailOut::from(detail)))
}

/// Deletes an asset with its dependencies, tags, identities and findings.
#[utoipa::path(tag = "Assets", params(("id" = AssetId, Path)), responses((status = 204, description = "It is gone."), (status = 409, body = crate::error::ErrorBody, description = "An analysis or a plan refers to it.")))]
#[delete("/assets/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<AssetId>,
    expected: MaybeIfMatch,
) -> ApiResult<HttpResponse> {
    state.services().delete_asset(&tenant.0, id.0, expected.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Per field, who said what and whose word counts.
#[utoipa::path(tag = "Assets", params(("id" = AssetId, Path)), responses((status = 200, body = ListOut<ProvenanceOut>)))]
#[get("/assets/{id}/provenance")]
pub(crate) async fn provenance(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<AssetId>,
) -> ApiResult<HttpResponse> {
    let fields = state.services().asset_provenance(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<ProvenanceOut>::from(fields)))
}

/// What the asset needs, and what needs it: the first page of each. `GET /dependencies` has the rest.
#[utoipa::path(
    tag = "Assets",
    params(("id" = AssetId, Path), PageQuery),
    responses((status = 200, body = NeighboursOut))
)]
#[get("/assets/{id}/dependencies")]
pub(crate) async fn dependencies(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<AssetId>,
    query: Query<PageQuery>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .neighbours(&tenant.0, id.0, &page_request(query.0.limit, None))
        .await?;
    let (needs, needed_by): (PageOut<DependencyOut>, _) = (found.needs.into(), found.needed_by.into());
    Ok(HttpResponse::Ok().json(NeighboursOut { needs, needed_by }))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(export)
        .service(one)
        .service(change)
        .service(remove);
    config
        .configure(making::routes)
        .service(provenance)
        .service(dependencies);
}

/// A parameter or property with a value that cannot be used.
fn refused(name: &str, code: &str, message: impl Into<String>) -> ApiError {
    ApiError::validation(vec![Detail::of(name, code, message)])
}
