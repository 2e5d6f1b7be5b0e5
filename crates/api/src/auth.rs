//! Logging in and out, and tokens for event streams.

mod dto;

use crate::access::{Caller, CameFrom, NEVER_KEPT, Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::Json;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use dto::{LoginIn, RefreshIn, SessionOut, StreamTokenOut};
use utoipa_actix_web::service_config::ServiceConfig;

/// Begins a session with e-mail address and password.
#[utoipa::path(
    tag = "Access",
    request_body = LoginIn,
    responses(
        (status = 200, body = SessionOut),
        (status = 401, body = crate::error::ErrorBody, description = "The address or the password is wrong.")
    )
)]
#[post("/auth/login")]
pub(crate) async fn login(
    state: Data<State>,
    from: CameFrom,
    body: Json<LoginIn>,
) -> ApiResult<HttpResponse> {
    let LoginIn { email, password } = body.0;
    let address = from.0.ip_address.as_deref().unwrap_or("unknown");
    state.limits().login(&email, address)?;
    let session = state.services().login(&email, &password, &from.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header(NEVER_KEPT)
        .json(SessionOut::of(session, state.services().now())))
}

/// Continues a session. The refresh token is used up: the answer has the next one. One that comes twice ends the session.
#[utoipa::path(
    tag = "Access",
    request_body = RefreshIn,
    responses(
        (status = 200, body = SessionOut),
        (status = 401, body = crate::error::ErrorBody, description = "The refresh token is not known, has ended, or was used before.")
    )
)]
#[post("/auth/refresh")]
pub(crate) async fn refresh(
    state: Data<State>,
    from: CameFrom,
    body: Json<RefreshIn>,
) -> ApiResult<HttpResponse> {
    let address = from.0.ip_address.as_deref().unwrap_or("unknown");
    let session = match state.services().refresh(&body.0.refresh_token, &from.0).await {
        Ok(session) => session,
        Err(error) => {
            state.limits().wrong_token(address)?;
            return Err(error.into());
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header(NEVER_KEPT)
        .json(SessionOut::of(session, state.services().now())))
}

/// Ends the session, with all its tokens.
#[utoipa::path(tag = "Access", responses((status = 204, description = "The tokens are of no use any more.")))]
#[post("/auth/logout")]
pub(crate) async fn logout(state: Data<State>, caller: Caller, from: CameFrom) -> ApiResult<HttpResponse> {
    state.services().logout(&caller.1, &from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives a token that opens event streams of this engagement, and nothing else. Browsers cannot send headers when they open
/// one: put it into the address as `stream_token`, with `client_account_id` and `engagement_id`.
#[utoipa::path(
    tag = "Access",
    params(
        ("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account."),
        ("X-Engagement-ID" = uuid::Uuid, Header, description = "The engagement.")
    ),
    responses((status = 200, body = StreamTokenOut))
)]
#[post("/auth/stream-token")]
pub(crate) async fn stream_token(
    state: Data<State>,
    caller: Caller,
    tenant: Tenant<Viewer>,
) -> ApiResult<HttpResponse> {
    let (token, until) = state.services().stream_token(&caller.1, &tenant.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header(NEVER_KEPT)
        .json(StreamTokenOut::of(&token, until, state.services().now())))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(login)
        .service(refresh)
        .service(logout)
        .service(stream_token);
}
