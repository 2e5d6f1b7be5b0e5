//! Assessments on the wire.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::Body;
use crate::stakeholders::dto::RoleOf;
use chrono::{DateTime, Utc};
use landfall_domain::{AssessmentStatus, AssessmentType, AssetId, MasterFlowId, RiskLevel};
use landfall_services::assessments::{
    AnswerGiven, Assessment, AssessmentChange, AssessmentDetail, AssessmentFilter, AssessmentSubject,
    NewAssessmentOf, StakeholderRole,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// The one subject that is named, if any.
fn subject(
    application: Option<Uuid>,
    archetype: Option<Uuid>,
    asset: Option<AssetId>,
) -> ApiResult<Option<AssessmentSubject>> {
    let named = [
        application.map(AssessmentSubject::Application),
        archetype.map(AssessmentSubject::Archetype),
        asset.map(AssessmentSubject::Asset),
    ];
    let mut named = named.into_iter().flatten();
    match (named.next(), named.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => Err(ApiError::validation(vec![Detail::of(
            "application_id",
            "exclusive",
            "give one of application_id, archetype_id and asset_id, not several",
        )])),
    }
}

/// Which assessments are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AssessmentQuery {
    /// `risk_assessment` for those by questionnaire, `technical_assessment` for sizes of machines.
    assessment_type: Option<AssessmentType>,
    /// As far as this.
    status: Option<AssessmentStatus>,
    /// As risky as this: green is `low`, yellow `medium`, red `high`; ready is `low`, ready with conditions `medium`, not
    /// ready `critical`.
    risk_level: Option<RiskLevel>,
    /// Of this application.
    application_id: Option<Uuid>,
    /// Of this archetype.
    archetype_id: Option<Uuid>,
    /// Of this asset.
    asset_id: Option<AssetId>,
    /// By this questionnaire.
    questionnaire_id: Option<Uuid>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl AssessmentQuery {
    pub(super) fn filter(self) -> ApiResult<AssessmentFilter> {
        Ok(AssessmentFilter {
            assessment_type: self.assessment_type,
            status: self.status,
            risk_level: self.risk_level,
            subject: subject(self.application_id, self.archetype_id, self.asset_id)?,
            questionnaire_id: self.questionnaire_id,
        })
    }
}

/// An assessment by questionnaire to be begun, of an application, an archetype or an asset.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"application_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11"}))]
pub(crate) struct AssessmentIn {
    /// The application.
    application_id: Option<Uuid>,
    /// The archetype, for its members.
    archetype_id: Option<Uuid>,
    /// The asset.
    asset_id: Option<AssetId>,
    /// By which questionnaire; by the one that ships if absent.
    questionnaire_id: Option<Uuid>,
    /// Who has a say in it.
    #[serde(default)]
    #[validate(nested, length(max = 100, message = "must have at most 100 stakeholders"))]
    stakeholders: Vec<RoleOf>,
}

impl Body for AssessmentIn {}

impl AssessmentIn {
    pub(super) fn into_new(self) -> ApiResult<NewAssessmentOf> {
        let subject = subject(self.application_id, self.archetype_id, self.asset_id)?.ok_or_else(|| {
            let message = "say what is assessed: application_id, archetype_id or asset_id";
            ApiError::validation(vec![Detail::of("application_id", "missing", message)])
        })?;
        Ok(NewAssessmentOf {
            subject,
            questionnaire_id: self.questionnaire_id,
            stakeholders: self.stakeholders.into_iter().map(StakeholderRole::from).collect(),
        })
    }
}

/// An answer.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerIn {
    /// Order of the section.
    section: u32,
    /// Order of the question in it.
    question: u32,
    /// Order of the answer; null takes the answer back.
    answer: Option<u32>,
}

/// A remark on a section.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommentIn {
    /// Order of the section.
    section: u32,
    /// The remark; an empty one takes it away.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    comment: String,
}

/// What a second person says of an assessment.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VerdictIn {
    /// Takes the verdict back.
    Completed,
    /// Read.
    Reviewed,
    /// Accepted.
    Approved,
    /// Refused.
    Rejected,
}

impl From<VerdictIn> for AssessmentStatus {
    fn from(verdict: VerdictIn) -> Self {
        match verdict {
            VerdictIn::Completed => Self::Completed,
            VerdictIn::Reviewed => Self::Reviewed,
            VerdictIn::Approved => Self::Approved,
            VerdictIn::Rejected => Self::Rejected,
        }
    }
}

