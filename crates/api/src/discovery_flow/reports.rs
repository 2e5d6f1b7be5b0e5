//! What can be asked about flows beside their state.

use super::answers::{
    FlowExecutionResponse, FlowHealthResponse, FlowMetricsOut, FlowRecommendations, FlowValidation,
};
use super::dto::{EventsQuery, FlowCreate};
use super::key;
use crate::access::{Tenant, Viewer};
use crate::data_import::judge::format;
use crate::data_import::reports::{ExportQuery, json};
use crate::download::download;
use crate::error::ApiResult;
use crate::extract::{LenientJson, LenientQuery, Path};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use landfall_compat::words::{V3FlowStatus, V3Phase};
use landfall_domain::{DiscoveryFlowId, FlowStatus, JobState};
use landfall_services::assets::{AssetFilter, ExportFormat, Operator};
use landfall_services::flows::report::{FlowEvent, FlowReport};
use serde_json::{Value, json as object};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// A change of a flow in the words of existing clients.
fn entry(report: &FlowReport, event: &FlowEvent) -> FlowExecutionResponse {
    let phase = V3Phase::parse(&event.phase);
    let is_failure = event.status == FlowStatus::Failed;
    FlowExecutionResponse {
        success: !is_failure,
        flow_id: report.flow.flow_id,
        master_flow_id: report.flow.master_flow_id,
        action: event.phase.clone(),
        status: event.status.into(),
        message: format!("{}: {}", event.phase, V3FlowStatus::from(event.status)),
        timestamp: event.at,
        phase,
        phase_status: None,
        next_phase: phase.and_then(V3Phase::next),
        crewai_execution: None,
        database_execution: Some(event.status.to_string()),
        results: Some(event.metadata.clone()).filter(Value::is_object),
        agent_insights: Vec::new(),
        errors: report
            .flow
            .error_message
            .iter()
            .filter(|_| is_failure)
            .cloned()
            .collect(),
    }
}

/// Everything that happened to a flow, the oldest first.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "flow_history",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses((status = 200, body = Vec<FlowExecutionResponse>))
)]
#[get("/discovery-flow/flows/{flow_id}/history")]
pub(crate) async fn history(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let report = state.services().flow_report(&tenant.0, key(id.0)).await?;
    let entries: Vec<_> = report
        .events()
        .iter()
        .map(|event| entry(&report, event))
        .collect();
    Ok(HttpResponse::Ok().json(entries))
}

/// Numbers about a flow.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "metrics_of_flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses((status = 200, body = FlowMetricsOut))
)]
#[get("/discovery-flow/flows/{flow_id}/metrics")]
pub(crate) async fn metrics(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .flow_report(&tenant.0, key(id.0))
        .await?
        .metrics();
    Ok(HttpResponse::Ok().json(FlowMetricsOut {
        execution_time: found.execution_time,
        phases_completed: found.phases_completed,
        total_phases: found.total_phases,
        success_rate: found.success_rate,
        error_count: found.error_count,
        warning_count: found.warning_count,
    }))
}

/// What should be done about a flow, the most urgent first.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses((status = 200, body = FlowRecommendations))
)]
#[get("/discovery-flow/flows/{flow_id}/recommendations")]
pub(crate) async fn recommendations(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let advice = state.services().flow_report(&tenant.0, key(id.0)).await?.advice();
    Ok(HttpResponse::Ok().json(FlowRecommendations {
        recommendations: json(&advice),
    }))
}

