//! The inventory: finding assets, changing one, and saying where its values come from. Imports write it in batches, see
//! [`Bulk`](crate::Bulk).

mod columns;
mod create;
mod filter;
mod many;
mod provenance;
mod update;
mod values;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, one};
use crate::{Change, StoreResult, Uow, rows};
use assets::Column;
pub use columns::AssetColumn;
pub use create::NewAsset;
pub use filter::{AssetCondition, AssetFilter, Operator};
use landfall_domain::{AssessmentType, AssetId, Page, PageRequest};
use landfall_entities::{TenantScoped, assessments, assets, raw_import_records};
pub use many::{AssetChange, StatedAsset};
pub use provenance::{FieldProvenance, Statement};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::json;
pub use update::AssetPatch;
pub use values::field_values;

/// Assets of the unit of work's scope.
#[derive(Debug)]
pub struct AssetRepository<'u> {
    uow: &'u Uow,
}

/// In which order assets are listed. Those without a value come last in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AssetSort {
    /// By which column; in the order in which they were made if absent.
    pub column: Option<AssetColumn>,
    /// Greatest first.
    pub descending: bool,
}

impl Uow {
    /// The inventory.
    pub fn assets(&self) -> AssetRepository<'_> {
        AssetRepository { uow: self }
    }
}

impl AssetRepository<'_> {
    /// The asset with this id.
    pub async fn get(&self, id: AssetId) -> StoreResult<assets::Model> {
        one::<assets::Entity>(self.uow, Column::Id.eq(id), "asset", id).await
    }

    /// The page of assets that the filter finds.
    pub async fn list(
        &self,
        filter: &AssetFilter,
        sort: AssetSort,
        request: &PageRequest,
    ) -> StoreResult<Page<assets::Model>> {
        let order = match sort.column {
            Some(column) => Sort::by(column.column(), Column::Id, sort.descending),
            None => Sort::by_id(Column::Id, sort.descending),
        };
        keyset::page(&self.uow.connection, self.found_by(filter)?, &order, request).await
    }

    /// How many assets the filter finds.
    pub async fn count(&self, filter: &AssetFilter) -> StoreResult<u64> {
        Ok(self.found_by(filter)?.count(&self.uow.connection).await?)
    }

    /// How many assets there are per value of a column, most first, at most `limit` values.
    pub async fn count_by(
        &self,
        column: AssetColumn,
        filter: &AssetFilter,
        limit: u64,
    ) -> StoreResult<Vec<(Option<String>, i64)>> {
        let number = Column::Id.count();
        let value = column.column().into_expr().cast_as("text");
        Ok(self
            .found_by(filter)?
            .select_only()
            .expr_as(value.clone(), "value")
            .expr_as(number.clone(), "number")
            .group_by(column.column())
            .order_by_desc(number)
            .order_by_asc(value)
            .limit(limit)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// The next assets after `after` that the filter finds, in the order in which they were made, at most `limit`: for
    /// exports, batch by batch.
    pub async fn batch(
        &self,
        filter: &AssetFilter,
        after: Option<AssetId>,
        limit: u64,
    ) -> StoreResult<Vec<assets::Model>> {
        let mut found = self.found_by(filter)?.order_by_asc(Column::Id).limit(limit);
        if let Some(after) = after {
            found = found.filter(Column::Id.gt(after));
        }
        rows::all(&self.uow.connection, found).await
    }

    /// Deletes an asset with its dependencies, tags, identities and findings. Raw records stay and lose the link.
    ///
    /// # Errors
    /// [`crate::StoreError::MissingReference`] while an analysis or a plan refers to it.
    pub async fn delete(&self, id: AssetId) -> StoreResult<()> {
        let asset = self.get(id).await?;
        raw_import_records::Entity::update_of(self.uow.scope())
            .filter(raw_import_records::Column::AssetId.eq(id))
            .col_expr(
                raw_import_records::Column::AssetId,
                Expr::val(Option::<AssetId>::None),
            )
            .exec(&self.uow.connection)
            .await?;
        // Sizes are computed again at any time; answers of people keep the asset.
        assessments::Entity::delete_of(self.uow.scope())
            .filter(assessments::Column::AssetId.eq(id))
            .filter(assessments::Column::AssessmentType.eq(AssessmentType::TechnicalAssessment))
            .exec(&self.uow.connection)
            .await?;
        assets::Entity::delete_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .exec(&self.uow.connection)
            .await?;
        let before =
            json!({ "name": asset.name, "asset_type": asset.asset_type, "hostname": asset.hostname });
        self.uow
            .change_log()
            .record(Change {
                entity_type: "asset",
                entity_id: id.to_string(),
                action: "deleted",
                before: Some(before),
                after: None,
            })
            .await
    }

    fn found_by(&self, filter: &AssetFilter) -> StoreResult<Select<assets::Entity>> {
        let condition = filter.condition(self.uow.connection.get_database_backend())?;
        Ok(assets::Entity::of(self.uow.scope()).filter(condition))
    }
}
