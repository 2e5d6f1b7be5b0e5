//! Analyses and their iterations in lists.

use chrono::{DateTime, Utc};
use landfall_domain::{AnalysisStatus, AssetId, MasterFlowId, SixrStrategy};
use landfall_services::sixr::{AnalysisFilter, IterationDiff, SixrAnalysis, SixrIteration, Totals};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which analyses are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnalysisQuery {
    /// In this state.
    #[param(inline)]
    status: Option<AnalysisStatus>,
    /// That end in this strategy, a person's decision included.
    #[param(inline)]
    strategy: Option<SixrStrategy>,
    /// Whether a person decided otherwise.
    overridden: Option<bool>,
    /// Confidence below this, 0 to 1.
    #[validate(range(min = 0.0, max = 1.0, message = "must be from 0 to 1"))]
    confidence_below: Option<f64>,
    /// About this asset.
    asset_id: Option<AssetId>,
    /// About this application.
    application_id: Option<Uuid>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
}

impl AnalysisQuery {
    pub(crate) fn filter(&self) -> AnalysisFilter {
        AnalysisFilter {
            statuses: self.status.into_iter().collect(),
            strategies: self.strategy.into_iter().collect(),
            is_overridden: self.overridden,
            confidence_below: self.confidence_below,
            asset_id: self.asset_id,
            application_id: self.application_id,
        }
    }
}

/// Which page is wanted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
}

/// An analysis without its recommendation's details.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnalysisOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    #[schema(example = "web01")]
    name: String,
    /// Free text.
    description: Option<String>,
    /// Its state.
    status: AnalysisStatus,
    /// 1 comes first.
    priority: Option<i32>,
    /// The asset that it is about.
    asset_id: Option<AssetId>,
    /// The application that it is about.
    application_id: Option<Uuid>,
    /// What counts: a person's decision, else the recommendation.
    strategy: Option<SixrStrategy>,
    /// What is recommended.
    recommended_strategy: Option<SixrStrategy>,
    /// Completeness times margin, 0 to 1.
    #[schema(example = 0.83)]
    confidence: Option<f64>,
    /// A person's decision against the recommendation.
    #[serde(rename = "override")]
    decision: Option<DecisionOut>,
    /// Number of the last iteration.
    iteration: Option<i32>,
    /// Version of the policy that it was judged by.
    policy_version: Option<String>,
    /// The master flow that it hangs on.
    master_flow_id: MasterFlowId,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

/// A person's decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionOut {
    /// What is to be done.
    strategy: SixrStrategy,
    /// Why.
    reason: Option<String>,
    /// Who decided.
    by: Option<String>,
    /// When.
    at: Option<DateTime<Utc>>,
}

impl From<SixrAnalysis> for AnalysisOut {
    fn from(row: SixrAnalysis) -> Self {
        let decision = row.override_strategy.map(|strategy| DecisionOut {
            strategy,
            reason: row.override_reason,
            by: row.overridden_by,
            at: row.overridden_at,
        });
        Self {
            id: row.id,
            name: row.name,
            description: row.description,
            status: row.status,
            priority: row.priority,
            asset_id: row.asset_id,
            application_id: row.application_id,
            strategy: row.final_recommendation,
            recommended_strategy: row.recommended_strategy,
            confidence: row.confidence_score,
            decision,
            iteration: row.current_iteration,
            policy_version: row.policy_version,
            master_flow_id: row.master_flow_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// How many analyses end in each strategy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TotalsOut {
    /// All that the filters find.
    total: u64,
    /// By strategy, a person's decision included.
    #[schema(value_type = BTreeMap<String, i64>)]
    by_strategy: BTreeMap<SixrStrategy, i64>,
    /// Without a result.
    undecided: i64,
}

impl From<Totals> for TotalsOut {
    fn from(totals: Totals) -> Self {
        let Totals {
            total,
            by_strategy,
            undecided,
        } = totals;
        Self {
            total,
            by_strategy,
            undecided,
        }
    }
}

/// One iteration of an analysis.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IterationOut {
    /// Its id.
    id: Uuid,
    /// Its number, from 1.
    iteration: i32,
    /// Its name.
    name: Option<String>,
    /// Why it was made.
    reason: Option<String>,
    /// What stakeholders said.
    feedback: Option<String>,
    /// What persons gave, input → value.
    #[schema(value_type = Option<Object>)]
    inputs: Option<Value>,
    /// What persons answered, input → value.
    #[schema(value_type = Option<Object>)]
    answers: Option<Value>,
    /// Strategy, policy, confidence, inputs and scores.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// Its state.
    status: Option<String>,
    /// Who made it.
    created_by: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<SixrIteration> for IterationOut {
    fn from(row: SixrIteration) -> Self {
        Self {
            id: row.id,
            iteration: row.iteration_number,
            name: row.iteration_name,
            reason: row.iteration_reason,
            feedback: row.stakeholder_feedback,
            inputs: row.parameter_changes,
            answers: row.question_responses,
            result: row.recommendation_data,
            status: row.status,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}

/// Which iterations are compared.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DiffQuery {
    /// Number of the earlier iteration.
    pub(crate) from: i32,
    /// Number of the later iteration.
    pub(crate) to: i32,
}

/// What changed from one iteration to another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffOut {
    /// The recommendation before and now, if it is another.
    #[schema(value_type = Option<Vec<SixrStrategy>>)]
    strategy: Option<(SixrStrategy, SixrStrategy)>,
    /// The policy before and now, if it is another.
    #[schema(value_type = Option<Vec<String>>)]
    policy: Option<(String, String)>,
    /// Confidence now less confidence before.
    confidence: f64,
    /// Inputs that changed: `input`, `from`, `to`.
    #[schema(value_type = Vec<Object>)]
    inputs: Vec<Value>,
    /// Scores that changed: `strategy`, `from`, `to`.
    #[schema(value_type = Vec<Object>)]
    scores: Vec<Value>,
}

impl From<IterationDiff> for DiffOut {
    fn from(diff: IterationDiff) -> Self {
        let inputs = diff
            .inputs
            .iter()
            .map(|one| json!({ "input": one.input, "from": one.from, "to": one.to }));
        let scores = diff
            .scores
            .iter()
            .map(|one| json!({ "strategy": one.strategy, "from": one.from, "to": one.to }));
        Self {
            strategy: diff.strategy,
            policy: diff.policy,
            confidence: diff.confidence,
            inputs: inputs.collect(),
            scores: scores.collect(),
        }
    }
}
