//! Words of the predecessor and the labels that they become.

use std::fmt::Write;

/// Words and labels of one kind.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// Name of the rule.
    pub(crate) rule: &'static str,
    /// Labels, and the words that become each. A label is a word for itself.
    labels: &'static [(&'static str, &'static [&'static str])],
}

/// States of imports.
pub(crate) const IMPORT_STATUS: Vocabulary = Vocabulary {
    rule: "import_status",
    labels: &[
        ("pending", &["uploading", "uploaded"]),
        ("processing", &["validating", "discovery_initiated"]),
        ("completed", &["processed", "archived"]),
        ("failed", &["discovery_failed"]),
        ("cancelled", &[]),
    ],
};

/// States of flows.
pub(crate) const FLOW_STATUS: Vocabulary = Vocabulary {
    rule: "flow_status",
    labels: &[
        ("pending", &["initialized", "initializing"]),
        ("running", &["active", "in_progress"]),
        ("completed", &["migrated"]),
        ("failed", &[]),
        ("cancelled", &[]),
        ("paused", &[]),
        ("waiting", &["waiting_for_user"]),
    ],
};

/// Kinds of master flows.
pub(crate) const FLOW_TYPE: Vocabulary = Vocabulary {
    rule: "flow_type",
    labels: &[
        ("discovery", &["unified_discovery"]),
        ("assessment", &[]),
        ("planning", &[]),
        ("execution", &[]),
    ],
};

/// Decisions on mappings.
pub(crate) const MAPPING_STATUS: Vocabulary = Vocabulary {
    rule: "mapping_status",
    labels: &[
        ("suggested", &["pending"]),
        ("approved", &["implemented"]),
        ("rejected", &[]),
        ("modified", &[]),
    ],
};

/// How a mapping was found.
pub(crate) const MATCH_TYPE: Vocabulary = Vocabulary {
    rule: "match_type",
    labels: &[
        ("exact", &["direct"]),
        ("alias", &[]),
        ("fuzzy", &["automatic", "inferred"]),
        ("semantic", &["ai_suggested"]),
        ("profile", &[]),
        ("format", &[]),
        ("manual", &["custom"]),
    ],
};

/// Phases of discovery. A completed flow is past the last one.
pub(crate) const PHASE: Vocabulary = Vocabulary {
    rule: "phase",
    labels: &[
        ("data_validation", &["initialization", "data_import"]),
        ("field_mapping", &["attribute_mapping"]),
        ("data_cleansing", &[]),
        ("asset_inventory", &["inventory_building", "inventory"]),
        (
            "dependency_analysis",
            &["app_server_dependencies", "app_app_dependencies", "dependencies"],
        ),
        (
            "tech_debt_assessment",
            &["technical_debt", "tech_debt", "completed", "import_completed"],
        ),
    ],
};

impl Vocabulary {
    /// Every word and its label.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.labels.iter().flat_map(|(label, words)| {
            std::iter::once((*label, *label)).chain(words.iter().map(|word| (*word, *label)))
        })
    }

    /// Whether it is one of the labels.
    pub(crate) fn has_label(&self, word: &str) -> bool {
        self.labels.iter().any(|(label, _)| *label == word)
    }

    /// The label of a word, in SQL; NULL for a word that is not known. Those of the operator come first.
    pub(crate) fn forward(&self, source: &str, words: &[(String, String)]) -> String {
        let mut sql = format!("CASE lower(btrim({source}::text))");
        for (word, label) in words {
            let _ = write!(sql, " WHEN {} THEN {}", quoted(word), quoted(label));
        }
        for (word, label) in self.words() {
            let _ = write!(sql, " WHEN '{word}' THEN '{label}'");
        }
        sql.push_str(" END");
        sql
    }

    /// The words, for a person.
    pub(crate) fn described(&self) -> String {
        let lines: Vec<_> = self
            .labels
            .iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(label, words)| format!("{} → {label}", words.join(", ")))
            .collect();
        lines.join("; ")
    }
}

/// A text as SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
