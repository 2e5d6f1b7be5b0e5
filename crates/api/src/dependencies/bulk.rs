//! Many dependencies on the wire.

use super::dto::{DependencyIn, DependencyOut, DependencyPatchIn};
use crate::access::{Editor, Tenant};
use crate::bulk::{BulkOut, check_size};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Json};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use landfall_services::dependencies::{Dependency, DependencyBatch, DependencyChange, DependencyError};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// Dependencies to be stated, changed and removed, up to 500 together. Removals come first, then changes, then new ones.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "create": [{
        "asset_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "depends_on_asset_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b12",
        "dependency_type": "database", "port": 5432
    }],
    "update": [{"id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b13", "version": 1, "values": {"is_hard": false}}],
    "delete": [{"id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b14"}]
}))]
pub(crate) struct DependencyBulkIn {
    /// Dependencies to be stated.
    #[validate(nested)]
    #[serde(default)]
    #[schema(required = false, max_items = 500)]
    create: Vec<DependencyIn>,
    /// Changes.
    #[validate(nested)]
    #[serde(default)]
    #[schema(required = false, max_items = 500)]
    update: Vec<DependencyChangeIn>,
    /// Dependencies to be removed.
    #[serde(default)]
    #[schema(required = false, max_items = 500)]
    delete: Vec<DependencyRefIn>,
    /// Does all or nothing.
    #[serde(default)]
    #[schema(required = false)]
    atomic: bool,
}

/// A change of one dependency.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct DependencyChangeIn {
    /// Which dependency.
    id: Uuid,
    /// The version that was read; any will do if absent.
    version: Option<i64>,
    /// Values to be changed.
    #[validate(nested)]
    values: DependencyPatchIn,
}

/// One dependency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DependencyRefIn {
    /// Which dependency.
    id: Uuid,
    /// The version that was read; any will do if absent.
    version: Option<i64>,
}

impl Body for DependencyBulkIn {}

impl DependencyBulkIn {
    fn into_batch(self) -> DependencyBatch {
        DependencyBatch {
            create: self.create.into_iter().map(DependencyIn::into_new).collect(),
            update: self
                .update
                .into_iter()
                .map(|change| DependencyChange {
                    id: change.id,
                    expected: change.version,
                    patch: change.values.into_patch(),
                })
                .collect(),
            delete: self.delete.into_iter().map(|one| (one.id, one.version)).collect(),
            atomic: self.atomic,
        }
    }
}

/// States, changes and removes up to 500 dependencies. Each item stands for itself and is answered for itself; with
/// `atomic`, one refused item refuses all.
#[utoipa::path(
    tag = "Dependencies",
    operation_id = "bulk",
    request_body = DependencyBulkIn,
    responses((status = 200, body = BulkOut))
)]
#[post("/dependencies/bulk")]
pub(crate) async fn bulk(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: Json<DependencyBulkIn>,
) -> ApiResult<HttpResponse> {
    check_size(body.0.create.len() + body.0.update.len() + body.0.delete.len())?;
    let removed: Vec<Uuid> = body.0.delete.iter().map(|one| one.id).collect();
    let report = state
        .services()
        .write_dependencies(&tenant.0, body.0.into_batch())
        .await?;
    let written = |outcome: Result<Dependency, DependencyError>| {
        outcome
            .map(|row| (row.id, Some(row.version)))
            .map_err(ApiError::from)
    };
    let gone = report.deleted.into_iter().zip(removed);
    let answer = BulkOut::of(
        report.created.into_iter().map(written).collect(),
        report.updated.into_iter().map(written).collect(),
        gone.map(|(outcome, id)| outcome.map(|()| (id, None)).map_err(ApiError::from))
            .collect(),
    );
    if report.kept {
        Ok(HttpResponse::Ok().json(answer))
    } else {
        Err(answer.refused())
    }
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(bulk);
}

/// What a dependency looks like after a change or statement.
pub(super) fn answer(row: Dependency) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(crate::extract::etag(row.version))
        .json(DependencyOut::from(row))
}
