//! Imports: files on their way into the inventory.

mod change;
mod dto;
mod report;
pub(crate) mod upload;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{PREFERENCE_APPLIED, Path, Query, RESPOND_ASYNC, RespondAsync, etag};
use crate::page::{PageOut, chosen, page_request};
use crate::state::State;
use actix_multipart::Multipart;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use dto::{ImportOut, ImportQuery, ReceiptOut, StatusOut};
use landfall_domain::ImportId;
use report::dto::DryRunOut;
use upload::UploadForm;
use utoipa_actix_web::service_config::ServiceConfig;

/// Takes a file. It is read to its end before anything is kept; then the work on it begins, and the answer says where to
/// look. With `dry_run` nothing is kept, and the answer says what would happen.
#[utoipa::path(
    tag = "Imports",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = ReceiptOut, headers(("Location" = String, description = "The import."))),
        (status = 202, body = ReceiptOut, description = "The same, where `Prefer: respond-async` asks for it.", headers(
            ("Location" = String, description = "Where to see how far it is."),
            ("Preference-Applied" = String, description = "`respond-async`")
        )),
        (status = 200, body = DryRunOut, description = "What a dry run found.")
    )
)]
#[post("/imports")]
pub(crate) async fn create(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    preference: RespondAsync,
    form: Multipart,
) -> ApiResult<HttpResponse> {
    let upload = upload::read(&request, state.services(), form).await?;
    if upload.dry_run {
        let report = state
            .services()
            .dry_run(&tenant.0, upload.staged, upload.request)
            .await?;
        return Ok(HttpResponse::Ok().json(DryRunOut::from(report)));
    }
    let receipt = state
        .services()
        .upload(&tenant.0, upload.staged, upload.request)
        .await?;
    let location = format!("/api/v3/imports/{}", receipt.import_id);
    let mut answer = if preference.0 {
        let mut accepted = HttpResponse::Accepted();
        accepted.insert_header((LOCATION, format!("{location}/status")));
        accepted.insert_header((PREFERENCE_APPLIED, RESPOND_ASYNC));
        accepted
    } else {
        let mut created = HttpResponse::Created();
        created.insert_header((LOCATION, location));
        created
    };
    Ok(answer.json(ReceiptOut::from(receipt)))
}

/// Imports, newest first.
#[utoipa::path(tag = "Imports", params(ImportQuery), responses((status = 200, body = PageOut<ImportOut>)))]
#[get("/imports")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<ImportQuery>,
) -> ApiResult<HttpResponse> {
    let (filter, page) = (
        query.0.filter(),
        page_request(query.0.limit, query.0.cursor.clone()),
    );
    let imports = state.services().imports(&tenant.0, &filter, &page).await?;
    chosen(PageOut::<ImportOut>::from(imports), query.0.fields.as_deref())
}

/// One import.
#[utoipa::path(tag = "Imports", params(("id" = ImportId, Path)), responses((status = 200, body = ImportOut)))]
#[get("/imports/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    let import = state.services().import(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(import.version))
        .json(ImportOut::from(import)))
}

/// How far an import is, with its records counted.
#[utoipa::path(tag = "Imports", params(("id" = ImportId, Path)), responses((status = 200, body = StatusOut)))]
#[get("/imports/{id}/status")]
pub(crate) async fn status(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    let detail = state.services().import_detail(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok().json(StatusOut::from(detail)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create)
        .service(list)
        .service(one)
        .service(status)
        .configure(change::routes)
        .configure(report::routes);
}
