//! Mappings as files.

use super::dto::{FieldMappingResponse, MappingFile};
use super::key;
use crate::access::{Editor, Tenant, Viewer};
use crate::data_import::judge::format;
use crate::data_import::reports::ExportQuery;
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{LenientQuery, Path, note_ignored, note_old};
use crate::imports::upload::{broken, check_head, stage};
use crate::state::State;
use actix_multipart::Multipart;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use futures_util::TryStreamExt;
use landfall_compat::Resource;
use landfall_domain::DiscoveryFlowId;
use landfall_services::assets::ExportFormat;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The mappings of a flow as a file that can be changed and read back.
#[utoipa::path(
    tag = "Field mapping",
    operation_id = "export",
    params(("flow_id" = DiscoveryFlowId, Path), ExportQuery),
    responses((status = 200, description = "The file.", content(
        (String = "application/json"), (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/field-mapping/mappings/{flow_id}/export")]
pub(crate) async fn export(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: LenientQuery<ExportQuery>,
) -> ApiResult<HttpResponse> {
    let format = format(query.0.format.as_deref(), ExportFormat::Json)?;
    let file = state
        .services()
        .export_mappings(&tenant.0, key(id.0), format)
        .await?;
    let name = format!(
        "attachment; filename=\"mappings-{}.{}\"",
        id.0,
        format.extension()
    );
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(file))
}

/// Takes the mappings of a flow out of a file; old names of its columns are understood.
#[utoipa::path(
    tag = "Field mapping",
    operation_id = "import",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body(content = MappingFile, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = FieldMappingResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already.")
    )
)]
#[post("/field-mapping/mappings/{flow_id}/import")]
pub(crate) async fn import(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    mut form: Multipart,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    services.discovery_flow(&tenant.0, key(id.0)).await?;
    check_head(&request, services.settings().upload_limit)?;
    let mut staged = None;
    while let Some(mut part) = form.try_next().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            staged = Some(stage(services, &mut part).await?);
        } else {
            note_ignored(&request, &name);
            while part.try_next().await.map_err(broken)?.is_some() {}
        }
    }
    let staged = staged.ok_or_else(|| {
        ApiError::validation(vec![Detail::of(
            "file",
            "missing",
            "the form has no file: send it in the field 'file'",
        )])
    })?;
    let read = services.import_mappings(&tenant.0, key(id.0), staged).await?;
    for name in read.old_names {
        note_old(&request, Resource::ImportFieldMappings, name);
    }
    Ok(HttpResponse::Ok().json(FieldMappingResponse::from(read.mappings)))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(export).service(import);
}
