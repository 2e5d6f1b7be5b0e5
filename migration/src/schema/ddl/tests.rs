//! The rules that let one schema run on SQLite, PostgreSQL and Citus.

use super::Dialect;
use crate::expected_tables;
use crate::schema::{OnDelete, Ownership, Table};

/// How Citus keeps a table.
#[derive(Debug, PartialEq)]
enum Placement {
    Distributed,
    Reference,
    Local,
}

fn placement(table: &Table) -> Placement {
    let made = Dialect::Citus.finish_table(table);
    match made.first() {
        Some(statement) if statement.contains("create_distributed_table") => Placement::Distributed,
        Some(statement) if statement.contains("create_reference_table") => Placement::Reference,
        _ => Placement::Local,
    }
}

fn table(name: &str) -> Table {
    expected_tables()
        .into_iter()
        .find(|table| table.name == name)
        .expect("the table is described")
}

#[test]
fn on_citus_a_table_is_created_then_distributed_then_gets_its_foreign_keys() {
    let tables = expected_tables();
    let statements = Dialect::Citus.create_tables(&tables);
    let position = |what: &str| {
        statements
            .iter()
            .position(|statement| statement.starts_with(what))
            .unwrap_or_else(|| panic!("no {what}"))
    };
    for table in &tables {
        let created = position(&format!("CREATE TABLE \"{}\"", table.name));
        let placed = statements
            .iter()
            .position(|s| s.starts_with("SELECT create_") && s.contains(&format!("('{}'", table.name)));
        assert_eq!(
            placed.is_none(),
            placement(table) == Placement::Local,
            "{}",
            table.name
        );
        for key in &table.foreign_keys {
            let added = statements
                .iter()
                .position(|s| {
                    s.starts_with("ALTER TABLE")
                        && s.contains(&format!("\"{}\"", table.foreign_key_name(key)))
                })
                .expect("the foreign key is added");
            let target = position(&format!("CREATE TABLE \"{}\"", key.table));
            assert!(
                created < added && target < added,
                "{}",
                table.foreign_key_name(key)
            );
            assert!(
                placed.is_none_or(|placed| created < placed && placed < added),
                "{}",
                table.foreign_key_name(key)
            );
        }
        assert!(!statements[created].contains("FOREIGN KEY"), "{}", table.name);
    }
    assert_eq!(
        statements[0],
        "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"
    );
}

#[test]
fn one_call_holds_one_statement() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Citus] {
        for statement in dialect.create_tables(&expected_tables()) {
            assert!(!statement.contains(';'), "{statement}");
        }
    }
}

#[test]
fn foreign_keys_go_only_where_citus_can_follow() {
    for table in expected_tables() {
        for key in &table.foreign_keys {
            let target = placement(&self::table(key.table));
            match placement(&table) {
                Placement::Distributed => {
                    assert_ne!(target, Placement::Local, "{} → {}", table.name, key.table);
                }
                Placement::Reference => {
                    assert_eq!(target, Placement::Reference, "{} → {}", table.name, key.table);
                }
                Placement::Local => {
                    assert_ne!(target, Placement::Distributed, "{} → {}", table.name, key.table);
                }
            }
        }
    }
}

#[test]
fn every_key_of_a_distributed_table_contains_the_column_by_which_it_is_distributed() {
    for table in expected_tables()
        .iter()
        .filter(|table| placement(table) == Placement::Distributed)
    {
        let column = table
            .tenant_column()
            .expect("a distributed table has a tenant column");
        assert_eq!(table.primary_key[0], column, "{}", table.name);
        for statement in Dialect::Citus.create_tables(std::slice::from_ref(table)) {
            if statement.starts_with("CREATE UNIQUE INDEX") {
                assert!(statement.contains(&format!("(\"{column}\"")), "{statement}");
            }
        }
    }
}

