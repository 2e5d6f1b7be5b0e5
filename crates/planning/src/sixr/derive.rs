//! From what an inventory says to [`Inputs`], with the reason for each value. What it does not say stays unknown.

mod facts;
mod merge;
mod words;

use super::inputs::Input;
use super::policy::Policy;
use super::value::{Inputs, Value};
use chrono::NaiveDate;
use landfall_domain::{AssetType, RiskLevel};
use serde::{Deserialize, Serialize};

/// What a support catalogue found out about an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// Support of the operating system ended, is extended only or ends soon.
    OperatingSystem,
    /// The same of a database, runtime or middleware.
    Software,
    /// The operating system's version is not known.
    VersionUnknown,
}

/// A finding about an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding<'a> {
    /// What it is about.
    pub kind: FindingKind,
    /// How bad it is: low is "ends soon", medium "extended only", high and critical "ended"; one more where the asset is
    /// exposed.
    pub severity: RiskLevel,
    /// The product, with its version.
    pub product: &'a str,
    /// Last day of standard support.
    pub end_of_support: Option<NaiveDate>,
}

/// What is known of an asset. All texts as in the inventory.
#[derive(Clone, Copy, Debug)]
pub struct AssetProfile<'a> {
    /// What it is.
    pub asset_type: AssetType,
    /// State in its life.
    pub status: Option<&'a str>,
    /// On, Off or Suspended.
    pub power_state: Option<&'a str>,
    /// Deployment environment.
    pub environment: Option<&'a str>,
    /// Low, Medium, High or Critical; that of the business, else that of the asset.
    pub criticality: Option<&'a str>,
    /// Low, Medium or High.
    pub complexity: Option<&'a str>,
    /// Operating system, with or without version.
    pub operating_system: Option<&'a str>,
    /// Its version.
    pub os_version: Option<&'a str>,
    /// Processor architecture.
    pub architecture: Option<&'a str>,
    /// Languages, runtimes, middleware, databases.
    pub technology_stack: Option<&'a str>,
    /// The application that it serves.
    pub application_name: Option<&'a str>,
    /// Maker and model of the hardware.
    pub hardware: Option<&'a str>,
    /// What found it, such as `rvtools`.
    pub source: Option<&'a str>,
    /// Whether an owner is named.
    pub has_owner: bool,
    /// Whether it is a virtual machine.
    pub is_virtual: Option<bool>,
    /// Average load in percent.
    pub cpu_percent: Option<f64>,
    /// Average memory in use, in percent.
    pub memory_percent: Option<f64>,
    /// Days over which the load was measured.
    pub observation_days: Option<f64>,
    /// Cores.
    pub cpu_cores: Option<f64>,
    /// GiB.
    pub memory_gb: Option<f64>,
    /// GiB.
    pub storage_gb: Option<f64>,
    /// What it costs a month today, in the engagement's currency.
    pub monthly_cost: Option<f64>,
    /// What it would cost a month at the target.
    pub cloud_cost: Option<f64>,
    /// Assets that it needs or that need it; absent where dependencies were never looked at.
    pub dependencies: Option<u32>,
    /// What a support catalogue found; absent where nobody looked.
    pub findings: Option<&'a [Finding<'a>]>,
    /// Whether findings are one level worse because it is critical and in production.
    pub is_exposed: bool,
    /// Months until the engagement's target date.
    pub months_to_exit: Option<f64>,
}

impl Default for AssetProfile<'_> {
    fn default() -> Self {
        Self {
            asset_type: AssetType::Unknown,
            status: None,
            power_state: None,
            environment: None,
            criticality: None,
            complexity: None,
            operating_system: None,
            os_version: None,
            architecture: None,
            technology_stack: None,
            application_name: None,
            hardware: None,
            source: None,
            has_owner: false,
            is_virtual: None,
            cpu_percent: None,
            memory_percent: None,
            observation_days: None,
            cpu_cores: None,
            memory_gb: None,
            storage_gb: None,
            monthly_cost: None,
            cloud_cost: None,
            dependencies: None,
            findings: None,
            is_exposed: false,
            months_to_exit: None,
        }
    }
}

/// Where a value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A field of the inventory.
    Inventory,
    /// A finding of the support catalogue.
    Finding,
    /// The dependencies.
    Dependencies,
    /// The words of the policy, found in the inventory's texts.
    Policy,
    /// What was said for the whole engagement.
    Engagement,
    /// The members of an application.
    Members,
    /// An answer to a question.
    Answer,
    /// A person, in place of what was derived.
    Person,
}

/// A value and the reason for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Derivation {
    /// The input.
    pub input: Input,
    /// Its value.
    pub value: Value,
    /// Where it is from.
    pub source: Source,
    /// Why it is so.
    pub explanation: String,
}

/// A subject of a recommendation: what is known of it, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    inputs: Inputs,
    derivations: Vec<Derivation>,
}

impl Subject {
    /// What the inventory says about an asset.
    pub fn of_asset(profile: &AssetProfile<'_>, policy: &Policy) -> Self {
        let mut subject = Self::default();
        facts::derive(profile, policy, &mut subject);
        subject
    }

    /// What the members say about an application: the worst support, the busiest load, sizes and costs together.
    pub fn of_members(members: &[Self]) -> Self {
        merge::members(members)
    }

    /// Gives an input a value, in place of one that it has. A value that the input does not take changes nothing.
    pub fn give(&mut self, input: Input, value: Value, source: Source, explanation: impl Into<String>) {
        if input.to_raw(value).is_none() {
            return;
        }
        self.inputs.set(input, value);
        let derivation = Derivation {
            input,
            // As stored: numbers beyond the bounds were moved to them.
            value: self.inputs.get(input).unwrap_or(value),
            source,
            explanation: explanation.into(),
        };
        match self.derivations.iter_mut().find(|known| known.input == input) {
            Some(known) => *known = derivation,
            None => self.derivations.push(derivation),
        }
    }

    /// What is known.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// Why, in the order of derivation.
    pub fn derivations(&self) -> &[Derivation] {
        &self.derivations
    }
}
