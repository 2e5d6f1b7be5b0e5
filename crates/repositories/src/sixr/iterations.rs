//! Iterations of an analysis: the parameters, the recommendation and the answers of each.

use super::SixrRepository;
use crate::keyset::{self, Sort};
use crate::scoped::{insert, insert_rows};
use crate::{StoreError, StoreResult};
use landfall_domain::{Page, PageRequest};
use landfall_entities::{
    TenantScoped, sixr_analysis_parameters, sixr_iterations, sixr_question_responses, sixr_recommendations,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// What one iteration writes.
#[derive(Clone, Debug)]
pub struct IterationRows {
    /// The parameters.
    pub parameters: sixr_analysis_parameters::Model,
    /// The iteration.
    pub iteration: sixr_iterations::Model,
    /// The recommendation; absent where the iteration failed.
    pub recommendation: Option<sixr_recommendations::Model>,
}

impl SixrRepository<'_> {
    /// Writes an iteration.
    pub async fn add_iteration(&self, rows: IterationRows) -> StoreResult<()> {
        insert(&self.uow.connection, rows.parameters).await?;
        insert(&self.uow.connection, rows.iteration).await?;
        if let Some(recommendation) = rows.recommendation {
            insert(&self.uow.connection, recommendation).await?;
        }
        Ok(())
    }

    /// Iterations of an analysis, the first one first.
    pub async fn iterations(
        &self,
        analysis: Uuid,
        request: &PageRequest,
    ) -> StoreResult<Page<sixr_iterations::Model>> {
        use sixr_iterations::Column;
        let rows = sixr_iterations::Entity::of(self.uow.scope()).filter(Column::AnalysisId.eq(analysis));
        let sort = Sort::by_id(Column::Id, false);
        keyset::page(&self.uow.connection, rows, &sort, request).await
    }

    /// One iteration.
    pub async fn iteration(&self, analysis: Uuid, number: i32) -> StoreResult<sixr_iterations::Model> {
        use sixr_iterations::Column;
        sixr_iterations::Entity::of(self.uow.scope())
            .filter(Column::AnalysisId.eq(analysis))
            .filter(Column::IterationNumber.eq(number))
            .order_by_desc(Column::Id)
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("iteration of the 6R analysis", number))
    }

    /// The recommendation of an iteration, of the last one if no number is given.
    pub async fn recommendation(
        &self,
        analysis: Uuid,
        number: Option<i32>,
    ) -> StoreResult<Option<sixr_recommendations::Model>> {
        use sixr_recommendations::Column;
        let mut rows = sixr_recommendations::Entity::of(self.uow.scope())
            .filter(Column::AnalysisId.eq(analysis))
            .order_by_desc(Column::IterationNumber)
            .order_by_desc(Column::Id);
        if let Some(number) = number {
            rows = rows.filter(Column::IterationNumber.eq(number));
        }
        Ok(rows.one(&self.uow.connection).await?)
    }

    /// The parameters of the last iteration.
    pub async fn parameters(&self, analysis: Uuid) -> StoreResult<Option<sixr_analysis_parameters::Model>> {
        use sixr_analysis_parameters::Column;
        Ok(sixr_analysis_parameters::Entity::of(self.uow.scope())
            .filter(Column::AnalysisId.eq(analysis))
            .order_by_desc(Column::IterationNumber)
            .order_by_desc(Column::Id)
            .one(&self.uow.connection)
            .await?)
    }

    /// Keeps answers.
    pub async fn add_answers(&self, rows: Vec<sixr_question_responses::Model>) -> StoreResult<u64> {
        insert_rows(&self.uow.connection, rows, None).await
    }

    /// Answers given in an analysis, the newest first, at most a page of them.
    pub async fn answers(
        &self,
        analysis: Uuid,
        request: &PageRequest,
    ) -> StoreResult<Page<sixr_question_responses::Model>> {
        use sixr_question_responses::Column;
        let rows =
            sixr_question_responses::Entity::of(self.uow.scope()).filter(Column::AnalysisId.eq(analysis));
        let sort = Sort::by_id(Column::Id, true);
        keyset::page(&self.uow.connection, rows, &sort, request).await
    }
}
