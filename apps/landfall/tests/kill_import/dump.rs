//! Everything that an import left in the database, in a form that is the same for equal inventories: without ids and times.

use landfall_domain::fields::{FIELDS, Storage};
use landfall_testkit::{Role, TestDatabase};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::collections::BTreeMap;

/// The rows of each table, in order; a table without rows is left out.
pub(crate) type Dump = BTreeMap<&'static str, Vec<String>>;

/// What is told of a row of each table: the tables that it is read from, and the columns. Assets are told by their host name.
const TABLES: &[(&str, &str, &[&str])] = &[
    (
        "asset_identities",
        "asset_identities t",
        &["t.kind", "t.value", "t.source", ASSET],
    ),
    (
        "asset_field_sources",
        "asset_field_sources t",
        &[
            "t.record_index",
            "t.source",
            "t.precedence",
            "t.field_values",
            ASSET,
        ],
    ),
    (
        "asset_dependencies",
        "asset_dependencies t",
        &[
            ASSET,
            "(SELECT a.hostname FROM assets a WHERE a.id = t.depends_on_asset_id)",
            "t.dependency_type",
            "t.port",
            "t.protocol",
            "t.weight",
            "t.is_hard",
            "t.source",
            "t.version",
        ],
    ),
    (
        "applications",
        "applications t",
        &["t.name", "t.name_key", "t.source", "t.version"],
    ),
    (
        "application_assets",
        "application_assets t JOIN applications p ON p.id = t.application_id",
        &["p.name_key", "t.source", ASSET],
    ),
    ("tags", "tags t", &["t.category", "t.name"]),
    (
        "asset_tags",
        "asset_tags t JOIN tags g ON g.id = t.tag_id",
        &[
            "g.category",
            "g.name",
            "t.confidence_score",
            "t.assigned_method",
            ASSET,
        ],
    ),
    (
        "tech_debt_findings",
        "tech_debt_findings t",
        &[
            "t.kind",
            "t.severity",
            "t.product",
            "t.product_version",
            "t.end_of_support",
            "t.explanation",
            ASSET,
        ],
    ),
    (
        "raw_import_records",
        "raw_import_records t",
        &[
            "t.record_index",
            "t.row_number",
            "t.raw_data",
            "t.cleansed_data",
            "t.validation_errors",
            "t.is_valid",
            "t.is_processed",
            "t.processing_notes",
            ASSET,
        ],
    ),
    (
        "import_field_mappings",
        "import_field_mappings t",
        &[
            "t.source_field",
            "t.target_field",
            "t.status",
            "t.confidence_score",
            "t.transformation_rules",
        ],
    ),
    (
        "mapping_profiles",
        "mapping_profiles t",
        &["t.name", "t.profile_version", "t.mappings"],
    ),
    (
        "discovery_flows",
        "discovery_flows t",
        &[
            "t.status",
            "t.progress_percentage",
            "t.data_validation_completed",
            "t.field_mapping_completed",
            "t.data_cleansing_completed",
            "t.asset_inventory_completed",
            "t.dependency_analysis_completed",
            "t.tech_debt_assessment_completed",
        ],
    ),
    // Not their state: it is written a moment after the work, and the server may be gone by then.
    ("jobs", "jobs t", &["t.kind"]),
];
const ASSET: &str = "(SELECT a.hostname FROM assets a WHERE a.id = t.asset_id)";

/// Reads it, past row-level security.
pub(crate) async fn of(database: &TestDatabase) -> Dump {
    let connection = database.connect_as(Role::Superuser).await;
    let mut dump = Dump::new();
    let own = [
        "custom_attributes",
        "migration_status",
        "completeness_score",
        "discovery_source",
        "version",
    ];
    let fields = FIELDS
        .iter()
        .filter(|field| field.storage == Storage::Column)
        .map(|field| field.name);
    let columns: Vec<String> = fields.chain(own).map(|name| format!("t.{name}")).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    dump.insert("assets", rows(&connection, "assets t", &columns).await);
    for (table, from, columns) in TABLES {
        let rows = rows(&connection, from, columns).await;
        if !rows.is_empty() {
            dump.insert(table, rows);
        }
    }
    connection.close().await.unwrap();
    dump
}

async fn rows(connection: &DatabaseConnection, from: &str, columns: &[&str]) -> Vec<String> {
    let texts: Vec<String> = columns
        .iter()
        .map(|column| format!("COALESCE(CAST({column} AS text), '-')"))
        .collect();
    let question = format!("SELECT {} AS line FROM {from}", texts.join(" || ' | ' || "));
    let statement = Statement::from_string(connection.get_database_backend(), question);
    let found = connection.query_all_raw(statement).await.unwrap();
    let mut rows: Vec<String> = found
        .iter()
        .map(|row| without_ids(&row.try_get::<String>("", "line").unwrap()))
        .collect();
    rows.sort_unstable();
    rows
}

/// The text with every UUID replaced: notes name assets by ids, which are new in each import.
fn without_ids(text: &str) -> String {
    const LENGTH: usize = 36;
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_id = rest
            .get(..LENGTH)
            .is_some_and(|start| uuid::Uuid::try_parse(start).is_ok());
        let (kept, length) = if is_id {
            ("<id>", LENGTH)
        } else {
            (&rest[..first.len_utf8()], first.len_utf8())
        };
        result.push_str(kept);
        rest = &rest[length..];
    }
    result
}

/// Fails with the first rows that differ.
pub(crate) fn assert_equal(expected: &Dump, found: &Dump, seed: u64) {
    let tables = |dump: &Dump| dump.keys().copied().collect::<Vec<_>>();
    assert_eq!(tables(expected), tables(found), "tables with rows, seed {seed}");
    for (table, expected) in expected {
        let found = &found[table];
        let first_other = expected.iter().zip(found).find(|(one, other)| one != other);
        assert_eq!(first_other, None, "{table}, seed {seed}");
        assert_eq!(expected.len(), found.len(), "rows of {table}, seed {seed}");
    }
}
