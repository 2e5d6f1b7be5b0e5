//! Dependencies: which asset needs which. An observation of a known one adds its weight.

mod batch;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert_rows, one};
use crate::{StoreError, StoreResult, Uow};
use asset_dependencies::{Column, Model};
pub use batch::DependencyChange;
use landfall_domain::{AssetId, ImportId, Page, PageRequest, ids};
use landfall_entities::{TenantScoped, asset_dependencies};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Dependencies of the unit of work's scope.
#[derive(Debug)]
pub struct DependencyRepository<'u> {
    uow: &'u Uow,
}

/// An observed or stated dependency.
#[derive(Clone, Debug)]
pub struct NewDependency {
    /// The asset that needs the other.
    pub asset_id: AssetId,
    /// The asset that is needed.
    pub depends_on_asset_id: AssetId,
    /// Kind, such as `application`, `network`, `hosting`.
    pub dependency_type: String,
    /// Port of the needed asset; 0 if unknown.
    pub port: i32,
    /// Protocol.
    pub protocol: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// How strong the observation is: 1 for a statement, the number of connections for a measurement.
    pub weight: f64,
    /// Whether the two cannot be separated.
    pub is_hard: bool,
    /// `manual`, or what observed it.
    pub source: String,
    /// The import that observed it.
    pub data_import_id: Option<ImportId>,
}

impl NewDependency {
    /// A hard dependency stated by a person.
    pub fn stated(asset_id: AssetId, depends_on_asset_id: AssetId) -> Self {
        Self {
            asset_id,
            depends_on_asset_id,
            dependency_type: "application".to_owned(),
            port: 0,
            protocol: None,
            description: None,
            weight: 1.0,
            is_hard: true,
            source: "manual".to_owned(),
            data_import_id: None,
        }
    }
}

/// What a person may change about a dependency.
#[derive(Clone, Debug, Default)]
pub struct DependencyPatch {
    /// Free text; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
    /// How strong it is.
    pub weight: Option<f64>,
    /// Whether the two cannot be separated.
    pub is_hard: Option<bool>,
}

/// Which dependencies are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyFilter {
    /// All of the engagement.
    All,
    /// What the asset needs.
    NeededBy(AssetId),
    /// What needs the asset.
    Needing(AssetId),
}

impl Uow {
    /// Dependencies.
    pub fn dependencies(&self) -> DependencyRepository<'_> {
        DependencyRepository { uow: self }
    }
}

