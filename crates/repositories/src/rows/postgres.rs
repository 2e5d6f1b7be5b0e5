//! Values by their position.

use super::Kind;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use sqlx::postgres::PgRow;
use sqlx::{Decode, Postgres, Row};
use uuid::Uuid;

pub(super) async fn read<C: ConnectionTrait>(
    connection: &C,
    statement: Statement,
    kinds: &[Kind],
    mut take: impl FnMut(&mut dyn Iterator<Item = Result<Value, DbErr>>) -> Result<(), DbErr>,
) -> Result<(), DbErr> {
    for row in connection.query_all_raw(statement).await? {
        let row = row
            .try_as_pg_row()
            .ok_or_else(|| DbErr::Type("a row of PostgreSQL was expected".to_owned()))?;
        take(
            &mut kinds
                .iter()
                .enumerate()
                .map(|(position, kind)| value(row, position, *kind)),
        )?;
    }
    Ok(())
}

fn value(row: &PgRow, position: usize, kind: Kind) -> Result<Value, DbErr> {
    Ok(match kind {
        Kind::Uuid => Value::Uuid(get::<Uuid>(row, position)?),
        Kind::Integer => Value::Int(get(row, position)?),
        Kind::BigInteger => Value::BigInt(get(row, position)?),
        Kind::Double => Value::Double(get(row, position)?),
        Kind::Boolean => Value::Bool(get(row, position)?),
        Kind::Json => Value::Json(get::<serde_json::Value>(row, position)?.map(Box::new)),
        Kind::Timestamp => Value::ChronoDateTimeUtc(get::<DateTime<Utc>>(row, position)?),
        Kind::Text => Value::String(get(row, position)?),
    })
}

/// The entities' types are those of the columns, which a test of the schema proves: they are not compared for each value.
fn get<'r, T: Decode<'r, Postgres>>(row: &'r PgRow, position: usize) -> Result<Option<T>, DbErr> {
    row.try_get_unchecked::<Option<T>, _>(position)
        .map_err(|error| DbErr::Type(format!("column {position} cannot be read: {error}")))
}
