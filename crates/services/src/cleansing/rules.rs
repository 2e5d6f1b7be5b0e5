//! What a mapping says about reading its column.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{DateOrder, DecimalStyle, SourceUnit};

/// How the values of one column are read. Decided once from the column's header and values, approved with the mapping, and
/// stored with it as JSON; what is left out is not special.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransformationRules {
    /// Unit of numbers that carry none themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<SourceUnit>,
    /// Decimal mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal_style: Option<DecimalStyle>,
    /// What dates such as 01/02/2024 mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// What separates the items of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_separator: Option<char>,
    /// Currency of the amounts, ISO 4217, where the header names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Words of the source and what they mean; compared without regard to case. An empty meaning is no value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub value_map: BTreeMap<String, String>,
    /// Where several columns state one field, the lowest goes first.
    #[serde(skip_serializing_if = "is_zero")]
    pub priority: u16,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_zero(priority: &u16) -> bool {
    *priority == 0
}

impl TransformationRules {
    /// The rules out of stored or sent JSON; null is none.
    ///
    /// # Errors
    /// JSON of another shape; the message names the place.
    pub fn from_json(json: &Value) -> Result<Self, serde_json::Error> {
        if json.is_null() {
            return Ok(Self::default());
        }
        Self::deserialize(json)
    }

    /// The rules as stored.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_survive_storage_and_say_nothing_about_what_is_not_special() {
        let rules = TransformationRules {
            unit: Some(SourceUnit::Mib),
            decimal_style: Some(DecimalStyle::Comma),
            value_map: BTreeMap::from([("1".to_owned(), "Operational".to_owned())]),
            ..TransformationRules::default()
        };
        let stored = rules.to_json();
        assert_eq!(
            stored,
            json!({"unit": "mib", "decimal_style": "comma", "value_map": {"1": "Operational"}})
        );
        assert_eq!(TransformationRules::from_json(&stored).unwrap(), rules);
        assert_eq!(TransformationRules::default().to_json(), json!({}));
        assert_eq!(
            TransformationRules::from_json(&Value::Null).unwrap(),
            TransformationRules::default()
        );
        assert!(TransformationRules::from_json(&json!({"unit": "parsec"})).is_err());
    }
}
