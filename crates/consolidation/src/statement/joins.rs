//! What stands beside a legacy row: its placement, its partner, and the rows that it refers to.

use super::{Site, name, sides};
use crate::map::{LegacyTable, Rule, Tenant};
use std::fmt::Write;

/// The name under which the row that a column refers to is joined.
pub(super) fn reference(table: &LegacyTable, column: &str) -> String {
    format!("r_{}_{column}", table.alias())
}

/// All joins of a table's rows.
pub(super) fn joins(site: &Site, table: &'static LegacyTable) -> String {
    let (work, alias) = (&site.work, table.alias());
    let mut joined = placement(site, table);
    // Writing to a String does not fail.
    if let (Some(original), Some(v3)) = sides(table) {
        let (key, other) = if table.original.is_some() {
            ("v", original)
        } else {
            ("o", v3)
        };
        let _ = writeln!(
            joined,
            "LEFT JOIN {work}.pair_{} pr ON pr.{key} = {alias}.id\nLEFT JOIN {}.{} {} ON {}.id = pr.{}",
            original.name,
            name(&site.source),
            name(other.name),
            other.alias(),
            other.alias(),
            other.alias()
        );
    }
    if table.target == Some("raw_import_records") {
        let _ = writeln!(
            joined,
            "LEFT JOIN {work}.renumbered rn ON rn.source_table = '{}' AND rn.key = {alias}.id",
            table.name
        );
    }
    let (original, v3) = sides(table);
    for side in [original, v3].into_iter().flatten() {
        joined.push_str(&references(site, side));
    }
    joined
}

fn placement(site: &Site, table: &LegacyTable) -> String {
    let (work, alias) = (&site.work, table.alias());
    match table.tenant {
        Tenant::None if table.person().is_some() => special(work, table),
        Tenant::None => String::new(),
        Tenant::Placed => format!(
            "JOIN {work}.placed_{} p ON p.key = {alias}.{}\n",
            table.name,
            name(table.key)
        ),
        Tenant::Via { column, owner } => {
            let mut joined = format!(
                "LEFT JOIN {work}.placed_{owner} p ON p.key = {alias}.{}\n",
                name(column)
            );
            if table.target.is_some() {
                joined.push_str(&special(work, table));
            }
            joined
        }
        Tenant::Client(column) => format!(
            "LEFT JOIN {work}.placed_client_accounts p ON p.key = {alias}.{}\n",
            name(column)
        ),
    }
}

/// What is said of single rows of tables without placements of their own.
fn special(work: &str, table: &LegacyTable) -> String {
    format!(
        "LEFT JOIN {work}.special sp ON sp.source_table = '{}' AND sp.key = {}.{}::text\n",
        table.name,
        table.alias(),
        name(table.key)
    )
}

/// The rows that this one refers to, as far as they are the same tenant's.
fn references(site: &Site, table: &'static LegacyTable) -> String {
    let (work, alias) = (&site.work, table.alias());
    let mut joined = String::new();
    let mut join = |relation: &str, as_name: &str, column: &str| {
        let _ = writeln!(
            joined,
            "LEFT JOIN {work}.{relation} {as_name} ON {as_name}.key = {alias}.{} AND {as_name}.client = p.client",
            name(column)
        );
    };
    for column in &table.columns {
        let as_name = reference(table, column.name);
        match column.rule {
            // The owner's placement is joined already, as `p`.
            Rule::Reference { to, .. } => join(&format!("placed_{to}"), &as_name, column.name),
            Rule::MasterFlow => join("master_keys", &as_name, column.name),
            _ => {}
        }
    }
    match table.name {
        "assets" => {
            join("flow_keys", "rd", "discovery_flow_id");
            join("flow_keys", "rf", "flow_id");
        }
        "discovery_flows" => join("placed_data_imports", "ri", "import_session_id"),
        _ => {}
    }
    joined
}
