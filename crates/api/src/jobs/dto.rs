//! Jobs on the wire.

use chrono::{DateTime, Utc};
use landfall_domain::JobState;
use landfall_services::jobs::{Job, JobFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which jobs are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// In this state.
    #[param(inline)]
    state: Option<JobState>,
    /// Of this kind.
    #[param(example = "discovery")]
    kind: Option<String>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl JobQuery {
    pub(super) fn into_filter(self) -> JobFilter {
        JobFilter {
            states: self.state.into_iter().collect(),
            kind: self.kind,
        }
    }
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobOut {
    /// Its id.
    id: Uuid,
    /// What is done.
    #[schema(example = "discovery")]
    kind: String,
    /// Its state.
    state: JobState,
    /// What it is about, such as the flow or the import.
    #[schema(value_type = Object, example = json!({"flow_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11"}))]
    about: Value,
    /// What came of it; null until it is done, and for jobs whose result is elsewhere.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// Attempts so far.
    attempts: i32,
    /// Attempts at most.
    max_attempts: i32,
    /// Why the last attempt failed, if it did.
    last_error: Option<String>,
    /// Not done before.
    run_at: DateTime<Utc>,
    /// When it ended.
    completed_at: Option<DateTime<Utc>>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Job> for JobOut {
    fn from(row: Job) -> Self {
        let Job {
            id,
            kind,
            mut payload,
            state,
            attempts,
            max_attempts,
            run_at,
            last_error,
            result,
            completed_at,
            created_at,
            updated_at,
            ..
        } = row;
        if let Some(payload) = payload.as_object_mut() {
            // How far the job before it had come is nobody else's business.
            payload.remove("cursor");
        }
        Self {
            id,
            kind,
            state,
            about: payload,
            result,
            attempts,
            max_attempts,
            last_error,
            run_at,
            completed_at,
            created_at,
            updated_at,
        }
    }
}
