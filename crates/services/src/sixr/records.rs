//! How a result is kept.

use super::judge::{Judged, Named};
use super::{Input, SixrAnalysis, SixrError};
use chrono::{DateTime, Utc};
use landfall_domain::{AnalysisStatus, Scope, ids};
use landfall_planning::sixr::{Recommendation, Source, Value};
use landfall_repositories::IterationRows;
use landfall_repositories::entities::{sixr_analysis_parameters, sixr_iterations, sixr_recommendations};
use serde_json::{Map, Value as Json, json};

/// Why an iteration was made.
#[derive(Clone, Debug, Default)]
pub(super) struct Occasion {
    pub(super) name: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) feedback: Option<String>,
    /// What persons gave, input → value.
    pub(super) changes: Option<Json>,
    /// What persons answered, input → value.
    pub(super) answers: Option<Json>,
}

/// Brings an analysis to what its next iteration came to, and gives the rows of that iteration. A person's decision stays.
pub(super) fn record(
    analysis: &mut SixrAnalysis,
    judged: &Judged,
    named: &Named,
    occasion: Occasion,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<IterationRows, SixrError> {
    let result = &judged.recommendation;
    let number = analysis.current_iteration.unwrap_or_default() + 1;
    analysis.current_iteration = Some(number);
    analysis.status = if result.needs_answers {
        AnalysisStatus::RequiresInput
    } else {
        AnalysisStatus::Completed
    };
    analysis.progress_percentage = Some(100.0);
    analysis.recommended_strategy = Some(result.strategy);
    analysis.final_recommendation = Some(analysis.override_strategy.unwrap_or(result.strategy));
    analysis.confidence_score = Some(result.confidence);
    analysis.application_data = Some(named.to_json());
    analysis.policy_version = Some(judged.policy.clone());
    analysis.input_digest = Some(judged.digest.clone());
    analysis.updated_at = now;
    analysis.updated_by = Some(scope.actor.name.clone());
    Ok(IterationRows {
        parameters: parameters(analysis, judged, number, scope, now),
        iteration: sixr_iterations::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            analysis_id: analysis.id,
            iteration_number: number,
            iteration_name: occasion.name,
            iteration_reason: occasion.reason,
            stakeholder_feedback: occasion.feedback,
            parameter_changes: occasion.changes,
            question_responses: occasion.answers,
            recommendation_data: Some(snapshot(judged)?),
            confidence_score: Some(result.confidence),
            analysis_duration: None,
            agent_insights: None,
            status: Some(analysis.status.as_str().to_owned()),
            error_details: None,
            created_by: Some(scope.actor.name.clone()),
            created_at: now,
            completed_at: Some(now),
        },
        recommendation: Some(recommendation(analysis, judged, number, scope, now)?),
    })
}

/// What two iterations are compared by.
fn snapshot(judged: &Judged) -> Result<Json, SixrError> {
    let result = &judged.recommendation;
    let scores: Map<String, Json> = result
        .scores
        .iter()
        .map(|score| (score.strategy.as_str().to_owned(), json!(score.score)))
        .collect();
    // The parameters as they counted, given or derived.
    let mut inputs = serde_json::to_value(judged.subject.inputs())?;
    if let Some(inputs) = inputs.as_object_mut() {
        for (input, value) in &result.parameters {
            inputs.insert(input.name().to_owned(), serde_json::to_value(value)?);
        }
    }
    Ok(json!({
        "strategy": result.strategy, "policy": judged.policy, "confidence": result.confidence,
        "inputs": inputs, "scores": scores,
    }))
}

