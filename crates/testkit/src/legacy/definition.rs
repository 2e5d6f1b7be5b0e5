//! The statements that make the predecessor's tables.

use super::schema::{IndexKind, LegacyColumn, LegacyTable, enumerations, legacy_tables};
use std::fmt::Write as _;

/// Types and tables.
pub(super) fn write_tables(script: &mut String) {
    for enumeration in enumerations() {
        let _ = writeln!(
            script,
            "CREATE TYPE {} AS ENUM ('{}');",
            enumeration.name,
            enumeration.labels.join("', '")
        );
    }
    script.push_str("CREATE SEQUENCE migration_logs_id_seq AS integer;\n");
    for table in legacy_tables() {
        let columns: Vec<String> = table.columns.iter().map(definition).collect();
        let _ = writeln!(script, "CREATE TABLE {} ({});", table.name, columns.join(", "));
    }
    script.push_str("ALTER SEQUENCE migration_logs_id_seq OWNED BY migration_logs.id;\n");
}

/// The names of some columns are words of SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn definition(column: &LegacyColumn) -> String {
    let mut text = format!("{} {}", quoted(column.name), column.data_type);
    if let Some(default) = column.default {
        let _ = write!(text, " DEFAULT {default}");
    }
    if !column.is_nullable {
        text.push_str(" NOT NULL");
    }
    text
}

/// Constraints and indexes: first the keys that others refer to.
pub(super) fn write_keys(script: &mut String, with_foreign_keys: bool) {
    for table in legacy_tables() {
        write_unique_keys(script, table);
    }
    if with_foreign_keys {
        for table in legacy_tables() {
            write_foreign_keys(script, table);
        }
    }
}

fn write_unique_keys(script: &mut String, table: &LegacyTable) {
    let name = table.name;
    for column in table.columns.iter().filter(|column| column.is_key) {
        let constraint = column
            .constraint_name
            .map_or_else(|| format!("{name}_pkey"), str::to_owned);
        let _ = writeln!(
            script,
            "ALTER TABLE {name} ADD CONSTRAINT {constraint} PRIMARY KEY ({});",
            column.name
        );
    }
    for index in &table.indexes {
        let columns: Vec<String> = index.columns.split(", ").map(quoted).collect();
        let columns = columns.join(", ");
        let _ = match index.kind {
            IndexKind::Plain => writeln!(script, "CREATE INDEX {} ON {name} ({columns});", index.name),
            IndexKind::Unique => writeln!(
                script,
                "CREATE UNIQUE INDEX {} ON {name} ({columns});",
                index.name
            ),
            IndexKind::Constraint => writeln!(
                script,
                "ALTER TABLE {name} ADD CONSTRAINT {} UNIQUE ({columns});",
                index.name
            ),
        };
    }
}

fn write_foreign_keys(script: &mut String, table: &LegacyTable) {
    for column in &table.columns {
        let Some(reference) = &column.reference else {
            continue;
        };
        let constraint = column
            .constraint_name
            .map_or_else(|| format!("{}_{}_fkey", table.name, column.name), str::to_owned);
        let on_delete = reference
            .on_delete
            .map_or_else(String::new, |action| format!(" ON DELETE {action}"));
        let _ = writeln!(
            script,
            "ALTER TABLE {} ADD CONSTRAINT {constraint} FOREIGN KEY ({}) REFERENCES {}({}){on_delete};",
            table.name, column.name, reference.table, reference.column
        );
    }
}
