//! The API as a whole: what it is, how it is, and what flows do.

use crate::access::{Tenant, Viewer};
use crate::error::{ApiError, ApiResult};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use landfall_domain::FlowStatus;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// The version that existing clients ask for.
pub(crate) const API_VERSION: &str = "3.0.0";
/// The name that existing clients know.
const SERVICE: &str = "landfall-api-v3";

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthCheckResponse {
    /// `healthy`: anything else is an error.
    #[schema(example = "healthy")]
    status: &'static str,
    service: &'static str,
    version: &'static str,
    timestamp: DateTime<Utc>,
    /// Whether each part answers.
    components: BTreeMap<&'static str, bool>,
    /// Seconds since the process began to serve.
    uptime_seconds: Option<f64>,
}

/// Numbers about the flows of an engagement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricsResponse {
    active_flows: i64,
    total_flows: i64,
    completed_flows: i64,
    failed_flows: i64,
    /// Mean of the last thousand completed flows, from start to end.
    avg_completion_time_seconds: Option<f64>,
    /// Not measured by engagement; `/metrics` has it by route.
    avg_response_time_ms: Option<f64>,
    /// Completed flows of those that ended by themselves, 0–100.
    success_rate_percentage: Option<f64>,
    timestamp: DateTime<Utc>,
}

/// What the API offers.
#[utoipa::path(tag = "Operation", operation_id = "index", responses((status = 200, body = Object)))]
#[get("/")]
pub(crate) async fn index() -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "name": "Landfall", "service": SERVICE, "version": API_VERSION, "status": "available",
        "documentation": "/docs", "openapi": crate::DOCUMENT_PATH,
        "endpoints": {
            "data_import": "/api/v3/data-import", "discovery_flow": "/api/v3/discovery-flow",
            "field_mapping": "/api/v3/field-mapping", "master_flows": "/api/v3/master-flows",
            "imports": "/api/v3/imports", "mappings": "/api/v3/mappings", "flows": "/api/v3/flows",
            "assets": "/api/v3/assets", "dependencies": "/api/v3/dependencies",
        },
    }))
}

/// Whether the API can serve.
#[utoipa::path(tag = "Operation", operation_id = "api_health", responses((status = 200, body = HealthCheckResponse)))]
#[get("/health")]
pub(crate) async fn health(state: Data<State>) -> ApiResult<HttpResponse> {
    state.services().check_ready().await.map_err(|error| {
        ApiError::unavailable(
            "the database cannot be reached, or its schema is not migrated",
            error,
        )
    })?;
    Ok(HttpResponse::Ok().json(HealthCheckResponse {
        status: "healthy",
        service: SERVICE,
        version: API_VERSION,
        timestamp: state.services().now(),
        components: BTreeMap::from([
            ("database", true),
            ("data_import", true),
            ("discovery_flow", true),
            ("field_mapping", true),
        ]),
        uptime_seconds: Some(state.uptime_seconds()),
    }))
}

/// Numbers about the flows of the engagement.
#[utoipa::path(tag = "Discovery flow", operation_id = "flow_metrics", responses((status = 200, body = MetricsResponse)))]
#[get("/metrics")]
pub(crate) async fn metrics(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let totals = state.services().flow_totals(&tenant.0).await?;
    let completed = totals.in_states(&[FlowStatus::Completed]);
    let failed = totals.in_states(&[FlowStatus::Failed]);
    let ended = completed + failed;
    #[expect(clippy::cast_precision_loss, reason = "a share for display")]
    let rate = (ended > 0).then(|| (completed as f64 / ended as f64 * 1000.0).round() / 10.0);
    Ok(HttpResponse::Ok().json(MetricsResponse {
        active_flows: totals.active(),
        total_flows: totals.total(),
        completed_flows: completed,
        failed_flows: failed,
        avg_completion_time_seconds: totals.mean_completion_seconds,
        avg_response_time_ms: None,
        success_rate_percentage: rate,
        timestamp: state.services().now(),
    }))
}

/// The state of the API's parts.
#[utoipa::path(tag = "Operation", operation_id = "status", responses((status = 200, body = Object)))]
#[get("/status")]
pub(crate) async fn status(state: Data<State>) -> ApiResult<HttpResponse> {
    let is_ready = state.services().check_ready().await.is_ok();
    Ok(HttpResponse::Ok().json(json!({
        "api_version": API_VERSION,
        "status": if is_ready { "operational" } else { "degraded" },
        "features": {
            "data_import": is_ready, "discovery_flow": is_ready, "field_mapping": is_ready, "event_streams": is_ready,
        },
        "uptime_seconds": state.uptime_seconds(),
        "timestamp": state.services().now(),
    })))
}

/// The description of this API, as `/api/v3/openapi.json`.
#[utoipa::path(tag = "Operation", operation_id = "openapi_spec", responses((status = 200, body = Object)))]
#[get("/openapi-spec")]
pub(crate) async fn openapi_spec(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(state.document().to_owned())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(index)
        .service(health)
        .service(metrics)
        .service(status)
        .service(openapi_spec);
}
