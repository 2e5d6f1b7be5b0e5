//! What happened to the security of a tenant: changes of roles and keys, keys that were refused.

use crate::access::{Admin, ClientAccount};
use crate::error::ApiResult;
use crate::extract::Query;
use crate::page::{PageOut, page_request};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use landfall_services::access::SecurityEvent;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Which page.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// Rows of a page.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct SecurityEventOut {
    /// Its id.
    id: Uuid,
    /// What happened.
    #[schema(example = "role_granted")]
    event: String,
    /// What it is about: `authentication` or `administration`.
    #[schema(example = "administration")]
    category: String,
    /// How much it matters: `info`, `warning` or `critical`.
    #[schema(example = "info")]
    severity: String,
    /// Who did it: a user's id, how a key begins, or `unknown`.
    actor: String,
    /// The actor's e-mail address.
    actor_email: Option<String>,
    /// To whom or what it was done.
    target: Option<String>,
    /// The target's e-mail address.
    target_email: Option<String>,
    /// One sentence.
    description: String,
    /// Whether what was tried was refused.
    is_blocked: bool,
    /// From where.
    ip_address: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<SecurityEvent> for SecurityEventOut {
    fn from(row: SecurityEvent) -> Self {
        Self {
            id: row.id,
            event: row.event_type,
            category: row.event_category,
            severity: row.severity,
            actor: row.actor_user_id,
            actor_email: row.actor_email,
            target: row.target_user_id,
            target_email: row.target_email,
            description: row.description,
            is_blocked: row.is_blocked,
            ip_address: row.ip_address,
            created_at: row.created_at,
        }
    }
}

/// What happened to the security of the tenant, newest first.
#[utoipa::path(
    tag = "Access",
    params(EventQuery, ("X-Client-Account-ID" = Uuid, Header, description = "The client account.")),
    responses((status = 200, body = PageOut<SecurityEventOut>))
)]
#[get("/security-events")]
pub(crate) async fn list(
    state: Data<State>,
    client: ClientAccount<Admin>,
    query: Query<EventQuery>,
) -> ApiResult<HttpResponse> {
    let page = page_request(query.0.limit, query.0.cursor);
    let events = state.services().security_events(Some(client.0), &page).await?;
    Ok(HttpResponse::Ok().json(PageOut::<SecurityEventOut>::from(events)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list);
}
