//! What the database's own tool does with the rows that the import wrote.

use serde::Serialize;

/// Tables whose rows the written ones refer to; there are few rows in them.
pub(super) const PARENTS: [&str; 5] = [
    "client_accounts",
    "engagements",
    "crewai_flow_state_extensions",
    "data_imports",
    "discovery_flows",
];
/// Every table that an import writes per row, referred ones first.
pub(super) const TABLES: [&str; 11] = [
    "applications",
    "tags",
    "assets",
    "asset_identities",
    "asset_field_sources",
    "asset_disks",
    "asset_networks",
    "asset_metrics",
    "asset_tags",
    "application_assets",
    "raw_import_records",
];

/// What loading took.
#[derive(Default, Serialize)]
pub(super) struct Baseline {
    /// The tool, and what it was told.
    pub(super) tool: String,
    pub(super) tables: Vec<TableFigures>,
}

/// What loading one table took.
#[derive(Serialize)]
pub(super) struct TableFigures {
    pub(super) table: &'static str,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) seconds: f64,
}

impl Baseline {
    /// Seconds for all tables.
    pub(super) fn seconds(&self) -> f64 {
        self.tables.iter().map(|table| table.seconds).sum()
    }
}
