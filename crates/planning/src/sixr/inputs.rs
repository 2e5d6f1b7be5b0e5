//! Everything that a strategy may depend on: the seven parameters and the facts. Each is declared once; policies,
//! questions, validation, counterfactuals and the documentation are derived from the declaration.

mod declarations;

pub use declarations::{INPUTS, Input};
use landfall_domain::UnknownLabel;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The parameters, a scale from 1 to 10 each. They are the first of [`INPUTS`].
pub const PARAMETERS: [Input; 7] = [
    Input::BusinessValue,
    Input::TechnicalComplexity,
    Input::MigrationUrgency,
    Input::ComplianceRequirements,
    Input::CostSensitivity,
    Input::RiskTolerance,
    Input::InnovationPriority,
];

/// What values an input takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// One of these words; where they have an order, the worst comes first.
    Choice(&'static [&'static str]),
    /// A number from `min` to `max`, told apart in steps of `step`.
    Number {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
        /// Smallest difference that matters.
        step: f64,
    },
}

/// How the values of an application's members become the application's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// The least: the worst support, the shortest observation.
    Least,
    /// The greatest: the busiest member, the most critical one; yes if any member says yes.
    Greatest,
    /// All together.
    Sum,
}

/// The declaration of an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Definition {
    /// Its one name: in policies, requests and answers.
    pub name: &'static str,
    /// How it is called in sentences.
    pub label: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Unit of a number; empty if it has none.
    pub unit: &'static str,
    /// What a person is asked when it is not known; absent for what only an inventory can say.
    pub question: Option<&'static str>,
    /// What the subject is by nature: no change of it is proposed.
    pub is_fixed: bool,
    /// How members' values become the application's.
    pub merge: Merge,
}

impl Input {
    /// How many inputs there are.
    pub const COUNT: usize = INPUTS.len();

    /// Its place in [`INPUTS`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its declaration.
    pub fn definition(self) -> &'static Definition {
        &DEFINITIONS[self.index()]
    }

    /// Its one name.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// Whether it is one of the seven parameters.
    pub const fn is_parameter(self) -> bool {
        (self as usize) < PARAMETERS.len()
    }
}

use declarations::DEFINITIONS;

impl std::fmt::Display for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Input {
    type Err = UnknownLabel;

    fn from_str(word: &str) -> Result<Self, UnknownLabel> {
        INPUTS
            .iter()
            .copied()
            .find(|input| input.name() == word)
            .ok_or_else(|| UnknownLabel {
                word: word.to_owned(),
                kind: "6R input",
                known: INPUTS
                    .iter()
                    .map(|input| input.name())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }
}

impl Serialize for Input {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Input {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}
