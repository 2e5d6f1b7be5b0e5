//! Questionnaires that assessments are made by.

mod dto;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, Path, Query, etag, is_unchanged, text};
use crate::page::{PageOf, PageOut};
use crate::state::State;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use dto::{QuestionnaireOut, QuestionnairePatchIn, QuestionnaireRowOut};
use landfall_services::assessments::StoredQuestionnaire;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Types that a questionnaire is read from.
const TYPES: [&str; 4] = [
    "application/json",
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
];

/// Questionnaires by name.
#[utoipa::path(tag = "Assessments", params(PageOf), responses((status = 200, body = PageOut<QuestionnaireRowOut>)))]
#[get("/questionnaires")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: Query<PageOf>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .questionnaires(&tenant.0, &query.0.request())
        .await?;
    Ok(HttpResponse::Ok().json(PageOut::<QuestionnaireRowOut>::from(found)))
}

/// Adds a questionnaire in Konveyor's form, YAML or JSON.
#[utoipa::path(
    tag = "Assessments",
    request_body(content(
        (serde_json::Value = "application/json"), (String = "application/yaml")
    )),
    responses((status = 201, body = QuestionnaireOut), (status = 409, body = crate::error::ErrorBody, description = "The name is in use."))
)]
#[post("/questionnaires")]
pub(crate) async fn import(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Editor>,
    payload: Payload,
) -> ApiResult<HttpResponse> {
    let document = text(&request, &mut payload.into_inner(), &TYPES).await?;
    let made = state
        .services()
        .import_questionnaire(&tenant.0, &document)
        .await?;
    Ok(created(made))
}

/// Adds the questionnaire that ships with Landfall, or gives it if it is there.
#[utoipa::path(tag = "Assessments", operation_id = "add_default", responses((status = 201, body = QuestionnaireOut)))]
#[post("/questionnaires/default")]
pub(crate) async fn add_default(state: Data<State>, tenant: Tenant<Editor>) -> ApiResult<HttpResponse> {
    let made = state.services().default_questionnaire(&tenant.0).await?;
    Ok(created(made))
}

/// One questionnaire with its questions.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 200, body = QuestionnaireOut)))]
#[get("/questionnaires/{id}")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().questionnaire(&tenant.0, id.0).await?;
    let tag = etag(found.version);
    if is_unchanged(&request, found.version) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header(tag)
        .json(QuestionnaireOut::from(found)))
}

/// Says whether applications must have answered a questionnaire to count as assessed. Its questions do not change: answers
/// hang on them.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), request_body = QuestionnairePatchIn, responses((status = 200, body = QuestionnaireOut)))]
#[patch("/questionnaires/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    expected: IfMatch,
    body: Json<QuestionnairePatchIn>,
) -> ApiResult<HttpResponse> {
    let changed = state
        .services()
        .require_questionnaire(&tenant.0, id.0, expected.0, body.0.is_required)
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(changed.version))
        .json(QuestionnaireOut::from(changed)))
}

/// Deletes a questionnaire that no assessment was made by.
#[utoipa::path(tag = "Assessments", params(("id" = Uuid, Path)), responses((status = 204, description = "It is gone."), (status = 409, body = crate::error::ErrorBody, description = "An assessment was made by it.")))]
#[delete("/questionnaires/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state.services().delete_questionnaire(&tenant.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn created(made: StoredQuestionnaire) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v3/questionnaires/{}", made.id)))
        .insert_header(etag(made.version))
        .json(QuestionnaireOut::from(made))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(import).service(add_default);
    config.service(one).service(change).service(remove);
}
