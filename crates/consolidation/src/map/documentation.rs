//! The map as a page for people.

use super::{LegacyTable, LegacyType, Tenant, legacy_columns, legacy_tables};
use std::collections::BTreeMap;
use std::fmt::Write;

/// `docs/consolidation-map.md`: every legacy table and column, where it goes and by which rule.
pub fn map_markdown() -> String {
    let tables = legacy_tables();
    let columns: usize = tables.iter().map(|table| table.columns.len()).sum();
    let mut page = format!(
        "# Where every legacy column goes\n\n\
         {} tables, {columns} columns. This page is written by `cargo xtask docs` from the map in `crates/consolidation/src/map`, \
         from which the plan, the statements, the proof and the views under the old names are made too.\n\n\
         *Archived* values are in `legacy_archive`, found by table and key, and are shown again by the views. Where a rule does not \
         give the legacy value back, the value is archived as well, so no rule loses one.\n",
        tables.len()
    );
    rules(&mut page, tables);
    for table in tables {
        describe(&mut page, table);
    }
    page
}

fn rules(page: &mut String, tables: &[LegacyTable]) {
    let mut described = BTreeMap::new();
    for table in tables {
        for column in &table.columns {
            let kind = LegacyType::of(table.name, column.name);
            if let Some(id) = column.rule.id(kind)
                && id != "reference_within_tenant"
            {
                described
                    .entry(id)
                    .or_insert_with(|| column.rule.description(kind));
            }
        }
    }
    described.insert(
        "reference_within_tenant",
        "The id of another row stays if that row is the same tenant's; otherwise the id is only archived, or the row is rejected \
         into the archive if it cannot be without."
            .to_owned(),
    );
    page.push_str("\n## Rules\n\n| Rule | What it does |\n|---|---|\n");
    for (id, description) in described {
        // Writing to a String does not fail.
        let _ = writeln!(page, "| `{id}` | {} |", description.replace('|', "\\|"));
    }
}

fn describe(page: &mut String, table: &LegacyTable) {
    let goes = match table.target {
        Some(target) => format!("Its rows become rows of `{target}`"),
        None => "Whole rows go to the archive".to_owned(),
    };
    let tenant = match table.tenant {
        Tenant::None => "belongs to no tenant".to_owned(),
        Tenant::Placed if table.is_copied() => "a copy for each client account that uses it".to_owned(),
        Tenant::Placed => "tenant decided row by row".to_owned(),
        Tenant::Via { column, owner } => format!("tenant of the row of `{owner}` in `{column}`"),
        Tenant::Client(column) => format!("tenant in `{column}`"),
    };
    let same = table
        .original
        .map(|original| format!(", together with those of `{original}`"))
        .unwrap_or_default();
    let _ = write!(
        page,
        "\n## {}\n\n{goes}{same}; {tenant}.\n\n| Column | Type | Outcome | Where | Rule |\n|---|---|---|---|---|\n",
        table.name
    );
    for known in legacy_columns(table.name) {
        let Some(column) = table.column(known.name) else {
            continue;
        };
        let place = match (table.target, column.target) {
            (Some(target), Some(name)) => format!("`{target}.{name}`"),
            _ => "`legacy_archive`".to_owned(),
        };
        let rule = column
            .rule_id(table.name)
            .map(|id| format!("`{id}`"))
            .unwrap_or_default();
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {place} | {rule} |",
            known.name,
            known.sql_type,
            column.outcome(table.name)
        );
    }
    for derived in &table.derived {
        let _ = writeln!(
            page,
            "| | | made | `{}.{}` | {} |",
            table.target.unwrap_or_default(),
            derived.target,
            derived.description
        );
    }
}
