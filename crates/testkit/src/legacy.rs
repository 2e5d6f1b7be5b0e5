//! A database as the predecessor left it, to be consolidated by tests and measurements.
//!
//! Its tables are declared in `legacy/schema`, what stands in them in `legacy/values`: for each table a number of rows, and
//! for columns an expression over the row's number, so that the same rows come out each time at any scale. `legacy/cases.sql`
//! adds single rows of which every one is a difficulty. Nothing here reads a database: it is SQL text, for whoever runs it.

mod definition;
mod filling;
mod schema;

pub use schema::{LegacyColumn, LegacyTable, legacy_tables};

use std::fmt::Write as _;

/// The schema in which old clients look.
pub const LEGACY_SCHEMA: &str = "migration";

/// How much is in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegacyDatabase {
    assets: u64,
    records: u64,
    has_cases: bool,
    has_foreign_keys: bool,
}

impl LegacyDatabase {
    /// Every table filled with some rows, and every case.
    pub const fn small() -> Self {
        Self {
            assets: 240,
            records: 720,
            has_cases: true,
            has_foreign_keys: true,
        }
    }

    /// As many assets and raw records (each rounded up to a multiple of six), the other tables in proportion, and no cases:
    /// for measurements.
    pub const fn sized(assets: u64, records: u64) -> Self {
        Self {
            assets,
            records,
            has_cases: false,
            has_foreign_keys: true,
        }
    }

    /// Without the rows of which every one is a difficulty.
    pub const fn without_cases(self) -> Self {
        Self {
            has_cases: false,
            ..self
        }
    }

    /// As some of its databases were: without foreign keys, and with rows that refer to nothing.
    pub const fn without_foreign_keys(self) -> Self {
        Self {
            has_foreign_keys: false,
            ..self
        }
    }

    /// The SQL that makes it in an empty database, for one connection. It also makes the legacy schema the one in which
    /// unqualified names are looked for, as the predecessor did.
    pub fn script(&self) -> String {
        let mut script = self.tables();
        script.push_str(&self.rows());
        script.push_str(&self.keys());
        script
    }

    /// The tables without keys: types, columns, defaults.
    pub fn tables(&self) -> String {
        let mut script = format!(
            "CREATE SCHEMA {LEGACY_SCHEMA};\n\
             DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO {LEGACY_SCHEMA}, public', current_database()); \
             END $$;\n\
             SET search_path TO {LEGACY_SCHEMA}, public;\n"
        );
        definition::write_tables(&mut script);
        script
    }

    /// The rows. Quick, since there is neither key nor index yet.
    pub fn rows(&self) -> String {
        let mut script = format!("SET search_path TO {LEGACY_SCHEMA}, public;\n");
        script.push_str(filling::FUNCTIONS);
        let filling = filling::Filling::new(self.assets, self.records);
        for table in legacy_tables() {
            let _ = writeln!(script, "{};", filling.insert(table));
        }
        script.push_str(
            "SELECT setval('migration_logs_id_seq', (SELECT max(id) FROM migration_logs), true);\n",
        );
        if self.has_cases {
            script.push_str(&filling.expand(include_str!("legacy/cases.sql")));
        }
        if !self.has_foreign_keys {
            script.push_str(&filling.expand(include_str!("legacy/orphans.sql")));
        }
        script
    }

    /// Primary keys, unique constraints, foreign keys and indexes.
    pub fn keys(&self) -> String {
        let mut script = format!("SET search_path TO {LEGACY_SCHEMA}, public;\n");
        definition::write_keys(&mut script, self.has_foreign_keys);
        script
    }

    /// A word that changes with what the script makes, of lowercase letters and digits.
    pub fn fingerprint(&self) -> String {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.script().hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}
