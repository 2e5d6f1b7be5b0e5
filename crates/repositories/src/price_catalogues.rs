//! Price catalogues: sizes and prices of a target that machines are placed on.

use crate::applications::{application_key, named};
use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreResult, Uow};
use landfall_domain::{Page, PageRequest, ids};
use landfall_entities::{TenantScoped, price_catalogues};
use price_catalogues::{Column, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

/// Price catalogues of the unit of work's scope.
#[derive(Debug)]
pub struct PriceCatalogueRepository<'u> {
    uow: &'u Uow,
}

/// A price catalogue to be made.
#[derive(Clone, Debug)]
pub struct NewPriceCatalogue {
    /// Its name.
    pub name: String,
    /// Where the prices are from.
    pub source: String,
    /// As of which day, ISO 8601.
    pub as_of: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The catalogue itself.
    pub document: Value,
}

impl Uow {
    /// Price catalogues.
    pub fn price_catalogues(&self) -> PriceCatalogueRepository<'_> {
        PriceCatalogueRepository { uow: self }
    }
}

impl PriceCatalogueRepository<'_> {
    /// Makes a price catalogue.
    ///
    /// # Errors
    /// [`crate::StoreError::Duplicate`] if there is one with this name.
    pub async fn create(&self, new: NewPriceCatalogue) -> StoreResult<Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name_key: named(&new.name, "a price catalogue")?,
            name: new.name,
            source: new.source,
            as_of: new.as_of,
            currency: new.currency,
            document: new.document,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The price catalogue with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<price_catalogues::Entity>(self.uow, Column::Id.eq(id), "price catalogue", id).await
    }

    /// The price catalogue with this name, whatever its letter case.
    pub async fn find(&self, name: &str) -> StoreResult<Option<Model>> {
        Ok(price_catalogues::Entity::of(self.uow.scope())
            .filter(Column::NameKey.eq(application_key(name)))
            .one(&self.uow.connection)
            .await?)
    }

    /// Price catalogues by name.
    pub async fn list(&self, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = price_catalogues::Entity::of(self.uow.scope());
        let order = Sort::by(Column::NameKey, Column::Id, false);
        keyset::page(&self.uow.connection, rows, &order, request).await
    }

    /// Replaces what a price catalogue holds, if it still has the version that the person saw.
    pub async fn replace(&self, id: Uuid, expected: i64, new: NewPriceCatalogue) -> StoreResult<Model> {
        let mut changed = price_catalogues::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
            .col_expr(Column::NameKey, Expr::val(named(&new.name, "a price catalogue")?))
            .col_expr(Column::Name, Expr::val(new.name))
            .col_expr(Column::Source, Expr::val(new.source))
            .col_expr(Column::AsOf, Expr::val(new.as_of))
            .col_expr(Column::Currency, Expr::val(new.currency))
            .col_expr(Column::Document, Expr::val(new.document))
            .exec_with_returning(&self.uow.connection)
            .await?;
        if let Some(row) = changed.pop() {
            Ok(row)
        } else {
            let actual = self.get(id).await?.version;
            Err(conflict("price catalogue", id, expected, actual))
        }
    }

    /// Deletes a price catalogue.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<price_catalogues::Entity>(self.uow, Column::Id.eq(id), "price catalogue", id).await
    }
}
