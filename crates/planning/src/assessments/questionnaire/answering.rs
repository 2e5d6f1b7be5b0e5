//! Choosing the questions for something, answering them, and what the answers come to.

use super::{Answer, Progress, Question, Questionnaire, Section, Selected, Tag, UnknownQuestion};
use crate::assessments::Facts;
use crate::assessments::score::{Risk, RiskCounts};
use std::collections::BTreeSet;

impl Questionnaire {
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
}
