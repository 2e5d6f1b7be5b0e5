//! From a raw row to a cleansed record: the accepted mappings read its columns, its format adds what no single column says.

use crate::cleansing::{
    Cleansed, Cleanser, ColumnMapping, Reading, TransformationRules, UnknownTarget, read,
};
use crate::imports::cleansing_rules::{CleansingRule, apply_rules};
use crate::imports::formats::{FREE_FORM, Format, RowRole, format};
use landfall_domain::AssetType;
use landfall_domain::fields::{Field, FieldValue, field};
use landfall_repositories::RawRow;
use landfall_repositories::entities::{data_imports, import_field_mappings};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Reads the raw rows of one import.
pub struct RecordReader {
    format: &'static dyn Format,
    cleanser: Cleanser,
    include: BTreeSet<String>,
    rules: Vec<CleansingRule>,
}

/// What a row is, once read.
#[derive(Clone, Debug)]
pub enum ReadRow {
    /// It should become an asset.
    Asset {
        /// Its values.
        record: Cleansed,
        /// What it is, where the format knows.
        asset_type: Option<AssetType>,
        /// Whether it only adds to an asset that must be known already.
        is_supplement: bool,
    },
    /// It makes no asset.
    NoAsset {
        /// One word.
        reason_code: &'static str,
        /// A sentence.
        reason: String,
    },
}

/// The format that an import was recognised as.
pub(crate) fn format_of(import: &data_imports::Model) -> &'static dyn Format {
    format(import.source_format.as_deref().unwrap_or(FREE_FORM))
}

/// What ids are unique in for an import.
pub(crate) fn source_of(import: &data_imports::Model) -> String {
    source_named(
        format_of(import).id(),
        import.header_fingerprint.as_deref().unwrap_or_default(),
    )
}

/// What ids are unique in: the exporting system, or the sheet by its headers where no system is known.
pub(crate) fn source_named(format: &str, fingerprint: &str) -> String {
    if format != FREE_FORM {
        return format.to_owned();
    }
    format!("sheet:{}", fingerprint.get(..16).unwrap_or(fingerprint))
}

/// The accepted mappings as the cleanser takes them.
pub(crate) fn column_mappings(rows: &[import_field_mappings::Model]) -> Vec<ColumnMapping> {
    rows.iter()
        .filter(|row| row.status.is_accepted())
        .map(|row| ColumnMapping {
            source_field: row.source_field.clone(),
            target: row.target_field.clone(),
            rules: TransformationRules::from_json(&row.transformation_rules).unwrap_or_default(),
        })
        .collect()
}

impl RecordReader {
    /// A reader for rows of a format under these mappings.
    pub fn new(
        format: &'static dyn Format,
        mappings: &[ColumnMapping],
        include: BTreeSet<String>,
        currency: &str,
    ) -> Result<Self, UnknownTarget> {
        Ok(Self {
            format,
            cleanser: Cleanser::new(mappings)?.with_currency(currency, 2),
            include,
            rules: Vec::new(),
        })
    }

    /// The same reader, which applies these rules to the texts before it reads them.
    pub fn with_rules(mut self, rules: Vec<CleansingRule>) -> Self {
        self.rules = rules;
        self
    }

    /// What a stored row is. A record that was handed in from outside is taken as it is.
    pub fn read_stored(&self, row: &RawRow) -> ReadRow {
        let Value::Object(raw) = &row.raw_data else {
            return ReadRow::NoAsset {
                reason_code: "no_columns",
                reason: "the record has no columns".to_owned(),
            };
        };
        let number = row.row_number.and_then(|number| u64::try_from(number).ok());
        self.read(raw, number.unwrap_or_default(), row.cleansed_data.as_ref())
    }

