//! Settings, questions and inputs.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::QuestionType;
use landfall_services::sixr::{Input, InputValues, Kind, Setting, SixrAnswer, SixrQuestion};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Values for the whole engagement.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"inputs": {"target": "cloud", "compliance_requirements": 7}, "note": "Kick-off."}))]
pub(crate) struct SettingsIn {
    /// Input → value; null takes one back.
    #[schema(value_type = Object)]
    pub(crate) inputs: InputValues,
    /// Who said so, or why.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    pub(crate) note: Option<String>,
}

impl Body for SettingsIn {}

/// A value for the whole engagement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingOut {
    /// The input.
    #[schema(example = "target")]
    input: String,
    /// Its value.
    #[schema(value_type = Object)]
    value: Value,
    /// Who said so, or why.
    note: Option<String>,
    /// When.
    updated_at: DateTime<Utc>,
}

impl From<Setting> for SettingOut {
    fn from(setting: Setting) -> Self {
        Self {
            input: setting.input,
            value: setting.value,
            note: setting.description,
            updated_at: setting.updated_at,
        }
    }
}

/// A question that is open in the engagement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionOut {
    /// The input that the answer gives.
    input: String,
    /// What is asked.
    text: String,
    /// Kind of answer.
    kind: QuestionType,
    /// Words to choose from.
    #[schema(value_type = Option<Vec<String>>)]
    options: Option<Value>,
    /// What an answer is worth.
    worth: Option<String>,
    /// Place in the list; 1 is asked first.
    priority: Option<i32>,
}

impl From<SixrQuestion> for QuestionOut {
    fn from(row: SixrQuestion) -> Self {
        Self {
            input: row.question_id,
            text: row.question_text,
            kind: row.question_type,
            options: row.options,
            worth: row.help_text,
            priority: row.priority,
        }
    }
}

/// An answer given in an analysis.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerOut {
    /// Its id.
    id: Uuid,
    /// The input.
    input: String,
    /// The answer; null took an earlier one back.
    #[schema(value_type = Option<Object>)]
    answer: Option<Value>,
    /// The iteration that it led to.
    iteration: i32,
    /// Who answered.
    by: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

impl From<SixrAnswer> for AnswerOut {
    fn from(row: SixrAnswer) -> Self {
        Self {
            id: row.id,
            input: row.question_id,
            answer: row.response_value,
            iteration: row.iteration_number,
            by: row.created_by,
            at: row.created_at,
        }
    }
}

/// Something that a strategy may depend on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InputOut {
    /// Its name in requests and policies.
    #[schema(example = "os_support")]
    name: &'static str,
    /// How it is called in sentences.
    label: &'static str,
    /// Whether it is one of the seven parameters.
    is_parameter: bool,
    /// `flag`, `choice` or `number`.
    kind: &'static str,
    /// Words, for a choice.
    words: Option<Vec<&'static str>>,
    /// Least value, for a number.
    minimum: Option<f64>,
    /// Greatest value, for a number.
    maximum: Option<f64>,
    /// Unit of a number.
    unit: Option<&'static str>,
    /// What a person is asked when it is not known.
    question: Option<&'static str>,
}

impl From<Input> for InputOut {
    fn from(input: Input) -> Self {
        let definition = input.definition();
        let (kind, words, bounds) = match definition.kind {
            Kind::Flag => ("flag", None, None),
            Kind::Choice(words) => ("choice", Some(words.to_vec()), None),
            Kind::Number { min, max, .. } => ("number", None, Some((min, max))),
        };
        Self {
            name: definition.name,
            label: definition.label,
            is_parameter: input.is_parameter(),
            kind,
            words,
            minimum: bounds.map(|(min, _)| min),
            maximum: bounds.map(|(_, max)| max),
            unit: (!definition.unit.is_empty()).then_some(definition.unit),
            question: definition.question,
        }
    }
}
