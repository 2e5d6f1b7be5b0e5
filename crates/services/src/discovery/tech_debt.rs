//! Technical debt: what is out of support or soon will be, judged by a catalogue of vendors' dates.
//!
//! Pure: the same facts, catalogue and day always give the same findings. How texts are matched, what the severities
//! mean and how to change the catalogue is told in `docs/tech-debt.md`.

mod assessor;
mod catalogue;
mod explanation;
mod recognition;
mod severity;
mod text;
mod version;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use landfall_domain::RiskLevel;
use serde::Serialize;

pub use assessor::Assessor;
pub use catalogue::CatalogueError;
pub(crate) use severity::is_exposed;

/// What is known of an asset that bears on its support. All texts as in the inventory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssetFacts<'a> {
    /// Name of the operating system, with or without version.
    pub operating_system: Option<&'a str>,
    /// Version of the operating system.
    pub os_version: Option<&'a str>,
    /// Languages, databases, servers.
    pub technology_stack: Option<&'a str>,
    /// Name of the application; some are products of the catalogue.
    pub application_name: Option<&'a str>,
    /// Deployment environment.
    pub environment: Option<&'a str>,
    /// Business criticality.
    pub business_criticality: Option<&'a str>,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Support of the operating system has ended, is extended only or ends soon.
    OsEndOfLife,
    /// The same of a database, runtime, server or platform.
    SoftwareEndOfLife,
    /// The operating system is known, its version is not, so nobody can judge its support.
    OsVersionUnknown,
}

impl FindingKind {
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OsEndOfLife => "os_end_of_life",
            Self::SoftwareEndOfLife => "software_end_of_life",
            Self::OsVersionUnknown => "os_version_unknown",
        }
    }
}

/// One fact about an asset that somebody should act on. An asset has at most one per kind and product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: RiskLevel,
    /// Name of the product in the catalogue.
    pub product: String,
    /// The version of the catalogue that the text was read as.
    pub version: Option<String>,
    /// Last day of standard support; `None` where the version is unknown.
    pub end_of_support: Option<NaiveDate>,
    /// What, since or until when, what it means, and where the dates come from, in sentences.
    pub explanation: String,
    /// The vendor's page that states the dates.
    pub catalogue_source: String,
    /// The day on which the catalogue's dates were last compared with their sources.
    pub catalogue_date: NaiveDate,
}

/// The catalogue, ready to judge assets. Reading it takes milliseconds: keep it.
#[derive(Debug)]
pub struct TechDebt {
    catalogue: catalogue::Catalogue,
}

impl TechDebt {
    /// The catalogue that is part of this program.
    ///
    /// # Errors
    /// If a file of the catalogue cannot be read or breaks a rule; the tests of this crate keep that from being released.
    pub fn catalogue() -> Result<Self, CatalogueError> {
        Ok(Self {
            catalogue: catalogue::Catalogue::embedded()?,
        })
    }

    /// The findings of one asset on a day, the operating system first. For many assets use an [`Assessor`].
    pub fn assess(&self, facts: &AssetFacts<'_>, today: NaiveDate) -> Vec<Finding> {
        Assessor::new(self, today).assess(facts)
    }
}
