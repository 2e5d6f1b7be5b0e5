//! Reading TOML with all faults at once, each with its place.

use super::{PolicyFault, PolicyFaults};
use toml::{Table, Value};

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<PolicyFault>);

impl Faults {
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(PolicyFault {
            path: path.into(),
            message: message.into(),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Faults> for PolicyFaults {
    fn from(faults: Faults) -> Self {
        Self(faults.0)
    }
}

/// A table of the policy and its place.
#[derive(Clone, Debug)]
pub(super) struct Section<'t> {
    pub(super) path: String,
    table: &'t Table,
}

impl<'t> Section<'t> {
    pub(super) fn root(table: &'t Table) -> Self {
        Self {
            path: String::new(),
            table,
        }
    }

    /// The place of one of its keys.
    pub(super) fn at(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.table.keys().map(String::as_str)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn value(&self, key: &str) -> Option<&'t Value> {
        self.table.get(key)
    }

    /// Says which keys are not known.
    pub(super) fn only(&self, known: &[&str], faults: &mut Faults) {
        for key in self.keys().filter(|key| !known.contains(key)) {
            faults.add(
                self.at(key),
                format!("is not known here; known are {}", known.join(", ")),
            );
        }
    }

    pub(super) fn optional_text(&self, key: &str, faults: &mut Faults) -> Option<String> {
        match self.table.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                faults.add(self.at(key), "must be a text that is not empty");
                None
            }
        }
    }

    pub(super) fn text(&self, key: &str, faults: &mut Faults) -> String {
        if !self.has(key) {
            faults.add(self.at(key), "is missing: a text is needed");
        }
        self.optional_text(key, faults).unwrap_or_default()
    }

    /// A number from `least` to `greatest`.
    pub(super) fn number(&self, key: &str, (least, greatest): (f64, f64), faults: &mut Faults) -> f64 {
        let number = self.table.get(key).and_then(number);
        match number {
            Some(number) if number >= least && number <= greatest => number,
            Some(_) => {
                faults.add(self.at(key), format!("must be from {least} to {greatest}"));
                least
            }
            None => {
                let what = if self.has(key) { "must be" } else { "is missing:" };
                faults.add(
                    self.at(key),
                    format!("{what} a number from {least} to {greatest}"),
                );
                least
            }
        }
    }

    pub(super) fn flag(&self, key: &str, faults: &mut Faults) -> bool {
        match self.table.get(key) {
            None => false,
            Some(Value::Boolean(yes)) => *yes,
            Some(_) => {
                faults.add(self.at(key), "must be true or false");
                false
            }
        }
    }

    /// A table that must be there.
    pub(super) fn section(&self, key: &str, faults: &mut Faults) -> Option<Section<'t>> {
        match self.table.get(key) {
            Some(Value::Table(table)) => Some(Section {
                path: self.at(key),
                table,
            }),
            Some(_) => {
                faults.add(self.at(key), "must be a table");
                None
            }
            None => {
                faults.add(self.at(key), "is missing: a table is needed");
                None
            }
        }
    }

    /// A list of tables; empty if it is not there.
    pub(super) fn sections(&self, key: &str, faults: &mut Faults) -> Vec<Section<'t>> {
        let Some(value) = self.table.get(key) else {
            return Vec::new();
        };
        let Value::Array(items) = value else {
            faults.add(self.at(key), "must be a list of tables");
            return Vec::new();
        };
        let mut sections = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            let path = format!("{}[{place}]", self.at(key));
            match item {
                Value::Table(table) => sections.push(Section { path, table }),
                _ => faults.add(path, "must be a table"),
            }
        }
        sections
    }

    /// A list of texts, or one text; empty if it is not there.
    pub(super) fn texts(&self, key: &str, faults: &mut Faults) -> Vec<String> {
        let items = match self.table.get(key) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        let mut texts = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                _ => faults.add(format!("{}[{place}]", self.at(key)), "must be a text"),
            }
        }
        texts
    }
}

/// A number, whole or not.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) if number.is_finite() => Some(*number),
        #[expect(
            clippy::cast_precision_loss,
            reason = "policies have small numbers; range checks follow"
        )]
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    }
}
