//! Rows that have to be moved again because others were changed, as statements that add their keys to `again`.

use super::BEFORE;
use crate::expand::WORK;
use crate::map::{LegacyTable, Rule, Tenant};
use crate::source::SOURCE;
use crate::statement::name;

/// Moves the rows of a table with these keys again.
fn add(table: &LegacyTable, keys: &str) -> String {
    format!(
        "INSERT INTO again SELECT DISTINCT '{}', key FROM ({keys}) k (key) WHERE key IS NOT NULL ON CONFLICT DO NOTHING",
        table.name
    )
}

/// What was decided about before and is decided otherwise now.
fn differing(decided: &str) -> String {
    format!(
        "((SELECT * FROM {BEFORE}.{decided} EXCEPT SELECT * FROM {WORK}.{decided}) UNION ALL \
         (SELECT * FROM {WORK}.{decided} EXCEPT SELECT * FROM {BEFORE}.{decided}))"
    )
}

/// Rows about which something else was decided because others were changed.
pub(super) fn placed_otherwise(table: &'static LegacyTable) -> Vec<String> {
    let mut statements = Vec::new();
    let special = format!(
        "SELECT key FROM {} p WHERE source_table = '{}'",
        differing("special"),
        table.name
    );
    match table.tenant {
        Tenant::Placed => {
            let placed = differing(&format!("placed_{}", table.name));
            statements.push(add(table, &format!("SELECT key::text FROM {placed} p")));
        }
        Tenant::Via { .. } => statements.push(add(table, &special)),
        Tenant::None if table.person().is_some() => statements.push(add(table, &special)),
        _ => {}
    }
    if table.target == Some("raw_import_records") {
        statements.push(add(
            table,
            &format!(
                "SELECT key::text FROM {} p WHERE source_table = '{}'",
                differing("renumbered"),
                table.name
            ),
        ));
    }
    statements
}

/// Rows that go where another one goes, and rows that are one with another.
pub(super) fn with_others(table: &'static LegacyTable) -> Vec<String> {
    let mut statements = Vec::new();
    if let Tenant::Via { column, owner } = table.tenant {
        statements.push(add(table, &naming(table, column, owner)));
    }
    // What is told by two rows is told anew when either changes.
    let (original, key, other, other_key) = match (table.original, table.successor()) {
        (Some(original), _) => (original, "v", original, "o"),
        (None, Some(v3)) => (table.name, "o", v3.name, "v"),
        (None, None) => return statements,
    };
    for work in [BEFORE, WORK] {
        statements.push(add(
            table,
            &format!(
                "SELECT p.{key}::text FROM {work}.pair_{original} p JOIN again a ON a.table_name = '{other}' AND a.key = p.{other_key}::text"
            ),
        ));
    }
    statements
}

/// Rows that name another one, which may be there now, or not any more, or another tenant's.
pub(super) fn referring(table: &'static LegacyTable) -> Vec<String> {
    let mut statements = Vec::new();
    let mut named_in = |column: &str, keys: &str| {
        statements.push(add(
            table,
            &format!(
                "SELECT s.{}::text FROM {SOURCE}.{} s JOIN {} d ON d.key = s.{}",
                name(table.key),
                name(table.name),
                differing(keys),
                name(column)
            ),
        ));
    };
    for column in &table.columns {
        match column.rule {
            Rule::MasterFlow => named_in(column.name, "master_keys"),
            Rule::Reference { to, .. } => named_in(column.name, &format!("placed_{to}")),
            _ => {}
        }
    }
    match table.name {
        "assets" => {
            named_in("discovery_flow_id", "flow_keys");
            named_in("flow_id", "flow_keys");
        }
        "discovery_flows" => named_in("import_session_id", "placed_data_imports"),
        _ => {}
    }
    statements
}

/// Rows whose column names a row of another table that is moved again.
fn naming(table: &LegacyTable, column: &str, other: &str) -> String {
    format!(
        "SELECT s.{key}::text FROM {SOURCE}.{table} s JOIN again a ON a.table_name = '{other}' AND a.key = s.{column}::text",
        key = name(table.key),
        table = name(table.name),
        column = name(column),
    )
}
