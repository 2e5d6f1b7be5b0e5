//! Mappings: which column of an import is which field.

mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult};
use crate::extract::{IfMatch, Json, Path, Query, etag};
use crate::page::ListOut;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post};
use dto::{DecisionsIn, MappingChange, MappingOut, MappingQuery};
use landfall_domain::{ImportId, Scope};
use landfall_services::mappings::decisions::{Decision, Mapping};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

fn all(mappings: Vec<Mapping>) -> HttpResponse {
    HttpResponse::Ok().json(ListOut::<MappingOut>::from(mappings))
}

fn one(mapping: Mapping) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(mapping.version))
        .json(MappingOut::from(mapping))
}

/// The mappings of an import, in the order of its columns.
#[utoipa::path(tag = "Mappings", params(MappingQuery), responses((status = 200, body = ListOut<MappingOut>)))]
#[get("/mappings")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<MappingQuery>,
) -> ApiResult<HttpResponse> {
    Ok(all(state
        .services()
        .mappings(&tenant.0, query.0.import_id)
        .await?))
}

/// The mappings of an import, in the order of its columns.
#[utoipa::path(
    tag = "Mappings",
    operation_id = "mappings",
    params(("id" = ImportId, Path)),
    responses((status = 200, body = ListOut<MappingOut>))
)]
#[get("/imports/{id}/mappings")]
pub(crate) async fn of_import(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    Ok(all(state.services().mappings(&tenant.0, id.0).await?))
}

/// Suggests the mappings of an import anew, by what was learnt since. What a person decided stays.
#[utoipa::path(
    tag = "Mappings",
    operation_id = "suggest_mappings",
    params(("id" = ImportId, Path)),
    responses((status = 200, body = ListOut<MappingOut>), (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already."))
)]
#[post("/imports/{id}/mappings/suggest")]
pub(crate) async fn suggest(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    Ok(all(state.services().suggest_mappings(&tenant.0, id.0).await?))
}

/// Decides on several columns of an import, all or none. Resume the flow to go on with them.
#[utoipa::path(
    tag = "Mappings",
    operation_id = "decide_mappings",
    params(("id" = ImportId, Path)),
    request_body = DecisionsIn,
    responses((status = 200, body = ListOut<MappingOut>), (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already."))
)]
#[post("/imports/{id}/mappings/decide")]
pub(crate) async fn decide(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
    body: Json<DecisionsIn>,
) -> ApiResult<HttpResponse> {
    let (decisions, at_least) = body.0.into_decisions()?;
    Ok(all(state
        .services()
        .decide_mappings(&tenant.0, id.0, decisions, at_least)
        .await?))
}

async fn decided(
    state: &State,
    scope: &Scope,
    id: Uuid,
    expected: Option<i64>,
    decision: Decision,
) -> ApiResult<HttpResponse> {
    Ok(one(state
        .services()
        .decide_mapping(scope, id, expected, decision)
        .await?))
}

/// Says that the proposed field is right.
#[utoipa::path(
    tag = "Mappings",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = MappingOut), (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already."))
)]
#[post("/mappings/{id}/approve")]
pub(crate) async fn approve(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    decided(&state, &tenant.0, id.0, None, Decision::Approve).await
}

/// Says that the column is no field: it stays a custom attribute.
#[utoipa::path(
    tag = "Mappings",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = MappingOut), (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already."))
)]
#[post("/mappings/{id}/reject")]
pub(crate) async fn reject(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    decided(&state, &tenant.0, id.0, None, Decision::Reject).await
}

/// Chooses another field, or other rules for its values.
#[utoipa::path(
    tag = "Mappings",
    params(("id" = Uuid, Path)),
    request_body = MappingChange,
    responses((status = 200, body = MappingOut), (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already."))
)]
#[patch("/mappings/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<MappingChange>,
) -> ApiResult<HttpResponse> {
    let Some(decision) = body.0.into_decision() else {
        return Err(ApiError::malformed(
            "nothing is to be changed: give target_field, with a field or null",
        ));
    };
    decided(&state, &tenant.0, id.0, expected.0, decision).await
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(of_import)
        .service(suggest)
        .service(decide);
    config.service(approve).service(reject).service(change);
}
