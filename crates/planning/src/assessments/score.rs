//! Risk and confidence of an assessment.
//!
//! Source: Konveyor hub (2023), package `assessment`, which carries over the confidence of Red Hat's Pathfinder. A question
//! without an answer counts as unknown in both.

use serde::{Deserialize, Serialize};

/// How risky an answer or a whole assessment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Stands in the way of moving.
    Red,
    /// Needs care.
    Yellow,
    /// Nothing stands in the way.
    Green,
    /// Nobody knows.
    Unknown,
}

impl Risk {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Unknown => "unknown",
        }
    }
}

/// From which share of all questions on an assessment takes a risk, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Red answers.
    pub red: u8,
    /// Yellow answers.
    pub yellow: u8,
    /// Unknown answers, unanswered questions among them.
    pub unknown: u8,
}

/// How many questions have an answer of each risk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskCounts {
    /// Red.
    pub red: u32,
    /// Yellow.
    pub yellow: u32,
    /// Green.
    pub green: u32,
    /// Unknown or not answered.
    pub unknown: u32,
}

/// Each red answer multiplies what the others are worth by this.
const ADJUSTER_RED: f64 = 0.5;
/// Each yellow answer does by this.
const ADJUSTER_YELLOW: f64 = 0.98;
/// What has been gathered is multiplied by this before the next red answer is added.
const MULTIPLIER_RED: f64 = 0.6;
/// The same for a yellow one.
const MULTIPLIER_YELLOW: f64 = 0.95;
/// Worth of an answer.
const WEIGHT_RED: f64 = 1.0;
const WEIGHT_YELLOW: f64 = 80.0;
const WEIGHT_GREEN: f64 = 100.0;
const WEIGHT_UNKNOWN: f64 = 70.0;

impl RiskCounts {
    /// The counts of these risks.
    pub fn of(risks: impl IntoIterator<Item = Risk>) -> Self {
        let mut counts = Self::default();
        for risk in risks {
            match risk {
                Risk::Red => counts.red += 1,
                Risk::Yellow => counts.yellow += 1,
                Risk::Green => counts.green += 1,
                Risk::Unknown => counts.unknown += 1,
            }
        }
        counts
    }

    /// All questions.
    pub const fn total(&self) -> u32 {
        self.red + self.yellow + self.green + self.unknown
    }

    /// The risk of the assessment: the first of red, yellow and unknown whose share of all questions reaches its threshold,
    /// else green. Without questions it is unknown.
    pub fn risk(&self, thresholds: &Thresholds) -> Risk {
        let total = self.total();
        if total == 0 {
            return Risk::Unknown;
        }
        let reaches =
            |count: u32, percent: u8| u64::from(count) * 100 >= u64::from(percent) * u64::from(total);
        if reaches(self.red, thresholds.red) {
            Risk::Red
        } else if reaches(self.yellow, thresholds.yellow) {
            Risk::Yellow
        } else if reaches(self.unknown, thresholds.unknown) {
            Risk::Unknown
        } else {
            Risk::Green
        }
    }

    /// How confident one may be that the move succeeds, 0 to 100.
    ///
    /// With `a = 0.5^red · 0.98^yellow`: begin with 0; for each red answer multiply by 0.6 and add `1·a`; for each yellow
    /// one multiply by 0.95 and add `80·a`; add `100·a` for each green and `70·a` for each unknown one; divide by 100 times
    /// the number of questions, and cut the percentage to a whole number.
    pub fn confidence(&self) -> u8 {
        let total = self.total();
        if total == 0 {
            return 0;
        }
        let adjuster = ADJUSTER_RED.powf(f64::from(self.red)) * ADJUSTER_YELLOW.powf(f64::from(self.yellow));
        let mut gathered = 0.0_f64;
        for _ in 0..self.red {
            gathered = gathered * MULTIPLIER_RED + WEIGHT_RED * adjuster;
        }
        for _ in 0..self.yellow {
            gathered = gathered * MULTIPLIER_YELLOW + WEIGHT_YELLOW * adjuster;
        }
        gathered += f64::from(self.green) * WEIGHT_GREEN * adjuster;
        gathered += f64::from(self.unknown) * WEIGHT_UNKNOWN * adjuster;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 0 and 100, and the formula cuts the fraction off"
        )]
        let score = (gathered / (WEIGHT_GREEN * f64::from(total)) * 100.0) as u8;
        score
    }
}

/// The risk of something with several assessments: red if one is red, else unknown if one is, else yellow if one is, else
/// green. `None` without assessments: nobody has looked.
pub fn combined_risk(risks: impl IntoIterator<Item = Risk>) -> Option<Risk> {
    let counts = RiskCounts::of(risks);
    [
        (counts.red, Risk::Red),
        (counts.unknown, Risk::Unknown),
        (counts.yellow, Risk::Yellow),
        (counts.green, Risk::Green),
    ]
    .into_iter()
    .find_map(|(count, risk)| (count > 0).then_some(risk))
}

/// The confidence of something with several assessments: their mean, cut to a whole number. `None` without assessments.
pub fn combined_confidence(confidences: &[u8]) -> Option<u8> {
    let sum: u64 = confidences.iter().map(|&confidence| u64::from(confidence)).sum();
    let mean = sum.checked_div(confidences.len() as u64)?;
    u8::try_from(mean).ok()
}
