//! Findings: technical debt of the inventory.

mod dto;

use crate::access::{Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::Query;
use crate::page::{ListOut, PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use dto::{CountOut, CountQuery, FindingOut, FindingQuery};
use utoipa_actix_web::service_config::ServiceConfig;

/// Findings in the order in which they were made.
#[utoipa::path(tag = "Findings", params(FindingQuery), responses((status = 200, body = PageOut<FindingOut>)))]
#[get("/findings")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<FindingQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let findings = state
        .services()
        .findings(&tenant.0, &query.0.filter(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<FindingOut>::from(findings)))
}

/// How many findings there are of each severity, the worst first.
#[utoipa::path(tag = "Findings", params(CountQuery), responses((status = 200, body = ListOut<CountOut>)))]
#[get("/findings/counts")]
pub(crate) async fn counts(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<CountQuery>,
) -> ApiResult<HttpResponse> {
    let counts = state
        .services()
        .finding_counts(&tenant.0, &query.0.filter())
        .await?;
    Ok(HttpResponse::Ok().json(ListOut::<CountOut>::from(counts)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(counts);
}
