//! `/discovery-flow`: flows as existing clients know them.

mod answers;
mod control;
mod dto;
mod reports;
mod subscribe;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Code, Detail};
use crate::extract::{LenientJson, LenientQuery, Path};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};
use answers::{FlowDeletionResponse, FlowListResponse, FlowResponse, FlowStatusResponse};
use dto::{FlowCreate, FlowDeleteQuery, FlowListQuery, FlowUpdate};
use landfall_domain::{DiscoveryFlowId, FlowStatus, PageRequest, Scope};
use landfall_services::assets::{AssetFilter, AssetSort, Operator};
use landfall_services::discovery::FlowKey;
use landfall_services::flows::lifecycle::{FlowPatch, NewFlow};
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Assets that a flow's answer shows.
const ASSETS_SHOWN: u32 = 100;

/// Clients name a flow by its own id or by its master flow's.
pub(crate) fn key(id: Uuid) -> FlowKey {
    FlowKey::Any(id)
}

/// The flow with its first assets.
async fn whole(state: &State, scope: &Scope, key: FlowKey) -> ApiResult<FlowResponse> {
    let services = state.services();
    let report = services.flow_report(scope, key).await?;
    let of_flow = Operator::Eq(Value::String(report.flow.flow_id.to_string()));
    let filter = AssetFilter::all().and("discovery_flow_id", of_flow)?;
    let page = PageRequest::first(ASSETS_SHOWN);
    let assets = services
        .assets(scope, &filter, AssetSort::default(), &page)
        .await?;
    Ok(FlowResponse::whole(report, assets.items))
}

/// The client account and engagement of a body are those of the headers, or somebody else's, which do not exist.
fn check_tenant(scope: &Scope, body: &FlowCreate) -> ApiResult<()> {
    if body.client_account_id != scope.client_account_id {
        let message = format!("there is no client account {}", body.client_account_id);
        return Err(ApiError::new(Code::NotFound, message.clone()).detail(Detail::of(
            "client_account_id",
            "not_found",
            message,
        )));
    }
    if body.engagement_id != scope.engagement_id {
        let message = format!("there is no engagement {}", body.engagement_id);
        return Err(ApiError::new(Code::NotFound, message.clone()).detail(Detail::of(
            "engagement_id",
            "not_found",
            message,
        )));
    }
    Ok(())
}

async fn made(state: &State, scope: &Scope, body: FlowCreate) -> ApiResult<FlowResponse> {
    check_tenant(scope, &body)?;
    let import = match body.data_import_id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => Some(id.parse().map_err(|_| {
            ApiError::validation(vec![Detail::of(
                "data_import_id",
                "uuid",
                "data_import_id takes a UUID",
            )])
        })?),
        None => None,
    };
    let new = NewFlow {
        name: body.name,
        description: body.description,
        metadata: body.metadata.unwrap_or_default(),
        execution_mode: body.execution_mode.as_str().to_owned(),
        records: body.raw_data.into_iter().map(Value::Object).collect(),
        import,
        master_flow_id: body.master_flow_id,
    };
    let flow = state.services().create_flow(scope, new).await?;
    whole(state, scope, flow.flow_id.into()).await
}

/// Makes a flow over records, over an import, or to wait for one.
#[utoipa::path(
    tag = "Discovery flow",
    request_body = FlowCreate,
    responses(
        (status = 201, body = FlowResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The import has a flow already.")
    )
)]
#[post("/discovery-flow/flows")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: LenientJson<FlowCreate>,
) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Created().json(made(&state, &tenant.0, body.0).await?))
}

/// The same; existing clients know it under this name too.
#[utoipa::path(
    tag = "Discovery flow",
    request_body = FlowCreate,
    responses(
        (status = 200, body = FlowResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The import has a flow already.")
    )
)]
#[post("/discovery-flow/flows/crewai")]
pub(crate) async fn create_crewai(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: LenientJson<FlowCreate>,
) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(made(&state, &tenant.0, body.0).await?))
}

