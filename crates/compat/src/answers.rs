//! Answers with old names: where in an answer the objects of each resource are.

use crate::{Resource, archaize};
use serde_json::Value;

/// What the whole answer of a path is about: the segment after `/api/v3/`, or the last one that names a resource.
const SEGMENTS: &[(&str, Resource)] = &[
    ("imports", Resource::DataImports),
    ("flows", Resource::DiscoveryFlows),
    ("mappings", Resource::ImportFieldMappings),
    ("assets", Resource::Assets),
    ("errors", Resource::RawImportRecords),
    ("preview", Resource::RawImportRecords),
];

/// Keys under which an answer holds objects of a resource, alone or in a list.
const KEYS: &[(&str, Resource)] = &[
    ("imports", Resource::DataImports),
    ("data_imports", Resource::DataImports),
    ("import", Resource::DataImports),
    ("flows", Resource::DiscoveryFlows),
    ("discovery_flows", Resource::DiscoveryFlows),
    ("assets", Resource::Assets),
    ("records", Resource::RawImportRecords),
];

/// Keys under which an answer holds objects of its own resource.
const OWN_KEYS: [&str; 2] = ["items", "results"];

/// The resource that answers of this path are about, if it has old names.
pub fn resource_of(path: &str) -> Option<Resource> {
    path.split('/').rev().find_map(|segment| {
        SEGMENTS
            .iter()
            .find(|(name, _)| *name == segment)
            .map(|(_, resource)| *resource)
    })
}

/// Gives every object of a resource in the answer its old names.
pub fn archaize_answer(path: &str, answer: &mut Value) {
    walk(resource_of(path), answer);
}

fn walk(resource: Option<Resource>, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(resource, item)),
        Value::Object(object) => {
            for key in OWN_KEYS {
                if let Some(inner) = object.get_mut(key) {
                    walk(resource, inner);
                }
            }
            for (key, inner) in KEYS {
                if let Some(value) = object.get_mut(*key) {
                    walk(Some(*inner), value);
                }
            }
            if let Some(resource) = resource {
                archaize(resource, object);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_get_their_old_names_wherever_the_answer_holds_them() {
        let mut page = json!({"imports": [{"filename": "a.csv", "file_size": 1}], "total": 1});
        archaize_answer("/api/v3/data-import/imports", &mut page);
        assert_eq!(
            page,
            json!({"imports": [{"source_filename": "a.csv", "file_size_bytes": 1}], "total": 1})
        );
        let mut page = json!({"items": [{"match_type": "exact"}], "next": null});
        archaize_answer("/api/v3/imports/7/mappings", &mut page);
        assert_eq!(page, json!({"items": [{"mapping_type": "exact"}], "next": null}));
        let mut flow = json!({"id": 1, "discovery_flows": [{"asset_inventory_completed": true}]});
        archaize_answer("/api/v3/master-flows/1", &mut flow);
        assert_eq!(
            flow,
            json!({"id": 1, "discovery_flows": [{"inventory_completed": true}]})
        );
    }

    #[test]
    fn answers_about_other_things_stay_as_they_are() {
        let mut answer = json!({"filename": "a.csv"});
        archaize_answer("/api/v3/change-log", &mut answer);
        assert_eq!(answer, json!({"filename": "a.csv"}));
    }
}
