//! Client accounts: the tenants.

mod dto;

use crate::access::{Caller, PlatformAdmin, client_access};
use crate::error::ApiResult;
use crate::extract::{Json, Path};
use crate::page::ListOut;
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use dto::{TenantIn, TenantOut};
use landfall_domain::{ClientAccountId, Role};
use utoipa_actix_web::service_config::ServiceConfig;

/// The tenants that the caller may see, by name.
#[utoipa::path(tag = "Tenants", responses((status = 200, body = ListOut<TenantOut>)))]
#[get("/tenants")]
pub(crate) async fn list(state: Data<State>, caller: Caller) -> ApiResult<HttpResponse> {
    let visible = state.services().visible_client_accounts(&caller.1).await?;
    let tenants: Vec<_> = visible.into_iter().map(|(tenant, _)| tenant).collect();
    Ok(HttpResponse::Ok().json(ListOut::<TenantOut>::from(tenants)))
}

/// Makes a tenant.
#[utoipa::path(
    tag = "Tenants",
    request_body = TenantIn,
    responses((status = 201, body = TenantOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use."))
)]
#[post("/tenants")]
pub(crate) async fn create(
    state: Data<State>,
    caller: PlatformAdmin,
    body: Json<TenantIn>,
) -> ApiResult<HttpResponse> {
    let tenant = state
        .services()
        .create_client_account(body.0.into_new(&caller.0))
        .await?;
    let location = format!("/api/v3/tenants/{}", tenant.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .json(TenantOut::from(tenant)))
}

/// One tenant.
#[utoipa::path(tag = "Tenants", params(("id" = ClientAccountId, Path)), responses((status = 200, body = TenantOut)))]
#[get("/tenants/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    id: Path<ClientAccountId>,
) -> ApiResult<HttpResponse> {
    client_access(&request, id.0, Role::Viewer).await?;
    let tenant = state.services().client_account(id.0).await?;
    Ok(HttpResponse::Ok().json(TenantOut::from(tenant)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(one);
}
