//! Finding imports.

use crate::services::Services;
use landfall_domain::{ImportId, Page, PageRequest, Scope};
pub use landfall_repositories::entities::data_imports::Model as Import;
pub use landfall_repositories::{ImportFilter, ImportSort, RecordCounts};
use landfall_repositories::{NumberedPage, PageNumber, StoreResult};

/// An import and what became of its records so far.
#[derive(Clone, Debug)]
pub struct ImportDetail {
    /// The import.
    pub import: Import,
    /// Its records, by what became of them.
    pub records: RecordCounts,
}

impl Services {
    /// Imports, newest first.
    pub async fn imports(
        &self,
        scope: &Scope,
        filter: &ImportFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<Import>> {
        self.store()
            .begin_read(scope)
            .await?
            .imports()
            .list(filter, page)
            .await
    }

    /// A numbered page of imports.
    pub async fn imports_by_number(
        &self,
        scope: &Scope,
        filter: &ImportFilter,
        sort: ImportSort,
        descending: bool,
        number: PageNumber,
    ) -> StoreResult<NumberedPage<Import>> {
        let uow = self.store().begin_read(scope).await?;
        uow.imports().numbered(filter, sort, descending, number).await
    }

    /// One import. Cost: its row.
    pub async fn import(&self, scope: &Scope, id: ImportId) -> StoreResult<Import> {
        self.store().begin_read(scope).await?.imports().get(id).await
    }

    /// One import with its records counted. Cost: a pass over the import's part of an index.
    pub async fn import_detail(&self, scope: &Scope, id: ImportId) -> StoreResult<ImportDetail> {
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(id).await?;
        let records = uow.records().counts(id).await?;
        Ok(ImportDetail { import, records })
    }
}
