//! Applications: groups of assets that are planned together.

mod proposals;
mod tags;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, insert_rows, one};
use crate::text_range::begins_with;
use crate::{StoreError, StoreResult, Uow};
use landfall_domain::{AssetId, MasterFlowId, Page, PageRequest, ids};
use landfall_entities::{TenantScoped, application_assets, applications};
pub use proposals::{NewProposal, ProposalFilter, ProposalRepository};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What a person made or said.
const MANUAL: &str = "manual";

/// Applications of the unit of work's scope.
#[derive(Debug)]
pub struct ApplicationRepository<'u> {
    uow: &'u Uow,
}

/// An application to be made.
#[derive(Clone, Debug, Default)]
pub struct NewApplication {
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Business service that it is part of.
    pub business_service: Option<String>,
    /// Who answers for it in the business.
    pub business_owner: Option<String>,
    /// Who answers for it in IT.
    pub technical_owner: Option<String>,
    /// How critical it is.
    pub criticality: Option<String>,
    /// The master flow that it was found in.
    pub master_flow_id: Option<MasterFlowId>,
    /// What it was made from, such as `dependencies`; `manual` if absent.
    pub source: Option<String>,
}

/// Which applications are listed.
#[derive(Clone, Debug, Default)]
pub struct ApplicationFilter {
    /// Whose name begins with this, whatever the letter case.
    pub name_prefix: Option<String>,
    /// Made from this.
    pub source: Option<String>,
    /// As critical as this.
    pub criticality: Option<String>,
    /// Which this asset is part of.
    pub asset_id: Option<AssetId>,
}

/// What a person may change about an application; `Some(None)` takes a value away.
#[derive(Clone, Debug, Default)]
pub struct ApplicationPatch {
    /// Its name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<Option<String>>,
    /// Business service that it is part of.
    pub business_service: Option<Option<String>>,
    /// Who answers for it in the business.
    pub business_owner: Option<Option<String>>,
    /// Who answers for it in IT.
    pub technical_owner: Option<Option<String>>,
    /// How critical it is.
    pub criticality: Option<Option<String>>,
}

/// The key under which an application's name is looked up: names that differ in letter case or blanks are the same.
pub fn application_key(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The key of a name that must say something. `what` is who needs it, such as `an application`.
pub(crate) fn named(name: &str, what: &str) -> StoreResult<String> {
    match application_key(name) {
        key if key.is_empty() => Err(StoreError::invalid(format!("{what} needs a name"))),
        key => Ok(key),
    }
}

impl Uow {
    /// Applications.
    pub fn applications(&self) -> ApplicationRepository<'_> {
        ApplicationRepository { uow: self }
    }
}

