//! Questionnaires that assessments are made by.

use crate::applications::{application_key, named};
use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreResult, Uow};
use landfall_domain::{Page, PageRequest, ids};
use landfall_entities::{TenantScoped, questionnaires};
use questionnaires::{Column, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

/// Questionnaires of the unit of work's scope.
#[derive(Debug)]
pub struct QuestionnaireRepository<'u> {
    uow: &'u Uow,
}

/// A questionnaire to be made.
#[derive(Clone, Debug)]
pub struct NewQuestionnaire {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether an application must have answered it to count as assessed.
    pub is_required: bool,
    /// Who wrote it: `landfall`, or `manual`.
    pub source: String,
    /// The questionnaire itself.
    pub document: Value,
}

/// What may be changed about a questionnaire; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct QuestionnairePatch {
    /// Whether it must be answered.
    pub is_required: Option<bool>,
    /// What it is for.
    pub description: Option<Option<String>>,
}

impl Uow {
    /// Questionnaires.
    pub fn questionnaires(&self) -> QuestionnaireRepository<'_> {
        QuestionnaireRepository { uow: self }
    }
}

impl QuestionnaireRepository<'_> {
    /// Makes a questionnaire.
    ///
    /// # Errors
    /// [`crate::StoreError::Duplicate`] if there is one with this name.
    pub async fn create(&self, new: NewQuestionnaire) -> StoreResult<Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name_key: named(&new.name, "a questionnaire")?,
            name: new.name,
            description: new.description,
            is_required: new.is_required,
            source: new.source,
            document: new.document,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The questionnaire with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<questionnaires::Entity>(self.uow, Column::Id.eq(id), "questionnaire", id).await
    }

    /// The questionnaire with this name, whatever its letter case.
    pub async fn find(&self, name: &str) -> StoreResult<Option<Model>> {
        Ok(questionnaires::Entity::of(self.uow.scope())
            .filter(Column::NameKey.eq(application_key(name)))
            .one(&self.uow.connection)
            .await?)
    }

    /// Questionnaires by name.
    pub async fn list(&self, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = questionnaires::Entity::of(self.uow.scope());
        let order = Sort::by(Column::NameKey, Column::Id, false);
        keyset::page(&self.uow.connection, rows, &order, request).await
    }

    /// Changes a questionnaire, if it still has the version that the person saw.
    pub async fn update(&self, id: Uuid, expected: i64, patch: QuestionnairePatch) -> StoreResult<Model> {
        let mut update = questionnaires::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        if let Some(is_required) = patch.is_required {
            update = update.col_expr(Column::IsRequired, Expr::val(is_required));
        }
        if let Some(description) = patch.description {
            update = update.col_expr(Column::Description, Expr::val(description));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict(
                "questionnaire",
                id,
                expected,
                self.get(id).await?.version,
            )),
        }
    }

    /// Deletes a questionnaire.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<questionnaires::Entity>(self.uow, Column::Id.eq(id), "questionnaire", id).await
    }

    /// Those that an application must have answered to count as assessed; an engagement has few.
    pub async fn required(&self) -> StoreResult<Vec<Uuid>> {
        Ok(questionnaires::Entity::of(self.uow.scope())
            .filter(Column::IsRequired.eq(true))
            .select_only()
            .column(Column::Id)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }
}
