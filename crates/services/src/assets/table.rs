//! What an export holds: which columns, and the cells of each asset.

use super::{Asset, edges, field_values, tag_text};
use chrono::SecondsFormat;
use landfall_domain::AssetId;
use landfall_domain::fields::{FIELDS, Field, FieldKind, FieldValue, Storage};
use landfall_repositories::entities::asset_dependencies::Model as Dependency;
use landfall_repositories::entities::tags;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// The asset's id in the inventory that it was exported from.
pub const ID_COLUMN: &str = "landfall_id";
/// Tags as `category=name`, separated by semicolons.
pub const TAGS_COLUMN: &str = "landfall_tags";
/// What the asset needs.
pub const DEPENDENCIES_COLUMN: &str = "landfall_dependencies";
/// Before the name of an attribute that is called like a field.
pub(crate) const ATTRIBUTE_PREFIX: &str = "custom:";

/// The columns of an export, in order.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    fields: Vec<&'static Field>,
    /// Names of custom attributes with their headers.
    attributes: Vec<(String, String)>,
}

impl Columns {
    /// The columns for assets with these custom attributes. Every field has a column, also where no asset has a value: so a
    /// custom column can never be taken for a field when the file is imported.
    pub(super) fn new(attributes: BTreeSet<String>) -> Self {
        let fields: Vec<_> = FIELDS
            .iter()
            .filter(|field| field.storage == Storage::Column)
            .collect();
        let is_own = |name: &str| {
            [ID_COLUMN, TAGS_COLUMN, DEPENDENCIES_COLUMN].contains(&name)
                || FIELDS.iter().any(|field| field.name == name)
        };
        let attributes = attributes
            .into_iter()
            .map(|name| {
                let header = if is_own(&name) {
                    format!("{ATTRIBUTE_PREFIX}{name}")
                } else {
                    name.clone()
                };
                (name, header)
            })
            .collect();
        Self { fields, attributes }
    }

    /// The headers.
    pub(super) fn headers(&self) -> Vec<&str> {
        std::iter::once(ID_COLUMN)
            .chain(self.fields.iter().map(|field| field.name))
            .chain([TAGS_COLUMN, DEPENDENCIES_COLUMN])
            .chain(self.attributes.iter().map(|(_, header)| header.as_str()))
            .collect()
    }

    /// The cells of an asset, one for each header; null where there is nothing.
    pub(super) fn cells(&self, asset: &Asset, beside: &Beside) -> Vec<Value> {
        let mut values: HashMap<&str, FieldValue> = field_values(asset)
            .map(|(field, value)| (field.name, value))
            .collect();
        let mut cells = Vec::with_capacity(self.fields.len() + self.attributes.len() + 3);
        cells.push(Value::String(asset.id.to_string()));
        cells.extend(
            self.fields
                .iter()
                .map(|field| values.remove(field.name).map_or(Value::Null, |v| cell(field, v))),
        );
        cells.push(
            beside
                .tags
                .get(&asset.id)
                .map_or(Value::Null, |tags| Value::String(tags.join("; "))),
        );
        cells.push(
            beside
                .edges
                .get(&asset.id)
                .map_or(Value::Null, |edges| Value::String(edges::write(edges))),
        );
        let attributes = asset.custom_attributes.as_object();
        cells.extend(self.attributes.iter().map(|(name, _)| {
            attributes
                .and_then(|attributes| attributes.get(name))
                .cloned()
                .unwrap_or(Value::Null)
        }));
        cells
    }
}

/// Money is written in units of the currency: files are for people.
fn cell(field: &Field, value: FieldValue) -> Value {
    match (field.kind, value) {
        (FieldKind::Money, FieldValue::Integer(minor)) => Value::String(format!(
            "{}{}.{:02}",
            if minor < 0 { "-" } else { "" },
            minor.unsigned_abs() / 100,
            minor.unsigned_abs() % 100
        )),
        (_, FieldValue::Timestamp(time)) => Value::String(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        (_, value) => value.to_json(),
    }
}

/// What is kept beside the rows of a batch of assets.
#[derive(Debug, Default)]
pub(super) struct Beside {
    tags: HashMap<AssetId, Vec<String>>,
    edges: HashMap<AssetId, Vec<edges::Edge>>,
}

impl Beside {
    pub(super) fn new(tags: Vec<(AssetId, tags::Model)>, dependencies: &[Dependency]) -> Self {
        let mut beside = Self::default();
        for (asset, tag) in tags {
            beside
                .tags
                .entry(asset)
                .or_default()
                .push(tag_text(&tag.category, &tag.name));
        }
        for tags in beside.tags.values_mut() {
            tags.sort_unstable();
        }
        for dependency in dependencies {
            beside
                .edges
                .entry(dependency.asset_id)
                .or_default()
                .push(dependency.into());
        }
        beside
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfall_domain::fields::field;

    #[test]
    fn an_attribute_that_is_called_like_a_field_gets_a_header_of_its_own() {
        let columns = Columns::new(BTreeSet::from(["Rack Unit".to_owned(), "hostname".to_owned()]));
        let headers = columns.headers();
        assert_eq!(headers.first(), Some(&ID_COLUMN));
        assert!(headers.contains(&"Rack Unit") && headers.contains(&"custom:hostname"));
        let unique: BTreeSet<_> = headers.iter().collect();
        assert_eq!(unique.len(), headers.len());
    }

    #[test]
    fn money_is_written_with_two_decimals() {
        let cost = field("current_monthly_cost").unwrap();
        assert_eq!(cell(cost, FieldValue::Integer(123_405)), "1234.05");
        assert_eq!(cell(cost, FieldValue::Integer(-7)), "-0.07");
    }
}
