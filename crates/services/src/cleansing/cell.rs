//! The text of a cell, whatever JSON it came as.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The trimmed text of a value; `None` for null and for what is empty. Lists become comma-separated text, objects the text
/// that they show (`display_value`, `value`, `name`), whole numbers lose a spreadsheet's `.0`, and NUL characters, which no
/// database keeps, are left out.
pub(crate) fn text(value: &Value) -> Option<Cow<'_, str>> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => {
            let trimmed = text.trim();
            if trimmed.contains('\0') {
                Cow::Owned(trimmed.replace('\0', ""))
            } else {
                Cow::Borrowed(trimmed)
            }
        }
        Value::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Value::Number(number) => {
            let written = number.to_string();
            match written.strip_suffix(".0") {
                Some(whole) => Cow::Owned(whole.to_owned()),
                None => Cow::Owned(written),
            }
        }
        Value::Array(items) => Cow::Owned(items.iter().filter_map(text).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            return ["display_value", "value", "name"]
                .iter()
                .find_map(|key| map.get(*key))
                .map_or_else(|| pairs(map), text);
        }
    };
    (!text.is_empty()).then_some(text)
}

/// The entries of an object as `key=value`, as tags are written.
fn pairs(map: &Map<String, Value>) -> Option<Cow<'_, str>> {
    let pairs: Vec<String> = map
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", text(value)?)))
        .collect();
    (!pairs.is_empty()).then(|| Cow::Owned(pairs.join(";")))
}

/// A value as it is kept beside the fields: as it came, without NUL characters; `None` if it says nothing at all.
pub(super) fn kept(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) if text.contains('\0') => Some(Value::String(text.replace('\0', ""))),
        Value::Array(items) => Some(Value::Array(items.iter().filter_map(kept).collect())),
        Value::Object(map) => {
            let clean = map
                .iter()
                .filter_map(|(key, value)| Some((key.replace('\0', ""), kept(value)?)));
            Some(Value::Object(clean.collect()))
        }
        other => Some(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_json_has_a_text() {
        for (value, expected) in [
            (json!("  x\u{0}y "), Some("xy")),
            (json!(16.0), Some("16")),
            (json!(7.9), Some("7.9")),
            (json!(true), Some("true")),
            (json!(["a", null, "b"]), Some("a, b")),
            (json!({"display_value": "Rack 7", "link": "x"}), Some("Rack 7")),
            (json!({"env": "prod", "tier": 1}), Some("env=prod;tier=1")),
            (json!(""), None),
            (json!(null), None),
        ] {
            assert_eq!(text(&value).as_deref(), expected);
        }
        assert_eq!(kept(&json!("a\u{0}b")), Some(json!("ab")));
        assert_eq!(kept(&json!("  ")), None);
    }
}
