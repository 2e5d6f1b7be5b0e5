//! Proposals: applications that the inventory hints at.

mod dto;

use super::dto::ApplicationRowOut;
use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{Json, Path, Query};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use dto::{AcceptIn, ProposalOut, ProposalQuery, ProposeIn, SearchOut};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Proposals in the order in which they were found.
#[utoipa::path(tag = "Applications", operation_id = "list_proposals", params(ProposalQuery), responses((status = 200, body = PageOut<ProposalOut>)))]
#[get("/applications/proposals")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<ProposalQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let found = state
        .services()
        .application_proposals(&tenant.0, &query.0.filter(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<ProposalOut>::from(found)))
}

/// Looks for applications and keeps what it finds as proposals. What was decided on stays decided.
#[utoipa::path(tag = "Applications", operation_id = "propose", request_body = ProposeIn, responses((status = 200, body = SearchOut)))]
#[post("/applications/proposals")]
pub(crate) async fn propose(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<ProposeIn>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .propose_applications(&tenant.0, &body.0.into_options())
        .await?;
    Ok(HttpResponse::Ok().json(SearchOut::from(found)))
}

/// One proposal.
#[utoipa::path(tag = "Applications", operation_id = "proposal", params(("id" = Uuid, Path)), responses((status = 200, body = ProposalOut)))]
#[get("/applications/proposals/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().application_proposal(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(ProposalOut::from(found)))
}

/// Makes an application of a proposal, or adds its assets to one.
#[utoipa::path(tag = "Applications", operation_id = "accept_proposal", params(("id" = Uuid, Path)), request_body = AcceptIn, responses((status = 200, body = ApplicationRowOut), (status = 409, body = crate::error::ErrorBody, description = "Somebody has decided before.")))]
#[post("/applications/proposals/{id}/accept")]
pub(crate) async fn accept(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<AcceptIn>,
) -> ApiResult<HttpResponse> {
    let application = state
        .services()
        .accept_proposal(&tenant.0, id.0, &body.0.into_acceptance())
        .await?;
    Ok(HttpResponse::Ok().json(ApplicationRowOut::from(application)))
}

/// Rejects a proposal: the same is not proposed again.
#[utoipa::path(tag = "Applications", operation_id = "reject_proposal", params(("id" = Uuid, Path)), responses((status = 200, body = ProposalOut), (status = 409, body = crate::error::ErrorBody, description = "Somebody has decided before.")))]
#[post("/applications/proposals/{id}/reject")]
pub(crate) async fn reject(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let rejected = state.services().reject_proposal(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(ProposalOut::from(rejected)))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(propose)
        .service(one)
        .service(accept)
        .service(reject);
}
