//! Stakeholders on the wire.

use crate::error::ApiResult;
use crate::extract::{Body, Change};
use chrono::{DateTime, Utc};
use landfall_services::assessments::{NewStakeholder, Stakeholder, StakeholderPatch, StakeholderRole};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A stakeholder to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ada Ortiz", "email": "ada@example.org", "job_function": "Application owner"}))]
pub(crate) struct StakeholderIn {
    /// Name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: String,
    /// E-mail address; no two stakeholders of an engagement have the same.
    #[validate(email(message = "must be an e-mail address"))]
    email: String,
    /// What the person does.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    job_function: Option<String>,
}

impl Body for StakeholderIn {}

impl StakeholderIn {
    pub(super) fn into_new(self) -> NewStakeholder {
        let Self {
            name,
            email,
            job_function,
        } = self;
        NewStakeholder {
            name,
            email: email.to_lowercase(),
            job_function,
        }
    }
}

/// A change of a stakeholder: what is absent stays, null takes a value away.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"job_function": null}))]
pub(crate) struct StakeholderPatchIn {
    /// Name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// E-mail address.
    #[validate(email(message = "must be an e-mail address"))]
    email: Option<String>,
    /// What the person does.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    job_function: Change<String>,
}

impl Body for StakeholderPatchIn {}

impl StakeholderPatchIn {
    pub(super) fn into_patch(self) -> ApiResult<StakeholderPatch> {
        Ok(StakeholderPatch {
            name: self.name,
            email: self.email.map(|email| email.to_lowercase()),
            job_function: self.job_function.text("job_function", 255)?,
        })
    }
}

/// A stakeholder.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StakeholderOut {
    /// The id.
    id: Uuid,
    /// Name.
    #[schema(example = "Ada Ortiz")]
    name: String,
    /// E-mail address.
    #[schema(example = "ada@example.org")]
    email: String,
    /// What the person does.
    job_function: Option<String>,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Stakeholder> for StakeholderOut {
    fn from(row: Stakeholder) -> Self {
        let Stakeholder {
            id,
            name,
            email,
            job_function,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            name,
            email,
            job_function,
            version,
            created_at,
            updated_at,
        }
    }
}

/// What a stakeholder is to something.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleOf {
    /// The stakeholder.
    stakeholder_id: Uuid,
    /// Such as `owner`, `contributor`, `reviewer`.
    #[validate(length(min = 1, max = 50, message = "must have 1 to 50 characters"))]
    #[schema(example = "owner")]
    role: String,
}

impl From<RoleOf> for StakeholderRole {
    fn from(role: RoleOf) -> Self {
        let RoleOf { stakeholder_id, role } = role;
        Self { stakeholder_id, role }
    }
}

impl From<StakeholderRole> for RoleOf {
    fn from(role: StakeholderRole) -> Self {
        let StakeholderRole { stakeholder_id, role } = role;
        Self { stakeholder_id, role }
    }
}
