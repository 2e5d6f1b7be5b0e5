//! What a person may say about an import.

use super::cleansing_rules::CleansingRule;
use landfall_domain::Phase;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How an import is treated; kept with it in `data_imports.options`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// What is done to the texts of columns before they are read as values, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleansing: Vec<CleansingRule>,
    /// What the sender wants to find again; it changes nothing.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
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
    /// What the file is called; as its sender named it with the content if absent.
    pub filename: Option<String>,
    /// Its length in bytes where it came from; that of what was sent if absent.
    pub file_size: Option<i64>,
    /// Its media type; as its sender named it with the content if absent.
    pub mime_type: Option<String>,
    /// Name of the flow; made of the import's name if absent.
    pub flow_name: Option<String>,
    /// What is kept with the flow, beside what Landfall keeps there.
    pub flow_state: Map<String, Value>,
    /// How it is treated.
    pub options: ImportOptions,
}
