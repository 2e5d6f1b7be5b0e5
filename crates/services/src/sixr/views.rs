//! Reading results.

use super::{
    IterationDiff, SixrAnalysis, SixrAnswer, SixrError, SixrIteration, SixrParameters, SixrRecommendation,
    Subject,
};
use crate::Services;
use landfall_domain::{Page, PageRequest, Scope, SixrStrategy};
use landfall_planning::sixr::diff;
use landfall_repositories::{AnalysisFilter, StoreResult, Uow};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// An analysis with its last result.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalysisDetail {
    /// The analysis.
    pub analysis: SixrAnalysis,
    /// The parameters of the last iteration.
    pub parameters: Option<SixrParameters>,
    /// The recommendation of the last iteration.
    pub recommendation: Option<SixrRecommendation>,
}

impl AnalysisDetail {
    pub(super) async fn of(uow: &Uow, analysis: SixrAnalysis) -> StoreResult<Self> {
        Ok(Self {
            parameters: uow.sixr().parameters(analysis.id).await?,
            recommendation: uow.sixr().recommendation(analysis.id, None).await?,
            analysis,
        })
    }
}

/// How many analyses end in each strategy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All that the filter finds.
    pub total: u64,
    /// By strategy, a person's decision included.
    pub by_strategy: BTreeMap<SixrStrategy, i64>,
    /// Without a result.
    pub undecided: i64,
}

impl Services {
    /// Analyses in the order in which they were made.
    pub async fn sixr_analyses(
        &self,
        scope: &Scope,
        filter: &AnalysisFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<SixrAnalysis>> {
        self.store()
            .begin_read(scope)
            .await?
            .sixr()
            .list(filter, page)
            .await
    }

    /// How many analyses end in each strategy.
    pub async fn sixr_totals(&self, scope: &Scope, filter: &AnalysisFilter) -> StoreResult<Totals> {
        let uow = self.store().begin_read(scope).await?;
        let mut totals = Totals::default();
        for (strategy, number) in uow.sixr().count_by_strategy(filter).await? {
            totals.total += u64::try_from(number).unwrap_or_default();
            match strategy {
                Some(strategy) => *totals.by_strategy.entry(strategy).or_default() += number,
                None => totals.undecided += number,
            }
        }
        Ok(totals)
    }

    /// An analysis with its last result.
    pub async fn sixr_analysis(&self, scope: &Scope, id: Uuid) -> StoreResult<AnalysisDetail> {
        let uow = self.store().begin_read(scope).await?;
        let analysis = uow.sixr().get(id).await?;
        AnalysisDetail::of(&uow, analysis).await
    }

    /// The analysis of an asset or application, if there is one.
    pub async fn sixr_of(&self, scope: &Scope, subject: Subject) -> StoreResult<Option<AnalysisDetail>> {
        let uow = self.store().begin_read(scope).await?;
        match uow.sixr().of_subject(subject).await? {
            Some(analysis) => AnalysisDetail::of(&uow, analysis).await.map(Some),
            None => Ok(None),
        }
    }

    /// Iterations of an analysis, the first one first.
    pub async fn sixr_iterations(
        &self,
        scope: &Scope,
        id: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<SixrIteration>> {
        let uow = self.store().begin_read(scope).await?;
        uow.sixr().get(id).await?;
        uow.sixr().iterations(id, page).await
    }

    /// Answers given in an analysis, the newest first.
    pub async fn sixr_answers(
        &self,
        scope: &Scope,
        id: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<SixrAnswer>> {
        let uow = self.store().begin_read(scope).await?;
        uow.sixr().get(id).await?;
        uow.sixr().answers(id, page).await
    }

    /// What changed from one iteration of an analysis to another.
    pub async fn sixr_diff(
        &self,
        scope: &Scope,
        id: Uuid,
        from: i32,
        to: i32,
    ) -> Result<IterationDiff, SixrError> {
        let uow = self.store().begin_read(scope).await?;
        uow.sixr().get(id).await?;
        let data = |iteration: SixrIteration| iteration.recommendation_data.unwrap_or(Json::Null);
        let before = data(uow.sixr().iteration(id, from).await?);
        let now = data(uow.sixr().iteration(id, to).await?);
        Ok(diff(&before, &now))
    }
}
