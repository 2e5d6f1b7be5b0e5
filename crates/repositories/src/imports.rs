//! Data imports: files and record sets that were handed in.

mod new;

use crate::keyset::{self, Sort};
use crate::numbered::{self, NumberedPage, PageNumber};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreError, StoreResult, Uow};
use chrono::{DateTime, Utc};
use landfall_compat::{Report, Resource, modernize};
use landfall_domain::{ImportId, ImportStatus, MasterFlowId, Page, PageRequest};
use landfall_entities::{TenantScoped, data_imports};
pub use new::NewImport;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, UpdateMany};
use serde_json::{Map, Value};

/// Data imports of the unit of work's scope.
#[derive(Debug)]
pub struct DataImportRepository<'u> {
    uow: &'u Uow,
}

/// Which imports are listed.
#[derive(Clone, Debug, Default)]
pub struct ImportFilter {
    /// In one of these states; in any if empty.
    pub statuses: Vec<ImportStatus>,
    /// From this system.
    pub source_system: Option<String>,
    /// Of this format.
    pub source_format: Option<String>,
    /// Of this master flow.
    pub master_flow_id: Option<MasterFlowId>,
    /// From this system, or of this format, or from a file whose name ends like this.
    pub source_type: Option<String>,
}

/// By what a numbered list of imports is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImportSort {
    /// When they came.
    #[default]
    CreatedAt,
    /// When they were changed last.
    UpdatedAt,
    /// Their names.
    Name,
    /// Their state.
    Status,
    /// How many records they have.
    TotalRecords,
}

/// What the reader of a file found out before the first row.
#[derive(Clone, Debug, Default)]
pub struct SourceShape {
    /// Format of the export.
    pub source_format: Option<String>,
    /// Column headers in order.
    pub columns: Vec<String>,
    /// Fingerprint of the headers, under which mapping profiles are found.
    pub header_fingerprint: Option<String>,
}

impl Uow {
    /// Data imports.
    pub fn imports(&self) -> DataImportRepository<'_> {
        DataImportRepository { uow: self }
    }
}

