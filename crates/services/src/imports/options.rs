//! What a person may say about an import.

use landfall_domain::Phase;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How an import is treated; kept with it in `data_imports.options`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportOptions {
    /// Rows that make no asset by themselves but should: `hosts`, `templates`, `placeholders`, `vcls`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub include: BTreeSet<String>,
    /// Wait for a person where a mapping is below the approval threshold; else such columns become custom attributes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub review: bool,
    /// Refuse the whole import if any value cannot be used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// Decided mappings: column to field; an empty field keeps the column as a custom attribute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mapping: BTreeMap<String, String>,
    /// Phases that somebody else does and hands in.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub outside_phases: BTreeSet<Phase>,
}

/// What comes with a file.
#[derive(Clone, Debug, Default)]
pub struct UploadRequest {
    /// Name of the import; the file's name if absent.
    pub name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Which system it comes from; the recognised format if absent.
    pub source_system: Option<String>,
    /// Kind of data: `cmdb`, `infrastructure`, `app-discovery` …; `cmdb` if absent.
    pub import_type: Option<String>,
    /// The master flow it belongs to; a new one if absent.
    pub master_flow_id: Option<landfall_domain::MasterFlowId>,
    /// How it is treated.
    pub options: ImportOptions,
}
