//! How bad an end of support is on a given day.
//!
//! | state on that day | severity |
//! |---|---|
//! | all support ended more than three years ago | critical |
//! | all support ended | high |
//! | fixes only with extended support | medium |
//! | standard support ends within twelve months | low |
//! | otherwise | no finding |
//!
//! A critical or highly critical asset in production is one level worse.

use chrono::{Months, NaiveDate};
use landfall_domain::RiskLevel;

use super::AssetFacts;
use super::catalogue::Cycle;

/// Months before the end of standard support in which it is worth a finding.
pub(super) const NOTICE: Months = Months::new(12);
/// Months after which a missing support is no longer an oversight of the last budget.
const LONG_AGO: Months = Months::new(36);

/// Where a version stands on a day. Dates are the last days of the support meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// No support of any kind any more.
    Ended { standard: NaiveDate, last: NaiveDate },
    /// Fixes only with extended support.
    ExtendedOnly {
        standard: NaiveDate,
        extended: NaiveDate,
    },
    /// Standard support ends soon.
    EndsSoon { standard: NaiveDate },
    /// Nothing to say.
    Supported,
}

impl Standing {
    pub(super) fn of(cycle: &Cycle, today: NaiveDate) -> Self {
        let Some(standard) = cycle.until else {
            return Self::Supported;
        };
        let last = cycle.extended_until.unwrap_or(standard);
        if today > last {
            Self::Ended { standard, last }
        } else if today > standard {
            Self::ExtendedOnly {
                standard,
                extended: last,
            }
        } else if today
            .checked_add_months(NOTICE)
            .is_none_or(|horizon| standard <= horizon)
        {
            Self::EndsSoon { standard }
        } else {
            Self::Supported
        }
    }

    /// The severity by dates alone; `None` where there is nothing to report.
    pub(super) fn severity(self, today: NaiveDate) -> Option<RiskLevel> {
        match self {
            Self::Ended { last, .. } => {
                let long_ago = last
                    .checked_add_months(LONG_AGO)
                    .is_some_and(|limit| today > limit);
                Some(if long_ago {
                    RiskLevel::Critical
                } else {
                    RiskLevel::High
                })
            }
            Self::ExtendedOnly { .. } => Some(RiskLevel::Medium),
            Self::EndsSoon { .. } => Some(RiskLevel::Low),
            Self::Supported => None,
        }
    }

    /// The end of standard support, where it matters.
    pub(super) fn end_of_support(self) -> Option<NaiveDate> {
        match self {
            Self::Ended { standard, .. }
            | Self::ExtendedOnly { standard, .. }
            | Self::EndsSoon { standard } => Some(standard),
            Self::Supported => None,
        }
    }
}

/// One level worse.
pub(super) fn raised(severity: RiskLevel) -> RiskLevel {
    match severity {
        RiskLevel::Low => RiskLevel::Medium,
        RiskLevel::Medium => RiskLevel::High,
        RiskLevel::High | RiskLevel::Critical => RiskLevel::Critical,
    }
}

/// Whether the asset is one on whose failure much depends: in production and of high or critical criticality.
pub(crate) fn is_exposed(facts: &AssetFacts<'_>) -> bool {
    let is_one_of = |text: Option<&str>, words: &[&str]| {
        text.is_some_and(|text| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word)))
    };
    is_one_of(facts.environment, &["production", "prod", "prd", "live"])
        && is_one_of(
            facts.business_criticality,
            &[
                "critical",
                "high",
                "very high",
                "mission critical",
                "mission-critical",
                "business critical",
            ],
        )
}
