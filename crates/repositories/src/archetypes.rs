//! Archetypes: kinds of applications that are assessed once for all of their members.

mod tags;

use crate::applications::{application_key, named};
use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreResult, Uow};
use archetypes::{Column, Model};
use landfall_domain::{Page, PageRequest, ids};
use landfall_entities::{TenantScoped, archetypes};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
pub use tags::TagPurpose;
use uuid::Uuid;

/// Archetypes of the unit of work's scope.
#[derive(Debug)]
pub struct ArchetypeRepository<'u> {
    uow: &'u Uow,
}

/// An archetype to be made.
#[derive(Clone, Debug)]
pub struct NewArchetype {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
}

/// What may be changed about an archetype; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ArchetypePatch {
    /// Its name.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<Option<String>>,
}

impl Uow {
    /// Archetypes.
    pub fn archetypes(&self) -> ArchetypeRepository<'_> {
        ArchetypeRepository { uow: self }
    }
}

impl ArchetypeRepository<'_> {
    /// Makes an archetype.
    ///
    /// # Errors
    /// [`crate::StoreError::Duplicate`] if there is one with this name.
    pub async fn create(&self, new: NewArchetype) -> StoreResult<Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name_key: named(&new.name, "an archetype")?,
            name: new.name,
            description: new.description,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The archetype with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<archetypes::Entity>(self.uow, Column::Id.eq(id), "archetype", id).await
    }

    /// The archetype with this name, whatever its letter case.
    pub async fn find(&self, name: &str) -> StoreResult<Option<Model>> {
        Ok(archetypes::Entity::of(self.uow.scope())
            .filter(Column::NameKey.eq(application_key(name)))
            .one(&self.uow.connection)
            .await?)
    }

    /// Archetypes by name.
    pub async fn list(&self, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = archetypes::Entity::of(self.uow.scope());
        let order = Sort::by(Column::NameKey, Column::Id, false);
        keyset::page(&self.uow.connection, rows, &order, request).await
    }

    /// Changes an archetype, if it still has the version that the person saw.
    pub async fn update(&self, id: Uuid, expected: i64, patch: ArchetypePatch) -> StoreResult<Model> {
        let mut update = archetypes::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        if let Some(name) = patch.name {
            update = update
                .col_expr(Column::NameKey, Expr::val(named(&name, "an archetype")?))
                .col_expr(Column::Name, Expr::val(name));
        }
        if let Some(description) = patch.description {
            update = update.col_expr(Column::Description, Expr::val(description));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("archetype", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes an archetype.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<archetypes::Entity>(self.uow, Column::Id.eq(id), "archetype", id).await
    }
}
