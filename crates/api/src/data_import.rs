//! `/data-import`: imports as existing clients know them.

mod dto;
pub(crate) mod judge;
pub(crate) mod reports;
mod upload;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{LenientJson, LenientQuery, Path};
use crate::state::State;
use actix_multipart::Multipart;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use dto::{
    Beside, DataImportCreate, DataImportListResponse, DataImportResponse, DataImportUpdate,
    ImportDeleteQuery, ImportListQuery,
};
use landfall_domain::{ImportId, ImportStatus, Scope};
use landfall_services::PageNumber;
use landfall_services::imports::{
    GivenRecords, Import, ImportOptions, ImportPatch, ProcessOptions, UploadRequest,
};
use serde_json::{Value, json};
use upload::{DataImportUpload, UploadQuery};
use utoipa_actix_web::service_config::ServiceConfig;

/// Faults of rows that an import's answer shows.
const FAULTS_SHOWN: u32 = 20;

/// The import with what hangs on it.
async fn whole(state: &State, scope: &Scope, id: ImportId) -> ApiResult<DataImportResponse> {
    let services = state.services();
    let columns = services.import_columns(scope, id).await?;
    let mappings = services.mappings(scope, id).await?;
    let page = landfall_domain::PageRequest::first(FAULTS_SHOWN);
    let faults = services.import_errors(scope, id, &page).await?;
    let (errors, warnings) = faults
        .items
        .into_iter()
        .flat_map(|row| row.errors)
        .partition(|fault: &Value| fault.get("rule").is_some_and(|rule| rule != "note"));
    let analysis = columns.profiles.iter().map(|profile| {
        let faults = columns.faults.get(&profile.name);
        let facts = json!({
            "data_type": profile.column_type(), "completeness_rate": landfall_services::imports::quality::clean_share(
                i64::try_from(profile.total).ok(), i64::try_from(profile.total - profile.filled).unwrap_or(0)),
            "unique_values": profile.distinct, "issues": faults,
        });
        (profile.name.clone(), facts)
    });
    let beside = Beside {
        flow_id: columns.flow.as_ref().map(|flow| flow.flow_id),
        errors,
        warnings,
        field_analysis: Value::Object(analysis.collect()),
        mappings: mappings
            .into_iter()
            .filter_map(|mapping| Some((mapping.source_field, mapping.target_field?)))
            .collect(),
    };
    Ok(DataImportResponse::of(columns.import, beside))
}

/// Imports records that come in the body.
#[utoipa::path(
    tag = "Data import",
    request_body = DataImportCreate,
    responses((status = 201, body = DataImportResponse))
)]
#[post("/data-import/imports")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: LenientJson<DataImportCreate>,
) -> ApiResult<HttpResponse> {
    let body = body.0;
    let records: Vec<Value> = body.data.into_iter().map(Value::Object).collect();
    let given = GivenRecords::new(records, &body.name, &body.source_type);
    let request = UploadRequest {
        name: Some(body.name),
        description: body.description,
        source_system: Some(body.source_system.unwrap_or(body.source_type)),
        filename: body.filename,
        file_size: body.file_size,
        mime_type: body.mime_type,
        master_flow_id: body.master_flow_id,
        options: ImportOptions {
            review: true,
            metadata: body.metadata.unwrap_or_default(),
            ..ImportOptions::default()
        },
        ..UploadRequest::default()
    };
    let services = state.services();
    let id = if body.auto_create_flow {
        services
            .import_records(&tenant.0, &given, request)
            .await?
            .import_id
    } else {
        services.keep_records(&tenant.0, &given, request).await?
    };
    Ok(HttpResponse::Created().json(whole(&state, &tenant.0, id).await?))
}

/// Imports a file. What goes with it comes in the form or in the query.
#[utoipa::path(
    tag = "Data import",
    params(UploadQuery),
    request_body(content = DataImportUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = DataImportResponse))
)]
#[post("/data-import/imports/upload")]
pub(crate) async fn upload_file(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    query: LenientQuery<UploadQuery>,
    form: Multipart,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    let upload = upload::read(&request, services, query.0, form).await?;
    let id = if upload.begins {
        services
            .upload(&tenant.0, upload.staged, upload.request)
            .await?
            .import_id
    } else {
        services
            .keep_import(&tenant.0, upload.staged, upload.request)
            .await?
    };
    Ok(HttpResponse::Created().json(whole(&state, &tenant.0, id).await?))
}

