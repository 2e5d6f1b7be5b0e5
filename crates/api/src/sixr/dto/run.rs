//! Runs.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_services::sixr::{NewSixrRun, SixrRun, Subjects};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What a run judges.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubjectsIn {
    /// Each asset by itself.
    #[default]
    Assets,
    /// Each application with its assets, and each asset that is part of none.
    Applications,
}

/// A run to be started.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "First pass", "subjects": "applications"}))]
pub(crate) struct RunIn {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// What it judges; assets if absent.
    #[serde(default)]
    subjects: SubjectsIn,
}

impl Body for RunIn {}

impl RunIn {
    pub(crate) fn into_new(self) -> NewSixrRun {
        NewSixrRun {
            name: self.name,
            description: self.description,
            subjects: match self.subjects {
                SubjectsIn::Assets => Subjects::Assets,
                SubjectsIn::Applications => Subjects::Applications,
            },
        }
    }
}

/// A run with its totals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// Free text.
    description: Option<String>,
    /// `pending`, `in_progress`, `completed` or `failed`.
    #[schema(example = "completed")]
    status: Option<String>,
    /// Subjects judged so far.
    judged: Option<i32>,
    /// What they cost a month today, in minor units of the engagement's currency.
    current_cost: Option<i64>,
    /// What they would cost a month.
    estimated_cost: Option<i64>,
    /// The difference.
    potential_savings: Option<i64>,
    /// `subjects`, `total`, `by_strategy`, `changed`, `unchanged`, `requires_input`, `overridden`, `policy`, and `questions` in
    /// the order in which to ask; `error` where it failed.
    #[schema(value_type = Option<Object>)]
    results: Option<Value>,
    /// When it was started.
    created_at: DateTime<Utc>,
    /// When it wrote last.
    updated_at: DateTime<Utc>,
}

impl From<SixrRun> for RunOut {
    fn from(row: SixrRun) -> Self {
        Self {
            id: row.id,
            name: row.analysis_name,
            description: row.description,
            status: row.status,
            judged: row.total_assets,
            current_cost: row.total_current_cost,
            estimated_cost: row.total_estimated_cost,
            potential_savings: row.potential_savings,
            results: row.analysis_results,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
