//! The intake form of AWS Cloud Migration Factory: one server a row, with its application, wave and target.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{cell, list};
use super::fingerprint::Fingerprint;
use super::{Format, Headers, KnownColumn, Recognised, Row, RowRole};

/// AWS Cloud Migration Factory.
pub(super) struct AwsCmf;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[&["server_name"], &["app_name"], &["wave_name"]],
    some: &[
        "server_os_family",
        "server_os_version",
        "server_fqdn",
        "r_type",
        "aws_accountid",
        "instanceType",
        "server_tier",
    ],
    least: 2,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("server_name", "name"),
    KnownColumn::field("server_fqdn", "fqdn"),
    KnownColumn::field("server_os_version", "operating_system"),
    KnownColumn::field("server_os_family", "operating_system").priority(1),
    KnownColumn::field("server_environment", "environment"),
    KnownColumn::field("app_name", "application_name"),
    KnownColumn::field("wave_name", "migration_wave"),
    KnownColumn::field("r_type", "six_r_strategy"),
    KnownColumn::field("tags", "tags"),
];

impl Format for AwsCmf {
    fn id(&self) -> &'static str {
        "aws_cmf"
    }

    fn label(&self) -> &'static str {
        "AWS Cloud Migration Factory intake form"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if cell(row, &["server_name"]).is_none() {
            return RowRole::skipped("no_name", "the row names no server");
        }
        RowRole::asset(AssetType::Server)
    }

    fn tags(&self, row: &Row) -> Vec<(String, String)> {
        list(row, &["tags"], &[';'])
            .iter()
            .filter_map(|tag| tag.split_once('='))
            .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_are_pairs() {
        let row = json!({"server_name": "a", "tags": "CostCenter=123;BU=IT;broken"});
        let tags = AwsCmf.tags(row.as_object().unwrap());
        assert_eq!(
            tags,
            [("CostCenter".into(), "123".into()), ("BU".into(), "IT".into())]
        );
    }
}
