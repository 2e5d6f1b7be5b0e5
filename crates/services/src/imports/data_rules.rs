//! Rules that a person gives for the values of a column, checked against rows as they came.

use crate::cleansing::{TransformationRules, cell_text, dates, is_absent, read};
use landfall_domain::fields::field;
use regex::Regex;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The words of all kinds of rules.
pub const DATA_RULE_TYPES: [&str; 8] = [
    "required",
    "unique",
    "type",
    "pattern",
    "range",
    "length",
    "allowed_values",
    "field",
];
/// Longest pattern that is taken, in characters.
const LONGEST_PATTERN: usize = 1_000;
/// Most memory that a compiled pattern may take, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// What must hold for the values of a column.
#[derive(Debug)]
pub struct DataRule {
    /// Header of the column.
    pub field: String,
    /// The kind of rule, as given.
    pub rule_type: String,
    /// Whether a value that breaks it is an error; else it is a warning.
    pub is_error: bool,
    check: Check,
}

#[derive(Debug)]
enum Check {
    Required,
    Unique(HashSet<u64>),
    Type(&'static str),
    Date,
    Pattern(Box<Regex>),
    Range(Option<f64>, Option<f64>),
    Length(Option<u64>, Option<u64>),
    Allowed(Vec<String>),
    Field(&'static landfall_domain::fields::Field),
}

/// What came of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleOutcome {
    /// Header of the column.
    pub field: String,
    /// The kind of rule.
    pub rule_type: String,
    /// Records that break it.
    pub affected_records: u64,
    /// Whether that is an error.
    pub is_error: bool,
    /// What was found, a sentence.
    pub message: String,
}

impl DataRule {
    /// A rule out of its word and parameters: `required`; `unique`; `type` with `type` (integer, number, boolean, date, ip);
    /// `pattern` with `pattern`, a regular expression; `range` and `length` with `min` and `max`; `allowed_values` with
    /// `values`; `field` with `name`, a field of assets whose values these must be.
    ///
    /// # Errors
    /// A sentence that says what is missing or unknown.
    pub fn parse(
        column: &str,
        rule_type: &str,
        parameters: &Map<String, Value>,
        severity: &str,
    ) -> Result<Self, String> {
        let check = match rule_type {
            "required" | "not_null" | "completeness" => Check::Required,
            "unique" | "uniqueness" => Check::Unique(HashSet::new()),
            "type" | "data_type" => kind_of(parameters)?,
            "pattern" | "regex" => Check::Pattern(Box::new(pattern_of(parameters)?)),
            "range" | "numeric_range" => {
                let (min, max) = (number(parameters, "min")?, number(parameters, "max")?);
                Check::Range(min, max)
            }
            "length" => {
                let bound = |name| {
                    let value = number(parameters, name)?;
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "saturates"
                    )]
                    Ok::<_, String>(value.map(|value| value as u64))
                };
                Check::Length(bound("min")?, bound("max")?)
            }
            "allowed_values" | "enum" | "in" => Check::Allowed(values_of(parameters)?),
            "field" | "format" => Check::Field(field_of(parameters)?),
            other => {
                return Err(format!(
                    "'{other}' is no kind of rule; known are {}",
                    DATA_RULE_TYPES.join(", ")
                ));
            }
        };
        Ok(Self {
            field: column.to_owned(),
            rule_type: rule_type.to_owned(),
            is_error: !severity.eq_ignore_ascii_case("warning") && !severity.eq_ignore_ascii_case("info"),
            check,
        })
    }

    /// Whether the row keeps the rule. Rules of uniqueness remember eight bytes of each value.
    pub fn holds(&mut self, row: &Value) -> bool {
        let text = row.get(&self.field).and_then(cell_text);
        let Some(text) = text.filter(|text| !is_absent(text)) else {
            return !matches!(self.check, Check::Required);
        };
        let text = text.trim();
        match &mut self.check {
            Check::Required => true,
            Check::Unique(seen) => {
                let mut hasher = DefaultHasher::new();
                text.to_lowercase().hash(&mut hasher);
                seen.insert(hasher.finish())
            }
            Check::Type(name) => reads_as(name, text),
            Check::Date => match dates::parse(text, None) {
                Ok(_) => true,
                // A date all the same, only not certain which.
                Err(fault) => fault.rule == "date_order",
            },
            Check::Field(field) => reads_as(field.name, text),
            Check::Pattern(pattern) => pattern.is_match(text),
            Check::Range(min, max) => text
                .parse::<f64>()
                .is_ok_and(|n| min.is_none_or(|min| n >= min) && max.is_none_or(|max| n <= max)),
            Check::Length(min, max) => {
                let length = text.chars().count() as u64;
                min.is_none_or(|min| length >= min) && max.is_none_or(|max| length <= max)
            }
            Check::Allowed(values) => values.iter().any(|value| value == text),
        }
    }

    /// The rule's outcome, if so many records break it.
    pub fn outcome(&self, affected_records: u64) -> RuleOutcome {
        let message = if affected_records == 0 {
            format!(
                "every value of '{}' keeps the rule {}",
                self.field, self.rule_type
            )
        } else {
            format!(
                "{affected_records} values of '{}' break the rule {}",
                self.field, self.rule_type
            )
        };
        RuleOutcome {
            field: self.field.clone(),
            rule_type: self.rule_type.clone(),
            affected_records,
            is_error: self.is_error,
            message,
        }
    }
}

