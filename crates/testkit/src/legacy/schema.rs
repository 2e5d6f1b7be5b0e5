//! The predecessor's tables as they are declared in `schema/*.txt`.
//!
//! A table's lines hold columns, separated by semicolons: `name type`, then `*` for the primary key or `!` for not null,
//! `= default`, `-> table[.column] [cascade|set null]` for a foreign key, and `as name` where a constraint is not called as
//! PostgreSQL would call it. Then come its indexes: `index` and `unique` with column names (called `ix_<table>_<column>`), or
//! with a name and columns in parentheses, and `constraint` for a unique constraint.

use std::sync::LazyLock;

/// A table.
#[derive(Debug)]
pub struct LegacyTable {
    /// Its name, without the schema.
    pub name: &'static str,
    /// In order.
    pub columns: Vec<LegacyColumn>,
    /// Indexes but for the one of the primary key.
    pub(super) indexes: Vec<Index>,
}

/// A column.
#[derive(Debug)]
pub struct LegacyColumn {
    /// Its name.
    pub name: &'static str,
    /// Its type, as short as PostgreSQL takes it.
    pub data_type: &'static str,
    /// Whether it is the primary key.
    pub is_key: bool,
    /// Whether it may be NULL.
    pub is_nullable: bool,
    pub(super) default: Option<&'static str>,
    pub(super) reference: Option<Reference>,
    pub(super) constraint_name: Option<&'static str>,
}

#[derive(Debug)]
pub(super) struct Reference {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
    pub(super) on_delete: Option<&'static str>,
}

#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) columns: &'static str,
    pub(super) kind: IndexKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexKind {
    Plain,
    Unique,
    Constraint,
}

/// Name and labels.
pub(super) struct Enumeration {
    pub(super) name: &'static str,
    pub(super) labels: Vec<&'static str>,
}

const DECLARATIONS: [&str; 3] = [
    include_str!("schema/accounts.txt"),
    include_str!("schema/discovery.txt"),
    include_str!("schema/planning.txt"),
];

static TABLES: LazyLock<Vec<LegacyTable>> =
    LazyLock::new(|| DECLARATIONS.iter().flat_map(|text| tables(text)).collect());

/// All 53 tables.
pub fn legacy_tables() -> &'static [LegacyTable] {
    &TABLES
}

/// All enumerated types.
pub(super) fn enumerations() -> impl Iterator<Item = Enumeration> {
    DECLARATIONS
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| {
            let mut words = line.strip_prefix("enum ")?.split(' ');
            Some(Enumeration {
                name: words.next()?,
                labels: words.collect(),
            })
        })
}

fn tables(text: &'static str) -> Vec<LegacyTable> {
    let mut tables: Vec<LegacyTable> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("table ") {
            tables.push(LegacyTable {
                name,
                columns: Vec::new(),
                indexes: Vec::new(),
            });
        } else if let (Some(line), Some(table)) = (line.strip_prefix("  "), tables.last_mut()) {
            table.read(line);
        }
    }
    tables
}

impl LegacyTable {
    fn read(&mut self, line: &'static str) {
        let kinds = [
            ("index ", IndexKind::Plain),
            ("unique ", IndexKind::Unique),
            ("constraint ", IndexKind::Constraint),
        ];
        for (word, kind) in kinds {
            let Some(rest) = line.strip_prefix(word) else {
                continue;
            };
            if let Some((name, columns)) = rest.strip_suffix(')').and_then(|rest| rest.split_once(" (")) {
                self.indexes.push(Index {
                    name: name.to_owned(),
                    columns,
                    kind,
                });
            } else {
                let table = self.name;
                self.indexes.extend(rest.split(' ').map(|column| Index {
                    name: format!("ix_{table}_{column}"),
                    columns: column,
                    kind,
                }));
            }
            return;
        }
        self.columns.extend(line.split("; ").map(column));
    }

    /// The column of the primary key.
    pub fn key(&self) -> &'static str {
        self.columns
            .iter()
            .find(|column| column.is_key)
            .map_or("id", |column| column.name)
    }
}

fn column(text: &'static str) -> LegacyColumn {
    let (text, constraint_name) = cut(text, " as ");
    let (text, reference) = cut(text, " -> ");
    let (text, default) = cut(text, " = ");
    let (name, data_type) = cut(text, " ");
    let data_type = data_type.unwrap_or_default();
    LegacyColumn {
        name,
        data_type: data_type.trim_end_matches(['*', '!']),
        is_key: data_type.ends_with('*'),
        is_nullable: !data_type.ends_with(['*', '!']),
        default,
        reference: reference.map(|text| {
            let (target, on_delete) = cut(text, " ");
            let (table, column) = cut(target, ".");
            Reference {
                table,
                column: column.unwrap_or("id"),
                on_delete,
            }
        }),
        constraint_name,
    }
}

fn cut(text: &'static str, mark: &str) -> (&'static str, Option<&'static str>) {
    text.split_once(mark)
        .map_or((text, None), |(before, after)| (before, Some(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifty_three_tables_with_nine_hundred_and_ninety_nine_columns() {
        let tables = legacy_tables();
        assert_eq!(tables.len(), 53);
        assert_eq!(tables.iter().map(|table| table.columns.len()).sum::<usize>(), 999);
        assert!(
            tables
                .iter()
                .all(|table| table.columns.iter().filter(|column| column.is_key).count() == 1)
        );
        assert_eq!(enumerations().count(), 10);
    }
}
