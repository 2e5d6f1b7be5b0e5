//! Engagements: programmes of work of a tenant.

mod dto;

use crate::access::{Admin, Caller, ClientAccount, Viewer};
use crate::error::ApiResult;
use crate::extract::Json;
use crate::page::ListOut;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use dto::{EngagementIn, EngagementOut};
use utoipa_actix_web::service_config::ServiceConfig;

/// All engagements of the tenant, by name.
#[utoipa::path(
    tag = "Tenants",
    params(("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")),
    responses((status = 200, body = ListOut<EngagementOut>))
)]
#[get("/engagements")]
pub(crate) async fn list(state: Data<State>, client: ClientAccount<Viewer>) -> ApiResult<HttpResponse> {
    let mut engagements = state.services().engagements(client.0).await?;
    engagements.retain(|engagement| client.1.in_engagement(engagement.id).is_some());
    Ok(HttpResponse::Ok().json(ListOut::<EngagementOut>::from(engagements)))
}

/// Makes an engagement of the tenant.
#[utoipa::path(
    tag = "Tenants",
    params(("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")),
    request_body = EngagementIn,
    responses((status = 201, body = EngagementOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use."))
)]
#[post("/engagements")]
pub(crate) async fn create(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    body: Json<EngagementIn>,
) -> ApiResult<HttpResponse> {
    let engagement = state
        .services()
        .create_engagement(client.0, body.0.into_new(&caller.0))
        .await?;
    Ok(HttpResponse::Created().json(EngagementOut::from(engagement)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create);
}
