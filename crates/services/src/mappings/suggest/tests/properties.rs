//! What holds for every set of columns.

use proptest::prelude::*;

use super::*;
use crate::mappings::rules_for;
use landfall_domain::fields::{FIELDS, field};

fn any_column() -> impl Strategy<Value = ColumnProfile> {
    let names: Vec<&'static str> = FIELDS
        .iter()
        .flat_map(|field| std::iter::once(field.name).chain(field.aliases.iter().copied()))
        .collect();
    let header = prop_oneof![
        4 => proptest::sample::select(names).prop_map(str::to_owned),
        1 => "[A-Za-z ()%_#äöü]{0,24}",
    ];
    let value = prop_oneof![
        "[0-9.,]{1,8}",
        "10\\.0\\.[0-9]\\.[0-9]",
        "[a-z0-9-]{1,12}",
        "(Prod|Dev|yes|no|Linux)",
        any::<String>()
    ];
    (header, proptest::collection::vec(value, 0..6), 0_u64..50)
        .prop_map(|(header, samples, filled)| ColumnProfile::from_samples(header, samples, filled, 50))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn suggestions_do_not_depend_on_the_order_of_columns(columns in proptest::collection::vec(any_column(), 1..12), by in 0_usize..12) {
        let mut columns = columns;
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        columns.dedup_by(|a, b| a.name == b.name);
        let straight = suggest(&columns, &[], &[]);
        let mut turned = columns.clone();
        let by = by % columns.len();
        turned.rotate_left(by);
        let mut other = suggest(&turned, &[], &[]);
        other.rotate_right(by);
        prop_assert_eq!(&straight, &other);
        prop_assert_eq!(&straight, &suggest(&columns, &[], &[]));
    }

    #[test]
    fn no_field_is_suggested_twice_and_every_suggestion_is_sound(columns in proptest::collection::vec(any_column(), 1..12)) {
        let found = suggest(&columns, &[], &[]);
        prop_assert_eq!(found.len(), columns.len());
        let lists = ["dependencies", "tags"];
        let mut targets: Vec<&str> = found.iter().filter_map(|suggestion| suggestion.target_field).collect();
        targets.retain(|target| !lists.contains(target));
        let count = targets.len();
        targets.sort_unstable();
        targets.dedup();
        prop_assert_eq!(targets.len(), count);
        for suggestion in &found {
            prop_assert!((0.0..=1.0).contains(&suggestion.confidence));
            prop_assert!(!suggestion.reason.is_empty());
            prop_assert!(suggestion.alternatives.len() <= 5);
            prop_assert!(suggestion.target_field.is_none_or(|name| field(name).is_some()));
        }
    }

    #[test]
    fn every_column_can_be_read_as_every_field(column in any_column()) {
        for field in FIELDS {
            let (rules, _) = rules_for(&column, field);
            prop_assert_eq!(TransformationRules::from_json(&rules.to_json()).unwrap(), rules);
        }
    }
}
