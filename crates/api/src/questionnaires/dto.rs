//! Questionnaires on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_services::assessments::StoredQuestionnaire;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A change of a questionnaire.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_required": true}))]
pub(crate) struct QuestionnairePatchIn {
    /// Whether applications must have answered it to count as assessed.
    pub(super) is_required: bool,
}

impl Body for QuestionnairePatchIn {}

/// A questionnaire without its questions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionnaireRowOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    #[schema(example = "Cloud readiness")]
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Whether applications must have answered it to count as assessed.
    is_required: bool,
    /// Who wrote it: `landfall`, or `manual`.
    #[schema(example = "landfall")]
    source: String,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<StoredQuestionnaire> for QuestionnaireRowOut {
    fn from(row: StoredQuestionnaire) -> Self {
        let StoredQuestionnaire {
            id,
            name,
            description,
            is_required,
            source,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            name,
            description,
            is_required,
            source,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A questionnaire.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionnaireOut {
    #[serde(flatten)]
    row: QuestionnaireRowOut,
    /// Thresholds, sections, questions and answers in Konveyor's form.
    #[schema(value_type = Object)]
    document: Value,
}

impl From<StoredQuestionnaire> for QuestionnaireOut {
    fn from(row: StoredQuestionnaire) -> Self {
        let document = row.document.clone();
        Self {
            row: row.into(),
            document,
        }
    }
}
