//! Rows of a source, one after the other.

use std::{borrow::Cow, collections::HashMap, ops::Not};

use landfall_domain::fields::{FIELDS, Field, FieldKind, FieldValue, field};
use serde_json::{Map, Value};

use super::{
    Cleansed, Fault, Issue, Reading, TransformationRules, cell, derive,
    read::{USUAL_CURRENCY_DIGITS, read_money_with},
};

/// Where the values of one column go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMapping {
    /// Header of the column.
    pub source_field: String,
    /// Name of the asset field; `None` leaves the column among the custom attributes.
    pub target: Option<String>,
    /// How its values are read.
    pub rules: TransformationRules,
}

/// A mapping to something that is no asset field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column '{source_field}' is mapped to '{target}', which is no asset field")]
pub struct UnknownTarget {
    /// Header of the column.
    pub source_field: String,
    /// What it was mapped to.
    pub target: String,
}

/// Longest piece of a value that an issue repeats, in characters.
const LONGEST_SHOWN: usize = 200;

struct Column {
    name: String,
    rules: TransformationRules,
    /// The value map with folded keys.
    words: HashMap<String, String>,
}

struct Target {
    field: &'static Field,
    /// Places in the list of columns, the preferred first.
    columns: Vec<usize>,
}

/// Cleanses the rows of one import. Made once; [`Self::cleanse`] may be called from several threads.
pub struct Cleanser {
    /// Sorted by name.
    columns: Vec<Column>,
    targets: Vec<Target>,
    currency: Option<String>,
    currency_digits: u8,
}

