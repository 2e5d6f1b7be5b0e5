//! Jobs: work that goes on after its request was answered.

pub(crate) mod dto;

use crate::access::{Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{Path, Query};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use dto::{JobOut, JobQuery};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Jobs of the engagement, newest first.
#[utoipa::path(tag = "Jobs", params(JobQuery), responses((status = 200, body = PageOut<JobOut>)))]
#[get("/jobs")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<JobQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let jobs = state
        .services()
        .jobs(&tenant.0, &query.0.into_filter(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<JobOut>::from(jobs)))
}

/// One job: whether it is done, and with what result.
#[utoipa::path(tag = "Jobs", params(("id" = Uuid, Path)), responses((status = 200, body = JobOut)))]
#[get("/jobs/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let job = state.services().job(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(JobOut::from(job)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(one);
}
