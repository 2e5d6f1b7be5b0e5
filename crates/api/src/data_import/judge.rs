//! Judging, comparing, cleansing and exporting the data of imports.

use super::dto::DataImportResponse;
use super::reports::{
    ApplyCleansing, CleansingOutcome, CleansingSuggestions, CompareImports, DataImportHealth,
    DataImportProcess, DataImportStatistics, DataPreviewResponse, DataQualityOut, DataValidationRequest,
    DataValidationResponse, DataValidationRule, ExportQuery, HistoryQuery, ImportComparisonOut,
    ImportHistoryEntry, SampleQuery, json,
};
use crate::access::{Editor, Tenant, Viewer};
use crate::download::download;
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{LenientJson, LenientQuery, OptionalJson, Path, is_empty, json_value, lenient};
use crate::state::State;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use landfall_domain::{ImportId, ImportStatus, JobState};
use landfall_services::PageNumber;
use landfall_services::assets::ExportFormat;
use landfall_services::imports::cleansing_rules::CleansingRule;
use landfall_services::imports::data_rules::DataRule;
use landfall_services::imports::quality::clean_share;
use landfall_services::imports::{ImportFilter, ImportSort, ProcessOptions};
use serde_json::Value;
use std::collections::BTreeMap;
use tokio::time::Instant;
use utoipa_actix_web::service_config::ServiceConfig;

/// The rules, parsed; every one that cannot be used is told.
pub(crate) fn rules(given: &[DataValidationRule]) -> ApiResult<Vec<DataRule>> {
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for (index, rule) in given.iter().enumerate() {
        match DataRule::parse(&rule.field, &rule.rule_type, &rule.parameters, &rule.severity) {
            Ok(rule) => rules.push(rule),
            Err(message) => faults.push(Detail::of(format!("rules[{index}]"), "rule", message)),
        }
    }
    if faults.is_empty() {
        Ok(rules)
    } else {
        Err(ApiError::validation(faults))
    }
}

/// The format of a file that is asked for.
pub(crate) fn format(word: Option<&str>, default: ExportFormat) -> ApiResult<ExportFormat> {
    word.map_or(Ok(default), |word| {
        word.parse()
            .map_err(|message: String| ApiError::validation(vec![Detail::of("format", "format", message)]))
    })
}

/// Checks the data of an import, by its columns and by rules that are given.
#[utoipa::path(
    tag = "Data import",
    operation_id = "validate",
    params(("import_id" = ImportId, Path)),
    request_body(content = Option<DataValidationRequest>, description = "Rules; a bare list of them is taken too."),
    responses((status = 200, body = DataValidationResponse))
)]
#[post("/data-import/imports/{import_id}/validate")]
pub(crate) async fn validate(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
    payload: Payload,
) -> ApiResult<HttpResponse> {
    let body = if is_empty(&request) {
        Value::Null
    } else {
        json_value(&request, &mut payload.into_inner()).await?
    };
    let body = match body {
        Value::Array(rules) => serde_json::json!({ "validation_rules": rules }),
        Value::Null => serde_json::json!({}),
        other => other,
    };
    let body: DataValidationRequest = lenient(&request, body)?;
    state.services().import(&tenant.0, id.0).await?;
    let rules = rules(&body.validation_rules.unwrap_or_default())?;
    let found = state.services().validate_import(&tenant.0, id.0, rules).await?;
    Ok(HttpResponse::Ok().json(DataValidationResponse::from(found)))
}

/// The first rows of an import as they came, and what its columns hold.
#[utoipa::path(
    tag = "Data import",
    operation_id = "preview",
    params(("import_id" = ImportId, Path), SampleQuery),
    responses((status = 200, body = DataPreviewResponse))
)]
#[get("/data-import/imports/{import_id}/preview")]
pub(crate) async fn preview(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
    query: LenientQuery<SampleQuery>,
) -> ApiResult<HttpResponse> {
    let wanted = query.0.sample_size.unwrap_or(10);
    let found = state
        .services()
        .import_sample(&tenant.0, id.0, wanted as usize)
        .await?;
    let fields = state
        .services()
        .import_statistics(&tenant.0, id.0)
        .await?
        .field_statistics;
    let of_kind = |kinds: &[&str]| -> Vec<String> {
        let wanted = fields
            .iter()
            .filter(|(_, field)| kinds.contains(&field.data_type));
        wanted.map(|(name, _)| name.clone()).collect()
    };
    Ok(HttpResponse::Ok().json(DataPreviewResponse {
        sample_size: found.rows.len(),
        preview_data: found.rows,
        total_records: found.total,
        field_names: found.columns,
        numeric_fields: of_kind(&["integer", "number"]),
        date_fields: of_kind(&["datetime"]),
        text_fields: of_kind(&["string", "ip_address", "mac_address", "uuid", "boolean"]),
        field_types: fields
            .iter()
            .map(|(name, f)| (name.clone(), f.data_type.to_owned()))
            .collect(),
        completeness_rates: fields
            .iter()
            .map(|(name, f)| (name.clone(), f.completeness_rate))
            .collect(),
        unique_value_counts: fields
            .iter()
            .map(|(name, f)| (name.clone(), f.unique_values))
            .collect(),
    }))
}

