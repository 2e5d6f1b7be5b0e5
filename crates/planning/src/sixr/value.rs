//! Values of inputs: as people write them, and as whole numbers inside.

use super::inputs::{INPUTS, Input, Kind};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;
use std::fmt;

/// Numbers are kept in thousandths.
const THOUSANDTHS: f64 = 1000.0;

/// A value of an input, as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// One of the input's words.
    Word(&'static str),
    /// A number in the input's unit.
    Number(f64),
}

/// Why something is no value of an input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{input} takes {takes}")]
pub struct ValueError {
    /// The input.
    pub input: &'static str,
    /// What it takes, as part of a sentence.
    pub takes: String,
}

impl Input {
    /// What values it takes, as part of a sentence.
    pub fn takes(self) -> String {
        match self.definition().kind {
            Kind::Flag => "true or false".to_owned(),
            Kind::Choice(words) => format!("one of {}", words.join(", ")),
            Kind::Number { min, max, .. } => format!("a number from {min} to {max}"),
        }
    }

    fn refused(self) -> ValueError {
        ValueError {
            input: self.name(),
            takes: self.takes(),
        }
    }

    /// The value that JSON states. Numbers and flags may be given as text.
    ///
    /// # Errors
    /// [`ValueError`] with what the input takes.
    pub fn value(self, json: &Json) -> Result<Value, ValueError> {
        self.raw_of_json(json)
            .map(|raw| self.value_of_raw(raw))
            .ok_or_else(|| self.refused())
    }

    fn raw_of_json(self, json: &Json) -> Option<i64> {
        match self.definition().kind {
            Kind::Flag => match json {
                Json::Bool(yes) => Some(i64::from(*yes)),
                Json::String(word) => match word.trim().to_ascii_lowercase().as_str() {
                    "true" | "yes" => Some(1),
                    "false" | "no" => Some(0),
                    _ => None,
                },
                _ => None,
            },
            Kind::Choice(words) => {
                let word = json.as_str()?.trim();
                let place = words.iter().position(|known| known.eq_ignore_ascii_case(word))?;
                i64::try_from(place).ok()
            }
            Kind::Number { min, max, .. } => {
                let number = match json {
                    Json::Number(number) => number.as_f64()?,
                    Json::String(text) => text.trim().parse().ok()?,
                    _ => return None,
                };
                (number >= min && number <= max).then(|| thousandths(number))
            }
        }
    }

    pub(super) fn to_raw(self, value: Value) -> Option<i64> {
        match (self.definition().kind, value) {
            (Kind::Flag, Value::Flag(yes)) => Some(i64::from(yes)),
            (Kind::Choice(words), Value::Word(word)) => {
                i64::try_from(words.iter().position(|known| *known == word)?).ok()
            }
            (Kind::Number { min, max, .. }, Value::Number(number)) if number.is_finite() => {
                Some(thousandths(number.clamp(min, max)))
            }
            _ => None,
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "thousandths of bounded numbers are exact"
    )]
    pub(super) fn value_of_raw(self, raw: i64) -> Value {
        match self.definition().kind {
            Kind::Flag => Value::Flag(raw != 0),
            Kind::Choice(words) => {
                let place = usize::try_from(raw).unwrap_or_default();
                Value::Word(words.get(place).copied().unwrap_or_default())
            }
            Kind::Number { .. } => Value::Number(raw as f64 / THOUSANDTHS),
        }
    }
}

/// A number in thousandths.
#[expect(
    clippy::cast_possible_truncation,
    reason = "inputs are bounded far below 2^53"
)]
pub(super) fn thousandths(number: f64) -> i64 {
    (number * THOUSANDTHS).round() as i64
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(true) => f.write_str("yes"),
            Self::Flag(false) => f.write_str("no"),
            Self::Word(word) => f.write_str(word),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(yes) => serializer.serialize_bool(*yes),
            Self::Word(word) => serializer.serialize_str(word),
            #[expect(clippy::cast_possible_truncation, reason = "whole and bounded")]
            Self::Number(number) if number.fract() == 0.0 => serializer.serialize_i64(*number as i64),
            Self::Number(number) => serializer.serialize_f64(*number),
        }
    }
}

/// What is known of a subject: a value, or nothing, for each input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Inputs {
    pub(super) raw: [Option<i64>; Input::COUNT],
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            raw: [None; Input::COUNT],
        }
    }
}

impl Inputs {
    /// The value of an input, if it is known.
    pub fn get(&self, input: Input) -> Option<Value> {
        self.raw[input.index()].map(|raw| input.value_of_raw(raw))
    }

    /// Whether the input is known.
    pub fn has(&self, input: Input) -> bool {
        self.raw[input.index()].is_some()
    }

    /// Gives an input a value. Numbers out of bounds take the nearest one; a value of another kind is not taken.
    pub fn set(&mut self, input: Input, value: Value) {
        if let Some(raw) = input.to_raw(value) {
            self.raw[input.index()] = Some(raw);
        }
    }

    /// Takes an input's value away.
    pub fn clear(&mut self, input: Input) {
        self.raw[input.index()] = None;
    }

    /// The known inputs in the order of their declaration.
    pub fn known(&self) -> impl Iterator<Item = (Input, Value)> + '_ {
        INPUTS
            .iter()
            .filter_map(|input| Some((*input, self.get(*input)?)))
    }
}

impl Serialize for Inputs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (input, value) in self.known() {
            map.serialize_entry(input.name(), &value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Inputs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Inputs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of input to value")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Inputs, A::Error> {
                let mut inputs = Inputs::default();
                while let Some((input, json)) = map.next_entry::<Input, Json>()? {
                    let value = input.value(&json).map_err(serde::de::Error::custom)?;
                    inputs.set(input, value);
                }
                Ok(inputs)
            }
        }
        deserializer.deserialize_map(Map)
    }
}
