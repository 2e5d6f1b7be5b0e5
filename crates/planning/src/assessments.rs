//! Assessments by questionnaire: what was asked, what was answered, how risky it is and how sure that is.
//!
//! Questionnaires have the form of Konveyor's (Konveyor hub, 2023): sections of questions, each question with answers that
//! carry a risk. Risk and confidence follow its published formulas, see [`score`]; archetypes follow its rule of the most
//! specific match, see [`archetypes`]. What is ours: answers that follow from facts of the inventory, and the
//! questionnaire that ships with the program.

pub mod archetypes;
mod fact;
mod questionnaire;
pub mod score;

#[cfg(test)]
mod tests;

pub use fact::{FactCondition, Facts};
pub use questionnaire::{
    Answer, Progress, Question, Questionnaire, QuestionnaireError, RiskMessages, Section, Selected, Tag,
    UnknownQuestion,
};
pub use score::{Risk, RiskCounts, Thresholds};

/// The questionnaire that ships with the program, as YAML.
pub const DEFAULT_QUESTIONNAIRE: &str = include_str!("../data/cloud-readiness.yaml");
