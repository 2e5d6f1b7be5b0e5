//! Users of a tenant, and their roles in it.

mod dto;

use crate::access::{Admin, Caller, CameFrom, ClientAccount, NEVER_KEPT, PlatformAdmin};
use crate::error::ApiResult;
use crate::extract::{Json, Path};
use crate::page::ListOut;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};
use dto::{MadeUserOut, RoleIn, UserIn, UserOut};
use landfall_domain::{EngagementId, UserId};
use landfall_services::access::{AccessError, Member};
use utoipa_actix_web::service_config::ServiceConfig;

/// The users who have a role in the tenant or one of its engagements, by e-mail address.
#[utoipa::path(
    tag = "Access",
    params(("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")),
    responses((status = 200, body = ListOut<UserOut>))
)]
#[get("/users")]
pub(crate) async fn list(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
) -> ApiResult<HttpResponse> {
    let members = state.services().members(&caller.1, client.0).await?;
    Ok(HttpResponse::Ok().json(ListOut::<UserOut>::from(members)))
}

/// Gives somebody a role in the tenant, or in one engagement. Who is not known yet becomes a user, with a password that is
/// shown in this answer only.
#[utoipa::path(
    tag = "Access",
    params(("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")),
    request_body = UserIn,
    responses((status = 201, body = MadeUserOut))
)]
#[post("/users")]
pub(crate) async fn create(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    from: CameFrom,
    body: Json<UserIn>,
) -> ApiResult<HttpResponse> {
    let (services, by) = (state.services(), &caller.1);
    let (person, role, engagement) = body.0.into_parts();
    let (user, password) = match services.create_user(by, person.clone(), &from.0).await {
        Ok(made) => (made.user, made.password),
        Err(AccessError::EmailTaken(email)) => (services.find_user(&email).await?, None),
        Err(error) => return Err(error.into()),
    };
    services
        .grant(by, client.0, user.id, engagement, role, &from.0)
        .await?;
    let member = services.member(by, client.0, user.id).await?;
    Ok(HttpResponse::Created()
        .insert_header(NEVER_KEPT)
        .json(MadeUserOut::of(member, password.as_ref())))
}

/// One user of the tenant.
#[utoipa::path(
    tag = "Access",
    params(("id" = UserId, Path), ("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")),
    responses((status = 200, body = UserOut))
)]
#[get("/users/{id}")]
pub(crate) async fn one(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    id: Path<UserId>,
) -> ApiResult<HttpResponse> {
    let member = state.services().member(&caller.1, client.0, id.0).await?;
    Ok(HttpResponse::Ok().json(UserOut::from(member)))
}

/// Gives a user of the tenant another role, in the tenant as a whole or in one engagement.
#[utoipa::path(
    tag = "Access",
    params(("id" = UserId, Path), ("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")),
    request_body = RoleIn,
    responses((status = 200, body = UserOut))
)]
#[put("/users/{id}/role")]
pub(crate) async fn set_role(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    from: CameFrom,
    id: Path<UserId>,
    body: Json<RoleIn>,
) -> ApiResult<HttpResponse> {
    let (services, by) = (state.services(), &caller.1);
    services.member(by, client.0, id.0).await?;
    let RoleIn { role, engagement_id } = body.0;
    services
        .grant(by, client.0, id.0, engagement_id, role, &from.0)
        .await?;
    Ok(HttpResponse::Ok().json(UserOut::from(services.member(by, client.0, id.0).await?)))
}

/// Takes a user's role in one engagement away.
#[utoipa::path(
    tag = "Access",
    operation_id = "remove_from_engagement",
    params(
        ("id" = UserId, Path), ("engagement_id" = EngagementId, Path),
        ("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")
    ),
    responses((status = 204, description = "He has no role of his own in the engagement."))
)]
#[delete("/users/{id}/engagements/{engagement_id}")]
pub(crate) async fn remove_from_engagement(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    from: CameFrom,
    path: Path<(UserId, EngagementId)>,
) -> ApiResult<HttpResponse> {
    let (user, engagement) = path.0;
    state
        .services()
        .revoke_role(&caller.1, client.0, user, Some(engagement), &from.0)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes all roles of a user in the tenant away. The user himself stays: he may have roles elsewhere.
#[utoipa::path(
    tag = "Access",
    params(("id" = UserId, Path), ("X-Client-Account-ID" = uuid::Uuid, Header, description = "The client account.")),
    responses((status = 204, description = "He sees nothing of the tenant any more."))
)]
#[delete("/users/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    caller: Caller,
    client: ClientAccount<Admin>,
    from: CameFrom,
    id: Path<UserId>,
) -> ApiResult<HttpResponse> {
    state
        .services()
        .revoke_role(&caller.1, client.0, id.0, None, &from.0)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn set_active(
    state: &State,
    caller: &PlatformAdmin,
    from: &CameFrom,
    id: UserId,
    is_active: bool,
) -> ApiResult<HttpResponse> {
    let user = state
        .services()
        .set_user_active(&caller.1, id, is_active, &from.0)
        .await?;
    let member = Member {
        user,
        grants: Vec::new(),
    };
    Ok(HttpResponse::Ok().json(UserOut::from(member)))
}

/// Keeps a user out everywhere, and ends all his sessions.
#[utoipa::path(tag = "Access", params(("id" = UserId, Path)), responses((status = 200, body = UserOut)))]
#[post("/users/{id}/deactivate")]
pub(crate) async fn deactivate(
    state: Data<State>,
    caller: PlatformAdmin,
    from: CameFrom,
    id: Path<UserId>,
) -> ApiResult<HttpResponse> {
    set_active(&state, &caller, &from, id.0, false).await
}

/// Lets a user in again who was kept out.
#[utoipa::path(tag = "Access", params(("id" = UserId, Path)), responses((status = 200, body = UserOut)))]
#[post("/users/{id}/activate")]
pub(crate) async fn activate(
    state: Data<State>,
    caller: PlatformAdmin,
    from: CameFrom,
    id: Path<UserId>,
) -> ApiResult<HttpResponse> {
    set_active(&state, &caller, &from, id.0, true).await
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .service(one)
        .service(set_role)
        .service(remove_from_engagement)
        .service(remove);
    config.service(deactivate).service(activate);
}
