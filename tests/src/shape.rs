//! Answers compared with the API's description.

use serde_json::Value;

/// Checks that a body has the shape that the description promises for this operation and status.
///
/// # Panics
/// With the path to the first place that differs.
#[track_caller]
#[expect(clippy::panic, reason = "a shape that differs has failed")]
pub fn check_shape(document: &Value, method: &str, path: &str, status: u16, body: &Value) {
    let operation = &document["paths"][path][method];
    assert!(operation.is_object(), "{method} {path} is not described");
    let mut response = &operation["responses"][status.to_string()];
    if let Some(shared) = response["$ref"].as_str() {
        response = document
            .pointer(shared.trim_start_matches('#'))
            .unwrap_or(&Value::Null);
    }
    assert!(
        response.is_object(),
        "{method} {path} does not describe the status {status}"
    );
    let schema = &response["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path} {status} describes no JSON");
    if let Err(fault) = fits(document, schema, body, "body") {
        panic!("{method} {path} {status}: {fault}\n{body:#}");
    }
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let name = reference.rsplit('/').next().unwrap_or_default();
            resolved(document, &document["components"]["schemas"][name])
        }
        None => schema,
    }
}

fn fits(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let schema = resolved(document, schema);
    for list in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[list].as_array() {
            let fitting = choices
                .iter()
                .any(|choice| fits(document, choice, value, place).is_ok());
            return if fitting {
                Ok(())
            } else {
                Err(format!("{place} fits no choice: {value}"))
            };
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        for part in all {
            fits(document, part, value, place)?;
        }
    }
    check_type(schema, value, place)?;
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{place} is none of the described words: {value}"));
    }
    match value {
        Value::Object(object) => {
            for name in schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                if !object.contains_key(name) {
                    return Err(format!("{place}.{name} is required and missing"));
                }
            }
            let known = schema["properties"].as_object();
            for (name, inner) in object {
                let described = known.and_then(|known| known.get(name));
                match (described, &schema["additionalProperties"]) {
                    (Some(described), _) => fits(document, described, inner, &format!("{place}.{name}"))?,
                    (None, more @ Value::Object(_)) => {
                        fits(document, more, inner, &format!("{place}.{name}"))?;
                    }
                    (None, _)
                        if known.is_some_and(|known| !known.is_empty()) && schema["allOf"].is_null() =>
                    {
                        return Err(format!("{place}.{name} is not described"));
                    }
                    _ => {}
                }
            }
        }
        Value::Array(items) if schema["items"].is_object() => {
            for (index, item) in items.iter().enumerate() {
                fits(document, &schema["items"], item, &format!("{place}[{index}]"))?;
            }
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            let below = schema["minimum"].as_f64().is_some_and(|least| number < least);
            if below || schema["maximum"].as_f64().is_some_and(|most| number > most) {
                return Err(format!("{place} is out of its range: {number}"));
            }
        }
        _ => {}
    }
    Ok(())
}

fn check_type(schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let allowed: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = allowed.contains(&kind) || (kind == "integer" && allowed.contains(&"number"));
    if fits {
        Ok(())
    } else {
        Err(format!(
            "{place} should be {} and is {kind}",
            allowed.join(" or ")
        ))
    }
}
