//! Questionnaires, blank and answered. Both have the same form: an assessment keeps its own copy, in which answers are
//! marked as selected, so that a later change of the questionnaire does not change what was said.

mod answering;
mod faults;

use super::FactCondition;
use super::score::{Risk, Thresholds};
use serde::{Deserialize, Serialize};

/// Bytes of a questionnaire at most.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A tag by its category and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Category.
    pub category: String,
    /// Name within the category.
    pub tag: String,
}

impl Tag {
    /// A tag.
    pub fn new(category: impl Into<String>, tag: impl Into<String>) -> Self {
        Self {
            category: category.into(),
            tag: tag.into(),
        }
    }
}

/// A questionnaire. The names of its properties are Konveyor's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Questionnaire {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Whether an application counts as assessed only when it has answered this one.
    #[serde(default)]
    pub required: bool,
    /// When an assessment becomes red, yellow or unknown.
    pub thresholds: Thresholds,
    /// What each risk means.
    #[serde(default)]
    pub risk_messages: RiskMessages,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// What each risk means, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskMessages {
    /// Of red.
    pub red: String,
    /// Of yellow.
    pub yellow: String,
    /// Of green.
    pub green: String,
    /// Of unknown.
    pub unknown: String,
}

/// A part of a questionnaire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    /// Its place, and what it is called by in answers.
    pub order: u32,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its questions.
    pub questions: Vec<Question>,
    /// A remark of who answered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// Its place in the section, and what it is called by in answers.
    pub order: u32,
    /// The question.
    pub text: String,
    /// Why it is asked.
    #[serde(default)]
    pub explanation: String,
    /// It is asked only of what bears one of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include_for: Vec<Tag>,
    /// It is not asked of what bears one of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_for: Vec<Tag>,
    /// What can be answered.
    pub answers: Vec<Answer>,
}

/// A possible answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// Its place in the question, and what it is called by in answers.
    pub order: u32,
    /// The answer.
    pub text: String,
    /// How risky it is.
    pub risk: Risk,
    /// Why it is risky.
    #[serde(default)]
    pub rationale: String,
    /// What can be done about it.
    #[serde(default)]
    pub mitigation: String,
    /// Tags that it puts on what is assessed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apply_tags: Vec<Tag>,
    /// It is given by itself where one of these tags is borne.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auto_answer_for: Vec<Tag>,
    /// It is given by itself where one of these conditions holds in the inventory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auto_answer_when: Vec<FactCondition>,
    /// Whether it was given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub selected: bool,
    /// Whether it was given by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auto_answered: bool,
}

/// Why a text is no questionnaire.
#[derive(Debug, thiserror::Error)]
pub enum QuestionnaireError {
    /// Too large to be one.
    #[error("the questionnaire has {0} bytes; at most {MAX_BYTES} are read")]
    TooLarge(usize),
    /// Neither YAML nor JSON of the expected form.
    #[error("the questionnaire cannot be read: {0}")]
    Unreadable(String),
    /// Readable, with faults; all of them.
    #[error("the questionnaire has {} faults: {}", .0.len(), .0.join("; "))]
    Faults(Vec<String>),
}

/// A question or answer that the questionnaire does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the questionnaire has no {what} {order}{}", within.as_ref().map(|within| format!(" in {within}")).unwrap_or_default())]
pub struct UnknownQuestion {
    /// `section`, `question` or `answer`.
    pub what: &'static str,
    /// The order given.
    pub order: u32,
    /// Where it was looked for.
    pub within: Option<String>,
}

/// An answer that was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selected<'q> {
    /// The section.
    pub section: &'q Section,
    /// The question.
    pub question: &'q Question,
    /// The answer.
    pub answer: &'q Answer,
}

/// How far the answers have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// Nobody has answered a question.
    Empty,
    /// Some questions are answered.
    Started,
    /// All are.
    Complete,
}

impl Questionnaire {
    /// Reads a questionnaire from YAML or JSON, and checks it. What Konveyor's API adds to one (id, times, users) is not kept.
    pub fn read(text: &str) -> Result<Self, QuestionnaireError> {
        if text.len() > MAX_BYTES {
            return Err(QuestionnaireError::TooLarge(text.len()));
        }
        let read: Self = serde_saphyr::from_str(text)
            .map_err(|error| QuestionnaireError::Unreadable(error.to_string()))?;
        read.checked()
    }

    /// The same questionnaire, if nothing is wrong with it.
    pub fn checked(self) -> Result<Self, QuestionnaireError> {
        let faults = self.faults();
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(QuestionnaireError::Faults(faults))
        }
    }
}
