//! Facts of the inventory that answer questions by themselves.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is known: per field, the values that the assets of the subject have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(BTreeMap<String, Vec<Value>>);

/// Names of facts that are no field of an asset.
const DERIVED: [&str; 3] = ["finding_severity", "finding_kind", "dependency_count"];

impl Facts {
    /// Adds a value of a field. Null says nothing and is left out.
    pub fn add(&mut self, field: &str, value: Value) {
        if !value.is_null() {
            self.0.entry(field.to_owned()).or_default().push(value);
        }
    }

    fn values(&self, field: &str) -> &[Value] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }
}

/// A condition on one field. All tests that are given must hold for the same value; one value of the field suffices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactCondition {
    /// A field of the registry, or `finding_severity`, `finding_kind`, `dependency_count`.
    pub field: String,
    /// The value is this text, whatever the letter case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// The value contains this text, whatever the letter case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// The number is this or greater.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The number is this or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

impl FactCondition {
    /// What is wrong with the condition, if anything.
    pub(super) fn fault(&self) -> Option<String> {
        let known =
            DERIVED.contains(&self.field.as_str()) || landfall_domain::fields::field(&self.field).is_some();
        if !known {
            return Some(format!(
                "'{}' is no field of an asset and no derived fact",
                self.field
            ));
        }
        let tests = [
            self.equals.is_some(),
            self.contains.is_some(),
            self.at_least.is_some(),
            self.at_most.is_some(),
        ];
        (!tests.contains(&true)).then(|| {
            format!(
                "the condition on '{}' tests nothing: give equals, contains, atLeast or atMost",
                self.field
            )
        })
    }

    /// Whether a value of the facts meets the condition.
    pub fn holds(&self, facts: &Facts) -> bool {
        facts.values(&self.field).iter().any(|value| self.met_by(value))
    }

    fn met_by(&self, value: &Value) -> bool {
        let text = || match value {
            Value::String(text) => text.to_lowercase(),
            other => other.to_string(),
        };
        let number = |test: Option<f64>, met: fn(f64, f64) -> bool| {
            test.is_none_or(|limit| value.as_f64().is_some_and(|number| met(number, limit)))
        };
        self.equals
            .as_ref()
            .is_none_or(|wanted| text() == wanted.to_lowercase())
            && self
                .contains
                .as_ref()
                .is_none_or(|part| text().contains(&part.to_lowercase()))
            && number(self.at_least, |number, limit| number >= limit)
            && number(self.at_most, |number, limit| number <= limit)
    }
}
