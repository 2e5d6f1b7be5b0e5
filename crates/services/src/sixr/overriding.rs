//! A person decides against the recommendation. The decision stays when the analysis is run again, until a person takes it
//! back.

use super::analyses::change_of;
use super::{AnalysisDetail, Overridden, SixrError};
use crate::Services;
use landfall_domain::Scope;
use landfall_repositories::retry;
use serde_json::json;
use uuid::Uuid;

impl Services {
    /// Decides on a strategy, whatever is recommended now or later.
    ///
    /// # Errors
    /// [`SixrError::NoReason`] without a reason; a conflict if the analysis has another version than the person saw.
    pub async fn override_sixr(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        decision: Overridden,
    ) -> Result<AnalysisDetail, SixrError> {
        if decision.reason.trim().is_empty() {
            return Err(SixrError::NoReason);
        }
        self.decide(scope, id, expected, Some(decision)).await
    }

    /// Takes a decision back: what is recommended counts again.
    pub async fn remove_sixr_override(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
    ) -> Result<AnalysisDetail, SixrError> {
        self.decide(scope, id, expected, None).await
    }

    async fn decide(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        decision: Option<Overridden>,
    ) -> Result<AnalysisDetail, SixrError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let mut analysis = uow.sixr().lock(id, expected).await?;
            let now = uow.now();
            analysis.override_strategy = decision.as_ref().map(|decision| decision.strategy);
            analysis.override_reason = decision
                .as_ref()
                .map(|decision| decision.reason.trim().to_owned());
            analysis.overridden_by = decision.as_ref().map(|_| scope.actor.name.clone());
            analysis.overridden_at = decision.as_ref().map(|_| now);
            analysis.final_recommendation = analysis.override_strategy.or(analysis.recommended_strategy);
            let analysis = uow.sixr().save(analysis).await?;
            uow.sixr().decide_assets(&[analysis.id]).await?;
            let (action, after) = match &decision {
                Some(decision) => (
                    "overridden",
                    json!({
                        "strategy": decision.strategy, "reason": decision.reason,
                        "recommended": analysis.recommended_strategy,
                    }),
                ),
                None => (
                    "override_removed",
                    json!({ "strategy": analysis.recommended_strategy }),
                ),
            };
            uow.change_log()
                .record(change_of(&analysis, action, after))
                .await?;
            let detail = AnalysisDetail::of(&uow, analysis).await?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }
}