/// How good the data of an import is, as a whole and column by column, and what should be done.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, body = DataImportStatistics))
)]
#[get("/data-import/imports/{import_id}/statistics")]
pub(crate) async fn statistics(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    let found = state.services().import_statistics(&tenant.0, id.0).await?;
    let quality = found.data_quality;
    Ok(HttpResponse::Ok().json(DataImportStatistics {
        data_quality: DataQualityOut {
            overall_score: quality.overall_score,
            completeness: quality.completeness,
            consistency: quality.consistency,
            accuracy: quality.accuracy,
            validity: quality.validity,
        },
        field_statistics: json(&found.field_statistics),
        recommendations: json(&found.recommendations),
    }))
}

/// Begins, resumes or retries the work on an import.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path)),
    request_body = Option<DataImportProcess>,
    responses(
        (status = 200, body = DataImportResponse),
        (status = 409, body = crate::error::ErrorBody, description = "Its flow was cancelled.")
    )
)]
#[post("/data-import/imports/{import_id}/process")]
pub(crate) async fn process(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
    body: OptionalJson<DataImportProcess>,
) -> ApiResult<HttpResponse> {
    // What is always done needs no asking, and cannot be switched off.
    let DataImportProcess {
        auto_clean,
        validate_business_rules,
        remove_duplicates: _,
        standardize_formats: _,
        generate_insights: _,
    } = body.0;
    let options = ProcessOptions {
        auto_clean: auto_clean.unwrap_or(false),
        validate_again: validate_business_rules.unwrap_or(false),
    };
    state.services().process_import(&tenant.0, id.0, options).await?;
    Ok(HttpResponse::Ok().json(super::whole(&state, &tenant.0, id.0).await?))
}

/// The rows of an import as a file.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path), ExportQuery),
    responses((status = 200, description = "The file.", content(
        (String = "application/json"), (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/data-import/imports/{import_id}/export")]
pub(crate) async fn export(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
    query: LenientQuery<ExportQuery>,
) -> ApiResult<HttpResponse> {
    let format = format(query.0.format.as_deref(), ExportFormat::Json)?;
    let pieces = state
        .services()
        .export_import(&tenant.0, id.0, format, query.0.include_metadata)
        .await?;
    let name = format!("import-{}.{}", id.0, format.extension());
    download(pieces, format.media_type(), &name).await
}

/// What could be put right in the values of an import, with the rules that would do it.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, body = CleansingSuggestions))
)]
#[get("/data-import/imports/{import_id}/cleansing-suggestions")]
pub(crate) async fn cleansing_suggestions(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<ImportId>,
) -> ApiResult<HttpResponse> {
    let found = state.services().cleansing_suggestions(&tenant.0, id.0).await?;
    let automatic = found
        .iter()
        .filter(|suggestion| suggestion.is_automatic())
        .count();
    Ok(HttpResponse::Ok().json(CleansingSuggestions {
        auto_applicable: automatic,
        manual_review_required: found.len() - automatic,
        suggestions: json(&found),
    }))
}

/// Applies cleansing rules to an import: its rows are read again under them, and the inventory with it.
#[utoipa::path(
    tag = "Data import",
    params(("import_id" = ImportId, Path)),
    request_body = ApplyCleansing,
    responses(
        (status = 200, body = CleansingOutcome),
        (status = 409, body = crate::error::ErrorBody, description = "Its flow does not allow it.")
    )
)]
#[post("/data-import/imports/{import_id}/apply-cleansing")]
pub(crate) async fn apply_cleansing(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
    body: LenientJson<ApplyCleansing>,
) -> ApiResult<HttpResponse> {
    state.services().import(&tenant.0, id.0).await?;
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for (index, rule) in body.0.rules.iter().enumerate() {
        // A rule is about every value that it speaks of; there is no other way to apply it.
        let _ = rule.apply_to_all;
        match CleansingRule::parse(&rule.field, &rule.rule_type, &rule.parameters) {
            Ok(rule) => rules.push(rule),
            Err(message) => faults.push(Detail::of(format!("rules[{index}]"), "rule", message)),
        }
    }
    if !faults.is_empty() {
        return Err(ApiError::validation(faults));
    }
    let begun = Instant::now();
    let report = state.services().apply_cleansing(&tenant.0, id.0, rules).await?;
    let what_follows = if report.reads_again {
        "the rows are being read again"
    } else {
        "the rows will be read under them"
    };
    Ok(HttpResponse::Ok().json(CleansingOutcome {
        applied_rules: report.applied_rules,
        records_affected: report.records_affected,
        issues_resolved: report.issues_resolved,
        processing_time: begun.elapsed().as_secs_f64(),
        summary: format!(
            "{} rules change {} records; {what_follows}",
            report.applied_rules, report.records_affected
        ),
    }))
}

