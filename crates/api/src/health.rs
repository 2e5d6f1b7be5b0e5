//! Whether the process lives, whether it can serve, and what it has measured. Outside of `/api/v3`, for whoever operates it.

use crate::access::PlatformAdmin;
use crate::error::{ApiError, ApiResult, Code};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// The state of the process.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`: anything else is an error.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version that runs.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

const OK: Health = Health {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

/// The process answers. It says nothing about the database: a restart would not help it.
#[utoipa::path(tag = "Operation", responses((status = 200, body = Health)))]
#[get("/healthz")]
pub(crate) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(OK)
}

/// Requests can be served: the database answers and has the schema.
#[utoipa::path(
    tag = "Operation",
    responses(
        (status = 200, body = Health),
        (status = 503, body = crate::error::ErrorBody, description = "The database is away, or its schema is not migrated.")
    )
)]
#[get("/readyz")]
pub(crate) async fn ready(state: Data<State>) -> ApiResult<HttpResponse> {
    state.services().check_ready().await.map_err(|error| {
        ApiError::unavailable(
            "the database cannot be reached, or its schema is not migrated",
            error,
        )
    })?;
    Ok(HttpResponse::Ok().json(OK))
}

/// What was measured, in the text format of Prometheus.
#[utoipa::path(
    tag = "Operation",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 404, body = crate::error::ErrorBody, description = "The process was started without metrics.")
    )
)]
#[get("/metrics")]
pub(crate) async fn metrics(state: Data<State>, _caller: PlatformAdmin) -> ApiResult<HttpResponse> {
    let Some(report) = state.metrics() else {
        return Err(ApiError::new(
            Code::RouteNotFound,
            "this process was started without metrics",
        ));
    };
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(report()))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(alive).service(ready).service(metrics);
}
