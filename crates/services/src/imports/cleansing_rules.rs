//! Rules that a person gives for the texts of a column. They are kept with the import and applied each time before its rows
//! are read as values, so that the rows themselves stay as they came.

use crate::cleansing::is_absent;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is done to the texts of one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CleansingRule {
    /// Header of the column.
    pub field: String,
    /// What is done.
    #[serde(flatten)]
    pub action: CleansingAction,
}

/// What can be done to a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule_type", content = "parameters", rename_all = "snake_case")]
pub enum CleansingAction {
    /// Spaces around it go, and several inside become one.
    Trim,
    /// Capital letters.
    Uppercase,
    /// Small letters.
    Lowercase,
    /// Each word begins with a capital letter.
    TitleCase,
    /// Words of the source become others; compared without regard to case and outer spaces. An empty one is no value.
    Replace {
        /// Word of the source and what it becomes.
        values: BTreeMap<String, String>,
    },
    /// Where nothing is stated, this is.
    FillMissing {
        /// The text.
        value: String,
    },
    /// These texts are no values; all are if none is named.
    Clear {
        /// The texts, compared without regard to case and outer spaces.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<String>,
    },
}

/// The words of all kinds of rules, for messages and descriptions.
pub const RULE_TYPES: [&str; 7] = [
    "trim",
    "uppercase",
    "lowercase",
    "title_case",
    "replace",
    "fill_missing",
    "clear",
];

impl CleansingRule {
    /// A rule out of its word and parameters. `replace` takes `values`, an object of old to new, or `from` and `to`;
    /// `fill_missing` takes `value`; `clear` takes `values`, a list.
    ///
    /// # Errors
    /// A sentence that says what is missing or unknown.
    pub fn parse(field: &str, rule_type: &str, parameters: &Map<String, Value>) -> Result<Self, String> {
        let text = |name: &str| parameters.get(name).map(plain).filter(|text| !text.is_empty());
        let action = match rule_type {
            "trim" | "trim_whitespace" | "normalize_whitespace" => CleansingAction::Trim,
            "uppercase" | "upper" => CleansingAction::Uppercase,
            "lowercase" | "lower" => CleansingAction::Lowercase,
            "title_case" | "titlecase" => CleansingAction::TitleCase,
            "replace" | "value_map" | "standardize" | "map_values" => CleansingAction::Replace {
                values: replacements(parameters)?,
            },
            "fill_missing" | "default_value" => CleansingAction::FillMissing {
                value: text("value").ok_or("fill_missing needs the parameter 'value', a text")?,
            },
            "clear" | "set_null" | "remove_value" => CleansingAction::Clear {
                values: match parameters.get("values") {
                    Some(Value::Array(values)) => values.iter().map(plain).collect(),
                    Some(one) => vec![plain(one)],
                    None => Vec::new(),
                },
            },
            other => {
                return Err(format!(
                    "'{other}' is no kind of cleansing rule; known are {}",
                    RULE_TYPES.join(", ")
                ));
            }
        };
        Ok(Self {
            field: field.to_owned(),
            action,
        })
    }