    /// What a row is.
    pub fn read(&self, raw: &Map<String, Value>, row_number: u64, handed_in: Option<&Value>) -> ReadRow {
        let (asset_type, is_supplement) = match self.format.role(raw, &self.include) {
            RowRole::Asset { asset_type } => (asset_type, false),
            RowRole::Supplement => (None, true),
            RowRole::Dependency => {
                let reason = "the row says what needs what; it makes no asset".to_owned();
                return ReadRow::NoAsset {
                    reason_code: "dependencies",
                    reason,
                };
            }
            RowRole::Skipped { reason_code, reason } => return ReadRow::NoAsset { reason_code, reason },
        };
        let mut record = match handed_in {
            Some(stored) => super::record::from_json(stored),
            None => self.cleanser.cleanse(&self.prepare(raw), row_number),
        };
        self.format.keep_attributes(&mut record.custom_attributes);
        self.add_facts(raw, &mut record);
        ReadRow::Asset {
            record,
            asset_type,
            is_supplement,
        }
    }

    /// The format's functions on a raw row.
    pub fn format(&self) -> &'static dyn Format {
        self.format
    }

    /// The row as the cleanser takes it: rows of joined tables are left out, since they are kept as disks, adapters and
    /// measurements.
    fn prepare<'r>(&self, raw: &'r Map<String, Value>) -> Cow<'r, Map<String, Value>> {
        let is_joined =
            |value: &Value| matches!(value, Value::Array(items) if items.iter().any(Value::is_object));
        let mut row = if self.format.joined().is_none() || !raw.values().any(is_joined) {
            Cow::Borrowed(raw)
        } else {
            let own = raw.iter().filter(|(_, value)| !is_joined(value));
            Cow::Owned(own.map(|(name, value)| (name.clone(), value.clone())).collect())
        };
        if !self.rules.is_empty() {
            apply_rules(&self.rules, row.to_mut());
        }
        row
    }

    fn add_facts(&self, raw: &Map<String, Value>, record: &mut Cleansed) {
        for identity in self.format.identities(raw) {
            if let Some(field) = field(identity.kind) {
                // The format knows how ids are composed to be unique; a column alone does not.
                record.fields.retain(|(known, _)| known.name != field.name);
                record.fields.push((field, FieldValue::Text(identity.value)));
            }
        }
        for derived in self.format.derived(raw) {
            let Some(field) = field(derived.field) else {
                continue;
            };
            let rules = TransformationRules {
                unit: derived.unit,
                ..TransformationRules::default()
            };
            add_if_missing(record, field, read(field, &rules, &derived.value));
        }
        let tags = self.format.tags(raw);
        if !tags.is_empty() {
            add_tags(record, tags);
        }
        if let Some(within) = self.format.scope(raw)
            && let Some(field) = field("cluster_name")
        {
            let named = ["hypervisor_host", "cluster_name"]
                .into_iter()
                .any(|name| record.get(name).is_some());
            if !named {
                record.fields.push((field, FieldValue::Text(within)));
            }
        }
    }
}

fn add_if_missing(
    record: &mut Cleansed,
    field: &'static Field,
    reading: Result<Reading, crate::cleansing::Fault>,
) {
    if record.get(field.name).is_some() {
        return;
    }
    if let Ok(Reading::Value(value) | Reading::Partial(value)) = reading {
        record.fields.push((field, value));
    }
}

fn add_tags(record: &mut Cleansed, tags: Vec<(String, String)>) {
    let new = tags.into_iter().map(|(key, value)| {
        if key.is_empty() {
            value
        } else {
            format!("{key}={value}")
        }
    });
    let existing = record.fields.iter_mut().find(|(field, _)| field.name == "tags");
    match existing {
        Some((_, FieldValue::List(list))) => {
            for tag in new {
                if !list.contains(&tag) {
                    list.push(tag);
                }
            }
        }
        Some(_) => {}
        None => {
            if let Some(field) = field("tags") {
                record.fields.push((field, FieldValue::List(new.collect())));
            }
        }
    }
}
