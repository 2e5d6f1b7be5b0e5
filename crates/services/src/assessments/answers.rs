//! Assessments by questionnaire: beginning one, answering, and what follows from the answers.

use super::stakeholders::StakeholderRole;
use super::{AssessmentError, assessment_flow, facts, questionnaires};
use crate::Services;
use crate::tags::TagName;
use landfall_domain::{AssessmentStatus, Page, PageRequest, RiskLevel, Scope};
use landfall_planning::assessments::{Progress, Questionnaire, Risk, RiskCounts};
pub use landfall_repositories::entities::assessments::Model as Assessment;
use landfall_repositories::{
    AssessmentFilter, AssessmentState, AssessmentSubject, Change, Concern, NewAssessment, StoreError,
    StoreResult, Uow, retry,
};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Who says that an application has the tags that answers put on it.
const ASSESSMENT: &str = "assessment";
/// Key of the questionnaire with answers in what is stored.
const QUESTIONNAIRE: &str = "questionnaire";

/// An assessment to be begun.
#[derive(Clone, Debug)]
pub struct NewAssessmentOf {
    /// What is assessed.
    pub subject: AssessmentSubject,
    /// By which questionnaire; by the one that ships if absent.
    pub questionnaire_id: Option<Uuid>,
    /// Who has a say in it.
    pub stakeholders: Vec<StakeholderRole>,
}

/// An answer that somebody gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerGiven {
    /// Order of the section.
    pub section: u32,
    /// Order of the question in it.
    pub question: u32,
    /// Order of the answer; none takes the answer back.
    pub answer: Option<u32>,
}

/// What changes about an assessment.
#[derive(Clone, Debug, Default)]
pub struct AssessmentChange {
    /// Answers.
    pub answers: Vec<AnswerGiven>,
    /// Remarks by section.
    pub comments: Vec<(u32, String)>,
    /// What a second person says of it: reviewed, approved, rejected; or completed to take that back.
    pub status: Option<AssessmentStatus>,
    /// Who has a say in it from now on.
    pub stakeholders: Option<Vec<StakeholderRole>>,
}

/// A risk that the answers name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedRisk {
    /// Name of the section.
    pub section: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// How risky it is.
    pub risk: Risk,
    /// Why.
    pub rationale: String,
    /// What can be done about it.
    pub mitigation: String,
}

/// An assessment by questionnaire with what is computed from its answers.
#[derive(Clone, Debug)]
pub struct AssessmentDetail {
    /// The row.
    pub assessment: Assessment,
    /// The questionnaire with its answers; none for computed assessments.
    pub questionnaire: Option<Questionnaire>,
    /// Who has a say in it.
    pub stakeholders: Vec<StakeholderRole>,
}

