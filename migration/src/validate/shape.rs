//! What is compared: the parts of a schema that matter, in one form for the description and for every catalogue.

use crate::schema::{ColumnType, Dialect, OnDelete, POLICY, Table, sqlite_check};
use crate::{expected_label_types, expected_tables};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseShape {
    /// Tables by name.
    pub tables: BTreeMap<String, TableShape>,
    /// Labels by named type; empty on SQLite, where each column has its own condition.
    pub label_types: BTreeMap<String, BTreeSet<String>>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableShape {
    /// Columns by name.
    pub columns: BTreeMap<String, ColumnShape>,
    /// Columns of the primary key in order.
    pub primary_key: Vec<String>,
    /// Foreign keys.
    pub foreign_keys: BTreeSet<ForeignKeyShape>,
    /// Indexes and unique constraints, without that of the primary key.
    pub indexes: BTreeSet<IndexShape>,
    /// Conditions: their text on SQLite, where it is stored as written; none on PostgreSQL, which rewrites it.
    pub conditions: BTreeSet<String>,
    /// Number of conditions on PostgreSQL, 0 on SQLite.
    pub condition_count: usize,
    /// Policies: name and rule. Empty on SQLite.
    pub policies: BTreeMap<String, String>,
    /// Row-level security: off, on, or on also for the owner; absent on SQLite.
    pub row_level_security: Option<&'static str>,
    /// Privileges by role, of Landfall's serving roles and of everybody (`PUBLIC`). Empty on SQLite.
    pub grants: BTreeMap<String, BTreeSet<String>>,
    /// Whether SQLite checks the types of values; true on PostgreSQL.
    pub is_strict: bool,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnShape {
    /// Name of its type.
    pub kind: String,
    /// Whether it may be NULL.
    pub nullable: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ForeignKeyShape {
    /// Columns here.
    pub columns: Vec<String>,
    /// The other table.
    pub table: String,
    /// Columns there.
    pub references: Vec<String>,
    /// Whether rows go with the row that they refer to.
    pub cascades: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct IndexShape {
    /// Columns in order.
    pub columns: Vec<String>,
    /// Whether the columns identify a row.
    pub unique: bool,
    /// Whether it covers only some rows.
    pub partial: bool,
}

/// Row-level security is enabled and forced.
pub(super) const FORCED: &str = "forced";
/// Row-level security does not bind the owner.
pub(super) const ENABLED: &str = "enabled, not forced";
/// No row-level security.
pub(super) const OFF: &str = "off";

impl DatabaseShape {
    /// What this version expects.
    pub fn expected(dialect: Dialect) -> Self {
        let tables = expected_tables();
        let label_types = expected_label_types()
            .iter()
            .filter(|_| !dialect.is_sqlite())
            .map(|kind| (kind.name.to_owned(), owned(kind.labels)))
            .collect();
        let shape = |table: &Table| (table.name.to_owned(), TableShape::expected(table, dialect));
        Self {
            tables: tables.iter().map(shape).collect(),
            label_types,
        }
    }
}

impl TableShape {
    fn expected(table: &Table, dialect: Dialect) -> Self {
        let columns = table.columns.iter().map(|column| {
            let kind = dialect.column_type(column.kind).to_owned();
            (
                column.name.to_owned(),
                ColumnShape {
                    kind,
                    nullable: column.nullable,
                },
            )
        });
        let indexes = table.indexes.iter().map(|index| IndexShape {
            columns: owned(&index.columns),
            unique: dialect.enforces(table, index),
            partial: index.predicate.is_some(),
        });
        let foreign_keys = table.foreign_keys.iter().map(|key| ForeignKeyShape {
            columns: owned(&key.columns),
            table: key.table.to_owned(),
            references: owned(&key.references),
            cascades: key.on_delete == OnDelete::Cascade,
        });
        let mut shape = Self {
            columns: columns.collect(),
            primary_key: owned(&table.primary_key),
            foreign_keys: foreign_keys.collect(),
            indexes: indexes.collect(),
            is_strict: true,
            ..Self::default()
        };
        if dialect.is_sqlite() {
            shape.conditions = owned(&table.checks);
            shape
                .conditions
                .extend(table.columns.iter().filter_map(sqlite_check));
        } else {
            shape.expect_security(table);
        }
        shape
    }

    fn expect_security(&mut self, table: &Table) {
        self.condition_count = table.checks.len();
        self.row_level_security = Some(OFF);
        if let Some(rule) = table.tenant_rule() {
            self.row_level_security = Some(FORCED);
            self.policies
                .insert(POLICY.to_owned(), policy_text("*", true, &rule, &rule));
        }
        self.grants = table
            .grants()
            .iter()
            .map(|(role, rights)| ((*role).to_owned(), owned(rights)))
            .collect();
    }
}

/// A policy in one line. `command` is `*` for all.
pub(super) fn policy_text(command: &str, permissive: bool, seen: &str, written: &str) -> String {
    let kind = if permissive { "permissive" } else { "restrictive" };
    format!("{kind}, for {command}, using {seen}, with check {written}")
}

fn owned<C: FromIterator<String>>(names: &[&str]) -> C {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl ColumnType {
    /// Names that a catalogue may give to the type of such a column.
    pub fn catalogue_names(self) -> [&'static str; 2] {
        [
            Dialect::Sqlite.column_type(self),
            Dialect::Postgres.column_type(self),
        ]
    }
}