fn parameters(
    analysis: &SixrAnalysis,
    judged: &Judged,
    number: i32,
    scope: &Scope,
    now: DateTime<Utc>,
) -> sixr_analysis_parameters::Model {
    let result = &judged.recommendation;
    let of = |input: Input| match result.parameters.iter().find(|(known, _)| *known == input) {
        Some((_, Value::Number(number))) => *number,
        _ => 5.0,
    };
    let given = judged
        .subject
        .derivations()
        .iter()
        .any(|one| one.input.is_parameter() && matches!(one.source, Source::Person | Source::Answer));
    sixr_analysis_parameters::Model {
        client_account_id: scope.client_account_id,
        id: ids::new_uuid(),
        engagement_id: scope.engagement_id,
        analysis_id: analysis.id,
        iteration_number: number,
        business_value: of(Input::BusinessValue),
        technical_complexity: of(Input::TechnicalComplexity),
        migration_urgency: of(Input::MigrationUrgency),
        compliance_requirements: of(Input::ComplianceRequirements),
        cost_sensitivity: of(Input::CostSensitivity),
        risk_tolerance: of(Input::RiskTolerance),
        innovation_priority: of(Input::InnovationPriority),
        application_type: judged
            .subject
            .inputs()
            .get(Input::ApplicationType)
            .map(|value| value.to_string()),
        parameter_source: Some(if given { "user_input" } else { "derived" }.to_owned()),
        confidence_level: Some(result.completeness),
        created_by: Some(scope.actor.name.clone()),
        updated_by: None,
        created_at: now,
        updated_at: now,
        parameter_notes: None,
        validation_status: Some("valid".to_owned()),
    }
}

fn recommendation(
    analysis: &SixrAnalysis,
    judged: &Judged,
    number: i32,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<sixr_recommendations::Model, SixrError> {
    let result = &judged.recommendation;
    let scores: Vec<Json> = result
        .scores
        .iter()
        .map(|score| json!({ "strategy": score.strategy, "score": score.score, "blocked_by": score.blocked_by }))
        .collect();
    let (effort, timeline) = (&result.estimates.effort, &result.estimates.timeline);
    Ok(sixr_recommendations::Model {
        client_account_id: scope.client_account_id,
        id: ids::new_uuid(),
        engagement_id: scope.engagement_id,
        analysis_id: analysis.id,
        iteration_number: Some(number),
        recommended_strategy: result.strategy,
        confidence_score: result.confidence,
        strategy_scores: Some(Json::Array(scores)),
        key_factors: Some(serde_json::to_value(&result.key_factors)?),
        assumptions: Some(json!(result.assumptions)),
        next_steps: Some(json!(result.next_steps)),
        estimated_effort: Some(format!(
            "{}, {} person-days",
            effort.size.as_str(),
            effort.person_days
        )),
        estimated_timeline: Some(format!(
            "{} weeks ({} to {})",
            timeline.weeks, timeline.least_weeks, timeline.most_weeks
        )),
        estimated_cost_impact: Some(result.estimates.cost_impact.level.clone()),
        risk_factors: Some(serde_json::to_value(&result.risks)?),
        business_benefits: Some(serde_json::to_value(&result.business_benefits)?),
        technical_benefits: Some(serde_json::to_value(&result.technical_benefits)?),
        created_at: now,
        updated_at: now,
        created_by: Some(scope.actor.name.clone()),
        rule_evidence: evidence(judged, result),
        counterfactuals: serde_json::to_value(&result.counterfactuals)?,
        policy_version: Some(judged.policy.clone()),
    })
}

/// Everything that the result rests on: values with their reasons, rules, weights and factors.
fn evidence(judged: &Judged, result: &Recommendation) -> Json {
    let terms: Map<String, Json> = result
        .scores
        .iter()
        .map(|score| {
            let terms: Map<String, Json> = score
                .terms
                .iter()
                .map(|term| {
                    (
                        term.input.name().to_owned(),
                        json!([term.weight, term.factor, term.points]),
                    )
                })
                .collect();
            (score.strategy.as_str().to_owned(), Json::Object(terms))
        })
        .collect();
    let parameters: Map<String, Json> = result
        .parameters
        .iter()
        .map(|(input, value)| (input.name().to_owned(), json!(value)))
        .collect();
    json!({
        "policy": judged.policy,
        "inputs": judged.subject.inputs(),
        "derivations": judged.subject.derivations(),
        "parameters": parameters,
        "gate": result.gate,
        "open_gates": result.open_gates,
        "target": result.target,
        "runner_up": result.runner_up,
        "terms": terms,
        "completeness": result.completeness,
        "margin": result.margin,
        "missing": result.missing,
        "estimates": result.estimates,
        "questions": result.questions,
    })
}
