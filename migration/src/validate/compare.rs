//! The differences between two schemas.

use super::report::{ABSENT, Difference};
use super::shape::{ColumnShape, DatabaseShape, ForeignKeyShape, IndexShape, TableShape};
use std::collections::{BTreeMap, BTreeSet};

/// Tables of the predecessor that the consolidated schema has no more.
const REMOVED_TABLES: [&str; 6] = [
    "workflow_states",
    "discovery_assets",
    "mapping_learning_patterns",
    "data_quality_issues",
    "workflow_progress",
    "import_processing_steps",
];
/// The predecessor's mark of test data, which now belongs to the test tenant.
const MOCK_COLUMN: &str = "is_mock";
const RESTORE: &str =
    "restore it from a backup, or take the data out with `landfall backup` into a fresh database";

/// Everything in which `found` is not as `expected`, by table.
pub(super) fn compare(expected: &DatabaseShape, found: &DatabaseShape) -> Vec<Difference> {
    let mut differences = Differences(Vec::new());
    for (name, kind) in pairs(&expected.label_types, &found.label_types) {
        differences.add(
            format!("named type {name}"),
            kind.map(listed),
            |wanted| match wanted {
                Wanted::Missing => format!("create it: CREATE DOMAIN {name} … with these labels"),
                Wanted::Extra => format!("drop it if nothing uses it: DROP DOMAIN {name}"),
                Wanted::Other => {
                    format!("ALTER DOMAIN {name}: drop its check and add one with the expected labels")
                }
            },
        );
    }
    for (name, Pair(wanted, present)) in pairs(&expected.tables, &found.tables) {
        match (wanted, present) {
            (Some(wanted), Some(present)) => differences.table(name, wanted, present),
            (wanted, _) => differences.push(
                format!("table {name}"),
                if wanted.is_some() { "present" } else { ABSENT },
                if wanted.is_some() { ABSENT } else { "present" },
                if wanted.is_some() {
                    RESTORE.to_owned()
                } else {
                    remedy_for_extra_table(name)
                },
            ),
        }
    }
    differences.0
}

fn remedy_for_extra_table(name: &str) -> String {
    if name.starts_with("v3_") || REMOVED_TABLES.contains(&name) {
        return format!(
            "it is the predecessor's: take its rows over with `landfall consolidate`, then DROP TABLE {name}"
        );
    }
    format!("it is not Landfall's: move it to another schema or database, or DROP TABLE {name}")
}

/// The two sides of one name.
struct Pair<T>(Option<T>, Option<T>);

impl<T> Pair<T> {
    fn map(self, text: impl Fn(T) -> String) -> Pair<String> {
        Pair(self.0.map(&text), self.1.map(&text))
    }
}

enum Wanted {
    Missing,
    Extra,
    Other,
}

struct Differences(Vec<Difference>);

impl Differences {
    fn push(&mut self, object: String, expected: &str, found: &str, remedy: String) {
        self.0.push(Difference {
            object,
            expected: expected.to_owned(),
            found: found.to_owned(),
            remedy,
        });
    }

    /// Adds a difference unless both sides say the same.
    fn add(&mut self, object: String, pair: Pair<String>, remedy: impl Fn(&Wanted) -> String) {
        let Pair(expected, found) = pair;
        if expected == found {
            return;
        }
        let wanted = match (&expected, &found) {
            (Some(_), Some(_)) => Wanted::Other,
            (Some(_), None) => Wanted::Missing,
            (None, _) => Wanted::Extra,
        };
        let absent = || ABSENT.to_owned();
        let (expected, found) = (expected.unwrap_or_else(absent), found.unwrap_or_else(absent));
        self.push(object, &expected, &found, remedy(&wanted));
    }

    fn table(&mut self, name: &str, expected: &TableShape, found: &TableShape) {
        self.columns(name, expected, found);
        self.keys(name, expected, found);
        self.security(name, expected, found);
    }

    fn columns(&mut self, table: &str, expected: &TableShape, found: &TableShape) {
        let text = |column: &ColumnShape| {
            format!(
                "{}{}",
                column.kind,
                if column.nullable { "" } else { " NOT NULL" }
            )
        };
        for (name, pair) in pairs(&expected.columns, &found.columns) {
            self.add(format!("column {table}.{name}"), pair.map(text), |wanted| match wanted {
                Wanted::Missing => format!("add it: ALTER TABLE {table} ADD COLUMN {name} …; its data is in a backup, if any"),
                Wanted::Extra if name == MOCK_COLUMN => format!(
                    "move rows that it marks to the test tenant with `landfall consolidate`, then ALTER TABLE {table} DROP COLUMN {name}"
                ),
                Wanted::Extra => format!("save what it holds, then ALTER TABLE {table} DROP COLUMN {name}"),
                Wanted::Other => format!("change it back: ALTER TABLE {table} ALTER COLUMN {name} …; on SQLite restore a backup"),
            });
        }
    }

