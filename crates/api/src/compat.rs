//! Who still uses old names and paths.

use crate::access::{Tenant, Viewer};
use crate::error::ApiResult;
use crate::page::ListOut;
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use landfall_services::compat_usage::UsageRow;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Uses of one old name by one caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageOut {
    /// `field` for an old name of a field, `path` for a path of an earlier version, `ignored` for a name that nobody knows.
    #[schema(example = "field")]
    kind: String,
    /// The resource of the field, the version of the path, or the path that the unknown name was sent to.
    #[schema(example = "data_imports")]
    resource: String,
    /// The name or path; `(others)` for names beyond those that are kept apart.
    #[schema(example = "file_type")]
    name: String,
    /// Who used it.
    actor: String,
    /// How often.
    uses: i64,
    /// When for the first time.
    first_used_at: DateTime<Utc>,
    /// When for the last time, to about ten seconds.
    last_used_at: DateTime<Utc>,
}

impl From<UsageRow> for UsageOut {
    fn from(row: UsageRow) -> Self {
        let UsageRow {
            kind,
            resource,
            name,
            actor_name,
            uses,
            first_used_at,
            last_used_at,
            ..
        } = row;
        Self {
            kind,
            resource,
            name,
            actor: actor_name,
            uses,
            first_used_at,
            last_used_at,
        }
    }
}

/// Who still uses which old names of fields and paths, the latest first, at most a thousand.
#[utoipa::path(tag = "Compatibility", responses((status = 200, body = ListOut<UsageOut>)))]
#[get("/compat/usage")]
pub(crate) async fn usage(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let found = state.services().compat_usage(&tenant.0, state.usage()).await?;
    Ok(HttpResponse::Ok().json(ListOut::<UsageOut>::from(found)))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(usage);
}
