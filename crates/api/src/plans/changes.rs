//! Changing a plan's waves: moves, pins, going back, copies.

use super::dto::{CompareQuery, ComparisonOut, CopyIn, MovesIn, PinsIn, PinsOut, PlanOut, RestoreIn};
use super::{answer, if_match};
use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Json, Path, Query, etag};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Moves assets to other waves. They are pinned there unless the request says otherwise. Risk, confidence and violations of
/// the whole plan are computed anew.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path)),
    request_body = MovesIn,
    responses((status = 200, body = PlanOut))
)]
#[post("/plans/{id}/moves")]
async fn moves(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<MovesIn>,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    Ok(answer(
        state
            .services()
            .edit_plan(&tenant.0, id.0, expected, body.0.into_edit())
            .await?,
    ))
}

/// The pins of a plan.
#[utoipa::path(tag = "Plans", params(("id" = Uuid, Path)), responses((status = 200, body = PinsOut)))]
#[get("/plans/{id}/pins")]
async fn pins(state: Data<State>, tenant: Tenant<Viewer>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let plan = state.services().plan(&tenant.0, id.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(plan.version))
        .json(PinsOut { pins: plan.pins }))
}

/// Replaces the pins of a plan. Assets pinned to a wave move there at once; the rest follows when the plan is made again.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path)),
    request_body = PinsIn,
    responses((status = 200, body = PlanOut))
)]
#[put("/plans/{id}/pins")]
async fn replace_pins(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<PinsIn>,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    let edit = body.0.into_edit()?;
    Ok(answer(
        state
            .services()
            .edit_plan(&tenant.0, id.0, expected, edit)
            .await?,
    ))
}

/// Takes the last version back, as a new version.
#[utoipa::path(tag = "Plans", params(("id" = Uuid, Path)), responses((status = 200, body = PlanOut), (status = 409, body = crate::error::ErrorBody, description = "There is nothing to undo.")))]
#[post("/plans/{id}/undo")]
async fn undo(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    Ok(answer(
        state.services().undo_plan(&tenant.0, id.0, expected).await?,
    ))
}

/// Makes the plan what it was in a version, with its pins and settings, as a new version.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path)),
    request_body = RestoreIn,
    responses((status = 200, body = PlanOut))
)]
#[post("/plans/{id}/restore")]
async fn restore(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<RestoreIn>,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    let version = body.0.plan_version;
    Ok(answer(
        state
            .services()
            .restore_plan(&tenant.0, id.0, expected, version)
            .await?,
    ))
}

/// A copy of a plan, to try something out.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path)),
    request_body = CopyIn,
    responses((status = 201, body = PlanOut))
)]
#[post("/plans/{id}/copies")]
async fn copy(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<CopyIn>,
) -> ApiResult<HttpResponse> {
    let made = state.services().copy_plan(&tenant.0, id.0, body.0.name).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/plans/{}", made.id)))
        .insert_header(etag(made.version))
        .json(PlanOut::from(made)))
}

/// What differs between two versions of a plan, or between a plan and another.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path), CompareQuery),
    responses((status = 200, body = ComparisonOut))
)]
#[get("/plans/{id}/compare")]
async fn compare(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<CompareQuery>,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    let comparison = match (query.0.from, query.0.to, query.0.other) {
        (None, None, Some(other)) => services.compare_plans(&tenant.0, id.0, other).await?,
        (from, to, None) => {
            let current = services.plan(&tenant.0, id.0).await?.plan_version;
            let to = to.unwrap_or(current);
            let from = from.unwrap_or(to - 1);
            services.compare_plan_versions(&tenant.0, id.0, from, to).await?
        }
        _ => {
            let message = "give from and to, or other, not both";
            return Err(ApiError::validation(vec![Detail::of(
                "other",
                "exclusive",
                message,
            )]));
        }
    };
    Ok(HttpResponse::Ok().json(ComparisonOut::from(comparison)))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(moves)
        .service(pins)
        .service(replace_pins)
        .service(undo)
        .service(restore);
    config.service(copy).service(compare);
}
