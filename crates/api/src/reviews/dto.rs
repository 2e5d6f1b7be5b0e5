//! Reviews on the wire.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Body, Change};
use chrono::{DateTime, Utc};
use landfall_domain::SixrStrategy;
use landfall_services::assessments::{Review, ReviewFilter, ReviewSubject, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// How much work a move is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EffortIn {
    /// Small.
    Small,
    /// Medium.
    Medium,
    /// Large.
    Large,
    /// Extra large.
    ExtraLarge,
}

impl EffortIn {
    fn word(self) -> String {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::ExtraLarge => "extra_large",
        }
        .to_owned()
    }
}

/// Exactly one of the two, if any.
fn subject(application: Option<Uuid>, archetype: Option<Uuid>) -> ApiResult<Option<ReviewSubject>> {
    match (application, archetype) {
        (None, None) => Ok(None),
        (Some(id), None) => Ok(Some(ReviewSubject::Application(id))),
        (None, Some(id)) => Ok(Some(ReviewSubject::Archetype(id))),
        (Some(_), Some(_)) => Err(ApiError::validation(vec![Detail::of(
            "archetype_id",
            "exclusive",
            "give application_id or archetype_id, not both",
        )])),
    }
}

/// Which reviews are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReviewQuery {
    /// Of this application.
    application_id: Option<Uuid>,
    /// Of this archetype.
    archetype_id: Option<Uuid>,
    /// That propose this.
    proposed_action: Option<SixrStrategy>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl ReviewQuery {
    pub(super) fn filter(self) -> ApiResult<ReviewFilter> {
        Ok(ReviewFilter {
            subject: subject(self.application_id, self.archetype_id)?,
            proposed_action: self.proposed_action,
        })
    }
}

/// A review to be written, of an application or an archetype.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "application_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "proposed_action": "rehost", "effort_estimate": "small",
    "business_criticality": 5, "work_priority": 8
}))]
pub(crate) struct ReviewIn {
    /// The application.
    application_id: Option<Uuid>,
    /// The archetype.
    archetype_id: Option<Uuid>,
    /// What should be done.
    proposed_action: SixrStrategy,
    /// How much work it is.
    effort_estimate: EffortIn,
    /// How critical it is for the business, 1 to 10.
    #[validate(range(min = 1, max = 10, message = "must be from 1 to 10"))]
    business_criticality: i32,
    /// How early it should be done, 1 to 10, the greatest first.
    #[validate(range(min = 1, max = 10, message = "must be from 1 to 10"))]
    work_priority: i32,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    comments: Option<String>,
}

impl Body for ReviewIn {}

impl ReviewIn {
    pub(super) fn into_parts(self) -> ApiResult<(ReviewSubject, Verdict)> {
        let subject = subject(self.application_id, self.archetype_id)?.ok_or_else(|| {
            let message = "say what is reviewed: application_id or archetype_id";
            ApiError::validation(vec![Detail::of("application_id", "missing", message)])
        })?;
        let verdict = Verdict {
            proposed_action: self.proposed_action,
            effort_estimate: self.effort_estimate.word(),
            business_criticality: self.business_criticality,
            work_priority: self.work_priority,
            comments: self.comments,
        };
        Ok((subject, verdict))
    }
}

/// A change of a review: what is absent stays, null takes a value away.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"proposed_action": "retire", "comments": null}))]
pub(crate) struct ReviewPatchIn {
    /// What should be done.
    proposed_action: Option<SixrStrategy>,
    /// How much work it is.
    effort_estimate: Option<EffortIn>,
    /// How critical it is for the business, 1 to 10.
    #[validate(range(min = 1, max = 10, message = "must be from 1 to 10"))]
    business_criticality: Option<i32>,
    /// How early it should be done, 1 to 10, the greatest first.
    #[validate(range(min = 1, max = 10, message = "must be from 1 to 10"))]
    work_priority: Option<i32>,
    /// Free text.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    comments: Change<String>,
}

impl Body for ReviewPatchIn {}

/// A change of a review whose texts are short enough.
pub(super) struct CheckedPatch {
    patch: ReviewPatchIn,
    #[expect(
        clippy::option_option,
        reason = "to leave a value and to take it away are two things"
    )]
    comments: Option<Option<String>>,
}

impl ReviewPatchIn {
    pub(super) fn checked(mut self) -> ApiResult<CheckedPatch> {
        let comments = std::mem::take(&mut self.comments).text("comments", 4000)?;
        Ok(CheckedPatch {
            patch: self,
            comments,
        })
    }
}

impl CheckedPatch {
    pub(super) fn applied(&self, before: Verdict) -> Verdict {
        let Self { patch, comments } = self;
        Verdict {
            proposed_action: patch.proposed_action.unwrap_or(before.proposed_action),
            effort_estimate: patch
                .effort_estimate
                .map_or(before.effort_estimate, EffortIn::word),
            business_criticality: patch.business_criticality.unwrap_or(before.business_criticality),
            work_priority: patch.work_priority.unwrap_or(before.work_priority),
            comments: comments.clone().unwrap_or(before.comments),
        }
    }
}

/// To which applications a review is copied.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"application_ids": ["0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b12"]}))]
pub(crate) struct CopyIn {
    /// The applications, up to 500.
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 ids"))]
    pub(super) application_ids: Vec<Uuid>,
}

impl Body for CopyIn {}

/// How many applications have the review now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CopiedOut {
    /// Applications that it was copied to.
    #[schema(example = 1)]
    pub(super) copied: u64,
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewOut {
    /// Its id.
    id: Uuid,
    /// The application that it is of.
    application_id: Option<Uuid>,
    /// The archetype that it is of.
    archetype_id: Option<Uuid>,
    /// What should be done.
    proposed_action: SixrStrategy,
    /// How much work it is: `small`, `medium`, `large` or `extra_large`.
    #[schema(example = "small")]
    effort_estimate: String,
    /// How critical it is for the business, 1 to 10.
    business_criticality: i32,
    /// How early it should be done, 1 to 10, the greatest first.
    work_priority: i32,
    /// Free text.
    comments: Option<String>,
    /// Who wrote or changed it last.
    reviewer: String,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was written.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Review> for ReviewOut {
    fn from(row: Review) -> Self {
        let Review {
            id,
            application_id,
            archetype_id,
            proposed_action,
            effort_estimate,
            business_criticality,
            work_priority,
            comments,
            reviewer,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            application_id,
            archetype_id,
            proposed_action,
            effort_estimate,
            business_criticality,
            work_priority,
            comments,
            reviewer,
            version,
            created_at,
            updated_at,
        }
    }
}
