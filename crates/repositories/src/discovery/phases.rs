//! Which phases of a flow are done, and all that follows from it.

use discovery_flows::Column;
use landfall_domain::Phase;
use landfall_entities::discovery_flows;
use serde_json::Value;

/// The completed phases in the order in which they were completed. Flags, list, current phase and progress are read off it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phases(Vec<Phase>);

impl Phases {
    /// What the flow says. The flags decide; phases that the list lacks are taken to be completed in their natural order.
    pub(super) fn of(flow: &discovery_flows::Model) -> Self {
        let listed = flow.phases_completed.as_array().into_iter().flatten();
        let listed = listed.filter_map(|word| word.as_str()?.parse().ok());
        let mut completed = Vec::with_capacity(Phase::ALL.len());
        for phase in listed.chain(Phase::ALL) {
            if flag(flow, phase) && !completed.contains(&phase) {
                completed.push(phase);
            }
        }
        Self(completed)
    }

    pub(super) fn set(&mut self, phase: Phase, completed: bool) {
        match (completed, self.0.contains(&phase)) {
            (true, false) => self.0.push(phase),
            (false, true) => self.0.retain(|other| *other != phase),
            _ => {}
        }
    }

    /// Every column that says something about completed phases.
    pub(super) fn values(&self) -> Vec<(Column, sea_orm::Value)> {
        let words: Vec<&str> = self.0.iter().map(|phase| phase.as_str()).collect();
        let first_open = Phase::ALL.into_iter().find(|phase| !self.0.contains(phase));
        let current = first_open.unwrap_or(Phase::TechDebtAssessment);
        let mut values = vec![
            (Column::PhasesCompleted, Value::from(words).into()),
            (Column::CurrentPhase, current.as_str().into()),
            (Column::ProgressPercentage, Phase::progress(self.0.len()).into()),
        ];
        values.extend(Phase::ALL.map(|phase| (column(phase), self.0.contains(&phase).into())));
        values
    }
}

const fn column(phase: Phase) -> Column {
    match phase {
        Phase::DataValidation => Column::DataValidationCompleted,
        Phase::FieldMapping => Column::FieldMappingCompleted,
        Phase::DataCleansing => Column::DataCleansingCompleted,
        Phase::AssetInventory => Column::AssetInventoryCompleted,
        Phase::DependencyAnalysis => Column::DependencyAnalysisCompleted,
        Phase::TechDebtAssessment => Column::TechDebtAssessmentCompleted,
    }
}

const fn flag(flow: &discovery_flows::Model, phase: Phase) -> bool {
    match phase {
        Phase::DataValidation => flow.data_validation_completed,
        Phase::FieldMapping => flow.field_mapping_completed,
        Phase::DataCleansing => flow.data_cleansing_completed,
        Phase::AssetInventory => flow.asset_inventory_completed,
        Phase::DependencyAnalysis => flow.dependency_analysis_completed,
        Phase::TechDebtAssessment => flow.tech_debt_assessment_completed,
    }
}