/// The last imports.
#[utoipa::path(
    tag = "Data import",
    params(HistoryQuery),
    responses((status = 200, body = Vec<ImportHistoryEntry>))
)]
#[get("/data-import/imports/history")]
pub(crate) async fn history(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: LenientQuery<HistoryQuery>,
) -> ApiResult<HttpResponse> {
    let filter = ImportFilter {
        source_type: query.0.source_type,
        ..ImportFilter::default()
    };
    let number = PageNumber {
        page: 1,
        size: query.0.limit.unwrap_or(10),
    };
    let found = state
        .services()
        .imports_by_number(&tenant.0, &filter, ImportSort::CreatedAt, true, number)
        .await?;
    let entries: Vec<ImportHistoryEntry> = found
        .items
        .into_iter()
        .map(|import| ImportHistoryEntry {
            import_id: import.id,
            source_type: import.source_system.unwrap_or(import.import_type),
            name: import.import_name,
            status: import.status,
            created_at: import.created_at,
            record_count: import.total_records.unwrap_or(0),
            quality_score: clean_share(import.total_records, import.failed_records),
        })
        .collect();
    Ok(HttpResponse::Ok().json(entries))
}

/// Compares the columns and values of two imports.
#[utoipa::path(
    tag = "Data import",
    request_body = CompareImports,
    responses((status = 200, body = ImportComparisonOut))
)]
#[post("/data-import/imports/compare")]
pub(crate) async fn compare(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    body: LenientJson<CompareImports>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .compare_imports(&tenant.0, body.0.import_id_1, body.0.import_id_2)
        .await?;
    Ok(HttpResponse::Ok().json(ImportComparisonOut {
        schema_comparison: json(&found.schema_comparison),
        data_comparison: json(&found.data_comparison),
        recommendations: found.recommendations,
    }))
}

/// How imports are in this engagement.
#[utoipa::path(tag = "Data import", responses((status = 200, body = DataImportHealth)))]
#[get("/data-import/health")]
pub(crate) async fn health(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let active = ImportFilter {
        statuses: vec![ImportStatus::Pending, ImportStatus::Processing],
        ..ImportFilter::default()
    };
    let number = PageNumber { page: 1, size: 1 };
    let services = state.services();
    let active = services
        .imports_by_number(&tenant.0, &active, ImportSort::CreatedAt, true, number)
        .await?;
    let totals = services.flow_totals(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(DataImportHealth {
        status: "healthy",
        service: "data-import-v3",
        version: crate::service::API_VERSION,
        timestamp: services.now(),
        components: BTreeMap::from([("database", true), ("files", true)]),
        active_imports: active.total,
        processing_queue_size: totals.jobs_in(JobState::Queued),
    }))
}

/// Who asks, as the headers were understood.
#[utoipa::path(tag = "Data import", responses((status = 200, body = Object)))]
#[get("/data-import/debug/context")]
pub(crate) async fn context(request: HttpRequest, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let header = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| request.headers().get(*name)?.to_str().ok())
            .map(str::to_owned)
    };
    Ok(HttpResponse::Ok().json(serde_json::json!({
        "client_account_id": tenant.0.client_account_id,
        "engagement_id": tenant.0.engagement_id,
        "user_id": tenant.0.actor.user_id,
        "actor": tenant.0.actor.name,
        "request_id": tenant.0.actor.request_id,
        "session_id": header(&["x-session-id", "x-context-session-id", "session-id"]),
        "flow_id": header(&["x-flow-id"]),
    })))
}

/// Paths with a fixed word where others have an id.
pub(super) fn fixed_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(history)
        .service(compare)
        .service(health)
        .service(context);
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(validate)
        .service(preview)
        .service(statistics)
        .service(process)
        .service(export)
        .service(cleansing_suggestions)
        .service(apply_cleansing);
}