/// Flows, newest first.
#[utoipa::path(tag = "Discovery flow", params(FlowListQuery), responses((status = 200, body = FlowListResponse)))]
#[get("/discovery-flow/flows")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: LenientQuery<FlowListQuery>,
) -> ApiResult<HttpResponse> {
    let number = query.0.number();
    let (sort, descending) = query.0.sort();
    let (flows, total) = match query.0.filter(&tenant.0) {
        Some(filter) => {
            let found = state
                .services()
                .discovery_flows(&tenant.0, &filter, sort, descending, number)
                .await?;
            (found.items, found.total)
        }
        None => (Vec::new(), 0),
    };
    Ok(HttpResponse::Ok().json(FlowListResponse {
        flows: flows.into_iter().map(FlowResponse::of).collect(),
        total,
        page: number.page,
        page_size: number.size,
        has_next: number.page.saturating_mul(number.size) < total,
        has_previous: number.page > 1 && total > 0,
    }))
}

/// One flow, with its phases and first assets.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses((status = 200, body = FlowResponse))
)]
#[get("/discovery-flow/flows/{flow_id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(whole(&state, &tenant.0, key(id.0)).await?))
}

/// How far a flow is.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "flow_status",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses((status = 200, body = FlowStatusResponse))
)]
#[get("/discovery-flow/flows/{flow_id}/status")]
pub(crate) async fn status(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let report = state.services().flow_report(&tenant.0, key(id.0)).await?;
    Ok(HttpResponse::Ok().json(FlowStatusResponse::from(report)))
}

/// Changes a flow's name, description or metadata; a state or phase has it stopped, resumed or done again.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = FlowUpdate,
    responses(
        (status = 200, body = FlowResponse),
        (status = 409, body = crate::error::ErrorBody, description = "Its state does not allow it.")
    )
)]
#[put("/discovery-flow/flows/{flow_id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: LenientJson<FlowUpdate>,
) -> ApiResult<HttpResponse> {
    let (services, scope, key) = (state.services(), &tenant.0, key(id.0));
    let flow = services.discovery_flow(scope, key).await?;
    let body = body.0;
    if let Some(word) = &body.status {
        let wanted = landfall_compat::words::flow_status(word)
            .ok_or_else(|| refused("status", format!("'{word}' is no state of a flow")))?;
        match wanted {
            same if same == flow.status => {}
            FlowStatus::Paused => services.pause(scope, flow.flow_id, None).await?,
            FlowStatus::Cancelled => services.cancel(scope, flow.flow_id, None).await?,
            FlowStatus::Running => services.go_on(scope, &flow).await?,
            other => {
                let message = format!(
                    "a flow becomes {other} by itself; what can be set is paused, cancelled and in_progress"
                );
                return Err(refused("status", message));
            }
        }
    }
    if let Some(word) = &body.current_phase {
        let phase = control::phase_of(word)?;
        control::execute(&state, scope, flow.flow_id.into(), phase).await?;
    }
    let patch = FlowPatch {
        name: body.name,
        description: body.description,
        metadata: body.metadata,
    };
    if patch != FlowPatch::default() {
        services.change_flow(scope, key, patch).await?;
    }
    Ok(HttpResponse::Ok().json(whole(&state, scope, key).await?))
}

/// A value that is not taken.
fn refused(field: &str, message: impl Into<String>) -> ApiError {
    ApiError::validation(vec![Detail::of(field, "word", message)])
}

/// Deletes a flow. Its import and assets stay, unless `force_delete` takes them away too.
#[utoipa::path(
    tag = "Discovery flow",
    params(("flow_id" = DiscoveryFlowId, Path), FlowDeleteQuery),
    responses((status = 200, body = FlowDeletionResponse))
)]
#[delete("/discovery-flow/flows/{flow_id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    query: LenientQuery<FlowDeleteQuery>,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    let flow = services.discovery_flow(&tenant.0, key(id.0)).await?;
    let done = services
        .delete_flow(&tenant.0, flow.flow_id.into(), query.0.force_delete)
        .await?;
    let summary = serde_json::to_value(done).unwrap_or_default();
    Ok(HttpResponse::Ok().json(FlowDeletionResponse {
        success: true,
        flow_id: flow.flow_id,
        action: "deleted",
        force_delete: query.0.force_delete,
        message: format!("the flow '{}' is gone", flow.flow_name),
        timestamp: services.now(),
        cleanup_summary: summary.clone(),
        crewai_cleanup: None,
        database_cleanup: Some(summary),
    }))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    // Fixed words come before `{flow_id}`.
    config
        .configure(reports::fixed_routes)
        .configure(subscribe::fixed_routes)
        .service(create_crewai);
    config
        .service(create)
        .service(list)
        .service(one)
        .service(status)
        .service(change)
        .service(remove)
        .configure(control::routes)
        .configure(reports::routes)
        .configure(subscribe::routes);
}
