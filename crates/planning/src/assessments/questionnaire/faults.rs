//! What can be wrong with a questionnaire that can be read.

use super::{Question, Questionnaire};
use crate::assessments::FactCondition;
use std::collections::BTreeSet;

/// Questions of a questionnaire at most.
const MAX_QUESTIONS: usize = 2_000;

impl Questionnaire {
    /// Every fault.
    pub(super) fn faults(&self) -> Vec<String> {
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
}

impl Question {
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
