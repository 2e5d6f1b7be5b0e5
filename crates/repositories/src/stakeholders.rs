//! Stakeholders: people with a say in applications and assessments.

mod roles;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreResult, Uow};
use landfall_domain::{Page, PageRequest, ids};
use landfall_entities::{TenantScoped, stakeholders};
pub use roles::Concern;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use stakeholders::{Column, Model};
use uuid::Uuid;

/// Stakeholders of the unit of work's scope.
#[derive(Debug)]
pub struct StakeholderRepository<'u> {
    uow: &'u Uow,
}

/// A stakeholder to be made.
#[derive(Clone, Debug)]
pub struct NewStakeholder {
    /// Name.
    pub name: String,
    /// E-mail address; no two have the same.
    pub email: String,
    /// What the person does.
    pub job_function: Option<String>,
}

/// What may be changed about a stakeholder; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct StakeholderPatch {
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What the person does.
    pub job_function: Option<Option<String>>,
}

impl Uow {
    /// Stakeholders.
    pub fn stakeholders(&self) -> StakeholderRepository<'_> {
        StakeholderRepository { uow: self }
    }
}

impl StakeholderRepository<'_> {
    /// Makes a stakeholder.
    ///
    /// # Errors
    /// [`crate::StoreError::Duplicate`] if there is one with this e-mail address.
    pub async fn create(&self, new: NewStakeholder) -> StoreResult<Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name: new.name,
            email: new.email,
            job_function: new.job_function,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The stakeholder with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<stakeholders::Entity>(self.uow, Column::Id.eq(id), "stakeholder", id).await
    }

    /// Stakeholders by name.
    pub async fn list(&self, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = stakeholders::Entity::of(self.uow.scope());
        let order = Sort::by(Column::Name, Column::Id, false);
        keyset::page(&self.uow.connection, rows, &order, request).await
    }

    /// Changes a stakeholder, if it still has the version that the person saw.
    pub async fn update(&self, id: Uuid, expected: i64, patch: StakeholderPatch) -> StoreResult<Model> {
        let mut update = stakeholders::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        if let Some(name) = patch.name {
            update = update.col_expr(Column::Name, Expr::val(name));
        }
        if let Some(email) = patch.email {
            update = update.col_expr(Column::Email, Expr::val(email));
        }
        if let Some(job_function) = patch.job_function {
            update = update.col_expr(Column::JobFunction, Expr::val(job_function));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("stakeholder", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes a stakeholder.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<stakeholders::Entity>(self.uow, Column::Id.eq(id), "stakeholder", id).await
    }
}
