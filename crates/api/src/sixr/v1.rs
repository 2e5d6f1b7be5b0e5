//! Version 1 of the 6R interface, over the same use cases. What it calls things is known to `landfall_compat::sixr` alone.

use super::dto::{DetailOut, RunOut};
use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Body, Json, Path, Query};
use crate::page::page_request;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post, put};
use landfall_compat::sixr as old;
use landfall_domain::{AssetId, Scope};
use landfall_services::StoreError;
use landfall_services::sixr::{
    AnalysisDetail, AnalysisFilter, Iterate, NewSixrAnalysis, NewSixrRun, SixrAnalysis, SixrError, Subject,
    Subjects,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Subjects that one request may name.
const MOST_SUBJECTS: usize = 50;

/// A body of version 1: any object. What has no meaning any more is ignored, as its clients rely on.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct OldBody(Map<String, Value>);

impl PartialSchema for OldBody {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some("A body of version 1: any object."))
            .examples([json!({"application_ids": ["payroll"], "parameters": {"business_value": 8}})])
            .into()
    }
}

impl ToSchema for OldBody {}

impl Validate for OldBody {
    fn validate(&self) -> Result<(), validator::ValidationErrors> {
        Ok(())
    }
}

impl Body for OldBody {}

/// Which page of the list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OldPageQuery {
    /// Number of the page, from 1.
    #[validate(range(min = 1, max = 1000, message = "must be from 1 to 1000"))]
    page: Option<u64>,
    /// Rows of a page, 1 to 100; 20 if absent.
    #[validate(range(min = 1, max = 100, message = "must be from 1 to 100"))]
    page_size: Option<u32>,
}

fn present(detail: AnalysisDetail) -> ApiResult<Value> {
    serde_json::to_value(DetailOut::from(detail)).map_err(ApiError::internal)
}

fn answered(detail: AnalysisDetail) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(old::analysis(&present(detail)?)))
}

/// Analyses applications or assets.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_analyze", request_body = OldBody, responses((status = 200, description = "The first analysis, in the words of version 1.", body = OldBody)))]
#[post("/analyze")]
pub(crate) async fn analyze(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<OldBody>,
) -> ApiResult<HttpResponse> {
    let request = old::analyze_request(&body.0.0);
    if request.ids.is_empty() || request.ids.len() > MOST_SUBJECTS {
        let message = format!("application_ids must have 1 to {MOST_SUBJECTS} ids");
        return Err(ApiError::validation(vec![Detail::of(
            "application_ids",
            "length",
            message,
        )]));
    }
    let mut first = None;
    for id in &request.ids {
        let new = NewSixrAnalysis {
            subject: subject(&state, &tenant.0, id).await?,
            name: request.name.clone().filter(|_| request.ids.len() == 1),
            description: request.description.clone(),
            priority: request.priority,
            inputs: request.inputs.clone(),
            start: true,
        };
        let detail = state.services().analyze_sixr(&tenant.0, new).await?;
        first.get_or_insert(detail);
    }
    match first {
        Some(detail) => answered(detail),
        None => Err(ApiError::internal("no subject was analysed")),
    }
}

/// An id of version 1 names an asset or an application.
async fn subject(state: &State, scope: &Scope, id: &str) -> ApiResult<Subject> {
    let Ok(id) = id.parse::<Uuid>() else {
        let message = format!("'{id}' is no id: ids are UUIDs");
        return Err(ApiError::validation(vec![Detail::of(
            "application_ids",
            "uuid",
            message,
        )]));
    };
    match state.services().asset(scope, AssetId(id)).await {
        Ok(_) => Ok(Subject::Asset(AssetId(id))),
        Err(StoreError::NotFound { .. }) => Ok(Subject::Application(id)),
        Err(error) => Err(error.into()),
    }
}

