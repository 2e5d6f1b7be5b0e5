//! Assessments by questionnaire.

use crate::commands::applications::find;
use crate::failure::Failure;
use crate::output::{json, line, table};
use clap::Args;
use landfall_domain::{AssessmentType, PageRequest, Scope};
use landfall_services::Services;
use landfall_services::assessments::{
    AnswerGiven, AssessmentChange, AssessmentDetail, AssessmentFilter, AssessmentSubject, NewAssessmentOf,
    Questionnaire,
};
use serde_json::{Value, json};
use std::path::PathBuf;
use uuid::Uuid;

/// Flags of `assess questionnaire`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The questionnaire; the one that ships if absent
    file: Option<PathBuf>,
}

impl Import {
    pub(crate) async fn run(&self, services: &Services, scope: &Scope) -> Result<(), Failure> {
        let made = match &self.file {
            Some(file) => {
                let text = std::fs::read_to_string(file).map_err(|error| {
                    Failure::usage(format_args!("{} cannot be read: {error}", file.display()))
                })?;
                services
                    .import_questionnaire(scope, &text)
                    .await
                    .map_err(Failure::usage)?
            }
            None => services.default_questionnaire(scope).await?,
        };
        line(format_args!(
            "The questionnaire \"{}\" has the id {}.",
            made.name, made.id
        ))
    }
}

/// Flags of `assess begin`.
#[derive(Debug, Args)]
pub(crate) struct Begin {
    /// The application, by id or name
    application: String,
    /// Id of the questionnaire [default: the one that ships]
    #[arg(long, value_name = "ID")]
    questionnaire: Option<Uuid>,
}

impl Begin {
    pub(crate) async fn run(&self, services: &Services, scope: &Scope) -> Result<(), Failure> {
        let new = NewAssessmentOf {
            subject: AssessmentSubject::Application(find(services, scope, &self.application).await?),
            questionnaire_id: self.questionnaire,
            stakeholders: Vec::new(),
        };
        show(&services.begin_assessment(scope, &new).await?, false)
    }
}

/// Flags of `assess answer`.
#[derive(Debug, Args)]
pub(crate) struct GiveAnswer {
    /// Id of the assessment
    assessment: Uuid,
    /// The question and its answer, by their numbers, such as `1.2=3`; with nothing after `=` the answer is taken back
    #[arg(required = true, value_name = "SECTION.QUESTION=ANSWER", value_parser = given)]
    answers: Vec<AnswerGiven>,
}

fn given(text: &str) -> Result<AnswerGiven, String> {
    let read = || {
        let (place, answer) = text.split_once('=')?;
        let (section, question) = place.split_once('.')?;
        let answer = match answer.trim() {
            "" => None,
            number => Some(number.parse().ok()?),
        };
        Some(AnswerGiven {
            section: section.trim().parse().ok()?,
            question: question.trim().parse().ok()?,
            answer,
        })
    };
    read().ok_or_else(|| format!("'{text}' is no answer: write SECTION.QUESTION=ANSWER, such as 1.2=3"))
}

impl GiveAnswer {
    pub(crate) async fn run(&self, services: &Services, scope: &Scope) -> Result<(), Failure> {
        let change = AssessmentChange {
            answers: self.answers.clone(),
            ..AssessmentChange::default()
        };
        let changed = services
            .change_assessment(scope, self.assessment, None, &change)
            .await?;
        show(&changed, false)
    }
}

/// Flags of `assess show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Id of the assessment
    assessment: Uuid,
    /// Write it as JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(&self, services: &Services, scope: &Scope) -> Result<(), Failure> {
        show(&services.assessment(scope, self.assessment).await?, self.json)
    }
}

/// Flags of `assess list`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Assessments at most
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Write them as JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) async fn run(&self, services: &Services, scope: &Scope) -> Result<(), Failure> {
        let filter = AssessmentFilter {
            assessment_type: Some(AssessmentType::RiskAssessment),
            ..AssessmentFilter::default()
        };
        let found = services
            .assessments(scope, &filter, &PageRequest::first(self.limit))
            .await?
            .items;
        if self.json {
            let row = |row: &landfall_services::assessments::Assessment| {
                json!({
                    "id": row.id, "title": row.title, "application_id": row.application_id,
                    "archetype_id": row.archetype_id, "asset_id": row.asset_id, "status": row.status,
                    "risk": row.results["risk"], "confidence": row.results["confidence"],
                })
            };
            return json(&found.iter().map(row).collect::<Vec<Value>>());
        }
        let mut rows = table(&["Assessment", "Questionnaire", "Status", "Risk", "Confidence"]);
        for row in &found {
            rows.add_row([
                row.id.to_string(),
                row.title.clone(),
                row.status.map(|status| status.to_string()).unwrap_or_default(),
                row.results["risk"].as_str().unwrap_or_default().to_owned(),
                row.results["confidence"].to_string(),
            ]);
        }
        line(rows)
    }
}

fn show(detail: &AssessmentDetail, as_json: bool) -> Result<(), Failure> {
    let assessment = &detail.assessment;
    if as_json {
        return json(&json!({
            "id": assessment.id, "title": assessment.title, "status": assessment.status, "results": assessment.results,
        }));
    }
    if let Some(questionnaire) = &detail.questionnaire {
        line(questions(questionnaire))?;
        line(format_args!(
            "Assessment {}: risk {}, confidence {} %, {}.",
            assessment.id,
            questionnaire.risk().as_str(),
            questionnaire.confidence(),
            assessment
                .status
                .map(|status| status.to_string().replace('_', " "))
                .unwrap_or_default()
        ))
    } else {
        line(format_args!(
            "Assessment {}: computed from the inventory.",
            assessment.id
        ))?;
        json(&assessment.results)
    }
}

fn questions(questionnaire: &Questionnaire) -> comfy_table::Table {
    let mut rows = table(&["No.", "Question", "Answer", "Risk"]);
    for (section, question) in questionnaire.questions() {
        let answer = question.selected();
        let choices = || {
            let choice =
                |answer: &landfall_services::assessments::Answer| format!("{} {}", answer.order, answer.text);
            question.answers.iter().map(choice).collect::<Vec<_>>().join("\n")
        };
        rows.add_row([
            format!("{}.{}", section.order, question.order),
            question.text.clone(),
            answer.map_or_else(choices, |answer| answer.text.clone()),
            answer
                .map(|answer| answer.risk.as_str().to_owned())
                .unwrap_or_default(),
        ]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_written_by_its_numbers() {
        let answer = |section, question, answer| AnswerGiven {
            section,
            question,
            answer,
        };
        assert_eq!(given("1.2=3"), Ok(answer(1, 2, Some(3))));
        assert_eq!(given("1.2="), Ok(answer(1, 2, None)));
        for text in ["1=2", "1.2", "a.b=c", "1.2=x"] {
            assert!(given(text).is_err(), "{text}");
        }
    }
}