impl ApplicationRepository<'_> {
    /// Makes an application.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if there is one with this name.
    pub async fn create(&self, new: NewApplication) -> StoreResult<applications::Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = applications::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            master_flow_id: new.master_flow_id,
            name_key: named(&new.name, "an application")?,
            name: new.name,
            description: new.description,
            business_service: new.business_service,
            business_owner: new.business_owner,
            technical_owner: new.technical_owner,
            criticality: new.criticality,
            source: new.source.unwrap_or_else(|| MANUAL.to_owned()),
            attributes: Value::Object(Map::new()),
            created_by_import_id: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The application with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<applications::Model> {
        one::<applications::Entity>(self.uow, applications::Column::Id.eq(id), "application", id).await
    }

    /// The application with this name, whatever its letter case.
    pub async fn find(&self, name: &str) -> StoreResult<Option<applications::Model>> {
        Ok(applications::Entity::of(self.uow.scope())
            .filter(applications::Column::NameKey.eq(application_key(name)))
            .one(&self.uow.connection)
            .await?)
    }

    /// Applications with these ids, in no order; at most a few thousand.
    pub async fn with_ids(&self, ids: &[Uuid]) -> StoreResult<Vec<applications::Model>> {
        Ok(applications::Entity::of(self.uow.scope())
            .filter(applications::Column::Id.is_in(ids.iter().copied()))
            .all(&self.uow.connection)
            .await?)
    }

    /// Applications by name.
    pub async fn list(
        &self,
        filter: &ApplicationFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<applications::Model>> {
        use applications::Column;
        let rows = self.found_by(filter);
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::NameKey, Column::Id, false),
            request,
        )
        .await
    }

    /// How many applications the filter finds.
    pub async fn count(&self, filter: &ApplicationFilter) -> StoreResult<u64> {
        Ok(self.found_by(filter).count(&self.uow.connection).await?)
    }

    fn found_by(&self, filter: &ApplicationFilter) -> sea_orm::Select<applications::Entity> {
        use applications::Column;
        let mut condition = Condition::all();
        if let Some(prefix) = &filter.name_prefix {
            let backend = self.uow.connection.get_database_backend();
            condition = condition.add(begins_with(Column::NameKey, &application_key(prefix), backend));
        }
        condition = condition
            .add_option(filter.source.as_ref().map(|source| Column::Source.eq(source)))
            .add_option(
                filter
                    .criticality
                    .as_ref()
                    .map(|criticality| Column::Criticality.eq(criticality)),
            );
        if let Some(asset) = filter.asset_id {
            let members = application_assets::Entity::of(self.uow.scope())
                .filter(application_assets::Column::AssetId.eq(asset))
                .select_only()
                .column(application_assets::Column::ApplicationId);
            condition = condition.add(Column::Id.in_subquery(members.into_query()));
        }
        applications::Entity::of(self.uow.scope()).filter(condition)
    }

    /// Changes an application, if it still has the version that the person saw.
    pub async fn update(
        &self,
        id: Uuid,
        expected: i64,
        patch: ApplicationPatch,
    ) -> StoreResult<applications::Model> {
        use applications::Column;
        let mut update = applications::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        if let Some(name) = patch.name {
            update = update
                .col_expr(Column::NameKey, Expr::val(named(&name, "an application")?))
                .col_expr(Column::Name, Expr::val(name));
        }
        let ApplicationPatch {
            name: _,
            description,
            business_service,
            business_owner,
            technical_owner,
            criticality,
        } = patch;
        let texts = [
            (Column::Description, description),
            (Column::BusinessService, business_service),
            (Column::BusinessOwner, business_owner),
            (Column::TechnicalOwner, technical_owner),
            (Column::Criticality, criticality),
        ];
        for (column, text) in texts {
            if let Some(text) = text {
                update = update.col_expr(column, Expr::val(text));
            }
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("application", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes an application; its assets stay.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<applications::Entity>(self.uow, applications::Column::Id.eq(id), "application", id).await
    }

    /// Puts assets into an application, up to a thousand at once; those that are in it stay in it. `source` is who says so,
    /// such as `manual`.
    pub async fn add_assets(&self, id: Uuid, assets: &[AssetId], source: &str) -> StoreResult<u64> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = |asset: &AssetId| application_assets::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            application_id: id,
            asset_id: *asset,
            source: source.to_owned(),
            data_import_id: None,
            created_at: now,
        };
        let rows: Vec<_> = assets.iter().map(row).collect();
        insert_rows(
            &self.uow.connection,
            rows,
            Some(OnConflict::new().do_nothing().to_owned()),
        )
        .await
    }

    /// Takes an asset out of an application.
    pub async fn remove_asset(&self, id: Uuid, asset: AssetId) -> StoreResult<()> {
        use application_assets::Column;
        let deleted = application_assets::Entity::delete_of(self.uow.scope())
            .filter(Column::ApplicationId.eq(id))
            .filter(Column::AssetId.eq(asset))
            .exec(&self.uow.connection)
            .await?;
        if deleted.rows_affected == 0 {
            Err(StoreError::not_found("asset in this application", asset))
        } else {
            Ok(())
        }
    }

    /// Memberships of an application's assets, page by page.
    pub async fn assets(
        &self,
        id: Uuid,
        request: &PageRequest,
    ) -> StoreResult<Page<application_assets::Model>> {
        use application_assets::Column;
        let rows = application_assets::Entity::of(self.uow.scope()).filter(Column::ApplicationId.eq(id));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, false),
            request,
        )
        .await
    }

    /// Which of the assets is in which application, in one query: for a batch of assets.
    pub async fn memberships(&self, assets: &[AssetId]) -> StoreResult<Vec<(AssetId, Uuid)>> {
        use application_assets::Column;
        Ok(application_assets::Entity::of(self.uow.scope())
            .filter(Column::AssetId.is_in(assets.iter().copied()))
            .select_only()
            .columns([Column::AssetId, Column::ApplicationId])
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// How many assets each of the applications has; those without are left out.
    pub async fn asset_counts(&self, ids: &[Uuid]) -> StoreResult<Vec<(Uuid, i64)>> {
        use application_assets::Column;
        Ok(application_assets::Entity::of(self.uow.scope())
            .filter(Column::ApplicationId.is_in(ids.iter().copied()))
            .select_only()
            .column(Column::ApplicationId)
            .expr_as(Column::Id.count(), "number")
            .group_by(Column::ApplicationId)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// The applications that an asset is part of, by id, at most a page of them.
    pub async fn of_asset(&self, asset: AssetId) -> StoreResult<Vec<Uuid>> {
        use application_assets::Column;
        Ok(application_assets::Entity::of(self.uow.scope())
            .filter(Column::AssetId.eq(asset))
            .select_only()
            .column(Column::ApplicationId)
            .limit(u64::from(PageRequest::MAX))
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }
}
