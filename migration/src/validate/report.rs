//! What a comparison found, for people and for programs.

use crate::Migrator;
use crate::run::MigrateError;
use sea_orm_migration::MigratorTrait;
use serde::Serialize;
use std::fmt;

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What kind of thing, and its name: `column assets.hostname`.
    pub object: String,
    /// What this version expects of it.
    pub expected: String,
    /// What the database has.
    pub found: String,
    /// What a person should do.
    pub remedy: String,
}

/// The outcome of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The database, without password.
    pub database: String,
    /// Number of tables looked at.
    pub tables: usize,
    /// What is not as expected, by table.
    pub differences: Vec<Difference>,
}

impl Report {
    pub(super) fn new(database: &str, tables: usize, differences: Vec<Difference>) -> Self {
        Self {
            database: database.to_owned(),
            tables,
            differences,
        }
    }

    /// Whether everything is as expected.
    pub fn is_ok(&self) -> bool {
        self.differences.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            database,
            tables,
            differences,
        } = self;
        if self.is_ok() {
            return writeln!(f, "{database}: {tables} tables, all as expected.");
        }
        let noun = if differences.len() == 1 {
            "difference"
        } else {
            "differences"
        };
        writeln!(f, "{database}: {tables} tables, {} {noun}.", differences.len())?;
        for Difference {
            object,
            expected,
            found,
            remedy,
        } in differences
        {
            writeln!(
                f,
                "\n{object}\n  expected: {expected}\n  found:    {found}\n  to do:    {remedy}"
            )?;
        }
        Ok(())
    }
}

pub(super) const ABSENT: &str = "absent";
const MIGRATE: &str = "apply the pending migrations: `migration up`";

pub(super) fn no_database() -> Difference {
    Difference {
        object: "database".to_owned(),
        expected: "a database".to_owned(),
        found: ABSENT.to_owned(),
        remedy: MIGRATE.to_owned(),
    }
}

/// The migrations that are not applied.
pub(super) fn pending(applied: &[String]) -> Vec<Difference> {
    let names = Migrator::migrations()
        .into_iter()
        .map(|migration| migration.name().to_owned());
    let missing = names.filter(|name| !applied.contains(name));
    missing
        .map(|name| Difference {
            object: format!("migration {name}"),
            expected: "applied".to_owned(),
            found: "pending".to_owned(),
            remedy: MIGRATE.to_owned(),
        })
        .collect()
}

/// A database that another application or a later version has made.
pub(super) fn foreign(error: &MigrateError) -> Difference {
    Difference {
        object: "database".to_owned(),
        expected: "made by the migrations of this version".to_owned(),
        found: error.to_string(),
        remedy: "give the address of the right database, or use the version that made this one".to_owned(),
    }
}