    fn keys(&mut self, table: &str, expected: &TableShape, found: &TableShape) {
        let key = |shape: &TableShape| shape.primary_key.join(", ");
        self.add(
            format!("primary key of {table}"),
            Pair(Some(key(expected)), Some(key(found))),
            |_| RESTORE.to_owned(),
        );
        for (shape, pair) in sets(&expected.foreign_keys, &found.foreign_keys) {
            let object = format!("foreign key of {table} ({})", shape.columns.join(", "));
            self.add(object, pair.map(foreign_key_text), |wanted| match wanted {
                Wanted::Extra => format!("drop it: ALTER TABLE {table} DROP CONSTRAINT …"),
                _ => format!("remove rows that refer to nothing, then ALTER TABLE {table} ADD FOREIGN KEY …; on SQLite restore a backup"),
            });
        }
        for (shape, pair) in sets(&expected.indexes, &found.indexes) {
            let object = format!("index of {table} ({})", shape.columns.join(", "));
            self.add(object, pair.map(index_text), |wanted| match wanted {
                Wanted::Extra => "drop it: DROP INDEX …; each index costs every import".to_owned(),
                _ => format!(
                    "create it: CREATE INDEX … ON {table} ({})",
                    shape.columns.join(", ")
                ),
            });
        }
        for (condition, pair) in sets(&expected.conditions, &found.conditions) {
            self.add(format!("condition of {table}"), pair.map(String::clone), |_| {
                format!("restore the table from a backup: without it {table} may hold values that break {condition}")
            });
        }
        let count = |shape: &TableShape| format!("{} conditions", shape.condition_count);
        self.add(format!("conditions of {table}"), Pair(Some(count(expected)), Some(count(found))), |_| {
            format!("compare the CHECK constraints of {table} with docs/schema.md and add or drop what differs")
        });
        let strict = |shape: &TableShape| {
            if shape.is_strict {
                "STRICT"
            } else {
                "types not checked"
            }
            .to_owned()
        };
        self.add(
            format!("table {table}"),
            Pair(Some(strict(expected)), Some(strict(found))),
            |_| RESTORE.to_owned(),
        );
    }

    fn security(&mut self, table: &str, expected: &TableShape, found: &TableShape) {
        let level = |shape: &TableShape| shape.row_level_security.map(str::to_owned);
        self.add(
            format!("row-level security of {table}"),
            Pair(level(expected), level(found)),
            |_| {
                let forced = expected.row_level_security == Some(super::shape::FORCED);
                let verb = if forced {
                    "ENABLE ROW LEVEL SECURITY, FORCE"
                } else {
                    "DISABLE"
                };
                format!("ALTER TABLE {table} {verb} ROW LEVEL SECURITY")
            },
        );
        for (name, pair) in pairs(&expected.policies, &found.policies) {
            self.add(
                format!("policy {name} of {table}"),
                pair.map(String::clone),
                |wanted| match wanted {
                    Wanted::Extra => {
                        format!("drop it, it lets more rows through: DROP POLICY {name} ON {table}")
                    }
                    _ => format!(
                        "drop it if it is there, and CREATE POLICY {name} ON {table} with the expected rule"
                    ),
                },
            );
        }
        for (role, pair) in pairs(&expected.grants, &found.grants) {
            self.add(format!("grants on {table} to {role}"), pair.map(listed), |_| {
                format!("REVOKE what is too much and GRANT what is missing ON {table} for {role}")
            });
        }
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<_>>().join(", ")
}

fn foreign_key_text(key: &ForeignKeyShape) -> String {
    let deletion = if key.cascades { ", deleted with it" } else { "" };
    format!(
        "refers to {} ({}){deletion}",
        key.table,
        key.references.join(", ")
    )
}

fn index_text(index: &IndexShape) -> String {
    let unique = if index.unique { "unique" } else { "not unique" };
    let rows = if index.partial { "some rows" } else { "all rows" };
    format!("{unique}, {rows}")
}

/// Both sides by name.
fn pairs<'a, T>(
    expected: &'a BTreeMap<String, T>,
    found: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, Pair<&'a T>)> {
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    names
        .into_iter()
        .map(|name| (name.as_str(), Pair(expected.get(name), found.get(name))))
}

/// What only one side has.
fn sets<'a, T: Ord>(
    expected: &'a BTreeSet<T>,
    found: &'a BTreeSet<T>,
) -> impl Iterator<Item = (&'a T, Pair<&'a T>)> {
    let missing = expected
        .difference(found)
        .map(|item| (item, Pair(Some(item), None)));
    missing.chain(
        found
            .difference(expected)
            .map(|item| (item, Pair(None, Some(item)))),
    )
}