fn reads_as(name: &str, text: &str) -> bool {
    field(name).is_some_and(|field| read(field, &TransformationRules::default(), text).is_ok())
}

/// The check for a type: that of a field whose values are of it.
fn kind_of(parameters: &Map<String, Value>) -> Result<Check, String> {
    let word = ["type", "data_type", "expected_type"]
        .iter()
        .find_map(|name| parameters.get(*name)?.as_str());
    match word.unwrap_or_default() {
        "integer" | "int" => Ok(Check::Type("cpu_cores")),
        "number" | "float" => Ok(Check::Type("storage_gb")),
        "boolean" | "bool" => Ok(Check::Type("is_virtual")),
        "date" | "datetime" => Ok(Check::Date),
        "ip" | "ip_address" => Ok(Check::Type("ip_address")),
        "mac" | "mac_address" => Ok(Check::Type("mac_address")),
        "string" | "text" => Ok(Check::Type("description")),
        _ => Err(
            "type needs the parameter 'type': integer, number, boolean, date, ip, mac or string".to_owned(),
        ),
    }
}

fn pattern_of(parameters: &Map<String, Value>) -> Result<Regex, String> {
    let text = ["pattern", "regex"]
        .iter()
        .find_map(|name| parameters.get(*name)?.as_str())
        .ok_or("pattern needs the parameter 'pattern', a regular expression")?;
    if text.chars().count() > LONGEST_PATTERN {
        return Err(format!("a pattern has at most {LONGEST_PATTERN} characters"));
    }
    regex::RegexBuilder::new(text)
        .size_limit(PATTERN_SIZE)
        .build()
        .map_err(|error| format!("the pattern cannot be used: {error}"))
}

fn number(parameters: &Map<String, Value>, name: &str) -> Result<Option<f64>, String> {
    match parameters.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_f64()),
        Some(Value::String(text)) => {
            let parsed = text.parse();
            parsed.map(Some).map_err(|_| format!("'{name}' must be a number"))
        }
        Some(_) => Err(format!("'{name}' must be a number")),
    }
}

fn values_of(parameters: &Map<String, Value>) -> Result<Vec<String>, String> {
    let values = ["values", "allowed_values", "allowed"]
        .iter()
        .find_map(|name| parameters.get(*name)?.as_array())
        .ok_or("allowed_values needs the parameter 'values', a list")?;
    Ok(values
        .iter()
        .filter_map(|value| cell_text(value).map(|text| text.trim().to_owned()))
        .collect())
}

fn field_of(parameters: &Map<String, Value>) -> Result<&'static landfall_domain::fields::Field, String> {
    let name = ["name", "field", "format"]
        .iter()
        .find_map(|name| parameters.get(*name)?.as_str())
        .ok_or("field needs the parameter 'name', a field of assets")?;
    field(name).ok_or_else(|| format!("'{name}' is no field of an asset"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule(kind: &str, parameters: &Value) -> DataRule {
        DataRule::parse("c", kind, parameters.as_object().unwrap(), "error").unwrap()
    }

    #[test]
    fn each_rule_tells_good_values_from_bad_ones() {
        for (kind, parameters, good, bad) in [
            ("required", json!({}), json!("x"), json!("")),
            ("type", json!({"type": "integer"}), json!("4"), json!("four")),
            (
                "type",
                json!({"type": "date"}),
                json!("2026-01-31"),
                json!("soon"),
            ),
            ("type", json!({"type": "boolean"}), json!("yes"), json!("perhaps")),
            (
                "pattern",
                json!({"pattern": "^web\\d+$"}),
                json!("web01"),
                json!("db01"),
            ),
            ("range", json!({"min": 1, "max": "8"}), json!(8), json!(9)),
            ("length", json!({"max": 3}), json!("abc"), json!("abcd")),
            (
                "allowed_values",
                json!({"values": ["a", 1]}),
                json!("1"),
                json!("b"),
            ),
            (
                "field",
                json!({"name": "ip_address"}),
                json!("10.0.0.1"),
                json!("10.0.0.300"),
            ),
        ] {
            let mut rule = rule(kind, &parameters);
            assert!(rule.holds(&json!({ "c": good })), "{kind} {good}");
            assert!(!rule.holds(&json!({ "c": bad })), "{kind} {bad}");
        }
        let mut unique = rule("unique", &json!({}));
        assert!(unique.holds(&json!({"c": "A"})) && !unique.holds(&json!({"c": "a"})));
        assert!(unique.holds(&json!({})), "what is not there is not repeated");
    }

    #[test]
    fn rules_that_cannot_be_used_say_why() {
        let parse = |kind: &str, parameters: Value| {
            DataRule::parse("c", kind, parameters.as_object().unwrap(), "error").unwrap_err()
        };
        assert!(parse("beauty", json!({})).contains("required"));
        assert!(parse("pattern", json!({"pattern": "("})).contains("cannot be used"));
        assert!(parse("range", json!({"min": "low"})).contains("number"));
        assert!(parse("field", json!({"name": "colour"})).contains("colour"));
    }
}