impl Cleanser {
    /// A cleanser for these mappings. Where several columns are mapped to one field, the first one that has a usable value
    /// wins, in order of their rules' priority, then of this list; lists of references and tags are joined instead.
    ///
    /// # Errors
    /// A target that is no asset field.
    pub fn new(mappings: &[ColumnMapping]) -> Result<Self, UnknownTarget> {
        let mut columns = Vec::new();
        let mut wanted: Vec<(u16, usize, &'static Field, &str)> = Vec::new();
        for (order, mapping) in mappings.iter().enumerate() {
            let Some(target) = &mapping.target else { continue };
            let Some(field) = field(target) else {
                return Err(UnknownTarget {
                    source_field: mapping.source_field.clone(),
                    target: target.clone(),
                });
            };
            wanted.push((mapping.rules.priority, order, field, &mapping.source_field));
            columns.push(Column {
                name: mapping.source_field.clone(),
                words: mapping
                    .rules
                    .value_map
                    .iter()
                    .map(|(word, meaning)| (word.trim().to_lowercase(), meaning.clone()))
                    .collect(),
                rules: mapping.rules.clone(),
            });
        }
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        columns.dedup_by(|a, b| a.name == b.name);
        wanted.sort_by_key(|(priority, order, ..)| (*priority, *order));
        let mut targets = Vec::new();
        for field in FIELDS {
            let places: Vec<usize> = wanted
                .iter()
                .filter(|(_, _, wanted, _)| std::ptr::eq(*wanted, field))
                .filter_map(|(.., name)| {
                    columns
                        .binary_search_by(|column| column.name.as_str().cmp(name))
                        .ok()
                })
                .collect();
            if !places.is_empty() {
                targets.push(Target {
                    field,
                    columns: places,
                });
            }
        }
        Ok(Self {
            columns,
            targets,
            currency: None,
            currency_digits: USUAL_CURRENCY_DIGITS,
        })
    }

    /// The currency (ISO 4217) in which the engagement counts and its number of decimals. Amounts that name another
    /// currency are then reported instead of mixed in.
    pub fn with_currency(mut self, currency: impl Into<String>, digits: u8) -> Self {
        self.currency = Some(currency.into());
        self.currency_digits = digits;
        self
    }

    /// One row as asset fields, custom attributes and issues.
    ///
    /// Nothing is lost: a column without a target, a value that cannot be used, and a value that gave way to another
    /// column's are all kept in the custom attributes under the column's name.
    pub fn cleanse(&self, row: &Map<String, Value>, row_number: u64) -> Cleansed {
        let mut cleansed = Cleansed {
            fields: Vec::with_capacity(self.targets.len() + 4),
            ..Cleansed::default()
        };
        let mut cells: Vec<Option<&Value>> = vec![None; self.columns.len()];
        let mut expected = 0;
        for (name, value) in row {
            match self.place(name, &mut expected) {
                Some(place) => {
                    if let Some(cell) = cells.get_mut(place) {
                        *cell = Some(value);
                    }
                }
                None => keep(&mut cleansed, name, value),
            }
        }
        for target in &self.targets {
            self.fill(target, &cells, row_number, &mut cleansed);
        }
        derive::complete(&mut cleansed);
        if cleansed.get("name").is_none() {
            derive::name(&mut cleansed, self.spelled_hosts(&cells));
        }
        cleansed
    }

    /// The host names of a row as the source writes them.
    fn spelled_hosts<'a>(&'a self, cells: &'a [Option<&Value>]) -> impl Iterator<Item = Cow<'a, str>> {
        self.targets
            .iter()
            .filter(|target| matches!(target.field.kind, FieldKind::Hostname | FieldKind::Fqdn))
            .flat_map(|target| &target.columns)
            .filter_map(|place| cell::text((*cells.get(*place)?)?))
    }

    /// The place of a column. Rows mostly hold their columns in sorted order, so the next one is tried first.
    fn place(&self, name: &str, expected: &mut usize) -> Option<usize> {
        let place = match self.columns.get(*expected) {
            Some(column) if column.name == name => *expected,
            Some(column) if column.name.as_str() > name && self.is_after_previous(*expected, name) => {
                return None;
            }
            _ => self
                .columns
                .binary_search_by(|column| column.name.as_str().cmp(name))
                .ok()?,
        };
        *expected = place + 1;
        Some(place)
    }

    fn is_after_previous(&self, place: usize, name: &str) -> bool {
        place
            .checked_sub(1)
            .and_then(|previous| self.columns.get(previous))
            .is_none_or(|column| column.name.as_str() < name)
    }

    fn fill(&self, target: &Target, cells: &[Option<&Value>], row_number: u64, cleansed: &mut Cleansed) {
        let joins = matches!(target.field.kind, FieldKind::AssetReferences | FieldKind::Tags);
        let mut found: Option<FieldValue> = None;
        for place in &target.columns {
            let (Some(column), Some(Some(value))) = (self.columns.get(*place), cells.get(*place)) else {
                continue;
            };
            let Some(text) = cell::text(value) else { continue };
            if found.is_some() && !joins {
                keep(cleansed, &column.name, value);
                continue;
            }
            match self.read(target.field, column, &text) {
                Ok(Reading::Absent) => {}
                Ok(Reading::Unused) => keep(cleansed, &column.name, value),
                Ok(Reading::Value(new)) => {
                    cleansed.changes += u32::from(differs(&new, &text));
                    found = Some(joined(found, new));
                }
                Ok(Reading::Partial(new)) => {
                    cleansed.changes += 1;
                    keep(cleansed, &column.name, value);
                    found = Some(joined(found, new));
                }
                Err(fault) => {
                    cleansed
                        .issues
                        .push(issue(row_number, &column.name, &text, fault));
                    keep(cleansed, &column.name, value);
                }
            }
        }
        if let Some(value) = found {
            cleansed.fields.push((target.field, value));
        }
    }

    fn read(&self, field: &'static Field, column: &Column, text: &str) -> Result<Reading, Fault> {
        let mut text = Cow::Borrowed(text);
        if !column.words.is_empty()
            && let Some(meaning) = column.words.get(&text.to_lowercase())
        {
            text = Cow::Owned(meaning.clone());
        }
        if field.kind == FieldKind::Money
            && let (Some(wanted), Some(stated)) = (&self.currency, &column.rules.currency)
            && !wanted.eq_ignore_ascii_case(stated)
        {
            return Err(Fault::new(
                "currency",
                format!(
                    "the column is in {stated}, the engagement counts in {wanted}: convert it before importing"
                ),
            ));
        }
        read_money_with(
            field,
            &column.rules,
            &text,
            self.currency.as_deref(),
            self.currency_digits,
        )
    }
}

/// Lists of several columns are one list; of other values there is only one.
fn joined(found: Option<FieldValue>, new: FieldValue) -> FieldValue {
    match (found, new) {
        (Some(FieldValue::List(mut items)), FieldValue::List(more)) => {
            for item in more {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            FieldValue::List(items)
        }
        (_, new) => new,
    }
}

fn keep(cleansed: &mut Cleansed, name: &str, value: &Value) {
    if let Some(value) = cell::kept(value) {
        let name = if name.contains('\0') {
            name.replace('\0', "")
        } else {
            name.to_owned()
        };
        cleansed.custom_attributes.insert(name, value);
    }
}

fn issue(row_number: u64, column: &str, text: &str, fault: Fault) -> Issue {
    let mut value: String = text.chars().take(LONGEST_SHOWN).collect();
    if value.len() < text.len() {
        value.push('…');
    }
    Issue {
        row_number,
        column: column.to_owned(),
        value,
        rule: fault.rule,
        message: fault.message,
    }
}

/// Whether the value is more than the text itself.
fn differs(value: &FieldValue, text: &str) -> bool {
    match value {
        FieldValue::Text(value) => value != text,
        FieldValue::Integer(number) => text.parse::<i64>() != Ok(*number),
        FieldValue::Number(number) => text
            .parse::<f64>()
            .is_ok_and(|plain| plain.to_bits() == number.to_bits())
            .not(),
        FieldValue::Boolean(yes) => text != if *yes { "true" } else { "false" },
        FieldValue::Timestamp(_) => true,
        FieldValue::List(items) => items.len() != 1 || items.first().is_some_and(|item| item != text),
    }
}
