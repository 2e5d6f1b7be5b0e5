//! An analysis with its recommendation.

use super::AnalysisOut;
use chrono::{DateTime, Utc};
use landfall_domain::SixrStrategy;
use landfall_services::sixr::{AnalysisDetail, SixrParameters, SixrRecommendation};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// An analysis with its last recommendation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DetailOut {
    /// The analysis.
    #[serde(flatten)]
    analysis: AnalysisOut,
    /// What persons gave and answered, input → `value`, `by`, `note`.
    #[schema(value_type = Option<Object>)]
    given: Option<Value>,
    /// The parameters as they counted, 1 to 10 each; absent before the first iteration.
    parameters: Option<ParametersOut>,
    /// The recommendation; absent before the first iteration.
    recommendation: Option<RecommendationOut>,
}

/// The seven parameters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParametersOut {
    /// What the business gains from it.
    business_value: f64,
    /// How hard it is to change or move.
    technical_complexity: f64,
    /// How urgent the move is.
    migration_urgency: f64,
    /// How strict law and regulation are.
    compliance_requirements: f64,
    /// How much running cost matters.
    cost_sensitivity: f64,
    /// How much risk the move may bear.
    risk_tolerance: f64,
    /// How important new features are.
    innovation_priority: f64,
    /// `custom`, `hybrid` or `cots`, if known.
    application_type: Option<String>,
    /// `derived`, or `user_input` if a person gave one of them.
    source: Option<String>,
}

impl From<SixrParameters> for ParametersOut {
    fn from(row: SixrParameters) -> Self {
        Self {
            business_value: row.business_value,
            technical_complexity: row.technical_complexity,
            migration_urgency: row.migration_urgency,
            compliance_requirements: row.compliance_requirements,
            cost_sensitivity: row.cost_sensitivity,
            risk_tolerance: row.risk_tolerance,
            innovation_priority: row.innovation_priority,
            application_type: row.application_type,
            source: row.parameter_source,
        }
    }
}

/// A recommendation with everything that it rests on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendationOut {
    /// The strategy.
    strategy: SixrStrategy,
    /// Completeness times margin, 0 to 1.
    confidence: f64,
    /// Number of the iteration.
    iteration: Option<i32>,
    /// Version of the policy.
    policy_version: Option<String>,
    /// Each strategy with its `score`, 0 to 100, and the block that keeps it from being chosen by score.
    #[schema(value_type = Vec<Object>)]
    scores: Value,
    /// What speaks for and against it: `text`, `input` or `rule`, `points`.
    #[schema(value_type = Vec<Object>)]
    key_factors: Value,
    /// What was assumed.
    #[schema(value_type = Vec<String>)]
    assumptions: Value,
    /// What to do next.
    #[schema(value_type = Vec<String>)]
    next_steps: Value,
    /// Work: `size` and `person_days`.
    #[schema(value_type = Option<Object>)]
    effort: Value,
    /// Time in weeks: `weeks`, `least_weeks`, `most_weeks`.
    #[schema(value_type = Option<Object>)]
    timeline: Value,
    /// Cost: `level` and `monthly_change` in the engagement's currency.
    #[schema(value_type = Option<Object>)]
    cost_impact: Value,
    /// What may go wrong, with the rule: `rule`, `text`.
    #[schema(value_type = Vec<Object>)]
    risks: Value,
    /// What the business gains.
    #[schema(value_type = Vec<Object>)]
    business_benefits: Value,
    /// What the technology gains.
    #[schema(value_type = Vec<Object>)]
    technical_benefits: Value,
    /// What would have to be different for another result: `strategy`, `gate`, `changes`, `text`. Each was tried.
    #[schema(value_type = Vec<Object>)]
    counterfactuals: Value,
    /// What to ask, the weightiest first: `input`, `text`, `answers`, `impact`, `could_be`, `is_required`.
    #[schema(value_type = Vec<Object>)]
    questions: Value,
    /// Inputs with the reason for each value, gates, weights and factors.
    #[schema(value_type = Object)]
    evidence: Value,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<SixrRecommendation> for RecommendationOut {
    fn from(row: SixrRecommendation) -> Self {
        let list = |value: Option<Value>| value.unwrap_or_else(|| json!([]));
        let mut evidence = row.rule_evidence;
        let mut take = |key: &str| {
            evidence
                .as_object_mut()
                .and_then(|object| object.remove(key))
                .unwrap_or(Value::Null)
        };
        let (mut estimates, questions) = (take("estimates"), take("questions"));
        let mut estimate = |key: &str| estimates.get_mut(key).map_or(Value::Null, Value::take);
        Self {
            strategy: row.recommended_strategy,
            confidence: row.confidence_score,
            iteration: row.iteration_number,
            policy_version: row.policy_version,
            scores: list(row.strategy_scores),
            key_factors: list(row.key_factors),
            assumptions: list(row.assumptions),
            next_steps: list(row.next_steps),
            effort: estimate("effort"),
            timeline: estimate("timeline"),
            cost_impact: estimate("cost_impact"),
            risks: list(row.risk_factors),
            business_benefits: list(row.business_benefits),
            technical_benefits: list(row.technical_benefits),
            counterfactuals: row.counterfactuals,
            questions: if questions.is_null() { json!([]) } else { questions },
            evidence,
            created_at: row.created_at,
        }
    }
}

impl From<AnalysisDetail> for DetailOut {
    fn from(detail: AnalysisDetail) -> Self {
        Self {
            given: detail.analysis.analysis_config.clone(),
            parameters: detail.parameters.map(ParametersOut::from),
            recommendation: detail.recommendation.map(RecommendationOut::from),
            analysis: AnalysisOut::from(detail.analysis),
        }
    }
}
