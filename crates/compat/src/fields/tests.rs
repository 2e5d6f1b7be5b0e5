use super::{Name, archaize, current_name, modernize};
use crate::{Change, Resource};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

#[test]
fn old_names_of_an_import_become_the_current_ones_and_removed_ones_go() {
    let mut import = object(json!({
        "source_filename": "vms.csv", "file_size_bytes": 12, "file_type": "text/csv",
        "is_mock": false, "file_hash": "00ff", "import_config": {}, "description": "kept"
    }));
    let report = modernize(Resource::DataImports, &mut import);
    let expected =
        json!({"filename": "vms.csv", "file_size": 12, "mime_type": "text/csv", "description": "kept"});
    assert_eq!(Value::Object(import), expected);
    assert_eq!(report.renamed.len(), 3);
    assert_eq!(report.dropped, ["is_mock", "file_hash", "import_config"]);
    assert_eq!(report.old_names().count(), 6);
}

#[test]
fn the_current_name_wins_when_both_are_given() {
    let mut import = object(json!({"source_filename": "old.csv", "filename": "new.csv"}));
    let report = modernize(Resource::DataImports, &mut import);
    assert_eq!(Value::Object(import), json!({"filename": "new.csv"}));
    assert_eq!(report.renamed, [("source_filename", "filename")]);
}

#[test]
fn a_null_under_the_current_name_does_not_hide_the_old_value() {
    let mut import = object(json!({"source_filename": "old.csv", "filename": null}));
    modernize(Resource::DataImports, &mut import);
    assert_eq!(Value::Object(import), json!({"filename": "old.csv"}));
}

#[test]
fn transformation_logic_and_validation_rules_become_one_field_and_come_apart_again() {
    let old = json!({"transformation_logic": {"unit": "MiB"}, "validation_rules": {"max": 9}});
    let mut mapping = object(old.clone());
    modernize(Resource::ImportFieldMappings, &mut mapping);
    let expected = json!({"transformation_rules": {"unit": "MiB", "validation_rules": {"max": 9}}});
    assert_eq!(Value::Object(mapping.clone()), expected);
    archaize(Resource::ImportFieldMappings, &mut mapping);
    assert_eq!(Value::Object(mapping), old);
}

#[test]
fn validation_rules_alone_are_kept_and_lose_against_given_transformation_rules() {
    let mut alone = object(json!({"validation_rules": [1]}));
    modernize(Resource::ImportFieldMappings, &mut alone);
    assert_eq!(
        Value::Object(alone),
        json!({"transformation_rules": {"validation_rules": [1]}})
    );

    let mut both = object(json!({"validation_rules": [1], "transformation_rules": {"a": 1}}));
    modernize(Resource::ImportFieldMappings, &mut both);
    assert_eq!(Value::Object(both), json!({"transformation_rules": {"a": 1}}));
}

#[test]
fn column_names_are_translated_one_by_one() {
    assert_eq!(
        current_name(Resource::DataImports, "file_type"),
        Name::Old("mime_type")
    );
    assert_eq!(
        current_name(Resource::DataImports, "mime_type"),
        Name::Current("mime_type")
    );
    assert_eq!(current_name(Resource::DataImports, "is_mock"), Name::Dropped);
    assert_eq!(
        current_name(Resource::RawImportRecords, "row_number"),
        Name::Old("record_index")
    );
}

#[test]
fn no_new_name_is_an_old_name_and_no_old_name_occurs_twice() {
    for resource in Resource::ALL {
        let changes = resource.changes();
        for (position, field) in changes.iter().enumerate() {
            assert!(
                changes
                    .iter()
                    .skip(position + 1)
                    .all(|other| other.old != field.old),
                "{resource} {}",
                field.old
            );
            if let Change::Renamed(new) | Change::Within(new) = field.change {
                assert!(changes.iter().all(|other| other.old != new), "{resource} {new}");
            }
        }
        let renamed: Vec<_> = changes
            .iter()
            .filter_map(|f| {
                if let Change::Renamed(new) = f.change {
                    Some(new)
                } else {
                    None
                }
            })
            .collect();
        let mut once = renamed.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(
            once.len(),
            renamed.len(),
            "{resource}: two fields were renamed to the same name, which cannot be undone"
        );
    }
}

fn any_resource() -> impl Strategy<Value = Resource> {
    prop::sample::select(Resource::ALL.to_vec())
}

/// Objects with old, current and other names of a resource.
fn any_object(resource: Resource) -> impl Strategy<Value = Map<String, Value>> {
    let mut names: Vec<String> = vec!["other".to_owned(), "description".to_owned()];
    for field in resource.changes() {
        names.push(field.old.to_owned());
        if let Change::Renamed(new) | Change::Within(new) = field.change {
            names.push(new.to_owned());
        }
    }
    let value = prop_oneof![
        any::<i32>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!({"key": 1}))
    ];
    prop::collection::btree_map(prop::sample::select(names), value, 0..8)
        .prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn modernizing_leaves_no_old_name_and_does_nothing_the_second_time(
        (resource, given) in any_resource().prop_flat_map(|r| any_object(r).prop_map(move |o| (r, o)))
    ) {
        let mut once = given.clone();
        let report = modernize(resource, &mut once);
        for field in resource.changes() {
            prop_assert!(!once.contains_key(field.old));
            prop_assert_eq!(given.contains_key(field.old), report.old_names().any(|old| old == field.old));
        }
        let mut twice = once.clone();
        prop_assert!(modernize(resource, &mut twice).is_empty());
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn an_answer_in_old_names_reads_back_as_the_answer_in_current_names(
        (resource, given) in any_resource().prop_flat_map(|r| any_object(r).prop_map(move |o| (r, o)))
    ) {
        let mut current = given;
        modernize(resource, &mut current);
        let mut old = current.clone();
        archaize(resource, &mut old);
        modernize(resource, &mut old);
        prop_assert_eq!(old, current);
    }
}

/// Values for some of a resource's renamed fields, by their current names.
fn any_values(resource: Resource) -> impl Strategy<Value = Vec<(&'static str, &'static str, i32)>> {
    let renamed: Vec<(&'static str, &'static str)> = resource
        .changes()
        .iter()
        .filter_map(|field| match field.change {
            Change::Renamed(new) => Some((field.old, new)),
            Change::Within(_) | Change::Dropped => None,
        })
        .collect();
    prop::collection::vec(any::<i32>(), renamed.len()).prop_map(move |values| {
        let pairs = renamed.iter().zip(values);
        pairs.map(|((old, new), value)| (*old, *new, value)).collect()
    })
}

proptest! {
    #[test]
    fn only_old_names_only_current_ones_and_both_mean_the_same(
        (resource, values, stale) in any_resource()
            .prop_flat_map(|r| (Just(r), any_values(r), any::<i32>()))
    ) {
        let mut by_old: Map<String, Value> = values.iter().map(|(old, _, value)| ((*old).to_owned(), json!(value))).collect();
        let mut by_new: Map<String, Value> = values.iter().map(|(_, new, value)| ((*new).to_owned(), json!(value))).collect();
        // Both: the old ones say something else, and what was removed is there too.
        let mut by_both = by_new.clone();
        for field in resource.changes() {
            if !matches!(field.change, Change::Within(_)) {
                by_both.insert(field.old.to_owned(), json!(stale));
            }
        }
        let expected = by_new.clone();
        for given in [&mut by_old, &mut by_new, &mut by_both] {
            modernize(resource, given);
            prop_assert_eq!(&*given, &expected);
        }
    }
}
