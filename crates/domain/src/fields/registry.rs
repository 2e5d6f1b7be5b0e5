//! The fields themselves, one file for each group.
//!
//! An asset has up to three names. `name` is what lists show, and every asset has one: what a source states as the name,
//! else `asset_name`, else `hostname`, else `fqdn`. `asset_name` is the name in an asset register or CMDB, where that differs.
//! `hostname` is the name that the machine itself answers to, without domain.

mod business;
mod identity;
mod location;
mod machine;
mod migration;
mod performance;
mod technical;

use super::{Field, FieldGroup, FieldKind, Storage, Unit};

const GROUPS: [&[Field]; 7] = [
    identity::FIELDS,
    location::FIELDS,
    technical::FIELDS,
    machine::FIELDS,
    performance::FIELDS,
    business::FIELDS,
    migration::FIELDS,
];

const COUNT: usize = {
    let mut count = 0;
    let mut group = 0;
    while group < GROUPS.len() {
        count += GROUPS[group].len();
        group += 1;
    }
    count
};

const fn joined() -> [Field; COUNT] {
    let mut fields = [identity::FIELDS[0]; COUNT];
    let mut at = 0;
    let mut group = 0;
    while group < GROUPS.len() {
        let mut index = 0;
        while index < GROUPS[group].len() {
            fields[at] = GROUPS[group][index];
            at += 1;
            index += 1;
        }
        group += 1;
    }
    fields
}

/// Every field of an asset that a source can state. Each has one address, so that two references to a field are equal
/// exactly if they point to the same place.
pub static FIELDS: &[Field] = {
    static ALL: [Field; COUNT] = joined();
    &ALL
};

/// What most fields are: short free text in a column.
const TEXT: Field = Field {
    name: "",
    kind: FieldKind::Text,
    unit: None,
    group: FieldGroup::Identity,
    storage: Storage::Column,
    description: "",
    aliases: &[],
    max_length: Some(255),
    range: None,
};

/// A number in a column, from zero to a bound.
const fn number(kind: FieldKind, unit: Unit, range: (f64, f64)) -> Field {
    Field {
        kind,
        unit: Some(unit),
        range: Some(range),
        max_length: None,
        ..TEXT
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::super::{FIELDS, ValueType, field, header::compact};

    #[test]
    fn field_names_are_unique_and_found() {
        let mut seen = HashSet::new();
        for each in FIELDS {
            assert!(seen.insert(each.name), "{} is declared twice", each.name);
            assert!(std::ptr::eq(field(each.name).unwrap(), each));
            assert!(each.name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        }
        assert_eq!(FIELDS.len(), 51);
    }

    #[test]
    fn no_name_or_alias_belongs_to_two_fields() {
        let mut owner: HashMap<String, &str> = HashMap::new();
        for each in FIELDS {
            for name in std::iter::once(&each.name).chain(each.aliases) {
                let form = compact(name);
                assert!(!form.is_empty());
                if let Some(other) = owner.insert(form, each.name) {
                    assert_eq!(other, each.name, "'{name}' belongs to two fields");
                }
            }
        }
    }

    #[test]
    fn aliases_are_written_in_lowercase_words_and_only_once() {
        for each in FIELDS {
            let mut seen = HashSet::from([compact(each.name)]);
            for alias in each.aliases {
                assert_eq!(*alias, alias.to_lowercase(), "{}: '{alias}'", each.name);
                assert_eq!(*alias, alias.split_whitespace().collect::<Vec<_>>().join(" "));
                assert!(seen.insert(compact(alias)), "{}: '{alias}' twice", each.name);
            }
        }
    }

    #[test]
    fn columns_that_landfall_keeps_itself_are_no_targets() {
        for name in [
            "id",
            "client_account_id",
            "engagement_id",
            "version",
            "created_at",
            "custom_attributes",
        ] {
            assert!(field(name).is_none());
        }
    }

    #[test]
    fn every_field_says_what_it_is_and_numbers_have_bounds() {
        for each in FIELDS {
            assert!(each.description.ends_with('.'), "{}", each.name);
            match each.kind.value_type() {
                ValueType::Integer | ValueType::Number => {
                    let (least, greatest) = each.range.unwrap();
                    assert!(least < greatest && each.max_length.is_none());
                }
                ValueType::Text => assert!(each.max_length.is_some(), "{}", each.name),
                _ => {}
            }
        }
    }
}
