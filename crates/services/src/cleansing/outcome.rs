//! What cleansing gives back.

use landfall_domain::fields::{Field, FieldValue};
use serde::Serialize;
use serde_json::{Map, Value};

/// Why a text is no value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule that was broken, one word: `ip_address`, `range`, `length`, …
    pub rule: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
        }
    }
}

/// What a text says about a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Nothing.
    Absent,
    /// This value.
    Value(FieldValue),
    /// This value, but the text says more: it is kept as well.
    Partial(FieldValue),
    /// Something true but of no use, such as `localhost`: no value, and the text is kept.
    Unused,
}

impl Reading {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Value(FieldValue::Text(text.into()))
    }
}

/// A value that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// Number of the row in its source.
    pub row_number: u64,
    /// Header of the column.
    pub column: String,
    /// The text as given, shortened if it is long.
    pub value: String,
    /// The rule that was broken, one word.
    pub rule: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// One row, cleansed.
#[derive(Clone, Debug, Default)]
pub struct Cleansed {
    /// Values of asset fields, each field at most once.
    pub fields: Vec<(&'static Field, FieldValue)>,
    /// Everything else the row says, under the source's column names.
    pub custom_attributes: Map<String, Value>,
    /// Values that could not be used.
    pub issues: Vec<Issue>,
    /// How many values differ from the source's text or were worked out from others.
    pub changes: u32,
}

impl Cleansed {
    /// The value of the field with this name.
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.fields
            .iter()
            .find(|(field, _)| field.name == name)
            .map(|(_, value)| value)
    }
}
