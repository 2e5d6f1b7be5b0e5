//! Questionnaires, blank and answered. Both have the same form: an assessment keeps its own copy, in which answers are
//! marked as selected, so that a later change of the questionnaire does not change what was said.

use super::score::{Risk, RiskCounts, Thresholds};
use super::{FactCondition, Facts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Bytes of a questionnaire at most.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Questions of a questionnaire at most.
const MAX_QUESTIONS: usize = 2_000;

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

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |wrong: bool, fault: String| {
            if wrong {
                faults.push(fault);
            }
        };
        check(self.name.trim().is_empty(), "it has no name".to_owned());
        for (name, percent) in [
            ("red", self.thresholds.red),
            ("yellow", self.thresholds.yellow),
            ("unknown", self.thresholds.unknown),
        ] {
            check(
                percent > 100,
                format!("the threshold {name} is {percent}, more than 100 percent"),
            );
        }
        check(self.sections.is_empty(), "it has no sections".to_owned());
        let questions = self
            .sections
            .iter()
            .map(|section| section.questions.len())
            .sum::<usize>();
        check(
            questions > MAX_QUESTIONS,
            format!("it has {questions} questions; at most {MAX_QUESTIONS} are taken"),
        );
        check(
            repeated(self.sections.iter().map(|section| section.order)),
            "two sections have the same order".to_owned(),
        );
        for section in &self.sections {
            let place = format!("section {}", section.order);
            check(section.questions.is_empty(), format!("{place} has no questions"));
            check(
                repeated(section.questions.iter().map(|question| question.order)),
                format!("two questions of {place} have the same order"),
            );
            for question in &section.questions {
                for fault in question.faults() {
                    check(true, format!("{place}, question {}: {fault}", question.order));
                }
            }
        }
        faults
    }

    /// Makes the questionnaire the one for something with these tags and facts: leaves out what is not asked of it, and
    /// gives the answers that follow. Of several answers that follow, the first counts.
    pub fn prepare(&mut self, tags: &BTreeSet<Tag>, facts: &Facts) {
        let bears = |wanted: &[Tag]| wanted.iter().any(|tag| tags.contains(tag));
        for section in &mut self.sections {
            section.questions.retain(|question| {
                if question.include_for.is_empty() {
                    !bears(&question.exclude_for)
                } else {
                    bears(&question.include_for)
                }
            });
            for question in &mut section.questions {
                let follows = |answer: &Answer| {
                    bears(&answer.auto_answer_for)
                        || answer
                            .auto_answer_when
                            .iter()
                            .any(|condition| condition.holds(facts))
                };
                if let Some(answer) = question.answers.iter_mut().find(|answer| follows(answer)) {
                    answer.selected = true;
                    answer.auto_answered = true;
                }
            }
        }
    }

    /// Takes all answers away, as in a blank questionnaire.
    pub fn clear(&mut self) {
        for section in &mut self.sections {
            section.comment.clear();
            for answer in section
                .questions
                .iter_mut()
                .flat_map(|question| &mut question.answers)
            {
                answer.selected = false;
                answer.auto_answered = false;
            }
        }
    }

    /// Gives an answer, or takes it back with `None`. An answer that was given before is replaced.
    pub fn select(
        &mut self,
        section: u32,
        question: u32,
        answer: Option<u32>,
    ) -> Result<(), UnknownQuestion> {
        let unknown = |what, order, within: Option<String>| UnknownQuestion { what, order, within };
        let place = format!("section {section}");
        let found = self
            .section_mut(section)?
            .questions
            .iter_mut()
            .find(|candidate| candidate.order == question)
            .ok_or_else(|| unknown("question", question, Some(place.clone())))?;
        if let Some(answer) = answer
            && !found.answers.iter().any(|candidate| candidate.order == answer)
        {
            return Err(unknown(
                "answer",
                answer,
                Some(format!("question {question} of {place}")),
            ));
        }
        for candidate in &mut found.answers {
            candidate.selected = Some(candidate.order) == answer;
            candidate.auto_answered = false;
        }
        Ok(())
    }

    /// Sets the remark on a section.
    pub fn comment(&mut self, section: u32, comment: &str) -> Result<(), UnknownQuestion> {
        comment.clone_into(&mut self.section_mut(section)?.comment);
        Ok(())
    }

    fn section_mut(&mut self, order: u32) -> Result<&mut Section, UnknownQuestion> {
        self.sections
            .iter_mut()
            .find(|section| section.order == order)
            .ok_or(UnknownQuestion {
                what: "section",
                order,
                within: None,
            })
    }

    /// The questions in order.
    pub fn questions(&self) -> impl Iterator<Item = (&Section, &Question)> {
        self.sections
            .iter()
            .flat_map(|section| section.questions.iter().map(move |question| (section, question)))
    }

    /// The answers that were given.
    pub fn selected(&self) -> impl Iterator<Item = Selected<'_>> {
        self.questions().filter_map(|(section, question)| {
            Some(Selected {
                section,
                question,
                answer: question.selected()?,
            })
        })
    }

    /// How many questions have an answer of each risk.
    pub fn counts(&self) -> RiskCounts {
        RiskCounts::of(
            self.questions()
                .map(|(_, question)| question.selected().map_or(Risk::Unknown, |answer| answer.risk)),
        )
    }

    /// The risk that the answers make.
    pub fn risk(&self) -> Risk {
        self.counts().risk(&self.thresholds)
    }

    /// The confidence that the answers make, 0 to 100.
    pub fn confidence(&self) -> u8 {
        self.counts().confidence()
    }

    /// How far the answers have come. What was answered by itself does not begin an assessment, but can complete it.
    pub fn progress(&self) -> Progress {
        if self
            .questions()
            .all(|(_, question)| question.selected().is_some())
        {
            Progress::Complete
        } else if self.selected().any(|selected| !selected.answer.auto_answered) {
            Progress::Started
        } else {
            Progress::Empty
        }
    }

    /// The tags that the answers put on what is assessed.
    pub fn applied_tags(&self) -> BTreeSet<Tag> {
        self.selected()
            .flat_map(|selected| selected.answer.apply_tags.iter().cloned())
            .collect()
    }
}

