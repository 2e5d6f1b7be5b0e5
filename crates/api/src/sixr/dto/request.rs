//! What is sent about an analysis.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::Body;
use landfall_domain::{AssetId, SixrStrategy};
use landfall_services::sixr::{InputValues, Iterate, NewSixrAnalysis, Overridden, Subject};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// An analysis to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"asset_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "inputs": {"business_value": 8}}))]
pub(crate) struct AnalysisIn {
    /// The asset that it is about.
    asset_id: Option<AssetId>,
    /// The application that it is about; either this or `asset_id`.
    application_id: Option<Uuid>,
    /// Its name; the asset's or application's if absent.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// 1 comes first.
    #[validate(range(min = 1, max = 1000, message = "must be from 1 to 1000"))]
    priority: Option<i32>,
    /// Input → value, in place of what would be derived. `GET /sixr/inputs` lists them.
    #[serde(default)]
    #[schema(value_type = Object)]
    inputs: InputValues,
    /// Whether it is judged at once; yes if absent. Else it waits as pending.
    start: Option<bool>,
}

impl Body for AnalysisIn {}

impl AnalysisIn {
    pub(crate) fn into_new(self) -> ApiResult<NewSixrAnalysis> {
        let subject = match (self.asset_id, self.application_id) {
            (Some(asset), None) => Subject::Asset(asset),
            (None, Some(application)) => Subject::Application(application),
            _ => {
                return Err(ApiError::validation(vec![Detail::of(
                    "asset_id",
                    "exclusive",
                    "give asset_id or application_id, one of them",
                )]));
            }
        };
        Ok(NewSixrAnalysis {
            subject,
            name: self.name,
            description: self.description,
            priority: self.priority,
            inputs: self.inputs,
            start: self.start.unwrap_or(true),
        })
    }
}

/// What an iteration changes.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"inputs": {"risk_tolerance": 3}, "reason": "The owner said so."}))]
pub(crate) struct IterateIn {
    /// Input → value, in place of what would be derived; null takes one back.
    #[serde(default)]
    #[schema(value_type = Object)]
    inputs: InputValues,
    /// A name for the iteration.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// Why.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    reason: Option<String>,
    /// What stakeholders say.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    feedback: Option<String>,
}

impl Body for IterateIn {}

impl IterateIn {
    pub(crate) fn into_change(self) -> Iterate {
        Iterate {
            inputs: self.inputs,
            answers: InputValues::new(),
            name: self.name,
            reason: self.reason,
            feedback: self.feedback,
        }
    }
}

/// Answers to questions.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answers": {"active_users": 0, "source_available": true}}))]
pub(crate) struct AnswersIn {
    /// Input → answer; null takes one back.
    #[schema(value_type = Object)]
    answers: InputValues,
}

impl Body for AnswersIn {}

impl AnswersIn {
    pub(crate) fn into_change(self) -> Iterate {
        Iterate {
            answers: self.answers,
            ..Iterate::default()
        }
    }
}

/// A decision against the recommendation.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"strategy": "retain", "reason": "The auditor asks for it until June."}))]
pub(crate) struct OverrideIn {
    /// What is to be done.
    strategy: SixrStrategy,
    /// Why.
    #[validate(length(min = 1, max = 4000, message = "must have 1 to 4000 characters"))]
    reason: String,
}

impl Body for OverrideIn {}

impl OverrideIn {
    pub(crate) fn into_decision(self) -> Overridden {
        Overridden {
            strategy: self.strategy,
            reason: self.reason,
        }
    }
}
