//! API keys of a tenant.

mod dto;

use crate::access::{Admin, Caller, CameFrom, ClientAccount, NEVER_KEPT};
use crate::error::ApiResult;
use crate::extract::{Json, Path};
use crate::page::ListOut;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use dto::{ApiKeyIn, ApiKeyOut, MadeApiKeyOut};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The keys of the tenant, newest first, those that were revoked too.
#[utoipa::path(
    tag = "Access",
    params(("X-Client-Account-ID" = Uuid, Header, description = "The client account.")),
    responses((status = 200, body = ListOut<ApiKeyOut>))
)]
#[get("/api-keys")]
pub(crate) async fn list(state: Data<State>, client: ClientAccount<Admin>) -> ApiResult<HttpResponse> {
    let keys = state.services().api_keys(Some(client.0)).await?;
    Ok(HttpResponse::Ok().json(ListOut::<ApiKeyOut>::from(keys)))
}

/// Makes a key for a program. The key is in this answer only.
#[utoipa::path(
    tag = "Access",
    params(("X-Client-Account-ID" = Uuid, Header, description = "The client account.")),
    request_body = ApiKeyIn,
    responses((status = 201, body = MadeApiKeyOut))
)]
#[post("/api-keys")]
pub(crate) async fn create(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    from: CameFrom,
    body: Json<ApiKeyIn>,
) -> ApiResult<HttpResponse> {
    let terms = body.0.into_terms(client.0);
    let made = state.services().create_api_key(&caller.1, terms, &from.0).await?;
    Ok(HttpResponse::Created()
        .insert_header(NEVER_KEPT)
        .json(MadeApiKeyOut::from(made)))
}

/// Ends a key at once.
#[utoipa::path(
    tag = "Access",
    params(("id" = Uuid, Path), ("X-Client-Account-ID" = Uuid, Header, description = "The client account.")),
    responses((status = 204, description = "It opens nothing any more."))
)]
#[delete("/api-keys/{id}")]
pub(crate) async fn revoke(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    from: CameFrom,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state
        .services()
        .revoke_api_key(&caller.1, id.0, Some(client.0), &from.0)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(revoke);
}
