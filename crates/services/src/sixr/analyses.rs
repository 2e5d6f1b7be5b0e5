//! Making an analysis, and its next iteration.

use super::given::{Configuration, Given, checked};
use super::judge::{derived, judge};
use super::records::{Occasion, record};
use super::{AnalysisDetail, InputValues, SixrAnalysis, SixrError, Subject, facts::Facts, policies};
use crate::Services;
use landfall_domain::ids::new_uuid;
use landfall_domain::{FlowStatus, FlowType, MasterFlowId, PageRequest, Scope};
use landfall_planning::sixr::Input;
use landfall_repositories::entities::sixr_question_responses;
use landfall_repositories::{Change, MasterFlowFilter, NewAnalysis, NewMasterFlow, StoreResult, Uow, retry};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// Name of the master flow that analyses made one by one hang on, and of its phase.
const FLOW_NAME: &str = "6R analyses";
pub(super) const PHASE: &str = "sixr_analysis";

/// An analysis to be made.
#[derive(Clone, Debug)]
pub struct NewSixrAnalysis {
    /// What it is about.
    pub subject: Subject,
    /// Its name; the subject's if absent.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// 1 comes first.
    pub priority: Option<i32>,
    /// Values in place of what would be derived.
    pub inputs: InputValues,
    /// Whether it is judged at once; else it waits as pending.
    pub start: bool,
}

/// What an iteration changes.
#[derive(Clone, Debug, Default)]
pub struct Iterate {
    /// Values in place of what would be derived; null takes one back.
    pub inputs: InputValues,
    /// Answers to questions.
    pub answers: InputValues,
    /// A name for the iteration.
    pub name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What stakeholders say.
    pub feedback: Option<String>,
}

impl Services {
    /// Makes the analysis of an asset or application, or the next iteration of the one that it has.
    ///
    /// # Errors
    /// [`SixrError::Values`] with every value that cannot be taken; not found for a subject that does not exist here.
    pub async fn analyze_sixr(
        &self,
        scope: &Scope,
        new: NewSixrAnalysis,
    ) -> Result<AnalysisDetail, SixrError> {
        checked(&new.inputs)?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.sixr().of_subject(new.subject).await?;
            let analysis = match known {
                Some(analysis) => uow.sixr().lock(analysis.id, None).await?,
                None => self::create(&uow, &new).await?,
            };
            let change = Iterate {
                inputs: new.inputs.clone(),
                ..Iterate::default()
            };
            let analysis = if new.start {
                iterate(&uow, analysis, &change).await?
            } else {
                analysis
            };
            let detail = AnalysisDetail::of(&uow, analysis).await?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// The next iteration of an analysis: facts are read anew, what persons said stays, and what they say now is added.
    ///
    /// # Errors
    /// [`SixrError::Values`] with every value that cannot be taken; a conflict if the analysis has another version than the
    /// person saw.
    pub async fn iterate_sixr(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        change: Iterate,
    ) -> Result<AnalysisDetail, SixrError> {
        checked(&change.inputs)?;
        checked(&change.answers)?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let analysis = uow.sixr().lock(id, expected).await?;
            let analysis = iterate(&uow, analysis, &change).await?;
            let detail = AnalysisDetail::of(&uow, analysis).await?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Deletes an analysis with its iterations; the strategy stays on the asset.
    pub async fn delete_sixr_analysis(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let analysis = uow.sixr().get(id).await?;
            uow.sixr().delete(id).await?;
            uow.change_log()
                .record(change_of(&analysis, "deleted", json!({ "name": analysis.name })))
                .await?;
            uow.commit().await
        })
        .await
    }
}

async fn create(uow: &Uow, new: &NewSixrAnalysis) -> Result<SixrAnalysis, SixrError> {
    let name = match (&new.name, new.subject) {
        (Some(name), _) => name.clone(),
        (None, Subject::Asset(id)) => uow.assets().get(id).await?.name,
        (None, Subject::Application(id)) => uow.applications().get(id).await?.name,
    };
    let flow = open_flow(uow).await?;
    let configuration = Configuration {
        given: given_by(uow, &new.inputs, None)?,
        ..Configuration::default()
    };
    let new = NewAnalysis {
        name,
        description: new.description.clone(),
        priority: new.priority,
        subject: new.subject,
        master_flow_id: flow,
        configuration: serde_json::to_value(configuration)?,
    };
    // An unknown subject is not found, rather than a broken reference.
    match new.subject {
        Subject::Asset(id) => drop(uow.assets().get(id).await?),
        Subject::Application(id) => drop(uow.applications().get(id).await?),
    }
    Ok(uow.sixr().create(new).await?)
}

