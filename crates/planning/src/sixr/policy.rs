//! The policy: how parameters are derived, which gates and blocks hold, what weighs how much. It is data, in TOML.

mod check;
mod curve;
mod reader;
mod rules;
mod sections;

pub(super) use curve::Curve;
pub(super) use rules::{Condition, Rule, Test, Truth, all, stated};
pub(super) use sections::{CostLevel, ParameterRule, Settings, StrategyRule, Words};

use landfall_domain::SixrStrategy;
use serde::{Deserialize, Serialize};

/// The policy that counts where a client account has none of its own.
pub const DEFAULT_POLICY: &str = include_str!("policy/default.toml");

/// Whole of a weight or of a factor.
pub(super) const ONE: i64 = 1_000_000;

/// One thing that is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyFault {
    /// Where, such as `strategies.rehost.terms[2].weight`.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Everything that is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy has {} faults: {}", .0.len(), .0.iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect::<Vec<_>>().join("; "))]
pub struct PolicyFaults(pub Vec<PolicyFault>);

/// What kind of statement a policy makes about a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatementKind {
    /// What may go wrong.
    Risk,
    /// What the business gains.
    BusinessBenefit,
    /// What the technology gains.
    TechnicalBenefit,
}

/// A sentence about a result, with the rule that it follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The rule of the policy.
    pub rule: String,
    /// The sentence.
    pub text: String,
}

/// A sentence that a policy makes where its conditions hold.
#[derive(Clone, Debug)]
pub(super) struct StatementRule {
    pub(super) kind: StatementKind,
    pub(super) id: String,
    pub(super) text: String,
    /// For these strategies; for all if empty.
    pub(super) strategies: Vec<SixrStrategy>,
    pub(super) when: Vec<Condition>,
}

/// A checked policy.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) settings: Settings,
    pub(super) words: Words,
    /// In the order of [`super::PARAMETERS`].
    pub(super) parameters: Vec<ParameterRule>,
    /// In the order of [`SixrStrategy::ALL`].
    pub(super) strategies: Vec<StrategyRule>,
    pub(super) gates: Vec<Rule>,
    pub(super) blocks: Vec<Rule>,
    pub(super) statements: Vec<StatementRule>,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// [`PolicyFaults`] with everything that is wrong, each with its place. A text that is no TOML has one fault.
    pub fn read(text: &str) -> Result<Self, PolicyFaults> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| {
                text[..span.start.min(text.len())].matches('\n').count() + 1
            });
            PolicyFaults(vec![PolicyFault {
                path: format!("line {line}"),
                message: format!("this is no TOML: {}", error.message()),
            }])
        })?;
        let mut faults = reader::Faults::default();
        let policy = sections::policy(&reader::Section::root(&table), &mut faults);
        if let Some(policy) = &policy {
            check::policy(policy, &mut faults);
        }
        match policy {
            Some(policy) if faults.is_empty() => Ok(policy),
            _ => Err(faults.into()),
        }
    }

    /// The default policy.
    ///
    /// # Errors
    /// [`PolicyFaults`]; the tests of this crate keep that from being released.
    pub fn standard() -> Result<Self, PolicyFaults> {
        Self::read(DEFAULT_POLICY)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What a strategy means.
    pub fn definition(&self, strategy: SixrStrategy) -> &str {
        &self.strategy(strategy).definition
    }

    /// Who says what a strategy means: author or product, and year.
    pub fn source(&self, strategy: SixrStrategy) -> &str {
        &self.strategy(strategy).source
    }

    /// The ids of its gates in order, each with the strategy that it decides for.
    pub fn gates(&self) -> impl Iterator<Item = (&str, SixrStrategy)> {
        self.gates.iter().map(|gate| (gate.id.as_str(), gate.strategy))
    }

    pub(super) fn strategy(&self, strategy: SixrStrategy) -> &StrategyRule {
        &self.strategies[strategy as usize]
    }
}
