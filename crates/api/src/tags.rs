//! Tags, and which asset bears which.

pub(crate) mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{Json, Path, Query};
use crate::page::{ListOut, PageOf, PageOut};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use dto::{AssetIdsIn, MarkOut, NewTagIn, TagIn, TagOut, TaggedOut};
use landfall_domain::AssetId;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Every tag, by category and name.
#[utoipa::path(tag = "Tags", responses((status = 200, body = ListOut<TagOut>)))]
#[get("/tags")]
pub(crate) async fn list(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let tags = state.services().tags(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<TagOut>::from(tags)))
}

/// Makes a tag.
#[utoipa::path(tag = "Tags", request_body = NewTagIn, responses((status = 201, body = TagOut), (status = 409, body = crate::error::ErrorBody, description = "There is one with this category and name.")))]
#[post("/tags")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<NewTagIn>,
) -> ApiResult<HttpResponse> {
    let (name, description) = body.0.into_parts();
    let tag = state
        .services()
        .create_tag(&tenant.0, &name, description.as_deref())
        .await?;
    Ok(HttpResponse::Created().json(TagOut::from(tag)))
}

/// One tag.
#[utoipa::path(tag = "Tags", params(("id" = Uuid, Path)), responses((status = 200, body = TagOut)))]
#[get("/tags/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let tag = state.services().tag(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(TagOut::from(tag)))
}

/// Deletes a tag and takes it off everything that bears it.
#[utoipa::path(tag = "Tags", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone.")))]
#[delete("/tags/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_tag(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which assets bear a tag.
#[utoipa::path(tag = "Tags", params(("id" = Uuid, Path), PageOf), responses((status = 200, body = PageOut<MarkOut>)))]
#[get("/tags/{id}/assets")]
pub(crate) async fn assets(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<PageOf>,
) -> ApiResult<HttpResponse> {
    let marks = state
        .services()
        .tagged_assets(&tenant.0, id.0, &query.0.request())
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<MarkOut>::from(marks)))
}

/// Puts a tag on many assets; those that bear it go on bearing it.
#[utoipa::path(tag = "Tags", params(("id" = Uuid, Path)), request_body = AssetIdsIn, responses((status = 200, body = TaggedOut)))]
#[post("/tags/{id}/assets")]
pub(crate) async fn tag_assets(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<AssetIdsIn>,
) -> ApiResult<HttpResponse> {
    let added = state
        .services()
        .tag_assets(&tenant.0, id.0, &body.0.asset_ids)
        .await?;
    Ok(HttpResponse::Ok().json(TaggedOut { added }))
}

/// The tags of an asset.
#[utoipa::path(tag = "Tags", params(("id" = AssetId, Path)), responses((status = 200, body = ListOut<TagOut>)))]
#[get("/assets/{id}/tags")]
pub(crate) async fn of_asset(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<AssetId>,
) -> ApiResult<HttpResponse> {
    let tags = state.services().asset_tags(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<TagOut>::from(tags)))
}

/// Puts a tag on an asset, made if there is none.
#[utoipa::path(tag = "Tags", params(("id" = AssetId, Path)), request_body = TagIn, responses((status = 200, body = TagOut)))]
#[post("/assets/{id}/tags")]
pub(crate) async fn tag_asset(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<AssetId>,
    body: Json<TagIn>,
) -> ApiResult<HttpResponse> {
    let tag = state
        .services()
        .tag_asset(&tenant.0, id.0, &body.0.into())
        .await?;
    Ok(HttpResponse::Ok().json(TagOut::from(tag)))
}

/// Takes a tag off an asset.
#[utoipa::path(tag = "Tags", params(("id" = AssetId, Path), ("tag_id" = Uuid, Path)), responses((status = 204, description = "It does not bear it any more.")))]
#[delete("/assets/{id}/tags/{tag_id}")]
pub(crate) async fn untag_asset(
    state: Data<State>,
    tenant: Tenant<Editor>,
    ids: Path<(AssetId, Uuid)>,
) -> ApiResult<HttpResponse> {
    let (asset, tag) = ids.0;
    state.services().untag_asset(&tenant.0, asset, tag).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(one).service(remove);
    config.service(assets).service(tag_assets);
    config.service(of_asset).service(tag_asset).service(untag_asset);
}
