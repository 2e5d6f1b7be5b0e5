//! Plans as files, and files that were edited by hand.

use super::dto::{ExportQuery, ImportQuery, ImportedPlanOut};
use super::if_match;
use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Code, Detail};
use crate::extract::{Path, Query, etag};
use crate::state::State;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use futures_util::StreamExt;
use landfall_services::plans::{PlanFormat, PlanTarget};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Largest file that is read back, in bytes: a hundred thousand assets with long reasons.
const LARGEST: usize = 64 * 1024 * 1024;

/// The plan as a file: `csv` and `xlsx` read back as edits, `mgn`, `cmf` and `azure` are for the tools that move servers,
/// `jira` for its CSV import, `ics` for calendars.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path), ExportQuery),
    responses((status = 200, description = "The file.", content(
        (String = "text/csv"), (String = "text/calendar"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/plans/{id}/export")]
async fn export(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<ExportQuery>,
) -> ApiResult<HttpResponse> {
    let ExportQuery {
        format,
        account_id,
        region,
    } = query.0;
    let format: PlanFormat = format
        .as_deref()
        .unwrap_or("csv")
        .parse()
        .map_err(|message: String| ApiError::validation(vec![Detail::of("format", "unknown", message)]))?;
    let target = PlanTarget { account_id, region };
    let file = state
        .services()
        .export_plan(&tenant.0, id.0, format, target)
        .await?;
    let name = format!("attachment; filename=\"{}\"", format.filename());
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(file))
}

/// Reads an exported file back: every row with another wave or pin becomes an edit. All rows are checked before anything
/// changes.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path), ImportQuery),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = ImportedPlanOut))
)]
#[post("/plans/{id}/import")]
async fn import(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    query: Query<ImportQuery>,
    mut payload: Payload,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| ApiError::malformed(format!("the body ended early: {error}")))?;
        if bytes.len() + chunk.len() > LARGEST {
            return Err(ApiError::new(
                Code::TooLarge,
                format!("the file is larger than {LARGEST} bytes"),
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    // Workbooks are archives: the content says more than the header.
    let filename = if bytes.starts_with(b"PK") {
        "plan.xlsx"
    } else {
        "plan.csv"
    };
    let imported = state
        .services()
        .import_plan(&tenant.0, id.0, expected, filename, bytes, query.0.dry_run)
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(imported.plan.version))
        .json(ImportedPlanOut::from(imported)))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(export).service(import);
}