impl Services {
    /// Assessments in the order in which they were made.
    pub async fn assessments(
        &self,
        scope: &Scope,
        filter: &AssessmentFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<Assessment>> {
        let uow = self.store().begin_read(scope).await?;
        uow.assessments().list(filter, page).await
    }

    /// One assessment.
    pub async fn assessment(&self, scope: &Scope, id: Uuid) -> Result<AssessmentDetail, AssessmentError> {
        let uow = self.store().begin_read(scope).await?;
        let found = uow.assessments().get(id).await?;
        detailed(&uow, found).await
    }

    /// Begins an assessment: asks what applies to the subject, and answers what its tags and the inventory say.
    ///
    /// # Errors
    /// [`AssessmentError::AlreadyAssessed`] if there is one of the subject by this questionnaire.
    pub async fn begin_assessment(
        &self,
        scope: &Scope,
        new: &NewAssessmentOf,
    ) -> Result<AssessmentDetail, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let chosen = match new.questionnaire_id {
                Some(id) => uow.questionnaires().get(id).await?,
                None => questionnaires::obtain_default(&uow).await?,
            };
            let (tags, facts) = facts::of(&uow, new.subject).await?;
            let filter = AssessmentFilter {
                subject: Some(new.subject),
                questionnaire_id: Some(chosen.id),
                ..AssessmentFilter::default()
            };
            let before = uow.assessments().list(&filter, &PageRequest::first(1)).await?;
            if !before.items.is_empty() {
                return Err(AssessmentError::AlreadyAssessed(chosen.name));
            }
            let mut asked = questionnaires::stored(&chosen)?;
            asked.prepare(&tags, &facts);
            let row = NewAssessment {
                subject: new.subject,
                questionnaire_id: chosen.id,
                title: chosen.name,
                master_flow_id: assessment_flow(&uow).await?,
                state: state(&asked, None)?,
            };
            let made = uow.assessments().create(row).await?;
            set_stakeholders(&uow, made.id, &new.stakeholders).await?;
            apply_tags(&uow, &made).await?;
            log(&uow, "begun", &made, None).await?;
            let detail = detailed(&uow, made).await?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Answers questions of an assessment, or says what a second person thinks of it. `expected` is the version that the
    /// person saw; `None` changes it whatever the version.
    pub async fn change_assessment(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        change: &AssessmentChange,
    ) -> Result<AssessmentDetail, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.assessments().get(id).await?;
            let mut answered = questionnaire_of(&before)?.ok_or(AssessmentError::Computed)?;
            for given in &change.answers {
                answered.select(given.section, given.question, given.answer)?;
            }
            for (section, comment) in &change.comments {
                answered.comment(*section, comment)?;
            }
            let keeps_verdict = change.answers.is_empty() && change.status.is_none();
            let wanted = if keeps_verdict {
                before.status
            } else {
                change.status
            };
            let state = state(&answered, wanted)?;
            let changed = uow
                .assessments()
                .update(id, expected.unwrap_or(before.version), state)
                .await?;
            if let Some(people) = &change.stakeholders {
                set_stakeholders(&uow, id, people).await?;
            }
            apply_tags(&uow, &changed).await?;
            log(&uow, "changed", &changed, Some(facts_of(&before))).await?;
            let detail = detailed(&uow, changed).await?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Deletes an assessment, and the tags that its answers gave.
    pub async fn delete_assessment(&self, scope: &Scope, id: Uuid) -> Result<(), AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.assessments().get(id).await?;
            uow.assessments().delete(id).await?;
            apply_tags(&uow, &known).await?;
            log(&uow, "deleted", &known, Some(facts_of(&known))).await?;
            Ok(uow.commit().await?)
        })
        .await
    }
}

/// The questionnaire with answers that an assessment holds; none for computed ones.
pub(super) fn questionnaire_of(assessment: &Assessment) -> Result<Option<Questionnaire>, AssessmentError> {
    let Some(stored) = assessment.results.get(QUESTIONNAIRE) else {
        return Ok(None);
    };
    serde_json::from_value(stored.clone())
        .map(Some)
        .map_err(|error| AssessmentError::Unreadable {
            what: "the assessment",
            id: assessment.id,
            reason: error.to_string(),
        })
}

/// How an assessment with these answers stands. A verdict of a second person needs all answers.
fn state(
    answered: &Questionnaire,
    wanted: Option<AssessmentStatus>,
) -> Result<AssessmentState, AssessmentError> {
    let progress = answered.progress();
    let verdict = wanted.filter(|status| {
        matches!(
            status,
            AssessmentStatus::Reviewed | AssessmentStatus::Approved | AssessmentStatus::Rejected
        )
    });
    let status = match (progress, verdict) {
        (Progress::Complete, Some(verdict)) => verdict,
        (_, Some(_)) => {
            let open = answered
                .questions()
                .filter(|(_, question)| question.selected().is_none())
                .count();
            return Err(AssessmentError::Incomplete(open));
        }
        (Progress::Complete, None) => AssessmentStatus::Completed,
        (Progress::Started, None) => AssessmentStatus::InProgress,
        (Progress::Empty, None) => AssessmentStatus::Pending,
    };
    let risks = named_risks(answered);
    let mitigations: Vec<&str> = risks
        .iter()
        .map(|risk| risk.mitigation.as_str())
        .filter(|mitigation| !mitigation.is_empty())
        .collect();
    let (risk, confidence, counts): (Risk, u8, RiskCounts) =
        (answered.risk(), answered.confidence(), answered.counts());
    let message = match risk {
        Risk::Red => &answered.risk_messages.red,
        Risk::Yellow => &answered.risk_messages.yellow,
        Risk::Green => &answered.risk_messages.green,
        Risk::Unknown => &answered.risk_messages.unknown,
    };
    Ok(AssessmentState {
        status,
        risk_level: risk_level(risk),
        confidence_level: f64::from(confidence) / 100.0,
        identified_risks: json!(risks),
        risk_mitigation: json!(mitigations),
        results: json!({
            QUESTIONNAIRE: answered, "risk": risk, "risk_message": message, "confidence": confidence,
            "counts": counts, "progress": progress,
        }),
    })
}