/// The assets that hang on a flow as a file.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "export_flow",
    params(("flow_id" = DiscoveryFlowId, Path), ExportQuery),
    responses((status = 200, description = "The file.", content(
        (String = "application/json"), (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/discovery-flow/flows/{flow_id}/export")]
pub(crate) async fn export(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: LenientQuery<ExportQuery>,
) -> ApiResult<HttpResponse> {
    let format = format(query.0.format.as_deref(), ExportFormat::Json)?;
    let flow = state.services().discovery_flow(&tenant.0, key(id.0)).await?;
    let of_flow = Operator::Eq(Value::String(flow.flow_id.to_string()));
    let filter = AssetFilter::all().and("discovery_flow_id", of_flow)?;
    let pieces = state.services().export_assets(&tenant.0, filter, format).await?;
    let name = format!("flow-{}.{}", flow.flow_id, format.extension());
    download(pieces, format.media_type(), &name).await
}

/// What the flow's work is doing: its job, and how far it is.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses((status = 200, body = Object))
)]
#[get("/discovery-flow/flows/{flow_id}/crewai-status")]
pub(crate) async fn crewai_status(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let report = state.services().flow_report(&tenant.0, key(id.0)).await?;
    let job = report.job.as_ref().map(|job| {
        object!({
            "job_id": job.id, "state": job.state, "attempts": job.attempts, "max_attempts": job.max_attempts,
            "claimed_by": job.claimed_by, "last_error": job.last_error, "position": job.cursor, "updated_at": job.updated_at,
        })
    });
    Ok(HttpResponse::Ok().json(object!({
        "flow_id": report.flow.flow_id, "master_flow_id": report.flow.master_flow_id,
        "status": V3FlowStatus::from(report.flow.status), "database_status": report.flow.status,
        "current_phase": report.flow.current_phase, "progress_percentage": report.flow.progress_percentage,
        "execution": job, "timestamp": state.services().now(),
    })))
}

/// The last events of a flow, the newest last.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path), EventsQuery),
    responses((status = 200, body = Object))
)]
#[get("/discovery-flow/flows/events/{flow_id}")]
pub(crate) async fn events(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: LenientQuery<EventsQuery>,
) -> ApiResult<HttpResponse> {
    let report = state.services().flow_report(&tenant.0, key(id.0)).await?;
    let all = report.events();
    let limit = query.0.limit.unwrap_or(100);
    let shown: Vec<Value> = all
        .iter()
        .skip(all.len().saturating_sub(limit))
        .map(|event| {
            object!({
                "event_type": "phase_transition", "phase": event.phase, "status": V3FlowStatus::from(event.status),
                "timestamp": event.at, "duration_ms": event.duration_ms, "data": event.metadata,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(object!({
        "flow_id": report.flow.flow_id, "master_flow_id": report.flow.master_flow_id, "event_count": all.len(),
        "events": shown, "errors": report.master.error_history,
    })))
}

/// How many flows there are in each state, and what their jobs do.
#[utoipa::path(tag = "Discovery flow", responses((status = 200, body = Object)))]
#[get("/discovery-flow/flows/manager/status")]
pub(crate) async fn manager_status(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let totals = state.services().flow_totals(&tenant.0).await?;
    let by_status: BTreeMap<&str, i64> = totals.by_status.iter().map(|(s, n)| (s.as_str(), *n)).collect();
    Ok(HttpResponse::Ok().json(object!({
        "service": "discovery-flow-v3", "status": "operational", "active_flows": totals.active(),
        "total_flows": totals.total(), "by_status": by_status,
        "queue": { "queued": totals.jobs_in(JobState::Queued), "running": totals.jobs_in(JobState::Running) },
        "timestamp": state.services().now(),
    })))
}

/// How flows are in this engagement.
#[utoipa::path(tag = "Discovery flow", operation_id = "health", responses((status = 200, body = FlowHealthResponse)))]
#[get("/discovery-flow/health")]
pub(crate) async fn health(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let totals = state.services().flow_totals(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(FlowHealthResponse {
        status: "healthy",
        service: "discovery-flow-v3",
        version: crate::service::API_VERSION,
        timestamp: state.services().now(),
        components: BTreeMap::from([("database", true), ("workers", true), ("crewai", false)]),
        architecture: "durable_jobs",
        active_flows: totals.active(),
        total_flows: totals.total(),
        avg_response_time_ms: None,
    }))
}

/// Says whether a flow could be made, and makes none.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "validate_flow",
    request_body = FlowCreate,
    responses((status = 200, body = FlowValidation))
)]
#[post("/discovery-flow/flows/validate")]
pub(crate) async fn validate(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    body: LenientJson<FlowCreate>,
) -> ApiResult<HttpResponse> {
    let (body, mut issues, mut advice) = (body.0, Vec::new(), Vec::new());
    let mut issue = |field: &str, severity: &str, message: String| {
        issues.push(object!({ "field": field, "message": message, "severity": severity }));
    };
    super::check_tenant(&tenant.0, &body)?;
    if let Some(id) = body.data_import_id.as_deref().filter(|id| !id.is_empty()) {
        match id.parse() {
            Ok(id) => match state.services().import(&tenant.0, id).await {
                Ok(import) if import.master_flow_id.is_some() => {
                    issue(
                        "data_import_id",
                        "error",
                        format!("the import {id} has a flow already"),
                    );
                }
                Ok(_) => {}
                Err(landfall_services::StoreError::NotFound { .. }) => {
                    issue("data_import_id", "error", format!("there is no import {id}"));
                }
                Err(error) => return Err(error.into()),
            },
            Err(_) => issue(
                "data_import_id",
                "error",
                "data_import_id takes a UUID".to_owned(),
            ),
        }
    } else if body.raw_data.is_empty() {
        issue(
            "raw_data",
            "warning",
            "there are no records: the flow will wait for an import".to_owned(),
        );
        advice.push("send records, or name an import that has no flow".to_owned());
    }
    if !body.raw_data.is_empty() {
        let columns: std::collections::BTreeSet<&str> = body
            .raw_data
            .iter()
            .flat_map(|row| row.keys().map(String::as_str))
            .collect();
        if columns.is_empty() {
            issue("raw_data", "error", "the records have no columns".to_owned());
        }
        let empty = body.raw_data.iter().filter(|row| row.is_empty()).count();
        if empty > 0 && !columns.is_empty() {
            issue("raw_data", "warning", format!("{empty} records are empty"));
        }
        if !state.services().names_assets(columns.iter().copied()) {
            issue(
                "raw_data",
                "warning",
                "no column looks like a name or id: rows without one make no asset".to_owned(),
            );
            advice.push("map the column that names each asset before the flow goes on".to_owned());
        }
    }
    Ok(HttpResponse::Ok().json(FlowValidation {
        is_valid: issues.iter().all(|issue| issue["severity"] != "error"),
        issues,
        recommendations: advice,
    }))
}

/// Paths with a fixed word where others have an id.
pub(super) fn fixed_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(events)
        .service(manager_status)
        .service(validate)
        .service(health);
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(history)
        .service(metrics)
        .service(recommendations)
        .service(export)
        .service(crewai_status);
}
