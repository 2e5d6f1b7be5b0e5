//! Connections between servers as Azure Migrate exports them: one row for each connection and slot of six hours.

use std::collections::BTreeSet;

use super::cells::{cell, said};
use super::fingerprint::Fingerprint;
use super::{DependencyFact, Format, Headers, KnownColumn, Recognised, Row, RowRole, dependency_kind};

/// Azure Migrate, export of dependencies.
pub(super) struct AzureDependencies;

const SOURCE: &[&str] = &["Source server name"];
const DESTINATION: &[&str] = &["Destination server name"];
const DESTINATION_IP: &[&str] = &["Destination IP"];

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[
        &["Source server name"],
        &["Destination server name", "Destination IP"],
        &["Destination port"],
    ],
    some: &[],
    least: 0,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::facts("timeslot", "dependencies"),
    KnownColumn::facts("source server name", "dependencies"),
    KnownColumn::facts("source application", "dependencies"),
    KnownColumn::facts("source process", "dependencies"),
    KnownColumn::facts("destination server name", "dependencies"),
    KnownColumn::facts("destination ip", "dependencies"),
    KnownColumn::facts("destination application", "dependencies"),
    KnownColumn::facts("destination process", "dependencies"),
    KnownColumn::facts("destination port", "dependencies"),
];

impl Format for AzureDependencies {
    fn id(&self) -> &'static str {
        "azure_dependencies"
    }

    fn label(&self) -> &'static str {
        "Azure Migrate dependency export"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if self.dependencies(row).is_empty() {
            RowRole::skipped(
                "incomplete_dependency",
                "the row lacks the source or the destination of the connection",
            )
        } else {
            RowRole::Dependency
        }
    }

    /// The destination is its name, or its address where nobody knows the name.
    fn dependencies(&self, row: &Row) -> Vec<DependencyFact> {
        let from = said(row, SOURCE);
        let to = said(row, DESTINATION).or_else(|| said(row, DESTINATION_IP));
        let Some((from, to)) = from.zip(to) else {
            return Vec::new();
        };
        let port = cell(row, &["Destination port"]).and_then(|port| port.parse().ok());
        let process =
            said(row, &["Destination process", "Destination application"]).map(std::borrow::Cow::into_owned);
        let fact = DependencyFact::stated(from, to, dependency_kind(port));
        vec![DependencyFact {
            port,
            process,
            hard: false,
            ..fact
        }]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn facts(row: &Value) -> Vec<DependencyFact> {
        AzureDependencies.dependencies(row.as_object().unwrap())
    }

    #[test]
    fn a_row_is_an_observed_connection() {
        let row = json!({"Timeslot": "2026-09-10 00:00", "Source server name": "web", "Destination server name": "db",
            "Destination IP": "10.0.0.5", "Destination process": "sqlservr", "Destination port": "1433"});
        let fact = facts(&row).remove(0);
        assert_eq!(
            (fact.from.as_str(), fact.to.as_str(), fact.port, fact.kind),
            ("web", "db", Some(1433), "database")
        );
        assert!(!fact.hard);
        assert_eq!(
            AzureDependencies.role(row.as_object().unwrap(), &BTreeSet::new()),
            RowRole::Dependency
        );
    }

    #[test]
    fn an_unknown_destination_is_its_address_and_none_is_no_dependency() {
        let row = json!({"Source server name": "web", "Destination server name": "", "Destination IP": "52.1.2.3", "Destination port": "25"});
        assert_eq!(
            (facts(&row)[0].to.as_str(), facts(&row)[0].kind),
            ("52.1.2.3", "network")
        );
        let row = json!({"Source server name": "web", "Destination port": "25"});
        assert!(matches!(
            AzureDependencies.role(row.as_object().unwrap(), &BTreeSet::new()),
            RowRole::Skipped { .. }
        ));
    }
}
