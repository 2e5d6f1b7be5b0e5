//! Plans of waves.

mod changes;
pub(crate) mod dto;
mod files;

use crate::access::{Approver, Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Code};
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged};
use crate::page::{ListOut, PageOut, page_request};
use crate::state::State;
use actix_web::http::header::{IF_MATCH, LOCATION};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, patch, post};
use dto::{
    PlanIn, PlanListQuery, PlanOut, PlanPatchIn, PlanVersionOut, PlannedWaveOut, RuleOut, ViolationOut,
    ViolationQuery, WaveAssetOut,
};
use landfall_services::plans::RULES;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The version that the request was made for, if it says one.
pub(crate) async fn if_match(request: &HttpRequest) -> ApiResult<Option<i64>> {
    if request.headers().contains_key(IF_MATCH) {
        return IfMatch::extract(request).await.map(|expected| expected.0);
    }
    Ok(None)
}

/// The rules that plans are judged by, the most important first.
#[utoipa::path(tag = "Plans", responses((status = 200, body = ListOut<RuleOut>)))]
#[get("/plans/rules")]
pub(crate) async fn rules(_tenant: Tenant<Viewer>) -> HttpResponse {
    let items: Vec<RuleOut> = RULES.iter().map(RuleOut::from).collect();
    HttpResponse::Ok().json(ListOut { items })
}

/// Plans, newest first.
#[utoipa::path(tag = "Plans", params(PlanListQuery), responses((status = 200, body = PageOut<PlanOut>)))]
#[get("/plans")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<PlanListQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let plans = state
        .services()
        .plans(&tenant.0, query.0.status.as_deref(), &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<PlanOut>::from(plans)))
}

/// Makes a plan. A job fills it with waves; it is `planning` until then.
#[utoipa::path(tag = "Plans", request_body = PlanIn, responses((status = 201, body = PlanOut)))]
#[post("/plans")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<PlanIn>,
) -> ApiResult<HttpResponse> {
    let plan = state
        .services()
        .create_plan(&tenant.0, body.0.into_request())
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/plans/{}", plan.id)))
        .insert_header(etag(plan.version))
        .json(PlanOut::from(plan)))
}

/// One plan.
#[utoipa::path(tag = "Plans", params(("id" = Uuid, Path)), responses((status = 200, body = PlanOut)))]
#[get("/plans/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let plan = state.services().plan(&tenant.0, id.0).await?;
    let tag = etag(plan.version);
    if is_unchanged(&request, plan.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok().insert_header(tag).json(PlanOut::from(plan)))
}

/// Changes name, description or settings. With other settings the plan is judged anew; its waves stay until it is made
/// again.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path)),
    request_body = PlanPatchIn,
    responses((status = 200, body = PlanOut))
)]
#[patch("/plans/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<PlanPatchIn>,
) -> ApiResult<HttpResponse> {
    Ok(answer(
        state
            .services()
            .change_plan(&tenant.0, id.0, expected.0, body.0.into_change())
            .await?,
    ))
}

/// Deletes a plan with its versions.
#[utoipa::path(tag = "Plans", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone."), (status = 409, body = crate::error::ErrorBody, description = "The plan is committed.")))]
#[delete("/plans/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_plan(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Makes the waves anew, by a job. Pins are kept.
#[utoipa::path(tag = "Plans", params(("id" = Uuid, Path)), responses((status = 202, body = PlanOut), (status = 409, body = crate::error::ErrorBody, description = "The plan is committed.")))]
#[post("/plans/{id}/generate")]
pub(crate) async fn generate(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    let plan = state
        .services()
        .regenerate_plan(&tenant.0, id.0, expected)
        .await?;
    Ok(HttpResponse::Accepted()
        .insert_header(etag(plan.version))
        .json(PlanOut::from(plan)))
}

/// Waves of a plan, by number, each with its dates, risk and confidence.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path), dto::PageQuery),
    responses((status = 200, body = PageOut<PlannedWaveOut>))
)]
#[get("/plans/{id}/waves")]
pub(crate) async fn waves(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<dto::PageQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let found = state.services().plan_waves(&tenant.0, id.0, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<PlannedWaveOut>::from(found)))
}

