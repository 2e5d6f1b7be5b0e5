//! Renaming imports, and deleting them.

use super::dto::{DeleteQuery, ImportOut, ImportPatchIn};
use crate::access::{Editor, Tenant};
use crate::error::ApiResult;
use crate::extract::{IfMatch, Json, MaybeIfMatch, Path, Query, etag};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, patch};
use landfall_domain::ImportId;
use utoipa_actix_web::service_config::ServiceConfig;

/// Changes the name or the description of an import: what is absent stays, null takes the description away.
#[utoipa::path(
    tag = "Imports",
    params(("id" = ImportId, Path)),
    request_body = ImportPatchIn,
    responses((status = 200, body = ImportOut))
)]
#[patch("/imports/{id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
    expected: IfMatch,
    body: Json<ImportPatchIn>,
) -> ApiResult<HttpResponse> {
    let import = state
        .services()
        .change_import(&tenant.0, id.0, expected.0, body.0.into_patch())
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(import.version))
        .json(ImportOut::from(import)))
}

/// Deletes an import with its raw records, its mappings and its file. The assets that it made stay, unless `cascade` undoes
/// it first.
#[utoipa::path(
    tag = "Imports",
    params(("id" = ImportId, Path), DeleteQuery),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, body = crate::error::ErrorBody, description = "It is still being worked on.")
    )
)]
#[delete("/imports/{id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<ImportId>,
    expected: MaybeIfMatch,
    query: Query<DeleteQuery>,
) -> ApiResult<HttpResponse> {
    state
        .services()
        .delete_import(&tenant.0, id.0, expected.0, query.0.cascade)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(change).service(remove);
}
