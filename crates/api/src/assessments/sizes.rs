//! Sizes: readiness, right-sizing and cost of the engagement's machines.

mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::Json;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use dto::{SizesIn, SizesRunOut, SizesSummaryOut};
use utoipa_actix_web::service_config::ServiceConfig;

/// Begins to size every machine of the engagement; a worker does it. Each machine's result is an assessment of type
/// `technical_assessment`; those of an earlier run are replaced.
#[utoipa::path(tag = "Assessments", operation_id = "begin_sizing", request_body = SizesIn, responses((status = 202, body = SizesRunOut)))]
#[post("/assessments/sizes")]
pub(crate) async fn begin(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<SizesIn>,
) -> ApiResult<HttpResponse> {
    let run = state
        .services()
        .begin_sizing(&tenant.0, &body.0.into_request())
        .await?;
    Ok(HttpResponse::Accepted().json(SizesRunOut::from(run)))
}

/// The sizes of the engagement's machines, added up.
#[utoipa::path(tag = "Assessments", operation_id = "size_summary", responses((status = 200, body = SizesSummaryOut)))]
#[get("/assessments/sizes/summary")]
pub(crate) async fn summary(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let summary = state.services().size_summary(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(SizesSummaryOut::from(summary)))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(begin).service(summary);
}
