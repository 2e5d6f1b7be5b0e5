//! What came of an import, and taking it back.

pub(super) mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::download::download;
use crate::error::ApiResult;
use crate::extract::{Path, Query};
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use dto::{ErrorsQuery, PreviewOut, PreviewQuery, RowErrorsOut, UndoOut};
use landfall_domain::ImportId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Every row with something wrong: row, column, value, rule and message of each fault, in the order of the file.
#[utoipa::path(
    tag = "Imports",
    params(("id" = ImportId, Path), ErrorsQuery),
    responses((status = 200, body = PageOut<RowErrorsOut>))
)]
#[get("/imports/{id}/errors")]
pub(crate) async fn errors(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
    query: Query<ErrorsQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let errors = state.services().import_errors(&tenant.0, id.0, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<RowErrorsOut>::from(errors)))
}

/// The first rows, as they came and as far as they are cleansed.
#[utoipa::path(
    tag = "Imports",
    params(("id" = ImportId, Path), PreviewQuery),
    responses((status = 200, body = PreviewOut))
)]
#[get("/imports/{id}/preview")]
pub(crate) async fn preview(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
    query: Query<PreviewQuery>,
) -> ApiResult<HttpResponse> {
    let preview = state.services().preview(&tenant.0, id.0, query.0.rows()).await?;
    Ok(HttpResponse::Ok().json(PreviewOut::from(preview)))
}

/// The faulty rows as CSV, with what is wrong in a column of its own, to be corrected and imported again.
#[utoipa::path(
    tag = "Imports",
    params(("id" = ImportId, Path)),
    responses((status = 200, body = String, content_type = "text/csv"))
)]
#[get("/imports/{id}/corrected-rows")]
pub(crate) async fn corrected_rows(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    let rows = state.services().corrected_rows(&tenant.0, id.0).await?;
    download(
        rows,
        "text/csv; charset=utf-8",
        &format!("corrected-rows-{}.csv", id.0),
    )
    .await
}

/// Takes away what the import brought into the inventory; what others said as well stays.
#[utoipa::path(
    tag = "Imports",
    params(("id" = ImportId, Path)),
    responses((status = 200, body = UndoOut), (status = 409, body = crate::error::ErrorBody, description = "It is being worked on, or was undone already."))
)]
#[post("/imports/{id}/undo")]
pub(crate) async fn undo(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    let report = state.services().undo(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(UndoOut::from(report)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(errors)
        .service(preview)
        .service(corrected_rows)
        .service(undo);
}