/// Assets of a wave of a plan, with the reason why each is there. Wave 0 has what does not move.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path), ("number" = i32, Path), dto::PageQuery),
    responses((status = 200, body = PageOut<WaveAssetOut>))
)]
#[get("/plans/{id}/waves/{number}/assets")]
pub(crate) async fn wave_assets(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    path: Path<(Uuid, i32)>,
    query: Query<dto::PageQuery>,
) -> ApiResult<HttpResponse> {
    let (id, number) = path.0;
    let page = page_request(query.0.limit, query.0.cursor);
    let assets = state
        .services()
        .plan_wave_assets(&tenant.0, id, number, &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<WaveAssetOut>::from(assets)))
}

/// Every breach of a rule, the worst first, with what to do about it.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path), ViolationQuery),
    responses((status = 200, body = PageOut<ViolationOut>))
)]
#[get("/plans/{id}/violations")]
pub(crate) async fn violations(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<ViolationQuery>,
) -> ApiResult<HttpResponse> {
    let (filter, page) = query.0.read();
    let found = state
        .services()
        .plan_violations(&tenant.0, id.0, &filter, &page)
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<ViolationOut>::from(found)))
}

/// Versions of a plan, newest first.
#[utoipa::path(
    tag = "Plans",
    params(("id" = Uuid, Path), dto::PageQuery),
    responses((status = 200, body = PageOut<PlanVersionOut>))
)]
#[get("/plans/{id}/versions")]
pub(crate) async fn versions(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: Query<dto::PageQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let found = state.services().plan_versions(&tenant.0, id.0, &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<PlanVersionOut>::from(found)))
}

/// Makes this plan the one that is carried out: its waves appear under `/waves`, and each asset learns its wave.
#[utoipa::path(tag = "Plans", params(("id" = Uuid, Path)), responses((status = 200, body = PlanOut), (status = 409, body = crate::error::ErrorBody, description = "It is not ready, or another plan is committed.")))]
#[post("/plans/{id}/commit")]
pub(crate) async fn commit(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Approver>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    Ok(answer(
        state.services().commit_plan(&tenant.0, id.0, expected).await?,
    ))
}

/// Takes the commit back: assets get back what they said before, except where somebody has changed the wave since.
#[utoipa::path(tag = "Plans", params(("id" = Uuid, Path)), responses((status = 200, body = PlanOut), (status = 409, body = crate::error::ErrorBody, description = "It is not committed, or a wave has begun.")))]
#[post("/plans/{id}/revert")]
pub(crate) async fn revert(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Approver>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let expected = if_match(&request).await?;
    Ok(answer(
        state.services().revert_plan(&tenant.0, id.0, expected).await?,
    ))
}

/// A plan as it is now, with its version.
fn answer(plan: landfall_services::plans::Plan) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(plan.version))
        .json(PlanOut::from(plan))
}

impl From<landfall_services::plans::PlanError> for ApiError {
    fn from(error: landfall_services::plans::PlanError) -> Self {
        use crate::error::Detail;
        use landfall_services::plans::PlanError;
        let message = error.to_string();
        match error {
            PlanError::Settings { faults } => Self::validation(
                faults
                    .into_iter()
                    .map(|fault| {
                        Detail::of(format!("settings.{}", fault.field), "settings", fault.to_string())
                    })
                    .collect(),
            ),
            PlanError::Input { field, .. } => Self::validation(vec![Detail::of(field, "invalid", message)]),
            PlanError::State(_) => Self::new(Code::Conflict, message),
            PlanError::Rows { faults } => Self::validation(
                faults
                    .into_iter()
                    .map(|fault| {
                        Detail::of(
                            fault.column,
                            "row",
                            format!("row {}: {}", fault.row, fault.message),
                        )
                    })
                    .collect(),
            ),
            PlanError::File(fault) => fault.into(),
            PlanError::Store(error) => error.into(),
            PlanError::Write(_) => Self::internal(error),
        }
    }
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(rules)
        .service(list)
        .service(create)
        .service(one)
        .service(change);
    config
        .service(remove)
        .service(generate)
        .service(waves)
        .service(wave_assets);
    config
        .service(violations)
        .service(versions)
        .service(commit)
        .service(revert);
    changes::routes(config);
    files::routes(config);
}