    /// What the rule makes of a text; `None` is no value.
    pub fn apply(&self, text: Option<&str>) -> Option<String> {
        let stated = text.filter(|text| !is_absent(text));
        match (&self.action, stated) {
            (CleansingAction::FillMissing { value }, None) => Some(value.clone()),
            // Words that stand for nothing are texts still.
            (CleansingAction::Clear { values }, _) => {
                let stays = |text: &&str| !values.is_empty() && !values.iter().any(|word| same(word, text));
                text.filter(stays).map(str::to_owned)
            }
            (_, None) => text.map(str::to_owned),
            (CleansingAction::Trim, Some(text)) => {
                Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            (CleansingAction::Uppercase, Some(text)) => Some(text.to_uppercase()),
            (CleansingAction::Lowercase, Some(text)) => Some(text.to_lowercase()),
            (CleansingAction::TitleCase, Some(text)) => Some(title_case(text)),
            (CleansingAction::Replace { values }, Some(text)) => {
                values.iter().find(|(word, _)| same(word, text)).map_or_else(
                    || Some(text.to_owned()),
                    |(_, new)| (!new.is_empty()).then(|| new.clone()),
                )
            }
            (CleansingAction::FillMissing { .. }, Some(text)) => Some(text.to_owned()),
        }
    }
}

fn replacements(parameters: &Map<String, Value>) -> Result<BTreeMap<String, String>, String> {
    const WHAT: &str = "replace needs the parameter 'values', an object of old to new, or 'from' and 'to'";
    if let Some(Value::Object(values)) = parameters.get("values").or_else(|| parameters.get("mapping")) {
        return Ok(values
            .iter()
            .map(|(old, new)| (old.clone(), plain(new)))
            .collect());
    }
    match (parameters.get("from"), parameters.get("to")) {
        (Some(from), Some(to)) => Ok(BTreeMap::from([(plain(from), plain(to))])),
        _ => Err(WHAT.to_owned()),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn title_case(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase()
        })
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The text of a cell with its outer spaces, which rules may be about.
fn as_it_came(cell: &Value) -> Option<String> {
    match cell {
        Value::String(text) => Some(text.clone()),
        other => crate::cleansing::cell_text(other).map(std::borrow::Cow::into_owned),
    }
}

/// Applies rules to a row, in order. Gives how many cells changed.
pub(crate) fn apply_rules(rules: &[CleansingRule], row: &mut Map<String, Value>) -> usize {
    let mut changed = 0;
    for rule in rules {
        let text = row.get(&rule.field).and_then(as_it_came);
        let after = rule.apply(text.as_deref());
        if after.as_deref() == text.as_deref() {
            continue;
        }
        changed += 1;
        row.insert(rule.field.clone(), after.map_or(Value::Null, Value::String));
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule(kind: &str, parameters: Value) -> CleansingRule {
        let Value::Object(parameters) = parameters else {
            panic!("an object")
        };
        CleansingRule::parse("c", kind, &parameters).unwrap()
    }

    #[test]
    fn each_rule_does_what_it_says_and_survives_storage() {
        for (rule, text, expected) in [
            (rule("trim", json!({})), Some(" a  b "), Some("a b")),
            (rule("uppercase", json!({})), Some("ab"), Some("AB")),
            (rule("lowercase", json!({})), Some("AB"), Some("ab")),
            (rule("title_case", json!({})), Some("new YORK"), Some("New York")),
            (
                rule("replace", json!({"from": "prd", "to": "Production"})),
                Some("PRD "),
                Some("Production"),
            ),
            (rule("replace", json!({"values": {"x": ""}})), Some("x"), None),
            (
                rule("replace", json!({"values": {"x": "y"}})),
                Some("z"),
                Some("z"),
            ),
            (rule("fill_missing", json!({"value": "Test"})), None, Some("Test")),
            (
                rule("fill_missing", json!({"value": "Test"})),
                Some("N/A"),
                Some("Test"),
            ),
            (
                rule("fill_missing", json!({"value": "Test"})),
                Some("Dev"),
                Some("Dev"),
            ),
            (rule("clear", json!({"values": ["tbd"]})), Some("TBD"), None),
            (rule("clear", json!({"values": ["tbd"]})), Some("10"), Some("10")),
        ] {
            assert_eq!(rule.apply(text).as_deref(), expected, "{rule:?} of {text:?}");
            let stored = serde_json::to_value(&rule).unwrap();
            assert_eq!(serde_json::from_value::<CleansingRule>(stored).unwrap(), rule);
        }
    }

    #[test]
    fn what_is_unknown_or_missing_is_said() {
        let nothing = Map::new();
        assert!(
            CleansingRule::parse("c", "polish", &nothing)
                .unwrap_err()
                .contains("trim")
        );
        assert!(
            CleansingRule::parse("c", "replace", &nothing)
                .unwrap_err()
                .contains("values")
        );
        assert!(
            CleansingRule::parse("c", "fill_missing", &nothing)
                .unwrap_err()
                .contains("value")
        );
    }

    #[test]
    fn rules_change_their_cells_only() {
        let mut row = json!({"a": " x ", "b": " y "}).as_object().cloned().unwrap();
        let trim = CleansingRule {
            field: "a".to_owned(),
            action: CleansingAction::Trim,
        };
        let fill = CleansingRule {
            field: "d".to_owned(),
            action: CleansingAction::FillMissing {
                value: "z".to_owned(),
            },
        };
        assert_eq!(apply_rules(&[trim, fill], &mut row), 2);
        assert_eq!(Value::Object(row), json!({"a": "x", "b": " y ", "d": "z"}));
    }
}
