//! What persons say about inputs, in place of what was derived.

use super::SixrError;
use landfall_planning::sixr::{INPUTS, Input, Source, Subject};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Input → value; null takes back what was said.
pub type InputValues = Map<String, Json>;

/// A value that its input does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFault {
    /// The input.
    pub input: String,
    /// The rule that was broken, one word.
    pub rule: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A value that a person gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The value.
    pub value: Json,
    /// Who gave it.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Everything that persons said about one subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Configuration {
    /// Values given.
    pub(super) given: BTreeMap<Input, Given>,
    /// Answers to questions.
    pub(super) answers: BTreeMap<Input, Given>,
}

impl Configuration {
    /// What is kept with an analysis. What an older system kept there says nothing about inputs.
    pub(super) fn of(json: Option<&Json>) -> Self {
        json.and_then(|json| Self::deserialize(json).ok())
            .unwrap_or_default()
    }

    /// Puts the values over what was derived.
    pub(super) fn apply(&self, subject: &mut Subject) {
        let both = [(&self.answers, Source::Answer), (&self.given, Source::Person)];
        for (values, source) in both {
            for (input, given) in values {
                if let Ok(value) = input.value(&given.value) {
                    let note = given
                        .note
                        .as_deref()
                        .map(|note| format!(": {note}"))
                        .unwrap_or_default();
                    let text = match source {
                        Source::Answer => format!("{} answered{note}.", given.by),
                        _ => format!("{} said so{note}.", given.by),
                    };
                    subject.give(*input, value, source, text);
                }
            }
        }
    }
}

/// The values with their inputs.
///
/// # Errors
/// [`SixrError::Values`] with every value that cannot be taken.
pub(super) fn checked(values: &InputValues) -> Result<Vec<(Input, Option<Json>)>, SixrError> {
    let mut faults = Vec::new();
    let mut inputs = Vec::with_capacity(values.len());
    for (name, json) in values {
        let Some(input) = INPUTS.iter().copied().find(|input| input.name() == name) else {
            let known: Vec<&str> = INPUTS.iter().map(|input| input.name()).collect();
            faults.push(InputFault {
                input: name.clone(),
                rule: "unknown_name",
                message: format!("'{name}' is no 6R input; known are {}", known.join(", ")),
            });
            continue;
        };
        if json.is_null() {
            inputs.push((input, None));
            continue;
        }
        match input.value(json) {
            Ok(value) => inputs.push((input, Some(serde_json::to_value(value)?))),
            Err(error) => faults.push(InputFault {
                input: name.clone(),
                rule: "value",
                message: error.to_string(),
            }),
        }
    }
    if faults.is_empty() {
        Ok(inputs)
    } else {
        Err(SixrError::Values(faults))
    }
}