impl DependencyRepository<'_> {
    /// Adds a dependency, or its weight to the known one between the same assets with the same port and type.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an asset that needs itself, [`StoreError::MissingReference`] for an unknown asset.
    pub async fn add(&self, new: NewDependency) -> StoreResult<Model> {
        let key = Key::of(&new);
        self.add_all(vec![new]).await?;
        self.with_key(&key).await
    }

    /// Adds many, up to a thousand. Gives the number of rows added or changed.
    pub async fn add_all(&self, new: Vec<NewDependency>) -> StoreResult<u64> {
        let mut rows: HashMap<Key, Model> = HashMap::with_capacity(new.len());
        for new in new {
            if new.asset_id == new.depends_on_asset_id {
                return Err(StoreError::invalid(format!(
                    "asset {} cannot depend on itself",
                    new.asset_id
                )));
            }
            let key = Key::of(&new);
            let row = self.row(new);
            // One statement must not meet the same row twice.
            rows.entry(key)
                .and_modify(|known| {
                    known.weight += row.weight;
                    known.is_hard |= row.is_hard;
                })
                .or_insert(row);
        }
        let rows: Vec<Model> = rows.into_values().collect();
        insert_rows(&self.uow.connection, rows, Some(accumulate())).await
    }

    /// One dependency.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<asset_dependencies::Entity>(self.uow, Column::Id.eq(id), "dependency", id).await
    }

    /// Dependencies in the order in which they were found.
    pub async fn list(&self, filter: DependencyFilter, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = self.found_by(filter);
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, false),
            request,
        )
        .await
    }

    /// How many dependencies the filter finds.
    pub async fn count(&self, filter: DependencyFilter) -> StoreResult<u64> {
        Ok(self.found_by(filter).count(&self.uow.connection).await?)
    }

    /// Changes a dependency, if it still has the version that the person saw.
    pub async fn update(&self, id: Uuid, expected: i64, patch: DependencyPatch) -> StoreResult<Model> {
        let mut update = asset_dependencies::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        if let Some(description) = patch.description {
            update = update.col_expr(Column::Description, Expr::val(description));
        }
        if let Some(weight) = patch.weight {
            update = update.col_expr(Column::Weight, Expr::val(weight));
        }
        if let Some(is_hard) = patch.is_hard {
            update = update.col_expr(Column::IsHard, Expr::val(is_hard));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("dependency", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes a dependency.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<asset_dependencies::Entity>(self.uow, Column::Id.eq(id), "dependency", id).await
    }

    fn found_by(&self, filter: DependencyFilter) -> sea_orm::Select<asset_dependencies::Entity> {
        let rows = asset_dependencies::Entity::of(self.uow.scope());
        match filter {
            DependencyFilter::All => rows,
            DependencyFilter::NeededBy(asset) => rows.filter(Column::AssetId.eq(asset)),
            DependencyFilter::Needing(asset) => rows.filter(Column::DependsOnAssetId.eq(asset)),
        }
    }

    async fn with_key(&self, key: &Key) -> StoreResult<Model> {
        asset_dependencies::Entity::of(self.uow.scope())
            .filter(Column::AssetId.eq(key.asset_id))
            .filter(Column::DependsOnAssetId.eq(key.depends_on_asset_id))
            .filter(Column::Port.eq(key.port))
            .filter(Column::DependencyType.eq(&key.dependency_type))
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("dependency of asset", key.asset_id))
    }

    fn row(&self, new: NewDependency) -> Model {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            asset_id: new.asset_id,
            depends_on_asset_id: new.depends_on_asset_id,
            dependency_type: new.dependency_type,
            description: new.description,
            port: new.port,
            protocol: new.protocol,
            weight: new.weight,
            is_hard: new.is_hard,
            source: new.source,
            data_import_id: new.data_import_id,
            attributes: Value::Object(Map::new()),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// What makes two observations the same dependency.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    asset_id: AssetId,
    depends_on_asset_id: AssetId,
    port: i32,
    dependency_type: String,
}

impl Key {
    fn of(new: &NewDependency) -> Self {
        Self {
            asset_id: new.asset_id,
            depends_on_asset_id: new.depends_on_asset_id,
            port: new.port,
            dependency_type: new.dependency_type.clone(),
        }
    }

    fn of_row(row: &Model) -> Self {
        Self {
            asset_id: row.asset_id,
            depends_on_asset_id: row.depends_on_asset_id,
            port: row.port,
            dependency_type: row.dependency_type.clone(),
        }
    }
}

/// The known row keeps what it says, and gains the observation's weight.
fn accumulate() -> OnConflict {
    let known = |column: Column| Expr::col((asset_dependencies::Entity, column));
    let observed = |column: Column| Expr::col((Alias::new("excluded"), column));
    OnConflict::columns([
        Column::ClientAccountId,
        Column::AssetId,
        Column::DependsOnAssetId,
        Column::Port,
        Column::DependencyType,
    ])
    .values([
        (
            Column::Weight,
            known(Column::Weight).add(observed(Column::Weight)),
        ),
        (Column::IsHard, known(Column::IsHard).or(observed(Column::IsHard))),
        (
            Column::Description,
            known(Column::Description).if_null(observed(Column::Description)),
        ),
        (
            Column::Protocol,
            known(Column::Protocol).if_null(observed(Column::Protocol)),
        ),
        (Column::Version, known(Column::Version).add(1)),
        (Column::UpdatedAt, observed(Column::UpdatedAt)),
    ])
    .to_owned()
}
