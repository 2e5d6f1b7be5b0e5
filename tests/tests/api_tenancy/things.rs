//! What the tenant whose data is asked for has, by the names that paths and bodies use.

use crate::operation::{Operation, Send};
use landfall_tests::api::Api;
use serde_json::Value;
use std::collections::BTreeMap;

/// Ids of the tenant's things by name, such as `imports`.
#[derive(Debug, Default)]
pub(crate) struct Things(BTreeMap<&'static str, String>);

impl Things {
    /// Everything that the resources make.
    pub(crate) async fn make(api: &Api) -> Self {
        let mut things = Self::default();
        crate::resources::make(api, &mut things).await;
        things
    }

    /// Remembers a thing.
    pub(crate) fn add(&mut self, name: &'static str, id: impl Into<String>) {
        self.0.insert(name, id.into());
    }

    /// The id of a thing.
    #[track_caller]
    pub(crate) fn id(&self, name: &str) -> &str {
        self.0
            .get(name)
            .unwrap_or_else(|| panic!("no resource has made '{name}': add it in its `make`"))
    }

    /// The path that is asked and the body, with ids in the place of names.
    pub(crate) fn fill(&self, operation: &Operation) -> (String, Option<Value>) {
        let body = match operation.send {
            Send::Json(text) => Some(serde_json::from_str(&self.body(text)).unwrap()),
            Send::Nothing | Send::Form => None,
        };
        (self.path(operation.asked), body)
    }

    fn path(&self, path: &str) -> String {
        let mut filled = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, after) = after.split_once('}').unwrap();
            let resource = before.trim_end_matches('/').rsplit('/').next().unwrap();
            filled.push_str(self.id(if name == "id" { resource } else { name }));
            rest = after;
        }
        filled + rest
    }

    fn body(&self, text: &str) -> String {
        let fill = |text: String, (name, id): (&&str, &String)| text.replace(&format!("{{{name}}}"), id);
        self.0.iter().fold(text.to_owned(), fill)
    }
}

/// A text of JSON.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The ids of a list.
pub(crate) fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| text(&item["id"])).collect()
}
