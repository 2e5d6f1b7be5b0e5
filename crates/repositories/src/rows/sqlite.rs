//! All rows as one JSON text: an array of arrays of values.

use super::Kind;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use std::fmt;
use uuid::Uuid;

pub(super) async fn read<C: ConnectionTrait>(
    connection: &C,
    statement: Statement,
    names: &[&str],
    kinds: &[Kind],
    take: impl FnMut(&mut dyn Iterator<Item = Result<Value, DbErr>>) -> Result<(), DbErr>,
) -> Result<(), DbErr> {
    let values: Vec<String> = names
        .iter()
        .zip(kinds)
        .map(|(name, kind)| expression(name, *kind))
        .collect();
    // A query with a LIMIT or an ORDER BY inside is worked out row by row in its order, and so aggregated in it.
    let sql = format!(
        "SELECT json_group_array(json_array({})) AS found FROM ({})",
        values.join(", "),
        statement.sql
    );
    let outer = Statement {
        sql,
        values: statement.values,
        db_backend: DbBackend::Sqlite,
    };
    let Some(row) = connection.query_one_raw(outer).await? else {
        return Ok(());
    };
    let text: String = row.try_get_by_index(0)?;
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    Rows { kinds, take }
        .deserialize(&mut deserializer)
        .map_err(|error| DbErr::Type(format!("a row cannot be read: {error}")))
}

/// JSON has no bytes, and SQLite writes numbers with a fraction into it with 15 digits: `quote` has all of them.
fn expression(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Uuid => format!("hex(\"{name}\")"),
        Kind::Double => format!("quote(\"{name}\")"),
        _ => format!("\"{name}\""),
    }
}

struct Rows<'k, T> {
    kinds: &'k [Kind],
    take: T,
}

impl<'de, T> DeserializeSeed<'de> for Rows<'_, T>
where
    T: FnMut(&mut dyn Iterator<Item = Result<Value, DbErr>>) -> Result<(), DbErr>,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T> Visitor<'de> for Rows<'_, T>
where
    T: FnMut(&mut dyn Iterator<Item = Result<Value, DbErr>>) -> Result<(), DbErr>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut rows: A) -> Result<(), A::Error> {
        let mut values = Vec::with_capacity(self.kinds.len());
        while rows
            .next_element_seed(OneRow {
                kinds: self.kinds,
                values: &mut values,
            })?
            .is_some()
        {
            (self.take)(&mut values.drain(..).map(Ok)).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

struct OneRow<'k, 'v> {
    kinds: &'k [Kind],
    values: &'v mut Vec<Value>,
}

impl<'de> DeserializeSeed<'de> for OneRow<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for OneRow<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {} values", self.kinds.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut cells: A) -> Result<(), A::Error> {
        for kind in self.kinds {
            let value = cells
                .next_element_seed(Cell(*kind))?
                .ok_or_else(|| A::Error::custom("a row ends too early"))?;
            self.values.push(value);
        }
        Ok(())
    }
}

struct Cell(Kind);

impl<'de> DeserializeSeed<'de> for Cell {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Cell {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of the kind {:?}", self.0)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(self.0.null())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        match self.0 {
            Kind::Integer => Ok(Value::Int(Some(i32::try_from(number).map_err(E::custom)?))),
            Kind::BigInteger => Ok(Value::BigInt(Some(number))),
            Kind::Boolean => Ok(Value::Bool(Some(number != 0))),
            _ => Err(E::custom("a number stands where none should")),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.visit_i64(i64::try_from(number).map_err(E::custom)?)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match self.0 {
            Kind::Text => Ok(Value::String(Some(text.to_owned()))),
            // `hex` of NULL is the empty text, `quote` of NULL is its name.
            Kind::Uuid if text.is_empty() => Ok(Value::Uuid(None)),
            Kind::Uuid => Ok(Value::Uuid(Some(Uuid::try_parse(text).map_err(E::custom)?))),
            Kind::Double if text == "NULL" => Ok(Value::Double(None)),
            Kind::Double => Ok(Value::Double(Some(text.parse().map_err(E::custom)?))),
            Kind::Json => Ok(Value::Json(Some(Box::new(
                serde_json::from_str(text).map_err(E::custom)?,
            )))),
            Kind::Timestamp => {
                let time: DateTime<Utc> = text.parse().map_err(E::custom)?;
                Ok(Value::ChronoDateTimeUtc(Some(time)))
            }
            Kind::Integer | Kind::BigInteger | Kind::Boolean => {
                Err(E::custom("a text stands where a number should"))
            }
        }
    }
}
