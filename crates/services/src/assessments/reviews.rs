//! Reviews: what a person proposes to do with an application or archetype.

use super::AssessmentError;
use crate::Services;
use landfall_domain::{Page, PageRequest, Scope};
pub use landfall_repositories::entities::reviews::Model as Review;
use landfall_repositories::{Change, ReviewFilter, ReviewSubject, StoreResult, Uow, Verdict, retry};
use serde_json::{Value, json};
use uuid::Uuid;

impl Services {
    /// Reviews in the order in which they were written.
    pub async fn reviews(
        &self,
        scope: &Scope,
        filter: &ReviewFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<Review>> {
        let uow = self.store().begin_read(scope).await?;
        uow.reviews().list(filter, page).await
    }

    /// One review.
    pub async fn review(&self, scope: &Scope, id: Uuid) -> StoreResult<Review> {
        self.store().begin_read(scope).await?.reviews().get(id).await
    }

    /// Writes a review.
    ///
    /// # Errors
    /// [`AssessmentError::AlreadyReviewed`] if the subject has one.
    pub async fn create_review(
        &self,
        scope: &Scope,
        subject: ReviewSubject,
        verdict: &Verdict,
    ) -> Result<Review, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            check(&uow, subject).await?;
            if uow.reviews().of(subject).await?.is_some() {
                return Err(AssessmentError::AlreadyReviewed);
            }
            let made = uow.reviews().create(subject, verdict.clone()).await?;
            log(&uow, "written", &made, None).await?;
            uow.commit().await?;
            Ok(made)
        })
        .await
    }

    /// Changes a review. `expected` is the version that the person saw; `None` changes it whatever the version.
    pub async fn change_review(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        change: impl Fn(Verdict) -> Verdict + Sync,
    ) -> StoreResult<Review> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.reviews().get(id).await?;
            let verdict = change(verdict_of(&before));
            let changed = uow
                .reviews()
                .update(id, expected.unwrap_or(before.version), verdict)
                .await?;
            log(&uow, "changed", &changed, Some(facts(&before))).await?;
            uow.commit().await?;
            Ok(changed)
        })
        .await
    }

    /// Deletes a review.
    pub async fn delete_review(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.reviews().get(id).await?;
            uow.reviews().delete(id).await?;
            log(&uow, "deleted", &known, Some(facts(&known))).await?;
            uow.commit().await
        })
        .await
    }

    /// Gives other applications the same review, in place of theirs. Up to 500 at once. Gives how many.
    pub async fn copy_review(
        &self,
        scope: &Scope,
        id: Uuid,
        applications: &[Uuid],
    ) -> Result<u64, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let source = uow.reviews().get(id).await?;
            let mut copied = 0;
            for application in applications {
                if source.application_id == Some(*application) {
                    continue;
                }
                let subject = ReviewSubject::Application(*application);
                check(&uow, subject).await?;
                let verdict = verdict_of(&source);
                let row = match uow.reviews().of(subject).await? {
                    Some(known) => uow.reviews().update(known.id, known.version, verdict).await?,
                    None => uow.reviews().create(subject, verdict).await?,
                };
                log(&uow, "copied", &row, Some(json!({ "review": id }))).await?;
                copied += 1;
            }
            uow.commit().await?;
            Ok(copied)
        })
        .await
    }
}

async fn check(uow: &Uow, subject: ReviewSubject) -> StoreResult<()> {
    match subject {
        ReviewSubject::Application(id) => uow.applications().get(id).await.map(|_| ()),
        ReviewSubject::Archetype(id) => uow.archetypes().get(id).await.map(|_| ()),
    }
}

fn verdict_of(review: &Review) -> Verdict {
    Verdict {
        proposed_action: review.proposed_action,
        effort_estimate: review.effort_estimate.clone(),
        business_criticality: review.business_criticality,
        work_priority: review.work_priority,
        comments: review.comments.clone(),
    }
}

fn facts(of: &Review) -> Value {
    json!({
        "proposed_action": of.proposed_action, "effort_estimate": of.effort_estimate,
        "business_criticality": of.business_criticality, "work_priority": of.work_priority, "comments": of.comments,
    })
}

async fn log(uow: &Uow, action: &str, of: &Review, before: Option<Value>) -> StoreResult<()> {
    let after = (action != "deleted").then(|| facts(of));
    uow.change_log()
        .record(Change {
            entity_type: "review",
            entity_id: of.id.to_string(),
            action,
            before,
            after,
        })
        .await
}
