//! Plans of waves: what is kept of them, version by version. Large changes go through [`Bulk`](crate::Bulk).

mod commit;
mod portfolio;
mod read;
mod save;

pub use commit::{WavePatch, WaveRepository};
pub use portfolio::{PlannedStrategy, WorkloadLink, WorkloadRow};
pub use read::{PlannedAsset, ViolationFilter};
pub use save::PlanSave;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreResult, Uow};
use landfall_domain::{MasterFlowId, Page, PageRequest, ids};
use landfall_entities::{TenantScoped, plans};
use plans::Column;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

/// Plans of the unit of work's scope.
#[derive(Debug)]
pub struct PlanRepository<'u> {
    uow: &'u Uow,
}

/// A plan to be made.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Settings, a JSON object.
    pub settings: Value,
    /// Pins, a JSON array.
    pub pins: Value,
    /// The plan that it is a copy of.
    pub based_on_plan_id: Option<Uuid>,
    /// The planning flow.
    pub master_flow_id: MasterFlowId,
}

/// What may change of a plan without a new version of its waves; `None` leaves a value.
#[derive(Clone, Debug, Default)]
pub struct PlanPatch {
    /// Its name.
    pub name: Option<String>,
    /// Free text; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
    /// Settings.
    pub settings: Option<Value>,
    /// State.
    pub status: Option<String>,
    /// What failed; `Some(None)` takes it away.
    pub error_message: Option<Option<String>>,
}

impl Uow {
    /// Plans of waves.
    pub fn plans(&self) -> PlanRepository<'_> {
        PlanRepository { uow: self }
    }
}

impl PlanRepository<'_> {
    /// Makes a plan without waves.
    pub async fn create(&self, new: NewPlan) -> StoreResult<plans::Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = plans::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name: new.name,
            description: new.description,
            status: "planning".to_owned(),
            error_message: None,
            based_on_plan_id: new.based_on_plan_id,
            settings: new.settings,
            pins: new.pins,
            summary: None,
            plan_version: 0,
            committed_at: None,
            created_by: Some(scope.actor.name.clone()),
            created_at: now,
            updated_at: now,
            master_flow_id: new.master_flow_id,
            version: 1,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The plan with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<plans::Model> {
        one::<plans::Entity>(self.uow, Column::Id.eq(id), "plan", id).await
    }

    /// Plans, newest first; with this state, if one is given.
    pub async fn list(&self, status: Option<&str>, request: &PageRequest) -> StoreResult<Page<plans::Model>> {
        let mut rows = plans::Entity::of(self.uow.scope());
        if let Some(status) = status {
            rows = rows.filter(Column::Status.eq(status));
        }
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, true),
            request,
        )
        .await
    }

    /// Changes a plan, if it still has the version that the person saw.
    pub async fn update(&self, id: Uuid, expected: i64, patch: PlanPatch) -> StoreResult<plans::Model> {
        let mut update = plans::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        if let Some(name) = patch.name {
            update = update.col_expr(Column::Name, Expr::val(name));
        }
        if let Some(description) = patch.description {
            update = update.col_expr(Column::Description, Expr::val(description));
        }
        if let Some(settings) = patch.settings {
            update = update.col_expr(Column::Settings, Expr::val(settings));
        }
        if let Some(status) = patch.status {
            update = update.col_expr(Column::Status, Expr::val(status));
        }
        if let Some(message) = patch.error_message {
            update = update.col_expr(Column::ErrorMessage, Expr::val(message));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("plan", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes a plan with its waves and versions.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<plans::Entity>(self.uow, Column::Id.eq(id), "plan", id).await
    }
}
