//! Putting a record's values into an asset. The later statement wins field by field, except where a person has spoken.

use crate::cleansing::Cleansed;
use landfall_domain::AssetType;
use landfall_domain::fields::FieldValue;
use landfall_repositories::AssetRow;
use landfall_repositories::entities::asset_field_sources;
use serde_json::Value;
use std::collections::HashSet;

/// Precedence of what an import says.
pub(crate) const IMPORT_PRECEDENCE: i32 = 0;
/// Precedence of what a person says.
pub(crate) const PERSON_PRECEDENCE: i32 = 100;

/// The fields that a plan is made from; their share with a value is the asset's completeness.
const PLANNING_FIELDS: [&str; 10] = [
    "hostname",
    "ip_address",
    "operating_system",
    "cpu_cores",
    "memory_gb",
    "storage_gb",
    "environment",
    "location",
    "application_name",
    "business_criticality",
];

/// Names of the fields that persons set, which imports leave alone.
pub(crate) fn locked_fields(sources: &[asset_field_sources::Model]) -> HashSet<String> {
    sources
        .iter()
        .filter(|source| source.precedence >= PERSON_PRECEDENCE)
        .filter_map(|source| source.field_values.as_object())
        .flat_map(|values| values.keys().cloned())
        .collect()
}

/// Writes the record's values into the asset.
pub(crate) fn apply(
    asset: &mut AssetRow,
    record: &Cleansed,
    locked: &HashSet<String>,
    fallback_type: Option<AssetType>,
) {
    for (field, value) in &record.fields {
        if !locked.contains(field.name) {
            asset.set(field, value);
        }
    }
    for (name, value) in &record.custom_attributes {
        asset.custom_attributes().insert(name.clone(), value.clone());
    }
    finish(asset, fallback_type);
}

/// Works out what follows from the values: display name, type, completeness.
pub(crate) fn finish(asset: &mut AssetRow, fallback_type: Option<AssetType>) {
    if asset.text("name").is_none_or(|name| name.is_empty()) {
        let name = ["asset_name", "hostname", "fqdn", "application_name"]
            .into_iter()
            .find_map(|field| asset.text(field));
        asset.set_name(name.unwrap_or_default());
    }
    if asset.asset_type() == AssetType::Unknown {
        let runs_something = ["operating_system", "cpu_cores", "memory_gb"]
            .into_iter()
            .any(|field| asset.has(field));
        let inferred = fallback_type.or(runs_something.then_some(AssetType::Server));
        asset.set_asset_type(inferred.unwrap_or(AssetType::Unknown));
    }
    let score = completeness(|field| asset.has(field));
    asset.set_completeness(score);
}

/// The share of the fields that a plan is made from that have a value, 0 to 1.
pub(crate) fn completeness(has: impl Fn(&str) -> bool) -> f64 {
    let known = PLANNING_FIELDS.into_iter().filter(|field| has(field)).count();
    #[expect(clippy::cast_precision_loss, reason = "ten fields")]
    let score = known as f64 / PLANNING_FIELDS.len() as f64;
    score
}

/// Tags of a record as category and name: `env=prod` is prod in category env, a bare word is in category `tag`.
pub(crate) fn tags_of(record: &Cleansed) -> Vec<(String, String)> {
    let Some(FieldValue::List(tags)) = record.get("tags") else {
        return Vec::new();
    };
    tags.iter().filter_map(|tag| split_tag(tag)).collect()
}

/// Splits `category=name`.
pub(crate) fn split_tag(tag: &str) -> Option<(String, String)> {
    let (category, name) = tag.split_once('=').unwrap_or(("tag", tag));
    let (category, name) = (category.trim(), name.trim());
    (!name.is_empty() && !category.is_empty()).then(|| (category.to_owned(), name.to_owned()))
}

/// Names of the applications that a record belongs to. A list is separated by semicolons, in an AWS import template by
/// commas.
pub(crate) fn applications_of(record: &Cleansed, source_format: &str) -> Vec<String> {
    let Some(FieldValue::Text(names)) = record.get("application_name") else {
        return Vec::new();
    };
    let separators: &[char] = if source_format == "aws_ads" {
        &[';', ',']
    } else {
        &[';']
    };
    let mut list: Vec<String> = names
        .split(separators)
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    list.dedup();
    list
}

/// Folds everything that was said about an asset into its row again, oldest first, persons last.
pub(crate) fn refold(
    asset: &mut AssetRow,
    sources: &[asset_field_sources::Model],
    fields_to_clear: &HashSet<String>,
) {
    for name in fields_to_clear {
        if let Some(field) = landfall_domain::fields::field(name) {
            asset.unset(field);
        } else {
            asset.custom_attributes().remove(name);
        }
    }
    let mut ordered: Vec<_> = sources.iter().collect();
    ordered.sort_by_key(|source| (source.precedence, source.recorded_at, source.id));
    let nobody = HashSet::new();
    for source in ordered {
        apply(
            asset,
            &super::record::from_json(&source.field_values),
            &nobody,
            None,
        );
    }
    finish(asset, None);
}

/// Names of every field and attribute that a stored record states.
pub(crate) fn stated_names(stored: &Value) -> HashSet<String> {
    let record = super::record::from_json(stored);
    record
        .fields
        .iter()
        .map(|(field, _)| field.name.to_owned())
        .chain(record.custom_attributes.keys().cloned())
        .collect()
}
