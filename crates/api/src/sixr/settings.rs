//! What holds for the whole engagement, what is open in it, and what a strategy may depend on.

use super::dto::{InputOut, QuestionOut, SettingOut, SettingsIn};
use crate::access::{Editor, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::Json;
use crate::page::ListOut;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use landfall_services::sixr::INPUTS;
use utoipa_actix_web::service_config::ServiceConfig;

/// What is said for the whole engagement, by input.
#[utoipa::path(tag = "6R", responses((status = 200, body = ListOut<SettingOut>)))]
#[get("/sixr/settings")]
pub(crate) async fn settings(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let found = state.services().sixr_settings(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<SettingOut>::from(found)))
}

/// Says values for the whole engagement; null takes one back. A parameter holds for every subject that nobody gave another
/// one, a fact for every subject of which it is not known. The next run takes them up.
#[utoipa::path(tag = "6R", request_body = SettingsIn, responses((status = 200, body = ListOut<SettingOut>)))]
#[post("/sixr/settings")]
pub(crate) async fn change_settings(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<SettingsIn>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .change_sixr_settings(&tenant.0, &body.0.inputs, body.0.note)
        .await?;
    Ok(HttpResponse::Ok().json(ListOut::<SettingOut>::from(found)))
}

/// What the last run found open: the question whose answer could change most decisions comes first.
#[utoipa::path(tag = "6R", responses((status = 200, body = ListOut<QuestionOut>)))]
#[get("/sixr/questions")]
pub(crate) async fn questions(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let found = state.services().sixr_questions(&tenant.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<QuestionOut>::from(found)))
}

/// Everything that a strategy may depend on: the seven parameters and the facts, with the values that they take.
#[utoipa::path(tag = "6R", responses((status = 200, body = ListOut<InputOut>)))]
#[get("/sixr/inputs")]
pub(crate) async fn inputs(_tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(ListOut::<InputOut>::from(INPUTS.to_vec())))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(settings)
        .service(change_settings)
        .service(questions)
        .service(inputs);
}
