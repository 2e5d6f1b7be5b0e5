//! What a cursor holds: the order it was made for, and the sort value and id of the last row, as base64url of JSON.

use crate::{StoreError, StoreResult};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use landfall_domain::Cursor;
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A value of the last row, so written that it reads back exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Part {
    #[serde(rename = "n")]
    Null,
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "i")]
    Small(i32),
    #[serde(rename = "l")]
    Integer(i64),
    /// The bits of a number: its decimal form may read back as its neighbour.
    #[serde(rename = "f")]
    Number(u64),
    #[serde(rename = "b")]
    Boolean(bool),
    /// Microseconds since 1970.
    #[serde(rename = "d")]
    Time(i64),
    #[serde(rename = "u")]
    Id(Uuid),
}

impl Part {
    pub(super) fn of(value: Value) -> StoreResult<Self> {
        Ok(match value {
            Value::String(Some(text)) => Self::Text(text),
            Value::Int(Some(number)) => Self::Small(number),
            Value::BigInt(Some(number)) => Self::Integer(number),
            Value::Double(Some(number)) => Self::Number(number.to_bits()),
            Value::Bool(Some(yes)) => Self::Boolean(yes),
            Value::ChronoDateTimeUtc(Some(time)) => Self::Time(time.timestamp_micros()),
            Value::Uuid(Some(id)) => Self::Id(id),
            Value::String(None)
            | Value::Int(None)
            | Value::BigInt(None)
            | Value::Double(None)
            | Value::Bool(None)
            | Value::ChronoDateTimeUtc(None)
            | Value::Uuid(None) => Self::Null,
            _ => {
                return Err(StoreError::invalid(
                    "rows cannot be sorted by a column of this type",
                ));
            }
        })
    }

    pub(super) fn bound(&self) -> StoreResult<Value> {
        Ok(match self {
            Self::Text(text) => text.clone().into(),
            Self::Small(number) => (*number).into(),
            Self::Integer(number) => (*number).into(),
            Self::Number(bits) => f64::from_bits(*bits).into(),
            Self::Boolean(yes) => (*yes).into(),
            Self::Time(micros) => DateTime::from_timestamp_micros(*micros)
                .ok_or_else(damaged)?
                .into(),
            Self::Id(id) => (*id).into(),
            Self::Null => return Err(damaged()),
        })
    }
}

/// Where a page ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Position {
    #[serde(rename = "s")]
    sort: String,
    #[serde(rename = "v")]
    pub(super) value: Part,
    #[serde(rename = "k")]
    id: Uuid,
}

impl Position {
    pub(super) fn new(sort: String, value: Part, id: Uuid) -> Self {
        Self { sort, value, id }
    }

    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn read(cursor: &Cursor, sort: &str) -> StoreResult<Self> {
        let json = URL_SAFE_NO_PAD.decode(&cursor.0).map_err(|_| damaged())?;
        let position: Self = serde_json::from_slice(&json).map_err(|_| damaged())?;
        if position.sort != sort {
            return Err(StoreError::invalid(format!(
                "the cursor belongs to rows sorted by '{}', but these are sorted by '{sort}': begin at the first page",
                position.sort
            )));
        }
        Ok(position)
    }

    pub(super) fn write(&self) -> StoreResult<Cursor> {
        Ok(Cursor(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?)))
    }
}

fn damaged() -> StoreError {
    StoreError::invalid("the cursor is damaged: begin at the first page, and pass `next` on as it is")
}

#[cfg(test)]
mod tests {
    use super::{Part, Position, URL_SAFE_NO_PAD};
    use crate::StoreError;
    use base64::Engine;
    use landfall_domain::Cursor;
    use proptest::prelude::*;
    use sea_orm::Value;
    use uuid::Uuid;

    fn any_part() -> impl Strategy<Value = Part> {
        prop_oneof![
            ".*".prop_map(Part::Text),
            any::<i32>().prop_map(Part::Small),
            any::<i64>().prop_map(Part::Integer),
            any::<f64>()
                .prop_filter("a number", |n| !n.is_nan())
                .prop_map(|n| Part::Number(n.to_bits())),
            any::<bool>().prop_map(Part::Boolean),
            (-62_000_000_000_000_000..200_000_000_000_000_000_i64).prop_map(Part::Time),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_reads_back_to_the_very_value_it_was_made_of(part in any_part(), id in any::<u128>()) {
            let id = Uuid::from_u128(id);
            let cursor = Position::new("name".to_owned(), part.clone(), id).write().unwrap();
            let read = Position::read(&cursor, "name").unwrap();
            prop_assert_eq!(read.id(), id);
            prop_assert_eq!(Part::of(read.value.bound().unwrap()).unwrap(), part);
        }

        #[test]
        fn any_other_text_is_refused_and_never_panics(text in ".*") {
            let refused = matches!(Position::read(&Cursor(text), "name"), Err(StoreError::Invalid { .. }));
            prop_assert!(refused);
        }
    }

    #[test]
    fn a_cursor_of_another_order_is_refused_with_both_orders_named() {
        let cursor = Position::new("-name".to_owned(), Part::Null, Uuid::nil())
            .write()
            .unwrap();
        let error = Position::read(&cursor, "hostname").unwrap_err().to_string();
        assert!(
            error.contains("'-name'") && error.contains("'hostname'"),
            "{error}"
        );
    }

    #[test]
    fn a_time_that_no_calendar_has_is_refused() {
        let json = format!(r#"{{"s":"name","v":{{"d":{}}},"k":"{}"}}"#, i64::MAX, Uuid::nil());
        let position = Position::read(&Cursor(URL_SAFE_NO_PAD.encode(json)), "name").unwrap();
        assert!(position.value.bound().is_err());
        assert_eq!(Part::of(Value::Double(None)).unwrap(), Part::Null);
    }
}
