//! 6R: which strategy for each asset or application, why, what would change it and what to ask. The rules are in
//! `landfall_planning::sixr`; here are their facts, their results and what persons say to them.

mod analyses;
mod facts;
mod given;
mod judge;
mod overriding;
mod policies;
mod records;
mod run;
mod run_batches;
mod settings;
mod views;

pub use analyses::{Iterate, NewSixrAnalysis};
pub use given::{Given, InputFault, InputValues};
pub use landfall_planning::sixr::{
    CostImpact, Counterfactual, DEFAULT_POLICY, Derivation, Effort, Estimates, Factor, INPUTS, Input,
    InputChange, IterationDiff, Kind, PARAMETERS, PolicyFault, PolicyFaults, Question, Recommendation,
    ScoreChange, Statement, Timeline,
};
pub use landfall_repositories::entities::cmdb_sixr_analyses::Model as SixrRun;
pub use landfall_repositories::entities::sixr_analyses::Model as SixrAnalysis;
pub use landfall_repositories::entities::sixr_analysis_parameters::Model as SixrParameters;
pub use landfall_repositories::entities::sixr_iterations::Model as SixrIteration;
pub use landfall_repositories::entities::sixr_question_responses::Model as SixrAnswer;
pub use landfall_repositories::entities::sixr_questions::Model as SixrQuestion;
pub use landfall_repositories::entities::sixr_recommendations::Model as SixrRecommendation;
pub use landfall_repositories::{AnalysisFilter, Overridden, Subject};
pub use policies::{PolicyView, check_policy};
pub use run::{NewSixrRun, SIXR_JOB, Subjects};
pub use settings::Setting;
pub use views::{AnalysisDetail, Totals};

pub(crate) use run::{fail, work};

use landfall_domain::AnalysisStatus;
use landfall_repositories::{StoreError, Transient};

/// Why something about 6R could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SixrError {
    /// The policy has faults, all of them.
    #[error(transparent)]
    Policy(#[from] PolicyFaults),
    /// Values that inputs do not take, all of them.
    #[error("{} of the values cannot be taken: {}", .0.len(), .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; "))]
    Values(Vec<InputFault>),
    /// A decision without a reason.
    #[error("say why: a decision against the recommendation needs a reason")]
    NoReason,
    /// The analysis belongs to nothing that can be judged.
    #[error(
        "this analysis names no asset and no application: it was taken over as it was and cannot be run again"
    )]
    NoSubject,
    /// The run has ended.
    #[error("the run is {} already: it cannot be cancelled", .0.as_str())]
    Ended(AnalysisStatus),
    /// The support catalogue or the standard policy cannot be read.
    #[error("{0}")]
    Broken(String),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Transient for SixrError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

impl From<serde_json::Error> for SixrError {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(format!("a kept result cannot be read: {error}"))
    }
}
