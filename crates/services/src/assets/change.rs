//! Checking the values that a person gives an asset, by what the registry says about each field.

use super::{AssetError, AssetPatch};
use crate::cleansing::{Reading, TransformationRules, read};
use landfall_domain::fields::{Field, FieldKind, FieldValue, Storage, ValueType, field};
use serde_json::Value;

/// A value that its field does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFault {
    /// The field.
    pub field: String,
    /// The rule that was broken, one word.
    pub rule: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Fields without which an asset would not be one.
const REQUIRED: [&str; 2] = ["name", "asset_type"];

/// The patch in the form in which values are stored: synonyms become the word for them.
///
/// # Errors
/// [`AssetError::Values`] with every value that cannot be taken.
pub(super) fn checked(patch: AssetPatch) -> Result<AssetPatch, AssetError> {
    let AssetPatch {
        fields,
        custom_attributes,
    } = patch;
    let mut stored = AssetPatch {
        custom_attributes,
        ..AssetPatch::default()
    };
    let mut faults = Vec::new();
    for (name, value) in fields {
        match stored_value(&name, &value) {
            Ok(value) => {
                stored.fields.insert(name, value);
            }
            Err((rule, message)) => faults.push(ValueFault {
                field: name,
                rule,
                message,
            }),
        }
    }
    if faults.is_empty() {
        Ok(stored)
    } else {
        Err(AssetError::Values { faults })
    }
}

type Refusal = (&'static str, String);

fn stored_value(name: &str, value: &Value) -> Result<Value, Refusal> {
    let known = field(name).filter(|field| field.storage == Storage::Column);
    let field = known.ok_or_else(|| {
        (
            "unknown_name",
            format!("'{name}' is no field of an asset that can be set"),
        )
    })?;
    if value.is_null() {
        return if REQUIRED.contains(&name) {
            Err((
                "required",
                format!("{name} cannot be taken away: every asset has one"),
            ))
        } else {
            Ok(Value::Null)
        };
    }
    let value = match field.kind.value_type() {
        ValueType::Text => text(field, value)?,
        ValueType::Integer => number(field, value, "a whole number", Value::as_i64, FieldValue::Integer)?,
        ValueType::Number => number(field, value, "a number", Value::as_f64, FieldValue::Number)?,
        ValueType::Boolean => value
            .as_bool()
            .map(FieldValue::Boolean)
            .ok_or_else(|| takes(field, "true or false"))?,
        ValueType::Timestamp => FieldValue::from_json(FieldKind::Timestamp, value)
            .ok_or_else(|| takes(field, "a point in time such as 2026-01-31T12:00:00Z"))?,
        ValueType::TextList => return Err(takes(field, "no value here")),
    };
    Ok(value.to_json())
}

fn takes(field: &Field, what: &str) -> Refusal {
    ("type", format!("{} takes {what}", field.name))
}

fn number<T: Copy>(
    field: &Field,
    value: &Value,
    what: &str,
    typed: impl Fn(&Value) -> Option<T>,
    made: impl Fn(T) -> FieldValue,
) -> Result<FieldValue, Refusal> {
    let typed = typed(value).ok_or_else(|| takes(field, what))?;
    let (least, greatest) = field.range.unwrap_or((f64::MIN, f64::MAX));
    if value
        .as_f64()
        .is_some_and(|number| (least..=greatest).contains(&number))
    {
        return Ok(made(typed));
    }
    Err((
        "range",
        format!("{} must be from {least} to {greatest}", field.name),
    ))
}

/// A text is read as an import would read it, but nothing of it may be lost.
fn text(field: &Field, value: &Value) -> Result<FieldValue, Refusal> {
    let text = value.as_str().ok_or_else(|| takes(field, "a text"))?;
    match read(field, &TransformationRules::default(), text) {
        Ok(Reading::Value(value)) => Ok(value),
        Ok(Reading::Partial(value)) => {
            let near = value.as_text().unwrap_or_default().to_owned();
            Err((
                "vocabulary",
                format!(
                    "{} does not take '{text}'; the nearest that it takes is '{near}'",
                    field.name
                ),
            ))
        }
        Ok(Reading::Absent) => Err((
            "absent",
            format!(
                "'{text}' says that there is no value: send null to take {} away",
                field.name
            ),
        )),
        Ok(Reading::Unused) => Err(("unusable", format!("'{text}' tells nothing as {}", field.name))),
        Err(fault) => Err((fault.rule, format!("{}: {}", field.name, fault.message))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patch(fields: &Value) -> Result<AssetPatch, AssetError> {
        checked(AssetPatch {
            fields: fields.as_object().unwrap().clone(),
            ..AssetPatch::default()
        })
    }

    #[test]
    fn values_are_stored_as_an_import_would_store_them() {
        let stored = patch(&json!({
            "environment": "prd", "cpu_cores": 8, "memory_gb": 15.5, "is_virtual": true, "hostname": null,
            "asset_type": "server", "six_r_strategy": "rehost"
        }));
        let fields = Value::Object(stored.unwrap().fields);
        let expected = json!({
            "environment": "Production", "cpu_cores": 8, "memory_gb": 15.5, "is_virtual": true, "hostname": null,
            "asset_type": "server", "six_r_strategy": "rehost"
        });
        assert_eq!(fields, expected);
    }

    #[test]
    fn every_value_that_cannot_be_taken_is_told_with_its_rule() {
        let wrong = json!({
            "name": null, "cpu_cores": 4.5, "memory_gb": -1, "is_virtual": "yes", "ip_address": "10.0.0.300",
            "six_r_strategy": "relocate", "client_account_id": "x", "department": "n/a", "version": 9
        });
        let Err(AssetError::Values { faults }) = patch(&wrong) else {
            panic!("the patch was taken")
        };
        let mut rules: Vec<_> = faults
            .iter()
            .map(|fault| (fault.field.as_str(), fault.rule))
            .collect();
        rules.sort_unstable();
        let expected = [
            ("client_account_id", "unknown_name"),
            ("cpu_cores", "type"),
            ("department", "absent"),
            ("ip_address", "ip_address"),
            ("is_virtual", "type"),
            ("memory_gb", "range"),
            ("name", "required"),
            ("six_r_strategy", "vocabulary"),
            ("version", "unknown_name"),
        ];
        assert_eq!(rules, expected);
    }
}
