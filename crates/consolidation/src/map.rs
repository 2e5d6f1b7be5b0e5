//! The one map: every legacy table and column, and what becomes of it. Plan, statements, proof, views and documentation are
//! read off it.

mod assessment;
mod discovery;
mod documentation;
mod inventory;
mod retired;
mod rule;
mod shape;
mod tenancy;
mod vocabulary;

pub use documentation::map_markdown;
pub(crate) use rule::Rule;
pub(crate) use shape::{
    LegacyColumn, LegacyType, TargetColumn, legacy_columns, sql_type, target_column, target_columns,
    target_tables,
};

use std::sync::LazyLock;

/// Every legacy table, in the order in which they are moved.
pub(crate) fn legacy_tables() -> &'static [LegacyTable] {
    static TABLES: LazyLock<Vec<LegacyTable>> = LazyLock::new(|| {
        [
            tenancy::tables(),
            discovery::tables(),
            inventory::tables(),
            assessment::tables(),
            retired::tables(),
        ]
        .concat()
    });
    &TABLES
}

/// A legacy table by its name.
pub(crate) fn legacy_table(name: &str) -> Option<&'static LegacyTable> {
    legacy_tables().iter().find(|table| table.name == name)
}

/// A legacy table and what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct LegacyTable {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its primary key.
    pub(crate) key: &'static str,
    /// The table of the target that its rows go to; none if they are archived whole.
    pub(crate) target: Option<&'static str>,
    /// The column of the target by which one of its rows is known within a tenant.
    pub(crate) target_key: &'static str,
    /// The original table that holds the same things, for v3 tables.
    pub(crate) original: Option<&'static str>,
    /// How the tenant of a row is found.
    pub(crate) tenant: Tenant,
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// Columns of the target that no legacy column stands for, and the SQL that gives their values.
    pub(crate) derived: Vec<Derived>,
}

/// How the tenant of a legacy row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tenant {
    /// Its rows belong to no tenant.
    None,
    /// It is decided before rows are moved, in a table of placements: by its own tenant columns, or in a way of its own.
    Placed,
    /// The tenant of the row that this column refers to.
    Via {
        /// The column.
        column: &'static str,
        /// The legacy table that it refers to.
        owner: &'static str,
    },
    /// Archived under the client account that this column names.
    Client(&'static str),
}

/// A legacy column and what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: &'static str,
    /// The column of the target; none if its values are archived.
    pub(crate) target: Option<&'static str>,
    /// How values change on the way.
    pub(crate) rule: Rule,
}

/// A column of the target that no legacy column stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derived {
    /// The column.
    pub(crate) target: &'static str,
    /// SQL over the legacy row `o` or `v`, its placement `p`, and the joined references.
    pub(crate) sql: &'static str,
    /// Where the value comes from, for a person.
    pub(crate) description: &'static str,
    /// Whether it is taken only where no legacy column says anything.
    pub(crate) fallback: bool,
}

impl LegacyTable {
    /// A table whose rows become rows of `target`.
    pub(crate) fn moved(name: &'static str, target: &'static str, tenant: Tenant) -> Self {
        Self {
            name,
            key: "id",
            target: Some(target),
            target_key: "id",
            original: None,
            tenant,
            columns: Vec::new(),
            derived: Vec::new(),
        }
    }

    /// A table that no feature reads any more: whole rows go to the archive.
    pub(crate) fn retired(name: &'static str, tenant: Tenant) -> Self {
        let mut table = Self::moved(name, "", tenant);
        table.target = None;
        table.columns = legacy_columns(name)
            .map(|column| Column {
                name: column.name,
                target: None,
                rule: Rule::ARCHIVE,
            })
            .collect();
        table
    }

    /// Names the primary keys if they are not `id`.
    pub(crate) const fn keyed(mut self, key: &'static str, target_key: &'static str) -> Self {
        self.key = key;
        self.target_key = target_key;
        self
    }

    /// The rows are the same things as those of an original table.
    pub(crate) const fn same_as(mut self, original: &'static str) -> Self {
        self.original = Some(original);
        self
    }

    /// Columns that keep name and value. Types change where both databases have a type of their own for the same thing.
    pub(crate) fn keep(mut self, names: &'static str) -> Self {
        self.columns.extend(names.split_whitespace().map(|name| Column {
            name,
            target: Some(name),
            rule: Rule::Keep,
        }));
        self
    }

    /// A column with another name.
    pub(crate) fn rename(self, name: &'static str, target: &'static str) -> Self {
        self.convert(name, target, Rule::Keep)
    }

    /// A column whose values change by a rule.
    pub(crate) fn convert(mut self, name: &'static str, target: &'static str, rule: Rule) -> Self {
        self.columns.push(Column {
            name,
            target: Some(target),
            rule,
        });
        self
    }

    /// Columns that have no place in the target.
    pub(crate) fn archive(mut self, names: &'static str) -> Self {
        self.columns.extend(names.split_whitespace().map(|name| Column {
            name,
            target: None,
            rule: Rule::ARCHIVE,
        }));
        self
    }

    /// A column that has no place in the target, and is archived only where its value is not what the target implies.
    pub(crate) fn implied(mut self, name: &'static str, implied: &'static str) -> Self {
        self.columns.push(Column {
            name,
            target: None,
            rule: Rule::Archive { implied },
        });
        self
    }

    /// A column of the target that no legacy column stands for.
    pub(crate) fn derive(
        mut self,
        target: &'static str,
        sql: &'static str,
        description: &'static str,
    ) -> Self {
        self.derived.push(Derived {
            target,
            sql,
            description,
            fallback: false,
        });
        self
    }

    /// The value of a column of the target where no legacy column says anything.
    pub(crate) fn otherwise(
        mut self,
        target: &'static str,
        sql: &'static str,
        description: &'static str,
    ) -> Self {
        self.derived.push(Derived {
            target,
            sql,
            description,
            fallback: true,
        });
        self
    }

    /// The column of this name.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The v3 table that holds the same things, for original tables.
    pub(crate) fn successor(&self) -> Option<&'static LegacyTable> {
        legacy_tables()
            .iter()
            .find(|table| table.original == Some(self.name))
    }

    /// The column that names the user without whom a row cannot be kept.
    pub(crate) fn person(&self) -> Option<&'static str> {
        match self.name {
            "user_account_associations" | "user_profiles" | "user_roles" => Some("user_id"),
            "client_access" | "engagement_access" => Some("user_profile_id"),
            _ => None,
        }
    }

    /// The letter under which its rows stand in statements: `v` for v3 tables, `o` for all others.
    pub(crate) const fn alias(&self) -> &'static str {
        if self.original.is_some() { "v" } else { "o" }
    }

    /// Whether several copies of a row may go to several tenants.
    pub(crate) fn is_copied(&self) -> bool {
        matches!(
            self.name,
            "migrations" | "migration_logs" | "sixr_questions" | "sixr_parameters"
        )
    }
}

impl Column {
    /// `kept`, `renamed`, `converted` or `archived`.
    pub(crate) fn outcome(&self, table: &str) -> &'static str {
        match self.target {
            None => "archived",
            Some(_) if self.rule_id(table).is_some() => "converted",
            Some(target) if target != self.name => "renamed",
            Some(_) => "kept",
        }
    }

    /// The rule by which its values change, if they do.
    pub(crate) fn rule_id(&self, table: &str) -> Option<&'static str> {
        self.rule.id(LegacyType::of(table, self.name))
    }
}

#[cfg(test)]
mod tests;
