//! Policies.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_services::sixr::{PolicyFault, PolicyView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// Which version is wanted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PolicyQuery {
    /// The version; the one that counts if absent.
    pub(crate) version: Option<i32>,
}

/// A policy to be kept or checked.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "name = \"Exit by May\"", "comment": "Lift more, change less."}))]
pub(crate) struct PolicyIn {
    /// The TOML text.
    #[validate(length(min = 1, max = 1_000_000, message = "must have 1 to 1000000 characters"))]
    pub(crate) body: String,
    /// Why it was changed.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    pub(crate) comment: Option<String>,
}

impl Body for PolicyIn {}

/// A policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyOut {
    /// Its version; null for the standard policy.
    version: Option<i32>,
    /// How recommendations name it.
    #[schema(example = "3 (9f2c61d0a4be)")]
    label: String,
    /// Its name.
    name: String,
    /// The TOML text.
    body: String,
    /// Why it was changed.
    comment: Option<String>,
    /// Who changed it.
    created_by: Option<String>,
    /// When.
    created_at: Option<DateTime<Utc>>,
}

impl From<PolicyView> for PolicyOut {
    fn from(view: PolicyView) -> Self {
        Self {
            label: view.label(),
            version: view.version,
            name: view.name,
            body: view.body,
            comment: view.comment,
            created_by: view.created_by,
            created_at: view.created_at,
        }
    }
}

/// What is wrong with a policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckOut {
    /// Whether it can be kept.
    is_valid: bool,
    /// Everything that is wrong with it.
    faults: Vec<FaultOut>,
}

/// One thing that is wrong with a policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FaultOut {
    /// Where.
    #[schema(example = "strategies.rehost.terms[2].weight")]
    path: String,
    /// What is wrong and what would be right.
    message: String,
}

impl From<Vec<PolicyFault>> for CheckOut {
    fn from(faults: Vec<PolicyFault>) -> Self {
        Self {
            is_valid: faults.is_empty(),
            faults: faults
                .into_iter()
                .map(|fault| FaultOut {
                    path: fault.path,
                    message: fault.message,
                })
                .collect(),
        }
    }
}
