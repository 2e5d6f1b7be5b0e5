//! A cleansed value of a field.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// A value in the form and unit in which the field is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Text, also of labels, addresses and names.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// Point in time, UTC.
    Timestamp(DateTime<Utc>),
    /// Several texts, for references and tags.
    List(Vec<String>),
}

impl FieldValue {
    /// The value as JSON, as kept in `cleansed_data` and `asset_field_sources`.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Integer(number) => Value::from(*number),
            Self::Number(number) => Value::from(*number),
            Self::Boolean(yes) => Value::Bool(*yes),
            Self::Timestamp(time) => Value::String(time.to_rfc3339_opts(SecondsFormat::Micros, true)),
            Self::List(texts) => Value::from(texts.clone()),
        }
    }

    /// The text, if the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
