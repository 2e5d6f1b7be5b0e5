//! Nested JSON as flat columns.

use serde_json::{Map, Value};

use crate::imports::readers::RowFault;

/// Levels of nesting that become columns; deeper values are kept as JSON text.
const DEPTH: usize = 12;

/// Flattens an object: `{"os": {"name": "x"}}` becomes `os.name`. A reference with a `display_value` becomes that, one of
/// only `link` and `value` becomes the value, arrays of plain values are joined by `;`, other arrays are kept as they are.
/// NUL characters, which no database text can hold, are removed and reported.
pub(crate) fn flatten(number: u64, object: &Map<String, Value>) -> (Map<String, Value>, Vec<RowFault>) {
    let mut flat = Flat {
        number,
        data: Map::new(),
        faults: Vec::new(),
    };
    flat.object("", object, 1);
    (flat.data, flat.faults)
}

struct Flat {
    number: u64,
    data: Map<String, Value>,
    faults: Vec<RowFault>,
}

impl Flat {
    fn object(&mut self, prefix: &str, object: &Map<String, Value>, depth: usize) {
        for (key, value) in object {
            let key = key.replace('\0', "");
            let name = if prefix.is_empty() {
                key
            } else {
                format!("{prefix}.{key}")
            };
            self.value(name, value, depth);
        }
    }

    fn value(&mut self, name: String, value: &Value, depth: usize) {
        match value {
            Value::Object(object) => match displayed(object) {
                Some(shown) => self.value(name, shown, depth + 1),
                None if depth >= DEPTH => self.put(name, Value::String(value.to_string())),
                None => self.object(&name, object, depth + 1),
            },
            Value::Array(items) if items.iter().all(is_plain) => {
                let joined: Vec<String> = items
                    .iter()
                    .filter(|item| !item.is_null())
                    .map(plain_text)
                    .collect();
                self.put(name, Value::String(joined.join(";")));
            }
            plain => self.put(name, plain.clone()),
        }
    }

    fn put(&mut self, name: String, mut value: Value) {
        if remove_nul(&mut value) {
            let message = format!(
                "row {}, column '{name}': a NUL character was removed",
                self.number
            );
            self.faults.push(RowFault::of_cell(
                self.number,
                name.clone(),
                None,
                "nul_character",
                message,
            ));
        }
        self.data.insert(name, value);
    }
}

/// What a reference shows: its display value, or the value beside a link.
fn displayed(object: &Map<String, Value>) -> Option<&Value> {
    let reference = object
        .keys()
        .all(|key| matches!(key.as_str(), "display_value" | "value" | "link"));
    let shown = object
        .get("display_value")
        .or_else(|| object.get("link").and_then(|_| object.get("value")));
    shown.filter(|_| reference)
}

const fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn remove_nul(value: &mut Value) -> bool {
    match value {
        Value::String(text) if text.contains('\0') => {
            *text = text.replace('\0', "");
            true
        }
        Value::Array(items) => items.iter_mut().map(remove_nul).filter(|found| *found).count() > 0,
        Value::Object(object) => {
            let mut found = false;
            if object.keys().any(|key| key.contains('\0')) {
                *object = std::mem::take(object)
                    .into_iter()
                    .map(|(key, value)| (key.replace('\0', ""), value))
                    .collect();
                found = true;
            }
            object.values_mut().map(remove_nul).filter(|found| *found).count() > 0 || found
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flat(value: &Value) -> Value {
        Value::Object(flatten(1, value.as_object().unwrap()).0)
    }

    #[test]
    fn nested_values_become_columns() {
        assert_eq!(
            flat(&json!({"a": {"b": {"c": 1}, "d": true}, "e": null, "f": ["x", 2], "g": [{"h": 1}]})),
            json!({"a.b.c": 1, "a.d": true, "e": null, "f": "x;2", "g": [{"h": 1}]})
        );
    }

    #[test]
    fn references_become_what_they_show() {
        assert_eq!(
            flat(&json!({
                "location": {"display_value": "Paris", "link": "https://x/y"},
                "company": {"link": "https://x/z", "value": "0a1b"},
                "state": {"display_value": "Operational", "value": "1"},
            })),
            json!({"location": "Paris", "company": "0a1b", "state": "Operational"})
        );
    }

    #[test]
    fn deep_nesting_ends_as_text() {
        let mut deep = json!(1);
        for _ in 0..40 {
            deep = json!({ "a": deep });
        }
        let flat = flatten(1, deep.as_object().unwrap()).0;
        assert_eq!(flat.len(), 1);
        assert!(flat.values().next().unwrap().is_string());
    }

    #[test]
    fn nul_characters_are_removed_and_reported() {
        let (data, faults) = flatten(7, json!({"name": "a\0b"}).as_object().unwrap());
        assert_eq!(data["name"], "ab");
        assert_eq!((faults[0].row_number, faults[0].rule), (7, "nul_character"));
    }
}
