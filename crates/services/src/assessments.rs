//! Assessments: of applications, archetypes and assets by questionnaire, and of machines by what the inventory knows.

mod answers;
mod archetypes;
mod error;
mod facts;
mod prices;
mod questionnaires;
mod reviews;
mod size_inputs;
mod sizes;
mod stakeholders;
pub(crate) mod standing;

pub use answers::{AnswerGiven, Assessment, AssessmentChange, AssessmentDetail, NamedRisk, NewAssessmentOf};
pub use archetypes::{Archetype, ArchetypeChange, ArchetypeDetail, ArchetypeNew};
pub use error::AssessmentError;
pub use landfall_planning::assessments::{
    Answer, Progress, Questionnaire, QuestionnaireError, Risk, RiskCounts, archetypes::Standing,
};
pub use landfall_planning::sizing::{
    CatalogueError, Criterion, DataPoints, Options as SizeOptions, Percentile, PriceCatalogue, Readiness,
    SAMPLE_CATALOGUE, Sizing, stars,
};
pub use landfall_repositories::{
    AssessmentFilter, AssessmentSubject, Concern, ReviewFilter, ReviewSubject, Verdict,
};
pub use prices::StoredCatalogue;
pub use questionnaires::StoredQuestionnaire;
pub use reviews::Review;
pub(crate) use sizes::{SIZES_JOB, fail as fail_sizes, run as run_sizes};
pub use sizes::{SizeCounts, SizeRequest, SizeRun, SizeSummary};
pub use stakeholders::{NewStakeholder, Stakeholder, StakeholderPatch, StakeholderRole};

use landfall_domain::{FlowType, MasterFlowId};
use landfall_repositories::{NewMasterFlow, StoreResult, Uow};
use serde_json::json;

/// The master flow that assessments by questionnaire are part of, made with the first of them.
async fn assessment_flow(uow: &Uow) -> StoreResult<MasterFlowId> {
    if let Some(flow) = uow.assessments().flow().await? {
        return Ok(flow);
    }
    let new = NewMasterFlow {
        flow_type: FlowType::Assessment,
        flow_name: Some("Assessments".to_owned()),
        parent_flow_id: None,
        configuration: json!({}),
    };
    Ok(uow.flows().create(new).await?.flow_id)
}
