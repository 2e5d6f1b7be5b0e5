//! The caller himself: who he is here, and what he may see.

mod dto;

use crate::access::{Caller, CameFrom};
use crate::error::ApiResult;
use crate::extract::Json;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use dto::{MeOut, PasswordIn, TenantAccessOut};
use landfall_services::access::Access;
use utoipa_actix_web::service_config::ServiceConfig;

/// Who the caller is, with the tenants and engagements that he may see and his role in each.
#[utoipa::path(tag = "Access", responses((status = 200, body = MeOut)))]
#[get("/me")]
pub(crate) async fn me(state: Data<State>, caller: Caller) -> ApiResult<HttpResponse> {
    let services = state.services();
    let mut tenants = Vec::new();
    for (client, access, engagements) in services.visible_engagements(&caller.1).await? {
        let roles = engagements
            .into_iter()
            .filter_map(|engagement| access.in_engagement(engagement.id).map(|role| (engagement, role)));
        tenants.push(TenantAccessOut::of(
            client,
            Access::in_client_account(&access),
            roles,
        ));
    }
    let user = match caller.1.user_id {
        Some(user) => Some(services.find_user(&user.to_string()).await?),
        None => None,
    };
    Ok(HttpResponse::Ok().json(MeOut::of(&caller.1, user, tenants)))
}

/// Changes the caller's own password and ends all his sessions.
#[utoipa::path(
    tag = "Access",
    request_body = PasswordIn,
    responses(
        (status = 204, description = "The new password is in force."),
        (status = 401, body = crate::error::ErrorBody, description = "The present password is wrong.")
    )
)]
#[post("/me/password")]
pub(crate) async fn password(
    state: Data<State>,
    caller: Caller,
    from: CameFrom,
    body: Json<PasswordIn>,
) -> ApiResult<HttpResponse> {
    let address = from.0.ip_address.as_deref().unwrap_or("unknown");
    state.limits().login(&caller.1.name, address)?;
    let PasswordIn {
        current_password,
        new_password,
    } = body.0;
    state
        .services()
        .change_password(&caller.1, &current_password, &new_password, &from.0)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(me).service(password);
}
