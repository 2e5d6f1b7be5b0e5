//! The phases of a discovery flow, in order.

use crate::labels::UnknownLabel;
use serde::{Deserialize, Serialize};

/// A phase of discovery. Each has a flag of its own in `discovery_flows`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Read the file, keep every row, say what is wrong with it.
    DataValidation,
    /// Decide which column is which field.
    FieldMapping,
    /// Bring values into one form and unit.
    DataCleansing,
    /// Make and merge assets.
    AssetInventory,
    /// Find which asset needs which.
    DependencyAnalysis,
    /// Find what is out of support.
    TechDebtAssessment,
}

impl Phase {
    /// All phases in the order in which they run.
    pub const ALL: [Self; 6] = [
        Self::DataValidation,
        Self::FieldMapping,
        Self::DataCleansing,
        Self::AssetInventory,
        Self::DependencyAnalysis,
        Self::TechDebtAssessment,
    ];

    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DataValidation => "data_validation",
            Self::FieldMapping => "field_mapping",
            Self::DataCleansing => "data_cleansing",
            Self::AssetInventory => "asset_inventory",
            Self::DependencyAnalysis => "dependency_analysis",
            Self::TechDebtAssessment => "tech_debt_assessment",
        }
    }

    /// The phase that follows, if any.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// Progress of a flow (0–100) once `done` of its phases are completed.
    pub fn progress(done: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "there are six phases")]
        let share = done.min(Self::ALL.len()) as f64 / Self::ALL.len() as f64;
        (share * 1000.0).round() / 10.0
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Phase {
    type Err = UnknownLabel;

    fn from_str(word: &str) -> Result<Self, UnknownLabel> {
        Self::ALL
            .into_iter()
            .find(|phase| phase.as_str() == word)
            .ok_or_else(|| UnknownLabel {
                word: word.to_owned(),
                kind: "discovery phase",
                known: Self::ALL.map(Self::as_str).join(", "),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Phase;

    #[test]
    fn progress_ends_at_a_hundred_and_words_read_back() {
        assert!((Phase::progress(0)).abs() < f64::EPSILON);
        assert!((Phase::progress(Phase::ALL.len()) - 100.0).abs() < f64::EPSILON);
        for phase in Phase::ALL {
            assert_eq!(phase.as_str().parse(), Ok(phase));
        }
        assert_eq!(Phase::DataValidation.next(), Some(Phase::FieldMapping));
        assert_eq!(Phase::TechDebtAssessment.next(), None);
    }
}
