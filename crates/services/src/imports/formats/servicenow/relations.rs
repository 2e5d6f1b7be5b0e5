//! Relations between configuration items (`cmdb_rel_ci`): a parent, a type such as `Depends on::Used by`, and a child.

use std::collections::BTreeSet;

use crate::imports::formats::cells::{cell, said};
use crate::imports::formats::fingerprint::Fingerprint;
use crate::imports::formats::{DependencyFact, Format, Headers, KnownColumn, Recognised, Row, RowRole};

/// ServiceNow, relations.
pub(in crate::imports::formats) struct Relations;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[
        &["parent", "parent.name"],
        &["child", "child.name"],
        &["type", "type.name"],
    ],
    some: &[],
    least: 0,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::facts("parent", "dependencies"),
    KnownColumn::facts("parent.name", "dependencies"),
    KnownColumn::facts("child", "dependencies"),
    KnownColumn::facts("child.name", "dependencies"),
    KnownColumn::facts("type", "dependencies"),
    KnownColumn::facts("type.name", "dependencies"),
    KnownColumn::facts("connection_strength", "dependencies"),
    KnownColumn::facts("port", "dependencies"),
    KnownColumn::facts("sys_id", "identities"),
];

/// How the parent stands to the child, and whether the parent needs the child (else the child needs the parent).
const VERBS: [(&str, &str, bool); 12] = [
    ("depends on", "application", true),
    ("uses", "application", true),
    ("consumes", "application", true),
    ("receives data from", "application", true),
    ("sends data to", "application", true),
    ("runs on", "hosting", true),
    ("hosted on", "hosting", true),
    ("virtualized by", "hosting", true),
    ("instantiates", "hosting", true),
    ("provides", "application", false),
    ("used by", "application", false),
    ("hosts", "hosting", false),
];

impl Format for Relations {
    fn id(&self) -> &'static str {
        "servicenow_relations"
    }

    fn label(&self) -> &'static str {
        "ServiceNow relations"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if said(row, &["parent", "parent.name"]).is_none() || said(row, &["child", "child.name"]).is_none() {
            return RowRole::skipped(
                "incomplete_dependency",
                "the row lacks the parent or the child of the relation",
            );
        }
        if self.dependencies(row).is_empty() {
            let kind = cell(row, &["type", "type.name"]).unwrap_or_default();
            return RowRole::skipped(
                "unknown_relation",
                format!("relation '{kind}' does not say that one item needs the other"),
            );
        }
        RowRole::Dependency
    }

    fn dependencies(&self, row: &Row) -> Vec<DependencyFact> {
        let pair = said(row, &["parent", "parent.name"]).zip(said(row, &["child", "child.name"]));
        let Some((parent, child)) = pair else {
            return Vec::new();
        };
        let relation = cell(row, &["type", "type.name"])
            .unwrap_or_default()
            .to_lowercase();
        let verb = relation.split("::").next().unwrap_or_default().trim();
        let Some((_, kind, parent_needs)) = VERBS.iter().find(|(known, ..)| *known == verb) else {
            return Vec::new();
        };
        let (from, to) = if *parent_needs {
            (parent, child)
        } else {
            (child, parent)
        };
        let port = cell(row, &["port"]).and_then(|port| port.parse().ok());
        vec![DependencyFact {
            port,
            ..DependencyFact::stated(from, to, kind)
        }]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fact(kind: &str) -> Option<(String, String, &'static str)> {
        let row: Value = json!({"parent": "A", "type": kind, "child": "B"});
        let facts = Relations.dependencies(row.as_object().unwrap());
        facts
            .into_iter()
            .next()
            .map(|fact| (fact.from, fact.to, fact.kind))
    }

    #[test]
    fn the_type_says_who_needs_whom() {
        assert_eq!(
            fact("Depends on::Used by"),
            Some(("A".into(), "B".into(), "application"))
        );
        assert_eq!(fact("Runs on::Runs"), Some(("A".into(), "B".into(), "hosting")));
        assert_eq!(
            fact("Provides::Provided by"),
            Some(("B".into(), "A".into(), "application"))
        );
        assert_eq!(fact("Located in::Houses"), None);
    }

    #[test]
    fn other_relations_are_left_out_with_their_type() {
        let row = json!({"parent": "A", "type": "Located in::Houses", "child": "B"});
        assert!(matches!(
            Relations.role(row.as_object().unwrap(), &BTreeSet::new()),
            RowRole::Skipped {
                reason_code: "unknown_relation",
                ..
            }
        ));
    }
}
