//! Export formats of inventory tools: how each is recognised by its headers, what its columns mean, and what its rows say.
//!
//! Everything about a row is a pure function of the raw record as it is kept, so it can be asked again at any time.

mod aws_ads;
mod aws_cmf;
mod aws_migration_evaluator;
mod azure_dependencies;
mod azure_migrate;
mod cells;
mod columns;
mod device42;
mod facts;
mod fingerprint;
mod free_form;
mod google_migration_center;
mod hyper_v;
mod joined;
mod konveyor;
mod landfall;
mod netbox;
mod numbers;
mod nutanix;
mod rvtools;
mod servicenow;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use self::columns::{KnownColumn, Target};
pub use self::facts::{
    DependencyFact, DerivedValue, DiskFact, IdentityFact, Metric, MetricFact, NetworkFact, RowRole,
    dependency_kind,
};
pub use self::fingerprint::{Headers, Recognised};
pub(super) use self::joined::recognise_export;
pub use self::joined::{Collector, Joined, Place};
pub(crate) use self::landfall::LANDFALL;
use super::readers::RowFault;

/// A row as kept: cells by column.
pub type Row = Map<String, Value>;

/// An export format.
///
/// All functions of a row are pure. Facts that a format does not carry are empty.
pub trait Format: Send + Sync {
    /// Stable word for programs.
    fn id(&self) -> &'static str;
    /// Name for people.
    fn label(&self) -> &'static str;
    /// How well the headers fit; none if something that the format always has is missing.
    fn recognise(&self, headers: &Headers) -> Option<Recognised>;
    /// What the columns mean that this format knows; more than one line for a column that fills several fields.
    fn columns(&self) -> &'static [KnownColumn];
    /// What the row is.
    fn role(&self, row: &Row, include: &BTreeSet<String>) -> RowRole;

    /// The meaning of a column, by its header in any case of letters.
    fn column(&self, header: &str) -> Option<&'static KnownColumn> {
        columns::find(self.columns(), header)
    }
    /// Values by which the machine is known again.
    fn identities(&self, _row: &Row) -> Vec<IdentityFact> {
        Vec::new()
    }
    /// Host or cluster within which the name is unique, for rows without any identity.
    fn scope(&self, _row: &Row) -> Option<String> {
        None
    }
    /// Values of fields that no single column holds. A column that is mapped to the field goes before them.
    fn derived(&self, _row: &Row) -> Vec<DerivedValue> {
        Vec::new()
    }
    /// Disks and partitions.
    fn disks(&self, _row: &Row) -> Vec<DiskFact> {
        Vec::new()
    }
    /// Network cards and addresses.
    fn networks(&self, _row: &Row) -> Vec<NetworkFact> {
        Vec::new()
    }
    /// Measured load.
    fn metrics(&self, _row: &Row) -> Vec<MetricFact> {
        Vec::new()
    }
    /// What needs what, beyond a column that is mapped to the field `dependencies`.
    fn dependencies(&self, _row: &Row) -> Vec<DependencyFact> {
        Vec::new()
    }
    /// Tags, as key and value.
    fn tags(&self, _row: &Row) -> Vec<(String, String)> {
        Vec::new()
    }
    /// Rules of the format that a row breaks.
    fn check(&self, _row_number: u64, _row: &Row) -> Vec<RowFault> {
        Vec::new()
    }
    /// Whether rows of this kind may end before the last column.
    fn excuses_missing_cells(&self, _row: &Row) -> bool {
        false
    }
    /// Gives columns that are no field the names under which they are kept as custom attributes, and takes those away that
    /// are kept elsewhere.
    fn keep_attributes(&self, _attributes: &mut Map<String, Value>) {}
    /// How side tables belong to its main table, where it has them.
    fn joined(&self) -> Option<&'static dyn Joined> {
        None
    }
}

/// Every format, the fallback last.
pub const FORMATS: &[&dyn Format] = &[
    &landfall::Landfall,
    &rvtools::RvTools,
    &azure_migrate::AzureMigrate,
    &azure_dependencies::AzureDependencies,
    &aws_ads::AwsAds,
    &aws_migration_evaluator::AwsMigrationEvaluator,
    &aws_cmf::AwsCmf,
    &google_migration_center::GoogleMigrationCenter,
    &servicenow::relations::Relations,
    &servicenow::applications::Applications,
    &servicenow::servers::Servers,
    &konveyor::Konveyor,
    &nutanix::Nutanix,
    &hyper_v::HyperV,
    &device42::Device42,
    &netbox::NetBox,
    &free_form::FreeForm,
];

/// Id of the fallback: a table that no tool is known to write.
pub const FREE_FORM: &str = "free_form";

/// The format with this id; the fallback if there is none.
pub fn format(id: &str) -> &'static dyn Format {
    FORMATS
        .iter()
        .copied()
        .find(|format| format.id() == id)
        .unwrap_or(&free_form::FreeForm)
}

/// The format that fits the columns best; [`free_form`] if none does.
pub fn recognise(columns: &[String]) -> (&'static dyn Format, Recognised) {
    let headers = Headers::new(columns);
    let mut best: Option<(&'static dyn Format, Recognised)> = None;
    for format in FORMATS {
        if let Some(recognised) = format.recognise(&headers)
            && best
                .as_ref()
                .is_none_or(|(_, most)| recognised.score > most.score)
        {
            best = Some((*format, recognised));
        }
    }
    best.unwrap_or_else(|| (&free_form::FreeForm, free_form::recognised(&headers)))
}

#[cfg(test)]
mod fixtures;
