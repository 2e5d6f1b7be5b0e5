//! The policy: gates, blocks and weights of a client account.

use super::dto::{CheckOut, PolicyIn, PolicyOut, PolicyQuery};
use crate::access::{Approver, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{Json, Query};
use crate::page::ListOut;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post, put};
use landfall_services::sixr;
use utoipa_actix_web::service_config::ServiceConfig;

/// The policy that counts, or a version of the client account's own.
#[utoipa::path(tag = "6R", params(PolicyQuery), responses((status = 200, body = PolicyOut)))]
#[get("/sixr/policy")]
pub(crate) async fn policy(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<PolicyQuery>,
) -> ApiResult<HttpResponse> {
    let found = state.services().sixr_policy(&tenant.0, query.0.version).await?;
    Ok(HttpResponse::Ok().json(PolicyOut::from(found)))
}

/// The newest hundred versions of the client account's own policy, the newest first.
#[utoipa::path(tag = "6R", responses((status = 200, body = ListOut<PolicyOut>)))]
#[get("/sixr/policies")]
pub(crate) async fn policies(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let found = state.services().sixr_policies(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<PolicyOut>::from(found)))
}

/// Keeps a policy as the next version of the client account's own. What was recommended before keeps its version. A policy
/// with faults is refused with all of them.
#[utoipa::path(tag = "6R", request_body = PolicyIn, responses((status = 200, body = PolicyOut)))]
#[put("/sixr/policy")]
pub(crate) async fn put_policy(
    state: Data<State>,
    tenant: Tenant<Approver>,
    body: Json<PolicyIn>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .put_sixr_policy(&tenant.0, &body.0.body, body.0.comment)
        .await?;
    Ok(HttpResponse::Ok().json(PolicyOut::from(found)))
}

/// Says everything that is wrong with a policy, and keeps nothing.
#[utoipa::path(tag = "6R", request_body = PolicyIn, responses((status = 200, body = CheckOut)))]
#[post("/sixr/policy/check")]
pub(crate) async fn check_policy(_tenant: Tenant<Viewer>, body: Json<PolicyIn>) -> ApiResult<HttpResponse> {
    let faults = sixr::check_policy(&body.0.body).err().map(|faults| faults.0);
    let faults = faults.unwrap_or_default();
    Ok(HttpResponse::Ok().json(CheckOut::from(faults)))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(policy)
        .service(policies)
        .service(put_policy)
        .service(check_policy);
}