#[test]
fn foreign_keys_between_tenant_tables_start_with_the_tenant_on_both_sides() {
    for table in expected_tables()
        .iter()
        .filter(|table| table.ownership != Ownership::Global)
    {
        for key in &table.foreign_keys {
            let target = self::table(key.table);
            if let Some(column) = target.tenant_column() {
                assert_eq!(
                    (key.columns[0], key.references[0]),
                    ("client_account_id", column),
                    "{}",
                    table.name
                );
            }
        }
    }
}

#[test]
fn every_foreign_key_refers_to_a_key_and_has_an_index() {
    for table in expected_tables() {
        for key in &table.foreign_keys {
            let target = self::table(key.table);
            let unique = |index: &&crate::schema::Index| index.unique && index.predicate.is_none();
            assert!(
                target.primary_key == key.references
                    || target
                        .indexes
                        .iter()
                        .filter(unique)
                        .any(|index| index.columns == key.references),
                "{}: {:?} is no key of {}",
                table.name,
                key.references,
                key.table
            );
            let last = key.columns.last().expect("a foreign key has columns");
            let covers_all_that_refer =
                |predicate: Option<&str>| predicate.is_none_or(|p| p == format!("{last} IS NOT NULL"));
            assert!(
                table.primary_key.starts_with(&key.columns)
                    || table
                        .indexes
                        .iter()
                        .any(|index| index.columns.starts_with(&key.columns)
                            && covers_all_that_refer(index.predicate)),
                "{}: no index starts with {:?}",
                table.name,
                key.columns
            );
        }
    }
}

#[test]
fn every_index_of_a_tenant_table_starts_with_the_tenant_unless_it_serves_a_reference_out_of_the_tenant() {
    for table in expected_tables()
        .iter()
        .filter(|table| table.ownership != Ownership::Global)
    {
        assert_eq!(table.columns[0].name, "client_account_id", "{}", table.name);
        for index in &table.indexes {
            let serves_reference = table.foreign_keys.iter().any(|key| key.columns == index.columns);
            assert!(
                index.columns[0] == "client_account_id" || serves_reference,
                "{}",
                table.index_name(index)
            );
        }
    }
}

#[test]
fn only_access_rights_go_with_the_person_who_has_them() {
    for table in expected_tables()
        .iter()
        .filter(|table| table.ownership != Ownership::Global)
    {
        let cascades = table.foreign_keys.iter().any(|key| key.table == "users");
        let access = matches!(table.name, "client_access" | "engagement_access");
        assert_eq!(cascades, access, "{}", table.name);
        assert!(
            table
                .foreign_keys
                .iter()
                .filter(|key| key.table == "users")
                .all(|key| key.on_delete == OnDelete::Cascade)
        );
    }
}

#[test]
fn names_are_unique_and_fit_into_postgresql() {
    let mut names = Vec::new();
    for table in expected_tables() {
        names.extend(table.indexes.iter().map(|index| table.index_name(index)));
        names.extend(
            table
                .foreign_keys
                .iter()
                .map(|key| format!("{}.{}", table.name, table.foreign_key_name(key))),
        );
        names.push(table.name.to_owned());
        names.push(format!("pk_{}", table.name));
    }
    let count = names.len();
    assert!(
        names
            .iter()
            .all(|name| name.rsplit('.').next().is_some_and(|name| name.len() <= 63)),
        "{names:?}"
    );
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn no_index_repeats_the_beginning_of_another() {
    for table in expected_tables() {
        for index in table
            .indexes
            .iter()
            .filter(|index| !index.unique && index.predicate.is_none())
        {
            let longer = table.indexes.iter().any(|other| {
                other.predicate.is_none()
                    && other.columns != index.columns
                    && other.columns.starts_with(&index.columns)
            });
            assert!(
                !longer,
                "{}: {:?} repeats a longer index",
                table.name, index.columns
            );
            assert!(
                !table.primary_key.starts_with(&index.columns),
                "{}: {:?} repeats the key",
                table.name,
                index.columns
            );
        }
    }
}
