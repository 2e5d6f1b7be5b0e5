//! The change log: what changed, before and after, who did it and in which request.

mod dto;

use crate::access::{Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::Query;
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use dto::{ChangeOut, ChangeQuery};
use utoipa_actix_web::service_config::ServiceConfig;

/// Changes that the filters find, newest first.
#[utoipa::path(tag = "Change log", params(ChangeQuery), responses((status = 200, body = PageOut<ChangeOut>)))]
#[get("/change-log")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<ChangeQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor.clone());
    let changes = state
        .services()
        .changes(&tenant.0, &query.0.into_filter(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<ChangeOut>::from(changes)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list);
}