impl DataImportRepository<'_> {
    /// Registers an import from a JSON object that may use old field names; the report says which ones it used.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a name that is neither current nor old, or a value of another type.
    pub async fn create_import(
        &self,
        mut fields: Map<String, Value>,
    ) -> StoreResult<(data_imports::Model, Report)> {
        let report = modernize(Resource::DataImports, &mut fields);
        let new: NewImport = serde_json::from_value(Value::Object(fields))
            .map_err(|error| StoreError::invalid(format!("the import cannot be registered: {error}")))?;
        Ok((self.create(new).await?, report))
    }

    /// Registers an import. It is pending until its status is set.
    pub async fn create(&self, new: NewImport) -> StoreResult<data_imports::Model> {
        let row = new.into_model(self.uow.scope(), self.uow.now())?;
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The import with this id.
    pub async fn get(&self, id: ImportId) -> StoreResult<data_imports::Model> {
        one::<data_imports::Entity>(self.uow, data_imports::Column::Id.eq(id), "import", id).await
    }

    /// Imports, newest first.
    pub async fn list(
        &self,
        filter: &ImportFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<data_imports::Model>> {
        use data_imports::Column;
        let rows = data_imports::Entity::of(self.uow.scope()).filter(condition(filter));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::CreatedAt, Column::Id, true),
            request,
        )
        .await
    }

    /// A numbered page of imports.
    pub async fn numbered(
        &self,
        filter: &ImportFilter,
        sort: ImportSort,
        descending: bool,
        number: PageNumber,
    ) -> StoreResult<NumberedPage<data_imports::Model>> {
        use data_imports::Column;
        let column = match sort {
            ImportSort::CreatedAt => Column::CreatedAt,
            ImportSort::UpdatedAt => Column::UpdatedAt,
            ImportSort::Name => Column::ImportName,
            ImportSort::Status => Column::Status,
            ImportSort::TotalRecords => Column::TotalRecords,
        };
        let rows = data_imports::Entity::of(self.uow.scope()).filter(condition(filter));
        numbered::page(
            &self.uow.connection,
            rows,
            (column, Column::Id),
            descending,
            number,
        )
        .await
    }

    /// Replaces the import's settings.
    pub async fn set_options(&self, id: ImportId, options: Value) -> StoreResult<data_imports::Model> {
        let update = self
            .update(id)
            .col_expr(data_imports::Column::Options, Expr::val(options));
        self.write(id, update).await
    }

    /// How many imports the filter finds.
    pub async fn count(&self, filter: &ImportFilter) -> StoreResult<u64> {
        Ok(data_imports::Entity::of(self.uow.scope())
            .filter(condition(filter))
            .count(&self.uow.connection)
            .await?)
    }

    /// Keeps what the file looks like.
    pub async fn set_shape(&self, id: ImportId, shape: &SourceShape) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let columns = Value::from(shape.columns.clone());
        let update = self
            .update(id)
            .col_expr(Column::SourceFormat, Expr::val(shape.source_format.clone()))
            .col_expr(Column::SourceColumns, Expr::val(columns))
            .col_expr(
                Column::HeaderFingerprint,
                Expr::val(shape.header_fingerprint.clone()),
            );
        self.write(id, update).await
    }

    /// Sets the import's state, and when it left or reached the ones that are stamped.
    pub async fn set_status(&self, id: ImportId, status: ImportStatus) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let now = self.uow.now();
        let mut update = self.update(id).col_expr(Column::Status, Expr::val(status));
        if status == ImportStatus::Processing {
            update = update
                .col_expr(Column::StartedAt, Expr::col(Column::StartedAt).if_null(now))
                .col_expr(Column::CompletedAt, Expr::val(Option::<DateTime<Utc>>::None));
        }
        self.write(id, update).await
    }

    /// Hangs the import on a master flow.
    pub async fn link_flow(&self, id: ImportId, flow: MasterFlowId) -> StoreResult<data_imports::Model> {
        let update = self
            .update(id)
            .col_expr(data_imports::Column::MasterFlowId, Expr::val(flow));
        self.write(id, update).await
    }

    /// Changes what a person may change, if the import still has the version that the person saw.
    pub async fn describe(
        &self,
        id: ImportId,
        expected: i64,
        import_name: Option<String>,
        description: Option<Option<String>>,
    ) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let mut update = self.update(id).filter(Column::Version.eq(expected));
        if let Some(import_name) = import_name {
            update = update.col_expr(Column::ImportName, Expr::val(import_name));
        }
        if let Some(description) = description {
            update = update.col_expr(Column::Description, Expr::val(description));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("import", id, expected, self.get(id).await?.version)),
        }
    }

    /// Writes how far the import has come.
    pub async fn update_progress(
        &self,
        id: ImportId,
        total: Option<i64>,
        processed: i64,
        failed: i64,
        progress_percentage: f64,
    ) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let update = self
            .update(id)
            .col_expr(Column::TotalRecords, Expr::val(total))
            .col_expr(Column::ProcessedRecords, Expr::val(processed))
            .col_expr(Column::FailedRecords, Expr::val(failed))
            .col_expr(Column::ProgressPercentage, Expr::val(progress_percentage));
        self.write(id, update).await
    }

    /// Ends the import with an error. `error_details` is an object with at least `type`.
    pub async fn fail(
        &self,
        id: ImportId,
        error_message: &str,
        error_details: Value,
    ) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        if error_details.get("type").and_then(Value::as_str).is_none() {
            return Err(StoreError::invalid(
                "the details of an import's error need a 'type'",
            ));
        }
        let update = self
            .update(id)
            .col_expr(Column::Status, Expr::val(ImportStatus::Failed))
            .col_expr(Column::ErrorMessage, Expr::val(error_message))
            .col_expr(Column::ErrorDetails, Expr::val(error_details))
            .col_expr(Column::CompletedAt, Expr::val(self.uow.now()));
        self.write(id, update).await
    }

    /// Ends the import: every row is accounted for, as the summary says.
    pub async fn complete(&self, id: ImportId, summary: Value) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let update = self
            .update(id)
            .col_expr(Column::Status, Expr::val(ImportStatus::Completed))
            .col_expr(Column::Summary, Expr::val(summary))
            .col_expr(Column::ProgressPercentage, Expr::val(100.0))
            .col_expr(Column::ErrorMessage, Expr::val(Option::<String>::None))
            .col_expr(Column::ErrorDetails, Expr::val(Option::<Value>::None))
            .col_expr(Column::CompletedAt, Expr::val(self.uow.now()));
        self.write(id, update).await
    }

    /// Says that work on a failed import goes on.
    pub async fn reopen(&self, id: ImportId) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let update = self
            .update(id)
            .col_expr(Column::Status, Expr::val(ImportStatus::Processing))
            .col_expr(Column::ErrorMessage, Expr::val(Option::<String>::None))
            .col_expr(Column::ErrorDetails, Expr::val(Option::<Value>::None))
            .col_expr(Column::CompletedAt, Expr::val(Option::<DateTime<Utc>>::None));
        self.write(id, update).await
    }

    /// Says that what the import brought was taken away again; the report is kept in its summary under `undone`.
    pub async fn mark_undone(&self, id: ImportId, report: Value) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let mut summary = match self.get(id).await?.summary {
            Value::Object(summary) => summary,
            _ => Map::new(),
        };
        summary.insert("undone".to_owned(), report);
        let update = self
            .update(id)
            .col_expr(Column::Status, Expr::val(ImportStatus::Cancelled))
            .col_expr(Column::Summary, Expr::val(Value::Object(summary)));
        self.write(id, update).await
    }

    /// Stops the import for good, unless it is completed already.
    pub async fn cancel(&self, id: ImportId) -> StoreResult<data_imports::Model> {
        use data_imports::Column;
        let import = self.get(id).await?;
        if import.status == ImportStatus::Completed {
            return Err(StoreError::invalid(format!(
                "import {id} is completed: undo it instead of cancelling it"
            )));
        }
        let update = self
            .update(id)
            .col_expr(Column::Status, Expr::val(ImportStatus::Cancelled))
            .col_expr(Column::CompletedAt, Expr::val(self.uow.now()));
        self.write(id, update).await
    }

    /// Deletes the import with its raw records and mappings. Assets that it made stay: undo the import first to take
    /// them away.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] while a discovery flow hangs on it.
    pub async fn delete(&self, id: ImportId) -> StoreResult<()> {
        delete::<data_imports::Entity>(self.uow, data_imports::Column::Id.eq(id), "import", id).await
    }

    fn update(&self, id: ImportId) -> UpdateMany<data_imports::Entity> {
        use data_imports::Column;
        data_imports::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
    }

    async fn write(
        &self,
        id: ImportId,
        update: UpdateMany<data_imports::Entity>,
    ) -> StoreResult<data_imports::Model> {
        update
            .exec_with_returning(&self.uow.connection)
            .await?
            .pop()
            .ok_or_else(|| StoreError::not_found("import", id))
    }
}

fn condition(filter: &ImportFilter) -> Condition {
    use data_imports::Column;
    let mut condition = Condition::all();
    if !filter.statuses.is_empty() {
        condition = condition.add(Column::Status.is_in(filter.statuses.iter().copied()));
    }
    condition
        .add_option(
            filter
                .source_system
                .as_ref()
                .map(|system| Column::SourceSystem.eq(system)),
        )
        .add_option(
            filter
                .source_format
                .as_ref()
                .map(|format| Column::SourceFormat.eq(format)),
        )
        .add_option(filter.master_flow_id.map(|flow| Column::MasterFlowId.eq(flow)))
        .add_option(filter.source_type.as_ref().map(|kind| {
            Condition::any()
                .add(Column::SourceSystem.eq(kind))
                .add(Column::SourceFormat.eq(kind))
                .add(Column::Filename.ends_with(format!(".{kind}")))
        }))
}
