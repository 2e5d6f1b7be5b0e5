//! What could be put right in the values of an import: found in its rows, with examples, and with the rule that would do it.

use super::ImportError;
use super::cleansing_rules::{CleansingAction, CleansingRule};
use super::columns::{ImportColumns, rounded, share};
use super::quality::folded;
use crate::cleansing::{cell_text, is_absent};
use crate::services::Services;
use landfall_domain::{ImportId, Scope};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Distinct values of a column that are counted; a column with more is taken for free text.
const MOST_VALUES: usize = 1_000;
/// Examples that a suggestion shows.
const MOST_EXAMPLES: usize = 5;
/// Certainty from which a suggestion is applied without a person.
const AUTOMATIC: f64 = 0.9;
/// A value in at least this part of the records is a default for the rest.
const USUAL: f64 = 0.8;

/// Something that could be put right in a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CleansingSuggestion {
    /// The column.
    pub field: String,
    /// `whitespace`, `inconsistent_spelling`, `missing_values` or `invalid_values`.
    pub issue_type: &'static str,
    /// What was found, a sentence.
    pub description: String,
    /// What would be done, a sentence.
    pub suggested_action: String,
    /// How sure it is that this is right, 0–1.
    pub confidence: f64,
    /// Records that it would change.
    pub affected_records: u64,
    /// Some of the changes.
    pub examples: Vec<Example>,
    /// The rule that does it; none where only a person can know.
    pub rule: Option<CleansingRule>,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// As it is.
    pub original_value: String,
    /// As it would be.
    pub suggested_value: Option<String>,
}

impl CleansingSuggestion {
    /// Whether it is certain enough to be applied without a person.
    pub fn is_automatic(&self) -> bool {
        self.rule.is_some() && self.confidence >= AUTOMATIC
    }
}

impl Services {
    /// Suggestions for the values of an import, those for most records first. Cost: one pass over its rows; memory a
    /// thousand values for each column.
    pub async fn cleansing_suggestions(
        &self,
        scope: &Scope,
        id: ImportId,
    ) -> Result<Vec<CleansingSuggestion>, ImportError> {
        let columns = self.import_columns(scope, id).await?;
        let names = columns.profiles.iter().map(|profile| profile.name.clone());
        let mut census: Vec<ColumnCensus> = names.map(ColumnCensus::new).collect();
        let mut rows = self.import_rows(scope, &columns.import).await?;
        loop {
            let batch = rows.next().await?;
            if batch.is_empty() {
                break;
            }
            for row in &batch {
                for column in &mut census {
                    column.take(&row.raw_data);
                }
                for error in row
                    .validation_errors
                    .as_ref()
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    let column = error.get("column").and_then(Value::as_str);
                    let column = census
                        .iter_mut()
                        .find(|known| Some(known.name.as_str()) == column);
                    if let Some(column) = column {
                        column.take_fault(error);
                    }
                }
            }
        }
        let mut found: Vec<_> = census
            .iter()
            .flat_map(|column| column.suggestions(&columns))
            .collect();
        found.sort_by(|a, b| {
            b.affected_records
                .cmp(&a.affected_records)
                .then_with(|| a.field.cmp(&b.field))
        });
        Ok(found)
    }
}

/// The values of a column, counted.
#[derive(Debug, Default)]
struct ColumnCensus {
    name: String,
    values: HashMap<String, u64>,
    is_free_text: bool,
    filled: u64,
    missing: u64,
    spaced: u64,
    spaced_examples: Vec<String>,
    faulty: u64,
    fault_examples: Vec<String>,
    rules: BTreeMap<String, u64>,
}

impl ColumnCensus {
    fn new(name: String) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    fn take(&mut self, row: &Value) {
        let cell = row.get(&self.name);
        let Some(text) = cell.and_then(cell_text).filter(|text| !is_absent(text)) else {
            self.missing += 1;
            return;
        };
        self.filled += 1;
        let as_it_came = cell.and_then(Value::as_str).unwrap_or(&text);
        if as_it_came.trim() != as_it_came || as_it_came.contains("  ") {
            self.spaced += 1;
            keep(&mut self.spaced_examples, as_it_came);
        }
        if self.is_free_text {
            return;
        }
        if let Some(count) = self.values.get_mut(text.trim()) {
            *count += 1;
        } else if self.values.len() < MOST_VALUES {
            self.values.insert(text.trim().to_owned(), 1);
        } else {
            self.is_free_text = true;
            self.values.clear();
        }
    }

    fn take_fault(&mut self, error: &Value) {
        self.faulty += 1;
        let word = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
        *self.rules.entry(word("rule").to_owned()).or_default() += 1;
        keep(&mut self.fault_examples, word("value"));
    }

    fn suggestions(&self, columns: &ImportColumns) -> Vec<CleansingSuggestion> {
        let found = [self.spaces(), self.spellings(), self.gaps(columns), self.faults()];
        found.into_iter().flatten().collect()
    }