impl Question {
    /// The answer that was given; the first, should there be several.
    pub fn selected(&self) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.selected)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.text.trim().is_empty() {
            faults.push("it has no text".to_owned());
        }
        if self.answers.is_empty() {
            faults.push("it has no answers".to_owned());
        }
        if !self.include_for.is_empty() && !self.exclude_for.is_empty() {
            faults.push("it has both includeFor and excludeFor".to_owned());
        }
        if repeated(self.answers.iter().map(|answer| answer.order)) {
            faults.push("two answers have the same order".to_owned());
        }
        if self.answers.iter().filter(|answer| answer.selected).count() > 1 {
            faults.push("two answers are selected".to_owned());
        }
        for answer in &self.answers {
            if answer.text.trim().is_empty() {
                faults.push(format!("answer {} has no text", answer.order));
            }
            faults.extend(answer.auto_answer_when.iter().filter_map(FactCondition::fault));
        }
        let answers = self.answers.iter();
        let tags = answers.flat_map(|answer| answer.apply_tags.iter().chain(&answer.auto_answer_for));
        let tags = tags.chain(&self.include_for).chain(&self.exclude_for);
        if tags
            .into_iter()
            .any(|tag| tag.category.trim().is_empty() || tag.tag.trim().is_empty())
        {
            faults.push("a tag lacks its category or its name".to_owned());
        }
        faults
    }
}

fn repeated(orders: impl Iterator<Item = u32>) -> bool {
    let mut seen = BTreeSet::new();
    orders.into_iter().any(|order| !seen.insert(order))
}
