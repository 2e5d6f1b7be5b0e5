//! A single row of an old client as the map makes a row of the target of it: the same values as the load gives, with the target
//! itself in place of the placements.

use crate::map::{LegacyTable, LegacyType, Rule, Tenant, legacy_columns, legacy_table};
use crate::options::Words;
use crate::statement::{Site, name, sides, targets};
use std::fmt::Write;

/// The query of the row's values: `client`, `engagement`, `target_id`, and `f_…` for each column of the target. `row` is the
/// name of the record.
pub(super) fn values(table: &'static LegacyTable, row: &str) -> String {
    let site = Site {
        source: String::new(),
        work: String::new(),
        words: Words::default(),
    };
    let alias = table.alias();
    let given: Vec<_> = targets(table)
        .into_iter()
        .map(|target| format!("{} AS f_{target}", site.value(table, target)))
        .collect();
    format!(
        "SELECT p.client, p.engagement, p.target AS target_id, {} FROM (SELECT {row}.*) {alias} {}",
        given.join(", "),
        joins(table)
    )
}

fn joins(table: &'static LegacyTable) -> String {
    let alias = table.alias();
    let mut joined = format!("CROSS JOIN LATERAL ({}) p ", placement(table));
    let (original, v3) = sides(table);
    if let (Some(original), Some(v3)) = (original, v3) {
        let other = if table.original.is_some() { original } else { v3 };
        let nothing: Vec<_> = legacy_columns(other.name)
            .map(|column| {
                let kind = match column.kind() {
                    LegacyType::Enum | LegacyType::Other => "text",
                    _ => column.sql_type,
                };
                format!("NULL::{kind} AS {}", name(column.name))
            })
            .collect();
        // Writing to a String does not fail.
        let _ = write!(
            joined,
            "CROSS JOIN (SELECT NULL::boolean AS v3_wins, NULL::boolean AS v3_status) pr CROSS JOIN (SELECT {}) {} ",
            nothing.join(", "),
            other.alias()
        );
    }
    if table.target == Some("raw_import_records") {
        joined.push_str("CROSS JOIN (SELECT NULL::bigint AS record_index) rn ");
    }
    for side in [original, v3].into_iter().flatten() {
        joined.push_str(&references(side));
    }
    let _ = alias;
    joined
}

fn references(table: &'static LegacyTable) -> String {
    let alias = table.alias();
    let mut joined = String::new();
    for column in &table.columns {
        let as_name = format!("r_{alias}_{}", column.name);
        let value = format!("{alias}.{}", name(column.name));
        match column.rule {
            Rule::Reference { to, .. } => {
                let _ = write!(joined, "{} ", found(to, &as_name, &value));
            }
            Rule::MasterFlow => {
                let _ = write!(
                    joined,
                    "{} ",
                    flow("crewai_flow_state_extensions", &as_name, &value)
                );
            }
            _ => {}
        }
    }
    match table.name {
        "assets" => {
            let _ = write!(
                joined,
                "{} {} ",
                flow("discovery_flows", "rd", "o.discovery_flow_id"),
                flow("discovery_flows", "rf", "o.flow_id")
            );
        }
        "discovery_flows" => {
            let _ = write!(joined, "{} ", found("data_imports", "ri", "o.import_session_id"));
        }
        _ => {}
    }
    joined
}

/// The row of the target that a legacy key means, if it is the same tenant's.
fn found(to: &str, as_name: &str, value: &str) -> String {
    let Some((target, key)) = legacy_table(to).and_then(|table| Some((table.target?, table.target_key)))
    else {
        return String::new();
    };
    format!(
        "LEFT JOIN LATERAL (SELECT t.{key} AS target FROM landfall.{target} t WHERE t.client_account_id = p.client \
         AND t.{key} = consolidation.target_id('{to}', {value}::text)::uuid) {as_name} ON true"
    )
}

/// The flow that an id means: its own, or the key of its row.
fn flow(table: &str, as_name: &str, value: &str) -> String {
    let row = if table == "discovery_flows" {
        " OR t.id = "
    } else {
        " OR false AND t.flow_id = "
    };
    format!(
        "LEFT JOIN LATERAL (SELECT t.flow_id AS target FROM landfall.{table} t WHERE t.client_account_id = p.client \
         AND (t.flow_id = {value}{row}{value}) LIMIT 1) {as_name} ON true"
    )
}

/// `client`, `engagement`, `target` and `new_name` of the row.
fn placement(table: &'static LegacyTable) -> String {
    let alias = table.alias();
    let has = |column: &str| table.column(column).is_some();
    let target = format!(
        "consolidation.target_id('{}', {alias}.{}::text)",
        table.name,
        name(table.key)
    );
    let target = match table.name {
        "crewai_flow_state_extensions" => "o.flow_id".to_owned(),
        _ if LegacyType::of(table.name, table.key) == LegacyType::Uuid => format!("{target}::uuid"),
        _ => format!(
            "consolidation.derived_id('{} ' || {alias}.{})",
            table.name,
            name(table.key)
        ),
    };
    let rest = format!("{target} AS target, NULL::text AS new_name");
    let given = |client: &str, engagement: &str| {
        format!("SELECT {client} AS client, {engagement} AS engagement, {rest}")
    };
    match (table.name, table.tenant) {
        ("client_accounts", _) => given("o.id", "NULL::uuid"),
        ("engagements", _) => given("consolidation.live_client(o.client_account_id)", "o.id"),
        ("engagement_access", _) => format!(
            "SELECT e.client_account_id AS client, e.id AS engagement, {rest} FROM landfall.engagements e WHERE e.id = o.engagement_id"
        ),
        ("v3_raw_import_records" | "v3_field_mappings", _) => {
            owned("v3_data_imports", "v.data_import_id", &rest)
        }
        ("import_field_mappings", _) => owned("data_imports", "o.data_import_id", &rest),
        (_, Tenant::Via { column, owner }) => owned(owner, &format!("{alias}.{}", name(column)), &rest),
        (_, Tenant::None) => given("NULL::uuid", "NULL::uuid"),
        _ => {
            let client = if has("client_account_id") {
                format!("consolidation.live_client({alias}.client_account_id)")
            } else {
                "consolidation.live_client(NULL)".to_owned()
            };
            let engagement = if has("engagement_id") {
                format!("COALESCE({alias}.engagement_id, consolidation.without_engagement(c.client))")
            } else {
                "consolidation.live_engagement(c.client)".to_owned()
            };
            format!("SELECT c.client, {engagement} AS engagement, {rest} FROM (SELECT {client} AS client) c")
        }
    }
}

/// The tenant of the row that it belongs to.
fn owned(owner: &str, value: &str, rest: &str) -> String {
    let (target, key) = legacy_table(owner)
        .and_then(|table| Some((table.target?, table.target_key)))
        .unwrap_or(("data_imports", "id"));
    let engagement = if target == "engagements" {
        "w.id"
    } else {
        "w.engagement_id"
    };
    format!(
        "SELECT w.client_account_id AS client, {engagement} AS engagement, {rest} FROM landfall.{target} w \
         WHERE w.{key} = consolidation.target_id('{owner}', {value}::text)::uuid LIMIT 1"
    )
}
