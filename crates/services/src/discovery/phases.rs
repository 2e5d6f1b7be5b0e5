//! Landfall's own executors.

use super::dependency_analysis::DependencyAnalysis;
use super::executor::PhaseExecutor;
use super::inventory::AssetInventory;
use super::quality::DataCleansing;
use super::suggestions::FieldMapping;
use super::tech_debt_assessment::TechDebtAssessment;
use super::validation::DataValidation;
use landfall_domain::Phase;

/// The executor of a phase.
pub(crate) fn executor(phase: Phase) -> &'static dyn PhaseExecutor {
    match phase {
        Phase::DataValidation => &DataValidation,
        Phase::FieldMapping => &FieldMapping,
        Phase::DataCleansing => &DataCleansing,
        Phase::AssetInventory => &AssetInventory,
        Phase::DependencyAnalysis => &DependencyAnalysis,
        Phase::TechDebtAssessment => &TechDebtAssessment,
    }
}