    fn suggestion(&self, issue_type: &'static str, affected_records: u64) -> CleansingSuggestion {
        CleansingSuggestion {
            field: self.name.clone(),
            issue_type,
            description: String::new(),
            suggested_action: String::new(),
            confidence: 0.0,
            affected_records,
            examples: Vec::new(),
            rule: None,
        }
    }

    fn rule(&self, action: CleansingAction) -> CleansingRule {
        CleansingRule {
            field: self.name.clone(),
            action,
        }
    }

    fn spaces(&self) -> Option<CleansingSuggestion> {
        (self.spaced > 0).then(|| {
            let rule = self.rule(CleansingAction::Trim);
            CleansingSuggestion {
                description: format!(
                    "{} values of '{}' have superfluous spaces",
                    self.spaced, self.name
                ),
                suggested_action: "remove spaces around the value and doubled ones inside".to_owned(),
                confidence: 0.99,
                examples: examples(&self.spaced_examples, &rule),
                rule: Some(rule),
                ..self.suggestion("whitespace", self.spaced)
            }
        })
    }

    /// Values that differ by case or spaces alone become the spelling that most records have.
    fn spellings(&self) -> Option<CleansingSuggestion> {
        let mut groups: BTreeMap<String, Vec<(&str, u64)>> = BTreeMap::new();
        for (value, count) in &self.values {
            groups.entry(folded(value)).or_default().push((value, *count));
        }
        let (mut changes, mut affected) = (BTreeMap::new(), 0);
        for spellings in groups.values_mut().filter(|spellings| spellings.len() > 1) {
            spellings.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
            let Some((usual, rest)) = spellings.split_first() else {
                continue;
            };
            changes.insert(folded(usual.0), usual.0.to_owned());
            affected += rest.iter().map(|(_, count)| count).sum::<u64>();
            let odd = rest
                .iter()
                .map(|(value, _)| ((*value).to_owned(), usual.0.to_owned()));
            changes.extend(odd);
        }
        if affected == 0 {
            return None;
        }
        let odd: Vec<String> = changes
            .iter()
            .filter(|(from, to)| from != to && self.values.contains_key(*from))
            .map(|(from, _)| from.clone())
            .collect();
        let rule = self.rule(CleansingAction::Replace { values: changes });
        Some(CleansingSuggestion {
            description: format!(
                "{affected} values of '{}' are other spellings of a more frequent one",
                self.name
            ),
            suggested_action: "write each like the spelling that most records have".to_owned(),
            confidence: 0.95,
            examples: examples(&odd, &rule),
            rule: Some(rule),
            ..self.suggestion("inconsistent_spelling", affected)
        })
    }

    /// Gaps are filled only where nearly all records say the same.
    fn gaps(&self, columns: &ImportColumns) -> Option<CleansingSuggestion> {
        if self.missing == 0 || self.filled == 0 {
            return None;
        }
        let usual = self
            .values
            .iter()
            .max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        let usual = usual.filter(|(_, count)| share(**count, self.filled) >= USUAL && **count > 1);
        let description = format!(
            "'{}' says nothing in {} of {} records",
            self.name, self.missing, columns.records
        );
        let suggestion = self.suggestion("missing_values", self.missing);
        Some(match usual {
            Some((value, count)) => CleansingSuggestion {
                description,
                suggested_action: format!("fill in '{value}', which {count} of {} values are", self.filled),
                // Never enough to be done without a person: what is usual may still be wrong.
                confidence: rounded(share(*count, self.filled) * 0.85),
                rule: Some(self.rule(CleansingAction::FillMissing { value: value.clone() })),
                ..suggestion
            },
            None => CleansingSuggestion {
                description,
                suggested_action: "fill it in the source, or give a default".to_owned(),
                confidence: 0.5,
                ..suggestion
            },
        })
    }

    fn faults(&self) -> Option<CleansingSuggestion> {
        (self.faulty > 0).then(|| {
            let rules: Vec<&str> = self.rules.keys().map(String::as_str).collect();
            let rule = self.rule(CleansingAction::Clear {
                values: self.fault_examples.clone(),
            });
            CleansingSuggestion {
                description: format!(
                    "{} values of '{}' cannot be used ({})",
                    self.faulty,
                    self.name,
                    rules.join(", ")
                ),
                suggested_action: "correct them in the source; or clear them, so that they are no values"
                    .to_owned(),
                confidence: 0.6,
                examples: examples(&self.fault_examples, &rule),
                rule: Some(rule),
                ..self.suggestion("invalid_values", self.faulty)
            }
        })
    }
}

fn keep(examples: &mut Vec<String>, text: &str) {
    if examples.len() < MOST_EXAMPLES && !text.is_empty() && !examples.iter().any(|known| known == text) {
        examples.push(text.to_owned());
    }
}

fn examples(originals: &[String], rule: &CleansingRule) -> Vec<Example> {
    originals
        .iter()
        .take(MOST_EXAMPLES)
        .map(|original| Example {
            original_value: original.clone(),
            suggested_value: rule.apply(Some(original)),
        })
        .collect()
}
