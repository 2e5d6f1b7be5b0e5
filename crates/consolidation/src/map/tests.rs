use super::{Tenant, legacy_columns, legacy_table, legacy_tables, target_column, target_columns};
use std::collections::BTreeSet;

/// Every table and column of the predecessor, as its own migrations made them.
const COLUMNS: &str = include_str!("legacy_columns.txt");

#[test]
fn every_column_of_the_predecessor_is_in_the_map_once_and_no_other() {
    let known: Vec<(&str, &str)> = COLUMNS
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap(), words.next().unwrap())
        })
        .collect();
    let mapped: Vec<(&str, &str)> = legacy_tables()
        .iter()
        .flat_map(|table| table.columns.iter().map(|column| (table.name, column.name)))
        .collect();
    assert_eq!((known.len(), mapped.len()), (999, 999));
    let (known, mapped): (BTreeSet<_>, BTreeSet<_>) =
        (known.into_iter().collect(), mapped.into_iter().collect());
    let missing: Vec<_> = known.difference(&mapped).collect();
    let unknown: Vec<_> = mapped.difference(&known).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "not in the map: {missing:?}; no such column: {unknown:?}"
    );
    assert_eq!(legacy_tables().len(), 53);
}

#[test]
fn every_target_of_the_map_is_a_column_of_the_schema() {
    for table in legacy_tables() {
        let Some(target) = table.target else { continue };
        assert!(!target_columns(target).is_empty(), "{target} is no table");
        assert!(
            target_column(target, table.target_key).is_some(),
            "{target}.{}",
            table.target_key
        );
        let named = table.columns.iter().filter_map(|column| column.target);
        for name in named.chain(table.derived.iter().map(|derived| derived.target)) {
            assert!(
                target_column(target, name).is_some(),
                "{}: there is no {target}.{name}",
                table.name
            );
        }
    }
}

#[test]
fn every_column_of_the_schema_that_must_have_a_value_gets_one() {
    for table in legacy_tables() {
        let Some(target) = table.target else { continue };
        for column in target_columns(target) {
            let given = table.columns.iter().any(|own| own.target == Some(column.name))
                || table.derived.iter().any(|derived| derived.target == column.name)
                || matches!(
                    column.name,
                    "client_account_id" | "engagement_id" | "created_at" | "updated_at"
                );
            assert!(
                given || column.nullable || column.default.is_some() || table.original.is_some(),
                "{}: nothing gives {target}.{}",
                table.name,
                column.name
            );
        }
    }
}

#[test]
fn owners_and_originals_are_tables_of_the_map() {
    for table in legacy_tables() {
        assert_eq!(legacy_columns(table.name).count(), table.columns.len());
        if let Tenant::Via { owner, column } = table.tenant {
            assert_eq!(
                legacy_table(owner).unwrap().tenant,
                Tenant::Placed,
                "{}",
                table.name
            );
            assert!(table.column(column).is_some());
        }
        if let Some(original) = table.original {
            assert!(legacy_table(original).is_some());
        }
    }
}
