//! Applications with the servers that they run on and the applications that they need.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::{INSTALL_STATUS, OPERATIONAL_STATUS};
use crate::imports::formats::cells::{list, said};
use crate::imports::formats::fingerprint::Fingerprint;
use crate::imports::formats::{DependencyFact, Format, Headers, KnownColumn, Recognised, Row, RowRole};

/// ServiceNow, applications.
pub(in crate::imports::formats) struct Applications;

const WITH_SERVERS: Fingerprint = Fingerprint {
    all: &[
        &["app_id", "sys_id", "number"],
        &["name"],
        &["server_hostnames", "depends_on"],
    ],
    some: &[],
    least: 0,
};

const BY_LABEL: Fingerprint = Fingerprint {
    all: &[&["Name"]],
    some: &[
        "Application type",
        "application_type",
        "Install type",
        "install_type",
        "Architecture type",
        "architecture_type",
        "IT application owner",
        "it_application_owner",
        "Application category",
        "application_category",
        "Emergency tier",
        "emergency_tier",
        "Application manager",
    ],
    least: 2,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("app_id", "source_id"),
    KnownColumn::field("sys_id", "source_id").priority(1),
    KnownColumn::field("number", "source_id").priority(2),
    KnownColumn::field("name", "name"),
    KnownColumn::field("env", "environment"),
    KnownColumn::field("environment", "environment"),
    KnownColumn::field("used_for", "environment").priority(1),
    KnownColumn::field("notes", "description").priority(1),
    KnownColumn::field("short_description", "description"),
    KnownColumn::field("short description", "description"),
    KnownColumn::field("description", "description").priority(1),
    KnownColumn::field("owned_by", "business_owner"),
    KnownColumn::field("business_owner", "business_owner"),
    KnownColumn::field("business owner", "business_owner"),
    KnownColumn::field("it_application_owner", "technical_owner"),
    KnownColumn::field("it application owner", "technical_owner"),
    KnownColumn::field("department", "department"),
    KnownColumn::field("business_criticality", "business_criticality"),
    KnownColumn::field("business criticality", "business_criticality"),
    KnownColumn::field("operational_status", "status").words(OPERATIONAL_STATUS),
    KnownColumn::field("operational status", "status").words(OPERATIONAL_STATUS),
    KnownColumn::field("install_status", "status")
        .words(INSTALL_STATUS)
        .priority(1),
    KnownColumn::field("install status", "status")
        .words(INSTALL_STATUS)
        .priority(1),
    KnownColumn::facts("server_hostnames", "dependencies"),
    KnownColumn::facts("depends_on", "dependencies"),
];

impl Format for Applications {
    fn id(&self) -> &'static str {
        "servicenow_applications"
    }

    fn label(&self) -> &'static str {
        "ServiceNow applications"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        WITH_SERVERS
            .recognise(self, None, headers)
            .or_else(|| BY_LABEL.recognise(self, None, headers))
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if said(row, &["name", "app_id"]).is_none() {
            return RowRole::skipped("no_name", "the row names no application");
        }
        RowRole::asset(AssetType::Application)
    }

    fn dependencies(&self, row: &Row) -> Vec<DependencyFact> {
        let Some(from) = said(row, &["name", "app_id"]) else {
            return Vec::new();
        };
        let of = |column: &str, kind: &'static str| {
            let targets = list(row, &[column], &[';', ',']).into_iter();
            targets
                .map(|to| DependencyFact::stated(from.as_ref(), to, kind))
                .collect::<Vec<_>>()
        };
        [of("server_hostnames", "hosting"), of("depends_on", "application")].concat()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn servers_and_needed_applications_are_dependencies() {
        let row = json!({"app_id": "app-1", "name": "Orders", "server_hostnames": "web-1;web-2", "depends_on": "app-users"});
        let facts = Applications.dependencies(row.as_object().unwrap());
        let facts: Vec<_> = facts
            .iter()
            .map(|fact| (fact.from.as_str(), fact.to.as_str(), fact.kind))
            .collect();
        assert_eq!(
            facts,
            [
                ("Orders", "web-1", "hosting"),
                ("Orders", "web-2", "hosting"),
                ("Orders", "app-users", "application")
            ]
        );
    }
}
