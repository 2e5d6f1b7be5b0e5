//! Renaming the fields of JSON objects.

use crate::{Change, Resource};
use serde_json::{Map, Value};

/// Which old names were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Old name and the name under which the value was taken, if it was taken at all.
    pub renamed: Vec<(&'static str, &'static str)>,
    /// Old names that mean nothing any more.
    pub dropped: Vec<&'static str>,
}

impl Report {
    /// Whether only current names were used.
    pub fn is_empty(&self) -> bool {
        self.renamed.is_empty() && self.dropped.is_empty()
    }

    /// Every old name that was seen.
    pub fn old_names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.renamed
            .iter()
            .map(|(old, _)| *old)
            .chain(self.dropped.iter().copied())
    }
}

/// What a field name means today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// It is no old name.
    Current(&'a str),
    /// It is an old name of this field.
    Old(&'static str),
    /// It means nothing any more.
    Dropped,
}

/// What `name` is called today, for query parameters and columns.
pub fn current_name(resource: Resource, name: &str) -> Name<'_> {
    match resource
        .changes()
        .iter()
        .find(|change| change.old == name)
        .map(|change| change.change)
    {
        None => Name::Current(name),
        Some(Change::Renamed(new) | Change::Within(new)) => Name::Old(new),
        Some(Change::Dropped) => Name::Dropped,
    }
}

/// Gives every field its current name and removes what has no place any more. If the current name is given too, it wins.
pub fn modernize(resource: Resource, object: &mut Map<String, Value>) -> Report {
    let mut report = Report::default();
    let given: Vec<&'static str> = new_names(resource)
        .filter(|new| object.get(*new).is_some_and(|value| !value.is_null()))
        .collect();
    for field in resource.changes() {
        let Some(value) = object.remove(field.old) else {
            continue;
        };
        match field.change {
            Change::Renamed(new) => {
                if !given.contains(&new) {
                    object.insert(new.to_owned(), value);
                }
                report.renamed.push((field.old, new));
            }
            Change::Within(new) => {
                if !given.contains(&new) {
                    put_within(object, new, field.old, value);
                }
                report.renamed.push((field.old, new));
            }
            Change::Dropped => report.dropped.push(field.old),
        }
    }
    report
}

/// Gives every field its old name, for clients that ask for it. Values that were kept inside another field come out again.
pub fn archaize(resource: Resource, object: &mut Map<String, Value>) {
    for field in resource.changes() {
        if let Change::Within(new) = field.change {
            take_from_within(object, new, field.old);
        }
    }
    for field in resource.changes() {
        if let Change::Renamed(new) = field.change
            && let Some(value) = object.remove(new)
        {
            object.insert(field.old.to_owned(), value);
        }
    }
}

fn new_names(resource: Resource) -> impl Iterator<Item = &'static str> {
    resource
        .changes()
        .iter()
        .filter_map(|change| match change.change {
            Change::Renamed(new) | Change::Within(new) => Some(new),
            Change::Dropped => None,
        })
}

fn put_within(object: &mut Map<String, Value>, outer: &str, inner: &str, value: Value) {
    if value.is_null() {
        return;
    }
    let slot = object.entry(outer).or_insert(Value::Null);
    match slot {
        Value::Object(map) => {
            map.entry(inner).or_insert(value);
        }
        Value::Null => *slot = Value::Object(Map::from_iter([(inner.to_owned(), value)])),
        // Rules that are no object have no room for more.
        _ => {}
    }
}

fn take_from_within(object: &mut Map<String, Value>, outer: &str, inner: &str) {
    let Some(Value::Object(map)) = object.get_mut(outer) else {
        return;
    };
    if let Some(value) = map.remove(inner) {
        object.insert(inner.to_owned(), value);
    }
}

#[cfg(test)]
mod tests;
