//! A cleansed record as it is stored: in `raw_import_records.cleansed_data` and in `asset_field_sources.field_values`.
//!
//! The JSON has one key per field, and `custom_attributes` for everything else that the row says.

use crate::cleansing::Cleansed;
use landfall_domain::fields::{FieldValue, field};
use serde_json::{Map, Value};

/// Key under which columns that are no field are kept.
pub(crate) const CUSTOM_ATTRIBUTES: &str = "custom_attributes";

/// The record as stored.
pub(crate) fn to_json(record: &Cleansed) -> Value {
    let mut map: Map<String, Value> = record
        .fields
        .iter()
        .map(|(field, value)| (field.name.to_owned(), value.to_json()))
        .collect();
    if !record.custom_attributes.is_empty() {
        map.insert(
            CUSTOM_ATTRIBUTES.to_owned(),
            Value::Object(record.custom_attributes.clone()),
        );
    }
    Value::Object(map)
}

/// A stored record. What is no field, or not a value of its field, becomes a custom attribute: nothing is dropped.
pub(crate) fn from_json(stored: &Value) -> Cleansed {
    let mut record = Cleansed::default();
    let Value::Object(map) = stored else { return record };
    for (name, value) in map {
        if name == CUSTOM_ATTRIBUTES {
            if let Value::Object(attributes) = value {
                record.custom_attributes.extend(attributes.clone());
            }
            continue;
        }
        let known = field(name).and_then(|field| Some((field, FieldValue::from_json(field.kind, value)?)));
        match known {
            Some(known) => record.fields.push(known),
            None if value.is_null() => {}
            None => {
                record.custom_attributes.insert(name.clone(), value.clone());
            }
        }
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_survives_storage_and_what_is_no_field_becomes_an_attribute() {
        let stored = json!({
            "hostname": "web01", "cpu_cores": 4, "memory_gb": 15.5, "is_virtual": true, "tags": ["env=prod"],
            "custom_attributes": {"Rack Unit": "12"}
        });
        assert_eq!(to_json(&from_json(&stored)), stored);
        let odd = from_json(&json!({"cpu_cores": "four", "unheard_of": 1, "hostname": null}));
        assert!(odd.fields.is_empty());
        assert_eq!(
            Value::Object(odd.custom_attributes),
            json!({"cpu_cores": "four", "unheard_of": 1})
        );
    }
}
