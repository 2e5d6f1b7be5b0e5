//! What the database's own tool does with the rows that the import wrote.

use crate::Result;
use serde::Serialize;
use std::path::Path;
use std::time::Duration;

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
    /// Adds what it took to load the rows of a file into a table.
    pub(super) fn add(&mut self, table: &'static str, rows: u64, took: Duration, file: &Path) -> Result {
        self.tables.push(TableFigures {
            table,
            rows,
            bytes: std::fs::metadata(file)?.len(),
            seconds: took.as_secs_f64(),
        });
        Ok(())
    }

    /// Seconds for all tables.
    pub(super) fn seconds(&self) -> f64 {
        self.tables.iter().map(|table| table.seconds).sum()
    }
}
