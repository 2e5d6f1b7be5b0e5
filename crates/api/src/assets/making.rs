//! Assets that persons state, one or many.

use super::bulk::AssetBulkIn;
use super::dto::{AssetDetailOut, AssetIn, AssetPatchIn};
use crate::access::{Editor, Tenant};
use crate::bulk::BulkOut;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Json, etag, json_value};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use landfall_services::assets::{Asset, AssetError};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Makes an asset of what a person states. Imports recognise it, add to it, and overwrite none of these values.
#[utoipa::path(
    tag = "Assets",
    request_body = AssetIn,
    responses(
        (status = 201, body = AssetDetailOut, headers(("Location" = String, description = "The asset."), ("ETag" = String, description = "Its version."))),
        (status = 409, body = crate::error::ErrorBody, description = "The inventory has it already.")
    )
)]
#[post("/assets")]
pub(crate) async fn create(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    payload: Payload,
) -> ApiResult<HttpResponse> {
    let values = AssetPatchIn::read(json_value(&request, &mut payload.into_inner()).await?)?;
    let asset = state.services().create_asset(&tenant.0, values).await?;
    let detail = state.services().asset(&tenant.0, asset.id).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/assets/{}", asset.id)))
        .insert_header(etag(asset.version))
        .json(AssetDetailOut::from(detail)))
}

/// Makes, changes and deletes up to 500 assets. Each item stands for itself and is answered for itself; with `atomic`, one
/// refused item refuses all.
#[utoipa::path(
    tag = "Assets",
    operation_id = "bulk",
    request_body = AssetBulkIn,
    responses((status = 200, body = BulkOut))
)]
#[post("/assets/bulk")]
pub(crate) async fn bulk(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<AssetBulkIn>,
) -> ApiResult<HttpResponse> {
    let mut items = body.0.into_items()?;
    if items.batch.atomic && items.has_faults() {
        return Err(items.answer(Vec::new(), Vec::new(), Vec::new()).refused());
    }
    let batch = std::mem::take(&mut items.batch);
    let report = state.services().write_assets(&tenant.0, batch).await?;
    let kept = report.kept;
    let written = |asset: Result<Asset, AssetError>| {
        asset
            .map(|asset| (Uuid::from(asset.id), Some(asset.version)))
            .map_err(ApiError::from)
    };
    let gone = report.deleted.into_iter().zip(items.deletions());
    let answer = items.answer(
        report.created.into_iter().map(written).collect(),
        report.updated.into_iter().map(written).collect(),
        gone.map(|(outcome, id)| outcome.map(|()| (id, None)).map_err(ApiError::from))
            .collect(),
    );
    if kept {
        Ok(HttpResponse::Ok().json(answer))
    } else {
        Err(answer.refused())
    }
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create).service(bulk);
}
