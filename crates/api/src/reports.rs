//! Reports on an engagement, for people to read.

use crate::access::{Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Path, Query};
use crate::state::State;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use landfall_services::reports::{ReportFormat, Section};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// In which form, and on which plan.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// `json` (if absent), `md`, or `html`: one file that needs nothing else, with its charts drawn in it.
    #[param(example = "html")]
    format: Option<String>,
    /// The plan that risks and waves are taken from; the committed one if absent, else the newest.
    plan_id: Option<Uuid>,
}

/// A report on the engagement: its portfolio, the strategies that it gets, what is risky, which waves are planned, or all of
/// that.
#[utoipa::path(
    tag = "Reports",
    params(
        ("section" = String, Path, description = "`portfolio`, `strategies`, `risks`, `waves` or `all`."),
        ReportQuery
    ),
    responses((status = 200, description = "The report.", content(
        (serde_json::Value = "application/json"), (String = "text/markdown"), (String = "text/html")
    )))
)]
#[get("/reports/{section}")]
async fn report(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    section: Path<String>,
    query: Query<ReportQuery>,
) -> ApiResult<HttpResponse> {
    let section: Section = section
        .0
        .parse()
        .map_err(|message: String| ApiError::validation(vec![Detail::of("section", "unknown", message)]))?;
    let format: ReportFormat = query
        .0
        .format
        .as_deref()
        .unwrap_or("json")
        .parse()
        .map_err(|message: String| ApiError::validation(vec![Detail::of("format", "unknown", message)]))?;
    let report = state
        .services()
        .report(&tenant.0, section, query.0.plan_id)
        .await?;
    let name = format!(
        "attachment; filename=\"{}.{}\"",
        section.as_str(),
        format.as_str()
    );
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(report.write(format).map_err(ApiError::internal)?))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(report);
}