/// Imports, newest first.
#[utoipa::path(
    tag = "Data import",
    params(ImportListQuery),
    responses((status = 200, body = DataImportListResponse))
)]
#[get("/data-import/imports")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: LenientQuery<ImportListQuery>,
) -> ApiResult<HttpResponse> {
    let query = query.0;
    let number = PageNumber {
        page: query.page.unwrap_or(1),
        size: query.page_size.unwrap_or(20),
    };
    let (sort, descending) = query.sort();
    let (items, total) = if query.finds_nothing() {
        (Vec::new(), 0)
    } else {
        let found = state
            .services()
            .imports_by_number(&tenant.0, &query.filter(), sort, descending, number)
            .await?;
        (found.items, found.total)
    };
    Ok(HttpResponse::Ok().json(DataImportListResponse {
        has_next: number.page.saturating_mul(number.size) < total,
        has_previous: number.page > 1 && total > 0,
        imports: items
            .into_iter()
            .map(|import| DataImportResponse::of(import, Beside::default()))
            .collect(),
        total,
        page: number.page,
        page_size: number.size,
    }))
}

/// One import, with its columns, suggested mappings and first faults.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, body = DataImportResponse))
)]
#[get("/data-import/imports/{import_id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(whole(&state, &tenant.0, id.0).await?))
}

/// Changes an import's name, description or metadata, or stops or resumes the work on it.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path)),
    request_body = DataImportUpdate,
    responses(
        (status = 200, body = DataImportResponse),
        (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it.")
    )
)]
#[put("/data-import/imports/{import_id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
    body: LenientJson<DataImportUpdate>,
) -> ApiResult<HttpResponse> {
    let (services, scope) = (state.services(), &tenant.0);
    let import = services.import(scope, id.0).await?;
    if let Some(word) = &body.0.status {
        set_status(&state, scope, &import, word).await?;
    }
    if body.0.name.is_some() || body.0.description.is_some() {
        let patch = ImportPatch {
            name: body.0.name.clone(),
            description: body.0.description.clone().map(Some),
        };
        services.change_import(scope, id.0, None, patch).await?;
    }
    if let Some(metadata) = body.0.metadata {
        services.add_import_metadata(scope, id.0, metadata).await?;
    }
    Ok(HttpResponse::Ok().json(whole(&state, scope, id.0).await?))
}

async fn set_status(state: &State, scope: &Scope, import: &Import, word: &str) -> ApiResult<()> {
    let services = state.services();
    let wanted = landfall_compat::words::import_status(word).ok_or_else(|| {
        let known = ImportStatus::ALL
            .iter()
            .map(|s| s.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        ApiError::validation(vec![Detail::of(
            "status",
            "word",
            format!("'{word}' is no state of an import; known are {known}"),
        )])
    })?;
    if wanted == import.status {
        return Ok(());
    }
    match wanted {
        ImportStatus::Processing => {
            services
                .process_import(scope, import.id, ProcessOptions::default())
                .await?;
            Ok(())
        }
        ImportStatus::Cancelled => Ok(services.stop_import(scope, import.id).await?),
        ImportStatus::Pending | ImportStatus::Completed | ImportStatus::Failed => {
            Err(ApiError::validation(vec![Detail::of(
                "status",
                "word",
                format!("an import becomes {wanted} by itself; what can be set is processing and cancelled"),
            )]))
        }
    }
}

/// Deletes an import with its records and mappings. What it brought into the inventory stays, unless `cascade` takes it away.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path), ImportDeleteQuery),
    responses((status = 204, description = "It is gone."))
)]
#[delete("/data-import/imports/{import_id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
    query: LenientQuery<ImportDeleteQuery>,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    let import = services.import(&tenant.0, id.0).await?;
    if matches!(import.status, ImportStatus::Pending | ImportStatus::Processing) {
        services.stop_import(&tenant.0, id.0).await?;
    }
    services
        .delete_import(&tenant.0, id.0, None, query.0.cascade)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    // Fixed words come before `{import_id}`.
    config.configure(judge::fixed_routes).service(upload_file);
    config
        .service(create)
        .service(list)
        .service(one)
        .service(change)
        .service(remove)
        .configure(judge::routes);
}
