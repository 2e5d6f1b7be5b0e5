//! Waves that are carried out: those of the committed plan, and those of the predecessor.

mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{PageOut, page_request};
use crate::plans::dto::{PageQuery, WaveAssetOut};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch};
use dto::{WaveListQuery, WaveOut, WavePatchIn};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Waves by number.
#[utoipa::path(tag = "Waves", params(WaveListQuery), responses((status = 200, body = PageOut<WaveOut>)))]
#[get("/waves")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<WaveListQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let waves = state
        .services()
        .waves(&tenant.0, query.0.status.as_deref(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<WaveOut>::from(waves)))
}

/// One wave.
#[utoipa::path(tag = "Waves", params(("id" = Uuid, Path)), responses((status = 200, body = WaveOut)))]
#[get("/waves/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let wave = state.services().wave(&tenant.0, id.0).await?;
    let tag = etag(wave.version);
    if is_unchanged(&request, wave.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok().insert_header(tag).json(WaveOut::from(wave)))
}

/// Changes a wave: its name, state, dates and how many assets have arrived. Starting it sets its actual start, ending it its
/// actual end, unless they are given.
#[utoipa::path(
    tag = "Waves",
    params(("id" = Uuid, Path)),
    request_body = WavePatchIn,
    responses((status = 200, body = WaveOut))
)]
#[patch("/waves/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<WavePatchIn>,
) -> ApiResult<HttpResponse> {
    let wave = state
        .services()
        .change_wave(&tenant.0, id.0, expected.0, body.0.into_patch())
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(wave.version))
        .json(WaveOut::from(wave)))
}

/// Assets of a wave, with the reasons that its plan had.
#[utoipa::path(
    tag = "Waves",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = PageOut<WaveAssetOut>))
)]
#[get("/waves/{id}/assets")]
pub(crate) async fn assets(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let found = state.services().wave_assets(&tenant.0, id.0, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<WaveAssetOut>::from(found)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(one).service(change).service(assets);
}