/// The flow that analyses made one by one hang on.
async fn open_flow(uow: &Uow) -> StoreResult<MasterFlowId> {
    let filter = MasterFlowFilter {
        statuses: vec![FlowStatus::Running],
        flow_type: Some(FlowType::Assessment),
        parent_flow_id: None,
    };
    let open = uow
        .flows()
        .list(&filter, &PageRequest::first(PageRequest::MAX))
        .await?;
    let known = open
        .items
        .into_iter()
        .find(|flow| flow.flow_name.as_deref() == Some(FLOW_NAME));
    match known {
        Some(flow) => Ok(flow.flow_id),
        None => new_flow(uow, FLOW_NAME).await,
    }
}

/// A running flow for analyses.
pub(super) async fn new_flow(uow: &Uow, name: &str) -> StoreResult<MasterFlowId> {
    let flow = uow
        .flows()
        .create(NewMasterFlow {
            flow_type: FlowType::Assessment,
            flow_name: Some(name.to_owned()),
            parent_flow_id: None,
            configuration: json!({}),
        })
        .await?;
    uow.flows()
        .transition(flow.flow_id, PHASE, FlowStatus::Running, json!({}))
        .await?;
    Ok(flow.flow_id)
}

/// Judges anew, and keeps the result as the next iteration. The change was checked.
async fn iterate(uow: &Uow, mut analysis: SixrAnalysis, change: &Iterate) -> Result<SixrAnalysis, SixrError> {
    let subject = Subject::of(&analysis).ok_or(SixrError::NoSubject)?;
    let mut configuration = Configuration::of(analysis.analysis_config.as_ref());
    for (input, value) in checked(&change.inputs)? {
        match value {
            Some(value) => configuration
                .given
                .insert(input, given(uow, value, change.reason.clone())),
            None => configuration.given.remove(&input),
        };
    }
    for (input, value) in checked(&change.answers)? {
        match value {
            Some(value) => configuration.answers.insert(input, given(uow, value, None)),
            None => configuration.answers.remove(&input),
        };
    }
    let policy = policies::current(uow).await?;
    let mut facts = Facts::of(uow).await?;
    let (found, named) = derived(uow, &mut facts, &policy, subject).await?;
    let judged = judge(&policy, &facts, found, &configuration)?;
    analysis.analysis_config = Some(serde_json::to_value(&configuration)?);
    let some = |values: &InputValues| (!values.is_empty()).then(|| Json::Object(values.clone()));
    let occasion = Occasion {
        name: change.name.clone(),
        reason: change.reason.clone(),
        feedback: change.feedback.clone(),
        changes: some(&change.inputs),
        answers: some(&change.answers),
    };
    let before = analysis.final_recommendation;
    let rows = record(&mut analysis, &judged, &named, occasion, uow.scope(), uow.now())?;
    let number = rows.iteration.iteration_number;
    let analysis = uow.sixr().save(analysis).await?;
    uow.sixr().add_iteration(rows).await?;
    uow.sixr()
        .add_answers(answers(uow, &analysis, number, &change.answers))
        .await?;
    uow.sixr().decide_assets(&[analysis.id]).await?;
    let after = json!({
        "iteration": number, "strategy": analysis.final_recommendation, "before": before,
        "inputs": change.inputs, "answers": change.answers,
    });
    uow.change_log()
        .record(change_of(&analysis, "analysed", after))
        .await?;
    Ok(analysis)
}

fn given(uow: &Uow, value: Json, note: Option<String>) -> Given {
    Given {
        value,
        by: uow.scope().actor.name.clone(),
        note,
    }
}

fn given_by(
    uow: &Uow,
    values: &InputValues,
    note: Option<&str>,
) -> Result<std::collections::BTreeMap<Input, Given>, SixrError> {
    let values = checked(values)?.into_iter();
    Ok(values
        .filter_map(|(input, value)| Some((input, given(uow, value?, note.map(str::to_owned)))))
        .collect())
}

fn answers(
    uow: &Uow,
    analysis: &SixrAnalysis,
    number: i32,
    given: &Map<String, Json>,
) -> Vec<sixr_question_responses::Model> {
    let (scope, now) = (uow.scope(), uow.now());
    let row = |(input, value): (&String, &Json)| sixr_question_responses::Model {
        client_account_id: scope.client_account_id,
        id: new_uuid(),
        engagement_id: scope.engagement_id,
        analysis_id: analysis.id,
        iteration_number: number,
        question_id: input.clone(),
        response_value: Some(value.clone()),
        response_text: None,
        confidence: None,
        source: Some("person".to_owned()),
        response_time: None,
        validation_status: Some("valid".to_owned()),
        validation_errors: None,
        created_by: Some(scope.actor.name.clone()),
        created_at: now,
        updated_at: now,
    };
    given.iter().map(row).collect()
}

pub(super) fn change_of<'c>(analysis: &SixrAnalysis, action: &'c str, after: Json) -> Change<'c> {
    Change {
        entity_type: "sixr_analysis",
        entity_id: analysis.id.to_string(),
        action,
        before: None,
        after: Some(after),
    }
}
