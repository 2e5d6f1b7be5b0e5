//! The API's description is whole: clients are generated from it.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use serde_json::{Map, Value};
use std::collections::BTreeSet;

fn document() -> Value {
    serde_json::to_value(landfall_api::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, Map<String, Value>)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((
                format!("{} {path}", method.to_uppercase()),
                operation.as_object().unwrap().clone(),
            ));
        }
    }
    operations
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                found.insert(reference.clone());
            }
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_operation_has_an_own_id_a_sentence_a_tag_and_its_answers() {
    let document = document();
    let mut ids = BTreeSet::new();
    let mut listed = Vec::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{name} has no id"));
        assert!(
            ids.insert(id.to_owned()),
            "the id {id} belongs to {name} and to another operation"
        );
        assert!(
            operation["summary"].as_str().is_some_and(|text| text.len() > 5),
            "{name} says nothing"
        );
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
        let answers: Vec<&str> = operation["responses"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert!(
            answers.iter().any(|status| status.starts_with('2')) && answers.contains(&"500"),
            "{name}: {answers:?}"
        );
        listed.push(format!("{name} -> {id}: {}", answers.join(" ")));
    }
    listed.sort();
    insta::assert_json_snapshot!("operations", listed);
}

#[test]
fn every_operation_on_tenant_data_takes_its_tenant() {
    for (name, operation) in operations(&document()) {
        let tag = operation["tags"][0].as_str().unwrap();
        let headers: Vec<&str> = operation
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "header" && parameter["required"] == true)
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let expected = !["Operation", "Access", "Tenants", "Fields"].contains(&tag)
            || name.ends_with("/auth/stream-token");
        assert_eq!(headers.contains(&"X-Engagement-ID"), expected, "{name}");
        assert_eq!(headers.contains(&"If-Match"), name.starts_with("PATCH"), "{name}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_shape_is_used() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    let named = |kind: &str| {
        let all = document["components"][kind].as_object().unwrap();
        all.keys()
            .map(|name| format!("#/components/{kind}/{name}"))
            .collect::<Vec<_>>()
    };
    let shapes: BTreeSet<String> = named("schemas").into_iter().chain(named("responses")).collect();
    assert_eq!(
        found.difference(&shapes).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    assert_eq!(
        shapes.difference(&found).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn every_body_has_an_example_or_examples_in_its_fields() {
    let document = document();
    for (name, operation) in operations(&document) {
        let Some(contents) = operation
            .get("requestBody")
            .and_then(|body| body["content"].as_object())
        else {
            continue;
        };
        for content in contents.values() {
            let Some(reference) = content["schema"]["$ref"].as_str() else {
                continue;
            };
            let shape = document.pointer(reference.trim_start_matches('#')).unwrap();
            let text = shape.to_string();
            assert!(
                text.contains("\"example\"") || text.contains("\"examples\""),
                "{name}: {reference}"
            );
        }
    }
}