/// The level that a risk is stored as, so that it can be compared with others: green is low, yellow medium, red high.
const fn risk_level(risk: Risk) -> Option<RiskLevel> {
    match risk {
        Risk::Green => Some(RiskLevel::Low),
        Risk::Yellow => Some(RiskLevel::Medium),
        Risk::Red => Some(RiskLevel::High),
        Risk::Unknown => None,
    }
}

/// Answers that are red or yellow, in the order of the questions.
fn named_risks(answered: &Questionnaire) -> Vec<NamedRisk> {
    answered
        .selected()
        .filter(|selected| matches!(selected.answer.risk, Risk::Red | Risk::Yellow))
        .map(|selected| NamedRisk {
            section: selected.section.name.clone(),
            question: selected.question.text.clone(),
            answer: selected.answer.text.clone(),
            risk: selected.answer.risk,
            rationale: selected.answer.rationale.clone(),
            mitigation: selected.answer.mitigation.clone(),
        })
        .collect()
}

/// Gives an application the tags of the answers of all its assessments, and takes away those of answers taken back. Tags
/// that answers give to an archetype reach its members when they are read.
async fn apply_tags(uow: &Uow, assessment: &Assessment) -> Result<(), AssessmentError> {
    let Some(application) = assessment.application_id else {
        return Ok(());
    };
    uow.applications()
        .remove_tags(application, None, ASSESSMENT)
        .await?;
    let mut given = Vec::new();
    for assessed in uow.assessments().by_questionnaire(&[application], &[]).await? {
        let Some(answered) = questionnaire_of(&assessed)? else {
            continue;
        };
        for tag in answered.applied_tags() {
            let name = TagName {
                category: tag.category,
                name: tag.tag,
            };
            given.push(name.obtain(uow).await?.id);
        }
    }
    given.sort_unstable();
    given.dedup();
    uow.applications()
        .add_tags(application, &given, ASSESSMENT)
        .await?;
    Ok(())
}

async fn set_stakeholders(uow: &Uow, id: Uuid, people: &[StakeholderRole]) -> StoreResult<()> {
    StakeholderRole::set(uow, Concern::Assessment(id), people).await
}

async fn detailed(uow: &Uow, assessment: Assessment) -> Result<AssessmentDetail, AssessmentError> {
    let stakeholders = StakeholderRole::of(uow, Concern::Assessment(assessment.id)).await?;
    Ok(AssessmentDetail {
        questionnaire: questionnaire_of(&assessment)?,
        stakeholders,
        assessment,
    })
}

fn facts_of(assessment: &Assessment) -> Value {
    json!({
        "title": assessment.title, "status": assessment.status, "risk_level": assessment.risk_level,
        "confidence_level": assessment.confidence_level, "type": assessment.assessment_type,
    })
}

async fn log(uow: &Uow, action: &str, of: &Assessment, before: Option<Value>) -> Result<(), StoreError> {
    let after = (action != "deleted").then(|| facts_of(of));
    uow.change_log()
        .record(Change {
            entity_type: "assessment",
            entity_id: of.id.to_string(),
            action,
            before,
            after,
        })
        .await
}
