//! Findings of technical debt: what is out of support, with the reason. Discovery makes them.

use crate::Services;
use landfall_domain::{Page, PageRequest, RiskLevel, Scope};
pub use landfall_repositories::FindingFilter;
use landfall_repositories::StoreResult;
pub use landfall_repositories::entities::tech_debt_findings::Model as Finding;

impl Services {
    /// Findings in the order in which they were made.
    pub async fn findings(
        &self,
        scope: &Scope,
        filter: &FindingFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<Finding>> {
        self.store()
            .begin_read(scope)
            .await?
            .findings()
            .list(filter, page)
            .await
    }

    /// How many findings there are of each severity, the worst first; severities without any are left out.
    pub async fn finding_counts(
        &self,
        scope: &Scope,
        filter: &FindingFilter,
    ) -> StoreResult<Vec<(RiskLevel, i64)>> {
        let uow = self.store().begin_read(scope).await?;
        let mut counts = uow.findings().count_by_severity(filter).await?;
        counts.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
        Ok(counts)
    }
}
