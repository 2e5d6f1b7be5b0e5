//! `docs/schema.md`, made from the descriptions of the tables.

use crate::schema::{Column, ColumnType, Dialect, ForeignKey, OnDelete, Ownership, Table};
use crate::{expected_areas, expected_label_types};
use std::fmt::Write;

const INTRODUCTION: &str = "\
# The schema

One schema for SQLite, PostgreSQL and Citus, made by the migrations. This page is written by `cargo run -p migration -- docs`; edit the
table descriptions under `migration/src`, not this page. Types are PostgreSQL's; on SQLite a uuid is a BLOB of 16 bytes, integers and
booleans are INTEGER, numbers are REAL, and all else is TEXT, in STRICT tables with a CHECK where SQLite has no type.

## Why it is so

- **Keys start with the tenant.** The primary key of a tenant table is `(client_account_id, id)`, and foreign keys between tenant tables
  carry `client_account_id` on both sides. So a row cannot refer to another tenant's row on any backend, one tenant's rows lie together,
  and the same schema distributes by `client_account_id` on Citus. Indexes start with the tenant too: row-level security adds that
  condition to every query, so it is part of every index search.
- **Row-level security comes second.** Queries name the tenant themselves; on PostgreSQL a policy refuses what a forgotten condition would
  show. It is forced, so it also binds the owner of the tables. No tenant set means no rows.
- **Who did it survives the person.** Columns such as `created_by` or `imported_by` are no foreign keys: deleting a user must not be refused
  because of what they did, nor erase it. Only access rights go with the person.
- **Parts of an asset refer to the asset alone.** Identities, disks, networks, metrics and the like have `engagement_id` for filtering, but
  no foreign key to the engagement: the asset already has one, and each further check would be paid for every imported row.
- **Which import said it is a plain column** (`data_import_id`) on parts of an asset, for the same reason; undoing an import finds them by
  an index.
- **Deletion is refused or takes the parts along.** `ON DELETE SET NULL` is not used: it would null the tenant column of a composite key.
- **No triggers.** The repositories write `updated_at`, the change log and the audit log; Citus has no triggers on distributed tables.
- **Named types are domains over text**, so that comparing them needs no function that row-level security would keep from an index, and a
  label is added without rewriting a table.
- **Money is whole minor units** (cents) of the engagement's currency; scores are 0 to 1; times are UTC with microseconds.
- **Audit logs can only be written** by the server: it may not read, change or delete what it wrote there.
- **A client account's `slug` is unique**, except on Citus, which cannot look across nodes: there the service alone checks it.
";

/// The description of the whole schema as Markdown: why it is as it is, named types, and each table with its columns, keys and
/// indexes.
pub fn schema_markdown() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n## Named types\n\n| Type | Labels |\n|---|---|\n");
    for kind in expected_label_types() {
        line(
            &mut page,
            format_args!("| `{}` | {} |", kind.name, kind.labels.join(", ")),
        );
    }
    for (heading, tables) in expected_areas() {
        line(&mut page, format_args!("\n## {heading}"));
        for table in &tables {
            describe(&mut page, table);
        }
    }
    page
}

fn describe(page: &mut String, table: &Table) {
    let whose = match (table.ownership, table.tenant_column()) {
        (Ownership::Tenant, _) => "Rows belong to an engagement.",
        (Ownership::Client, _) => "Rows belong to a client account.",
        (Ownership::Global, Some(_)) => "Each row is a client account, which sees itself only.",
        (Ownership::Global, None) => "Rows belong to no tenant.",
    };
    line(
        page,
        format_args!("\n### {}\n\n{} {whose}\n", table.name, table.description),
    );
    page.push_str("| Column | Type | Default | Refers to |\n|---|---|---|---|\n");
    for column in &table.columns {
        let (kind, default) = (
            type_text(column),
            column.default.map(|text| format!("`{text}`")).unwrap_or_default(),
        );
        let target = table
            .foreign_keys
            .iter()
            .filter(|key| key.columns.last() == Some(&column.name))
            .map(reference_text);
        let targets = target.collect::<Vec<_>>().join(", ");
        line(
            page,
            format_args!("| `{}` | {kind} | {default} | {targets} |", column.name),
        );
    }
    line(page, format_args!("\nKey: {}", code(&table.primary_key)));
    for index in &table.indexes {
        let kind = if index.unique { "Unique" } else { "Index" };
        let rows = index
            .predicate
            .map(|rows| format!(" where `{rows}`"))
            .unwrap_or_default();
        line(page, format_args!("<br>{kind}: {}{rows}", code(&index.columns)));
    }
    for check in &table.checks {
        line(page, format_args!("<br>Always: `{check}`"));
    }
}

fn type_text(column: &Column) -> String {
    let name = match column.kind {
        ColumnType::Label(label) => format!("[{0}](#named-types)", label.name),
        ColumnType::Timestamp => "timestamptz".to_owned(),
        ColumnType::Text => "text".to_owned(),
        kind => Dialect::Postgres.column_type(kind).to_owned(),
    };
    if column.nullable {
        format!("{name}, optional")
    } else {
        name
    }
}

fn reference_text(key: &ForeignKey) -> String {
    let column = key.references.last().unwrap_or(&"id");
    let deletion = if key.on_delete == OnDelete::Cascade {
        ", deleted with it"
    } else {
        ""
    };
    format!("[{0}](#{0}).{column}{deletion}", key.table)
}

fn code(columns: &[&str]) -> String {
    format!("`{}`", columns.join(", "))
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = page.write_fmt(text);
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::schema_markdown;
    use crate::expected_tables;

    #[test]
    fn the_page_describes_every_table_and_column() {
        let page = schema_markdown();
        for table in expected_tables() {
            let start = page
                .find(&format!("\n### {}\n", table.name))
                .expect("the table has a heading");
            let section = page[start + 4..].split("\n### ").next().unwrap_or_default();
            for column in &table.columns {
                assert!(
                    section.contains(&format!("\n| `{}` |", column.name)),
                    "{}.{}",
                    table.name,
                    column.name
                );
            }
        }
    }

    #[test]
    fn links_of_the_page_lead_to_its_own_headings() {
        let page = schema_markdown();
        for link in page
            .split("](#")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let heading = link.replace('-', " ");
            let found = page
                .lines()
                .any(|line| line.trim_start_matches('#').trim().eq_ignore_ascii_case(&heading));
            assert!(found, "{link}");
        }
    }
}