/// A change of an assessment.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answers": [{"section": 1, "question": 1, "answer": 2}]}))]
pub(crate) struct AssessmentPatchIn {
    /// Answers; a question that is not among them keeps its own.
    #[serde(default)]
    #[validate(length(max = 2000, message = "must have at most 2000 answers"))]
    answers: Vec<AnswerIn>,
    /// Remarks on sections.
    #[serde(default)]
    #[validate(nested, length(max = 500, message = "must have at most 500 remarks"))]
    comments: Vec<CommentIn>,
    /// What a second person says of it; it must be complete. A later answer takes it back.
    status: Option<VerdictIn>,
    /// Who has a say in it from now on.
    #[validate(nested, length(max = 100, message = "must have at most 100 stakeholders"))]
    stakeholders: Option<Vec<RoleOf>>,
}

impl Body for AssessmentPatchIn {}

impl AssessmentPatchIn {
    pub(super) fn into_change(self) -> AssessmentChange {
        let answer = |given: AnswerIn| AnswerGiven {
            section: given.section,
            question: given.question,
            answer: given.answer,
        };
        AssessmentChange {
            answers: self.answers.into_iter().map(answer).collect(),
            comments: self
                .comments
                .into_iter()
                .map(|comment| (comment.section, comment.comment))
                .collect(),
            status: self.status.map(AssessmentStatus::from),
            stakeholders: self
                .stakeholders
                .map(|people| people.into_iter().map(StakeholderRole::from).collect()),
        }
    }
}

/// An assessment without its questions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentRowOut {
    /// Its id.
    id: Uuid,
    /// `risk_assessment` by questionnaire, `technical_assessment` for the size of a machine.
    assessment_type: AssessmentType,
    /// How far it is.
    status: Option<AssessmentStatus>,
    /// A name for people.
    #[schema(example = "Cloud readiness")]
    title: String,
    /// The application that it is of.
    application_id: Option<Uuid>,
    /// The archetype that it is of.
    archetype_id: Option<Uuid>,
    /// The asset that it is of.
    asset_id: Option<AssetId>,
    /// The questionnaire that it was made by.
    questionnaire_id: Option<Uuid>,
    /// How risky: green is `low`, yellow `medium`, red `high`; ready is `low`, ready with conditions `medium`, not ready
    /// `critical`; null where nobody knows.
    risk_level: Option<RiskLevel>,
    /// Confidence, 0 to 1: of a questionnaire by its answers, of a size by the share of the data points that were there.
    #[schema(example = 0.74)]
    confidence_level: Option<f64>,
    /// Cost of a month today, minor units of the engagement's currency.
    current_cost: Option<i64>,
    /// Cost of a month on the target, minor units of the engagement's currency.
    estimated_target_cost: Option<i64>,
    /// What a month costs less on the target, minor units of the engagement's currency.
    cost_savings_potential: Option<i64>,
    /// What makes it risky, each with its reason.
    #[schema(value_type = Option<Vec<Object>>)]
    identified_risks: Option<Value>,
    /// Who assessed it last.
    assessor: Option<String>,
    /// When it was completed.
    assessment_date: Option<DateTime<Utc>>,
    /// When it was reviewed.
    review_date: Option<DateTime<Utc>>,
    /// When it was approved.
    approval_date: Option<DateTime<Utc>>,
    /// The master flow that it is part of.
    master_flow_id: MasterFlowId,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Assessment> for AssessmentRowOut {
    fn from(row: Assessment) -> Self {
        let Assessment {
            id,
            assessment_type,
            status,
            title,
            application_id,
            archetype_id,
            asset_id,
            questionnaire_id,
            risk_level,
            confidence_level,
            current_cost,
            estimated_target_cost,
            cost_savings_potential,
            identified_risks,
            assessor,
            assessment_date,
            review_date,
            approval_date,
            master_flow_id,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            assessment_type,
            status,
            title,
            application_id,
            archetype_id,
            asset_id,
            questionnaire_id,
            risk_level,
            confidence_level,
            current_cost,
            estimated_target_cost,
            cost_savings_potential,
            identified_risks,
            assessor,
            assessment_date,
            review_date,
            approval_date,
            master_flow_id,
            version,
            created_at,
            updated_at,
        }
    }
}

/// An assessment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentOut {
    #[serde(flatten)]
    row: AssessmentRowOut,
    /// By questionnaire: the questionnaire with its answers, `risk`, `risk_message`, `confidence`, `counts`, `progress`. Of a
    /// machine: `readiness`, `reasons`, `demand`, `placement` with its cost, `data_points`, `stars`, `price_catalogue`,
    /// `options`.
    #[schema(value_type = Object)]
    results: Value,
    /// Who has a say in it.
    stakeholders: Vec<RoleOf>,
}

impl From<AssessmentDetail> for AssessmentOut {
    fn from(detail: AssessmentDetail) -> Self {
        let AssessmentDetail {
            assessment,
            questionnaire: _,
            stakeholders,
        } = detail;
        let results = assessment.results.clone();
        Self {
            row: assessment.into(),
            results,
            stakeholders: stakeholders.into_iter().map(RoleOf::from).collect(),
        }
    }
}
