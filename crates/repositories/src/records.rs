//! Raw records: every row of every import as it came.

use crate::keyset::{self, Sort};
use crate::scoped::ScopedWrites;
use crate::{StoreResult, Uow};
use chrono::{DateTime, Utc};
use landfall_domain::{ImportId, Page, PageRequest};
use landfall_entities::{TenantScoped, raw_import_records};
use raw_import_records::Column;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::Serialize;
use serde_json::Value;

/// Raw records of the unit of work's scope.
#[derive(Debug)]
pub struct RawRecordRepository<'u> {
    uow: &'u Uow,
}

/// How many records an import has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult, Serialize)]
pub struct RecordCounts {
    /// All of them.
    pub total: i64,
    /// Those with nothing wrong.
    pub valid: i64,
    /// Those with something wrong.
    pub invalid: i64,
    /// Those that were dealt with.
    pub processed: i64,
    /// Those that became or were merged into an asset.
    pub linked: i64,
}

impl Uow {
    /// Raw records.
    pub fn records(&self) -> RawRecordRepository<'_> {
        RawRecordRepository { uow: self }
    }
}

impl RawRecordRepository<'_> {
    /// Records of an import in the order of the file.
    pub async fn page(
        &self,
        import: ImportId,
        request: &PageRequest,
    ) -> StoreResult<Page<raw_import_records::Model>> {
        self.sorted(self.of(import), request).await
    }

    /// Records with something wrong, in the order of the file.
    pub async fn page_of_invalid(
        &self,
        import: ImportId,
        request: &PageRequest,
    ) -> StoreResult<Page<raw_import_records::Model>> {
        self.sorted(self.of(import).filter(Column::IsValid.eq(false)), request)
            .await
    }

    /// Records with positions in `range`, in order, at most [`PageRequest::MAX`].
    pub async fn range(
        &self,
        import: ImportId,
        range: std::ops::Range<i64>,
    ) -> StoreResult<Vec<raw_import_records::Model>> {
        Ok(self
            .of(import)
            .filter(Column::RecordIndex.gte(range.start))
            .filter(Column::RecordIndex.lt(range.end))
            .order_by_asc(Column::RecordIndex)
            .limit(u64::from(PageRequest::MAX))
            .all(&self.uow.connection)
            .await?)
    }

    /// The next records after position `after` (-1 to begin), at most `limit`, whole.
    pub async fn batch(
        &self,
        import: ImportId,
        after: i64,
        limit: u64,
    ) -> StoreResult<Vec<raw_import_records::Model>> {
        Ok(self
            .of(import)
            .filter(Column::RecordIndex.gt(after))
            .order_by_asc(Column::RecordIndex)
            .limit(limit)
            .all(&self.uow.connection)
            .await?)
    }

    /// Up to `size` rows (500 at most) as they came, spread evenly over the import, for profiling its columns.
    pub async fn sample(&self, import: ImportId, size: u32) -> StoreResult<Vec<Value>> {
        let last: Option<i64> = self
            .of(import)
            .select_only()
            .expr(Column::RecordIndex.max())
            .into_tuple::<Option<i64>>()
            .one(&self.uow.connection)
            .await?
            .flatten();
        let Some(last) = last else { return Ok(Vec::new()) };
        let size = i64::from(size.clamp(1, PageRequest::MAX));
        let step = last / size + 1;
        Ok(self
            .of(import)
            .filter(Column::RecordIndex.is_in((0..size).map(|position| position * step)))
            .select_only()
            .column(Column::RawData)
            .order_by_asc(Column::RecordIndex)
            .into_tuple::<Value>()
            .all(&self.uow.connection)
            .await?)
    }

    /// Removes the records of an import, which are read again from its file. Gives their number.
    pub async fn clear(&self, import: ImportId) -> StoreResult<u64> {
        let deleted = raw_import_records::Entity::delete_of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .exec(&self.uow.connection)
            .await?;
        Ok(deleted.rows_affected)
    }

    /// Takes away what cleansing and inventory wrote into the records of an import. Gives their number.
    pub async fn reset(&self, import: ImportId) -> StoreResult<u64> {
        let reset = raw_import_records::Entity::update_of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .col_expr(Column::CleansedData, Expr::val(Option::<Value>::None))
            .col_expr(Column::IsProcessed, Expr::val(false))
            .col_expr(Column::ProcessingNotes, Expr::val(Option::<String>::None))
            .col_expr(Column::ProcessedAt, Expr::val(Option::<DateTime<Utc>>::None))
            .exec(&self.uow.connection)
            .await?;
        Ok(reset.rows_affected)
    }

    /// How many records the import has, by what became of them.
    pub async fn counts(&self, import: ImportId) -> StoreResult<RecordCounts> {
        let number = |condition: Expr| {
            let one = Expr::case(condition, Expr::val(1_i64)).finally(0_i64);
            Expr::expr(one).sum().cast_as("bigint").if_null(0_i64)
        };
        let counts = self
            .of(import)
            .select_only()
            .expr_as(Column::RecordIndex.count(), "total")
            .expr_as(number(Column::IsValid.eq(true)), "valid")
            .expr_as(number(Column::IsValid.eq(false)), "invalid")
            .expr_as(number(Column::IsProcessed.eq(true)), "processed")
            .expr_as(number(Column::AssetId.is_not_null()), "linked")
            .into_model::<RecordCounts>()
            .one(&self.uow.connection)
            .await?;
        Ok(counts.unwrap_or_default())
    }

    fn of(&self, import: ImportId) -> Select<raw_import_records::Entity> {
        raw_import_records::Entity::of(self.uow.scope()).filter(Column::DataImportId.eq(import))
    }

    async fn sorted(
        &self,
        rows: Select<raw_import_records::Entity>,
        request: &PageRequest,
    ) -> StoreResult<Page<raw_import_records::Model>> {
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::RecordIndex, Column::Id, false),
            request,
        )
        .await
    }
}