/// Analyses, page by page.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_list", params(OldPageQuery), responses((status = 200, description = "A page in the words of version 1.", body = OldBody)))]
#[get("/")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<OldPageQuery>,
) -> ApiResult<HttpResponse> {
    let (page, size) = (query.0.page.unwrap_or(1), query.0.page_size.unwrap_or(20));
    let filter = AnalysisFilter::default();
    let total = state.services().sixr_totals(&tenant.0, &filter).await?.total;
    // Pages are found by their number: each one before is read as well.
    let (mut rows, mut cursor) = (Vec::new(), None);
    for number in 1..=page {
        let request = page_request(Some(size), cursor);
        let found = state
            .services()
            .sixr_analyses(&tenant.0, &filter, &request)
            .await?;
        cursor = found.next.map(|next| next.0);
        if number == page {
            rows = found.items;
        } else if cursor.is_none() {
            break;
        }
    }
    let rows: Vec<Value> = rows.into_iter().map(without_result).collect::<ApiResult<_>>()?;
    Ok(HttpResponse::Ok().json(old::list(&rows, total, page, size.into())))
}

fn without_result(analysis: SixrAnalysis) -> ApiResult<Value> {
    present(AnalysisDetail {
        analysis,
        parameters: None,
        recommendation: None,
    })
}

/// An analysis.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_get", params(("id" = Uuid, Path)), responses((status = 200, description = "The analysis in the words of version 1.", body = OldBody)))]
#[get("/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    answered(state.services().sixr_analysis(&tenant.0, id.0).await?)
}

/// The last recommendation of an analysis.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_recommendation", params(("id" = Uuid, Path)), responses((status = 200, description = "The recommendation in the words of version 1.", body = OldBody)))]
#[get("/{id}/recommendation")]
pub(crate) async fn recommendation(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let detail = present(state.services().sixr_analysis(&tenant.0, id.0).await?)?;
    let answer = serde_json::json!({
        "analysis_id": id.0,
        "iteration_number": detail.get("iteration"),
        "recommendation": old::recommendation(&detail),
    });
    Ok(HttpResponse::Ok().json(answer))
}

/// Changes parameters of an analysis, and analyses anew.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_parameters", params(("id" = Uuid, Path)), request_body = OldBody, responses((status = 200, description = "The analysis in the words of version 1.", body = OldBody)))]
#[put("/{id}/parameters")]
pub(crate) async fn parameters(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<OldBody>,
) -> ApiResult<HttpResponse> {
    iterated(&state, &tenant.0, id.0, old::parameters_request(&body.0.0)).await
}

/// Answers questions of an analysis, and analyses anew.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_questions", params(("id" = Uuid, Path)), request_body = OldBody, responses((status = 200, description = "The analysis in the words of version 1.", body = OldBody)))]
#[post("/{id}/questions")]
pub(crate) async fn questions(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<OldBody>,
) -> ApiResult<HttpResponse> {
    iterated(&state, &tenant.0, id.0, old::questions_request(&body.0.0)).await
}

/// Analyses anew.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_iterate", params(("id" = Uuid, Path)), request_body = OldBody, responses((status = 200, description = "The analysis in the words of version 1.", body = OldBody)))]
#[post("/{id}/iterate")]
pub(crate) async fn iterate(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: Json<OldBody>,
) -> ApiResult<HttpResponse> {
    iterated(&state, &tenant.0, id.0, old::iterate_request(&body.0.0)).await
}

async fn iterated(
    state: &State,
    scope: &Scope,
    id: Uuid,
    request: old::IterateRequest,
) -> ApiResult<HttpResponse> {
    let change = Iterate {
        inputs: request.inputs,
        answers: request.answers,
        name: request.name,
        reason: request.reason,
        feedback: request.feedback,
    };
    let detail: Result<AnalysisDetail, SixrError> =
        state.services().iterate_sixr(scope, id, None, change).await;
    answered(detail?)
}

/// Analyses the whole engagement.
#[utoipa::path(tag = "6R", operation_id = "v1_sixr_bulk", request_body = OldBody, responses((status = 202, description = "The run in the words of version 1.", body = OldBody)))]
#[post("/bulk")]
pub(crate) async fn bulk(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<OldBody>,
) -> ApiResult<HttpResponse> {
    let request = old::analyze_request(&body.0.0);
    let new = NewSixrRun {
        name: request.name,
        description: request.description,
        subjects: Subjects::Applications,
    };
    let run = state.services().start_sixr_run(&tenant.0, new).await?;
    let run = serde_json::to_value(RunOut::from(run)).map_err(ApiError::internal)?;
    Ok(HttpResponse::Accepted().json(old::bulk(&run)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(analyze)
        .service(bulk)
        .service(list)
        .service(one)
        .service(recommendation)
        .service(parameters)
        .service(questions)
        .service(iterate);
}
